// One wearable in C and one host in TypeScript on a line that harms, in made time: everything follows from the seed. The wearable loses its
// power in the middle of writing flash, the host forgets what it had not stored; both come back.
import { join } from 'node:path';
import {
  decodeItem,
  encodeFrame,
  type HostEvent,
  HostPeer,
  type HostPeerEvent,
  LOG_START,
  type LogInfo,
  type LogPosition,
  nodeSuite,
  SerialFramer,
} from '@maibo/protocols';
import { createRng, type Rng } from '../world/rng.ts';
import { type Answer, Desk, PowerCut } from './desk.testkit.ts';

const STEP_MS = 25;
/** Nearly as long as both ends stand silence without a word. */
const LEAP_MS = 9_000;
const PIECE_BYTES_MAX = 32;
/** Between the end of a session and the next attempt. */
const REST_MS = 200;
const OFF_MS = 1_000;
const CREDIT = 64;

export interface DeskWorldOptions {
  readonly program: string;
  readonly folder: string;
  readonly seed: number;
  /** Chance of each kind of harm for each piece of the line. */
  readonly harm: number;
  /** Calls of the flash between two losses of power, at most; 0: the power stays. */
  readonly cutMax: number;
  /** Changes that the flash says are done, and are not; default 0. */
  readonly lies?: number;
}

/** What the host has stored of one log. */
export interface Kept {
  info: LogInfo;
  items: Uint8Array[];
  position: LogPosition;
  ackedPast: number;
  lost: number;
}

export class DeskWorld {
  readonly kept = new Map<number, Kept>();
  /** What must not be: one line each. */
  readonly wrongs: string[] = [];
  cuts = 0;
  forgotten = 0;
  harmed = 0;
  checkpoints = 0;
  sessions = 0;
  /** Why items are gone, as the device says it. */
  readonly reasons = new Set<number>();
  isHarmful = true;
  readonly #options: DeskWorldOptions;
  readonly #rng: Rng;
  readonly #keys;
  #deviceKey: Uint8Array | null = null;
  #desk: Desk;
  #host: HostPeer;
  #framer = new SerialFramer();
  #nowMs = 0;
  #stepMs = STEP_MS;
  #startedMs = 0;
  #restUntilMs = 0;
  /** The host's digits, and whether both people have said yes. */
  #shown: string | null = null;
  #isAnswered = false;

  constructor(options: DeskWorldOptions) {
    this.#options = options;
    this.#rng = createRng(options.seed);
    this.#keys = nodeSuite.keyPair(this.#random(32));
    this.#desk = this.#power(0);
    this.#host = this.#newHost();
  }

  async close(): Promise<void> {
    await this.#desk.kill();
  }

  /** Pairs by digits that are the same on both sides. */
  async pair(): Promise<void> {
    await this.#take(await this.#desk.press('pair'));
    await this.until(() => this.#deviceKey !== null, 200); // refused often, it answers late
  }

  /** From here on the power goes now and then, and the host forgets. */
  async beginStorm(): Promise<void> {
    await this.#restart();
  }

  /** From here on nothing bad happens any more. */
  async endStorm(): Promise<void> {
    this.isHarmful = false;
    await this.#restart();
  }

  /** Throws when it does not hold within so much time. */
  async until(holds: () => boolean, seconds: number): Promise<void> {
    const endMs = this.#nowMs + seconds * 1_000;
    while (!holds()) {
      if (this.#nowMs >= endMs) throw new Error(`seed ${this.#options.seed}: not within ${seconds} s; ${this.wrongs}`);
      await this.#step();
    }
  }

  async run(seconds: number): Promise<void> {
    const endMs = this.#nowMs + seconds * 1_000;
    await this.until(() => this.#nowMs >= endMs || this.wrongs.length > 0, seconds + 1);
  }

  /** In steps of seconds: of more than one the device measures a part, and leaves a hole. */
  async leap(seconds: number, stepMs = LEAP_MS): Promise<void> {
    this.#stepMs = stepMs;
    await this.run(seconds);
    this.#stepMs = STEP_MS;
  }

  logOf(number: number) {
    return this.#desk.log(number);
  }

  async #step(): Promise<void> {
    this.#nowMs += this.#stepMs;
    try {
      await this.#take(await this.#desk.at(this.#nowMs - this.#startedMs));
      await this.#speak();
    } catch (failure) {
      if (!(failure instanceof PowerCut)) throw failure;
      this.cuts++;
      this.#nowMs += OFF_MS;
      await this.#restart();
    }
    this.#listen();
    if (this.isHarmful && this.#options.cutMax > 0 && this.#rng.nextUnit() < 0.0005) this.#forget();
  }

  async #take({ bytes, digits }: Answer): Promise<void> {
    for (const piece of this.#harm(bytes)) {
      for (const packet of this.#framer.push(piece)) if (packet.ok) this.#host.receive(packet.value, this.#nowMs);
    }
    if (digits !== null && !this.#isAnswered && this.#shown !== null) {
      this.#isAnswered = true;
      if (digits !== this.#shown) this.wrongs.push(`the device shows ${digits}, the host ${this.#shown}`);
      this.#host.decideSas(true, this.#nowMs);
      await this.#desk.press('yes');
    }
  }

  async #speak(): Promise<void> {
    if (this.#host.isOver) return this.#rest();
    for (let packet = this.#host.next(this.#nowMs); packet !== null; packet = this.#host.next(this.#nowMs)) {
      for (const piece of this.#harm(encodeFrame(packet))) await this.#take(await this.#desk.hear(piece));
    }
  }

  #rest(): void {
    this.#restUntilMs ||= this.#nowMs + REST_MS;
    if (this.#nowMs < this.#restUntilMs) return;
    this.#restUntilMs = 0;
    this.#host = this.#newHost();
  }

  #newHost(): HostPeer {
    const devices = this.#deviceKey === null ? [] : [this.#deviceKey];
    const trust = { devices, label: null, isPairing: this.#deviceKey === null };
    const random = (count: number) => this.#random(count);
    return new HostPeer(
      { packetBytesMax: 1_024, window: 32, entropy: random },
      { suite: nodeSuite, own: this.#keys, trust, random, versions: [2], capabilities: [] },
    );
  }

  /** The host's process dies: what it had not stored durably is gone, and everything that it acknowledged was. */
  #forget(): void {
    this.forgotten++;
    this.#host = this.#newHost();
  }

  #listen(): void {
    for (const event of this.#host.take()) this.#hear(event);
  }

  #hear(event: HostPeerEvent): void {
    if (event.kind === 'sas') this.#shown = event.digits;
    if (event.kind === 'ready') {
      this.#deviceKey = event.peerKey;
      this.sessions++;
    }
    if (event.kind !== 'device') return;
    const { event: said } = event;
    if (said.event === 'info') for (const log of said.info.logs) this.#pull(log);
    else if (said.event === 'items') this.#store(said.log, said.items, said.chain);
    else if (said.event === 'lost') this.#lose(said);
    else if (said.event === 'checkpoint') this.checkpoints++;
    else if (said.event === 'forked') this.wrongs.push(`log ${said.log.log} has two stories`);
    else if (said.event === 'violation') this.wrongs.push(`violation: ${said.detail}`);
    else if (said.event === 'failure') this.wrongs.push(`failure ${said.code}: ${said.detail}`);
  }

  #pull(info: LogInfo): void {
    const known = this.kept.get(info.log) ?? { info, items: [], position: LOG_START, ackedPast: 0, lost: 0 };
    if (Buffer.compare(known.info.epoch, info.epoch) !== 0) this.wrongs.push(`log ${info.log} has another epoch`);
    this.kept.set(info.log, { ...known, info });
    this.#host.pull(info, known.position, CREDIT);
  }

  #store(log: LogInfo, items: readonly Uint8Array[], chain: Uint8Array | null): void {
    const kept = this.kept.get(log.log)!;
    kept.items.push(...items);
    kept.position = { next: kept.position.next + items.length, chain };
    kept.ackedPast = kept.position.next;
    this.#host.ack(log, kept.position.next - 1, 1);
  }

  #lose({ log, from, to, reason, chain }: Extract<HostEvent, { event: 'lost' }>): void {
    const kept = this.kept.get(log.log)!;
    kept.lost += to - from + 1;
    kept.position = { next: to + 1, chain };
    this.reasons.add(reason);
  }

  async #restart(): Promise<void> {
    await this.#desk.kill();
    const { cutMax } = this.#options;
    this.#desk = this.#power(this.isHarmful && cutMax > 0 ? 1 + this.#rng.nextBelow(cutMax) : 0);
    this.#framer = new SerialFramer();
  }

  #power(cutAt: number): Desk {
    this.#startedMs = this.#nowMs;
    const { program, folder, seed, lies = 0 } = this.#options;
    return new Desk(program, join(folder, `flash-${seed}.bin`), this.#rng.nextUint32(), cutAt, lies);
  }

  *#harm(bytes: Uint8Array): Generator<Uint8Array> {
    const chance = this.isHarmful ? this.#options.harm : 0;
    const strikes = () => this.#rng.nextUnit() < chance && ++this.harmed > 0;
    for (let at = 0; at < bytes.length; at += PIECE_BYTES_MAX) {
      const piece = bytes.slice(at, at + PIECE_BYTES_MAX);
      if (strikes()) continue;
      if (strikes()) piece[this.#rng.nextBelow(piece.length)]! ^= 1 << this.#rng.nextBelow(8);
      yield piece;
      if (strikes()) yield piece;
    }
  }

  #random(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.#rng.nextBelow(256));
  }
}

/** Times and counts of a log's items as a gateway wants them: never back. What is not so, one line each. */
export function orderOf(items: readonly Uint8Array[]): string[] {
  const wrongs: string[] = [];
  let [ticks, sample, boot] = [0, 0, 0];
  items.forEach((bytes, seq) => {
    const item = decodeItem(bytes);
    if (!item.ok) wrongs.push(`item ${seq}: ${item.fault.detail}`);
    else if (item.value.boot < boot) wrongs.push(`item ${seq}: start ${item.value.boot} behind ${boot}`);
    else if (item.value.type === 'sample-item') {
      if (item.value.ticks < ticks || item.value.firstSample < sample) wrongs.push(`item ${seq} goes back`);
      [ticks, sample] = [item.value.ticks, item.value.firstSample];
    }
    if (item.ok) boot = item.value.boot;
  });
  return wrongs;
}
