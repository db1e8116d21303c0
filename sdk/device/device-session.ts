// The host's side of a link to one device: shakes hands, pairs the clocks, reads its logs item by item and acknowledges what is durable.
//
//   open ──hello, Noise──▶ ready ──info──▶ reading ──log-end──▶ ready ──close──▶ closed
import {
  type Checkpoint,
  ClockBounds,
  decodeItem,
  type GapReason,
  type HostEvent,
  type HostOptions,
  HostPeer,
  type HostPeerEvent,
  type HostTrust,
  type Info,
  type KeyPair,
  type LogInfo,
  type LogPosition,
  nodeSuite,
  type PacketStats,
  sameBytes,
} from '@maibo/protocols';
import { MaiboError } from '../errors.ts';
import { PeerDriver } from '../link/peer-driver.ts';
import { blockFromItem, type SampleBlock } from '../stream/sample-block.ts';
import type { Clock, Entropy, Link } from '../world/world.ts';

/** Versions of the link that this host speaks. */
export const LINK_VERSIONS: readonly number[] = [2];
/** Items the device may send ahead of the last acknowledgement. */
export const CREDIT_ITEMS = 256;
/** On a wire that both ends' memory allows. */
const PACKET_BYTES = 1_024;
const WINDOW_PACKETS = 32;

const OPEN_MS = 12_000;
/** People compare digits at their own pace; the protocol ends it after two minutes. */
const PAIRING_MS = 130_000;
const PONG_MS = 1_000;
/** A pause this long between items means that the device has said what it had. */
const QUIET_MS = 20;
const PINGS = 4;

export type LogItem =
  | { readonly kind: 'item'; readonly seq: number; readonly bytes: Uint8Array; readonly block: SampleBlock | null }
  | {
      readonly kind: 'gap';
      readonly from: number;
      readonly to: number;
      readonly reason: GapReason;
      readonly chain: Uint8Array | null;
    }
  | {
      readonly kind: 'checkpoint';
      readonly checkpoint: Checkpoint;
      readonly signer: Uint8Array;
      readonly agrees: boolean | null;
    }
  | { readonly kind: 'end'; readonly head: number; readonly final: boolean };

/** One pairing of device ticks and UTC. */
export interface ClockMark {
  readonly boot: number;
  readonly ticks: number;
  readonly utcUs: number;
  readonly uncertaintyUs: number;
}

export interface SessionOptions {
  /** The host's own X25519 key pair. */
  readonly keys: KeyPair;
  /** Which devices it talks to. */
  readonly trust: HostTrust;
  /** Six digits that a person compares with those on the device; true when they are the same. Needed for `trust.isPairing`. */
  readonly compareDigits?: (digits: string) => Promise<boolean>;
  readonly packetBytesMax?: number;
  readonly window?: number;
}

export interface SessionStats extends PacketStats {
  readonly receivedBytes: number;
  /** Frames that came damaged. */
  readonly badFrames: number;
}

type Ended = { readonly error: MaiboError };
type Pong = { readonly boot: number; readonly ticks: number; readonly receivedUtcUs: number };

export class DeviceSession {
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #peer: HostPeer;
  readonly #driver: PeerDriver;
  readonly #options: SessionOptions;
  readonly #events: HostEvent[] = [];
  /** Who waits for the answer to a ping. */
  readonly #pongs = new Map<number, (pong: Pong | null) => void>();
  #wake: (() => void) | null = null;
  #info: Info | null = null;
  #deviceKey: Uint8Array | null = null;
  #ended: Ended | null = null;
  #isPairing = false;
  #running: Promise<void> = Promise.resolve();

  private constructor(link: Link, world: { clock: Clock; entropy: Entropy }, options: SessionOptions) {
    const { packetBytesMax = link.packetBytesMax ?? PACKET_BYTES, window = WINDOW_PACKETS } = options;
    const random = (count: number) => world.entropy.bytes(count);
    const session: HostOptions = {
      suite: nodeSuite,
      own: options.keys,
      trust: options.trust,
      random,
      versions: LINK_VERSIONS,
      capabilities: [],
    };
    this.#link = link;
    this.#clock = world.clock;
    this.#options = options;
    this.#peer = new HostPeer({ packetBytesMax, window, entropy: random }, session);
    this.#driver = new PeerDriver(this.#peer, link, world.clock, () => this.#react());
  }

  /**
   * Shakes hands with whoever is at the other end. Errors: `link-timeout` when nobody answers, `link-lost`, `device-refused` when it is none of
   * the devices that are trusted, or does not trust this host.
   */
  static async open(
    link: Link,
    world: { clock: Clock; entropy: Entropy },
    options: SessionOptions,
  ): Promise<DeviceSession> {
    const session = new DeviceSession(link, world, options);
    session.#run();
    await session.#untilKnown();
    return session;
  }

  /** What the device said of itself when the session began, or last. */
  get info(): Info {
    return this.#info!;
  }

  /** The device's static key: keep it after pairing, it is how the device is known again. */
  get deviceKey(): Uint8Array {
    return this.#deviceKey!;
  }

  get stats(): SessionStats {
    const { faults } = this.#driver.frames;
    const badFrames = Object.values(faults).reduce((sum, count) => sum + count, 0);
    return { ...this.#peer.stats, receivedBytes: this.#driver.receivedBytes, badFrames };
  }

  /** Pairs device ticks with UTC by a few pings. The uncertainty is half the shortest round trip plus the clock's own. */
  async markClock(): Promise<ClockMark> {
    const bounds = new ClockBounds({ tickRateHz: this.info.tickRateHz });
    let last: { boot: number; ticks: number } | null = null;
    for (let id = 0; id < PINGS; id++) {
      const pong = await this.#ping(id, bounds);
      if (pong !== null) last = pong;
    }
    const found = last === null ? null : bounds.utcAt(last.ticks);
    if (last === null || found === null) throw this.#error('link-timeout', 'the device did not answer the time');
    return { ...last, utcUs: Math.round(found.utcUs), uncertaintyUs: Math.ceil(found.uncertaintyUs) };
  }

  /**
   * Items and gaps from `position` on, in order, each exactly once. Ends when the device says that nothing will follow; an 'end' that is not final
   * says that everything there is by now has come. When nothing comes for QUIET_MS behind an item, 'quiet' is given once: a good moment to commit.
   */
  async *read(
    log: LogInfo,
    position: LogPosition,
    signal?: AbortSignal,
  ): AsyncGenerator<LogItem | { readonly kind: 'quiet' }> {
    if (!this.#peer.pull(log, position, CREDIT_ITEMS)) throw this.#lost();
    this.#driver.kick();
    let isBusy = false;
    while (!signal?.aborted) {
      const event = await this.#next(isBusy ? QUIET_MS : null, signal);
      if (event === null) {
        if (isBusy) yield { kind: 'quiet' };
        isBusy = false;
        continue;
      }
      for (const item of this.#itemsOf(event, log)) {
        isBusy = true;
        yield item;
        if (item.kind === 'end' && item.final) return;
      }
    }
  }

  /** Tells the device that everything up to `upto` is durable. Call it only when that is true. */
  async ack(log: LogInfo, upto: number, level: 1 | 2 | 3): Promise<void> {
    if (!this.#peer.ack(log, upto, level)) throw this.#lost();
    this.#driver.kick();
  }

  async close(): Promise<void> {
    if (this.#ended === null) this.#peer.send({ type: 'bye', code: 0 });
    this.#driver.stop();
    await this.#running;
    await this.#link.close();
  }

  #run(): void {
    this.#running = this.#driver.run().then(
      () => this.#end(this.#error('link-lost', 'the link was closed')),
      (failure: unknown) =>
        this.#end(failure instanceof MaiboError ? failure : this.#error('link-lost', 'the link broke', failure)),
    );
  }

  async #untilKnown(): Promise<void> {
    const startMs = this.#clock.nowMonotonicMs();
    for (;;) {
      const limitMs = this.#isPairing ? PAIRING_MS : OPEN_MS;
      const leftMs = startMs + limitMs - this.#clock.nowMonotonicMs();
      const event = leftMs > 0 ? await this.#next(Math.min(leftMs, 1_000)) : null;
      if (event?.event === 'info') return;
      if (leftMs > 0) continue;
      this.#driver.stop();
      const hint = 'is this the right port, and does the device speak Maibo Link?';
      throw new MaiboError('link-timeout', 'the device did not answer', { where: this.#link.name, hint });
    }
  }

  #react(): void {
    for (const event of this.#peer.take()) this.#hear(event);
    if (this.#events.length > 0 || this.#ended !== null) this.#wake?.();
  }

  #hear(event: HostPeerEvent): void {
    if (event.kind === 'device') {
      if (event.event.event === 'info') this.#info = event.event.info;
      if (event.event.event === 'pong') this.#takePong(event.event);
      else this.#events.push(event.event);
    } else if (event.kind === 'ready') this.#deviceKey = event.peerKey;
    else if (event.kind === 'sas') this.#compare(event.digits);
    else if (event.kind === 'restarted' && this.#info !== null)
      this.#end(this.#error('link-lost', 'the device restarted'));
    else if (event.kind === 'dead')
      this.#end(this.#error(event.why === 'silent' ? 'link-timeout' : 'device-refused', event.detail));
    else if (event.kind === 'closed') this.#end(this.#refusal(event.code, event.detail));
  }

  /** Pongs go past the queue: clocks are paired while a log is read. */
  #takePong({ id, boot, ticks }: Extract<HostEvent, { event: 'pong' }>): void {
    this.#pongs.get(id)?.({ boot, ticks, receivedUtcUs: this.#clock.nowUtcUs() });
  }

  #compare(digits: string): void {
    const { compareDigits } = this.#options;
    this.#isPairing = true;
    const decide = (same: boolean) => {
      this.#peer.decideSas(same, this.#clock.nowMonotonicMs());
      this.#driver.kick();
    };
    if (compareDigits === undefined) decide(false);
    else void compareDigits(digits).then(decide, () => decide(false));
  }

  /** The next thing the device says; null when nothing came in time. Throws once the session is over and everything has been handed out. */
  async #next(waitMs: number | null, signal?: AbortSignal): Promise<HostEvent | null> {
    const event = this.#events.shift();
    if (event !== undefined) return event;
    if (this.#ended !== null) throw this.#ended.error;
    const stop = new AbortController();
    const onAbort = () => stop.abort();
    signal?.addEventListener('abort', onAbort, { once: true });
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve;
      stop.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    const others = waitMs === null ? [] : [this.#clock.sleep(waitMs, stop.signal)];
    await Promise.race([woken, ...others]);
    signal?.removeEventListener('abort', onAbort);
    this.#wake = null;
    stop.abort();
    const found = this.#events.shift();
    if (found === undefined && this.#ended !== null) throw (this.#ended as Ended).error;
    return found ?? null;
  }

  *#itemsOf(event: HostEvent, log: LogInfo): Generator<LogItem> {
    if (event.event === 'violation') throw this.#error('device-refused', `the device broke the rules: ${event.detail}`);
    if (event.event === 'failure')
      throw this.#error('device-refused', `the device refused: ${event.code} ${event.detail}`);
    if (event.event === 'info' && !event.info.logs.some((known) => sameBytes(known.epoch, log.epoch)))
      throw this.#error(
        'device-refused',
        'the log was erased on the device',
        null,
        'open the session again: it is another log now',
      );
    if (!('log' in event) || event.log !== log) return;
    if (event.event === 'items') yield* event.items.map((bytes, index) => this.#itemOf(event.first + index, bytes));
    else if (event.event === 'lost')
      yield { kind: 'gap', from: event.from, to: event.to, reason: event.reason, chain: event.chain };
    else if (event.event === 'checkpoint') yield this.#checkpointOf(event.checkpoint, event.isChecked ? true : null);
    else if (event.event === 'forked') yield this.#checkpointOf(event.checkpoint, false);
    else if (event.event === 'end') yield { kind: 'end', head: event.head, final: event.isFinal };
  }

  #checkpointOf(checkpoint: Checkpoint, agrees: boolean | null): LogItem {
    return { kind: 'checkpoint', checkpoint, signer: this.info.signer, agrees };
  }

  #itemOf(seq: number, bytes: Uint8Array): LogItem {
    const item = decodeItem(bytes);
    if (!item.ok) throw this.#error('device-refused', `item ${seq} of the device is none: ${item.fault.detail}`);
    if (item.value.type !== 'sample-item') return { kind: 'item', seq, bytes, block: null };
    const block = blockFromItem(seq, item.value);
    if (typeof block === 'string') throw this.#error('device-refused', `item ${seq} of the device: ${block}`);
    return { kind: 'item', seq, bytes, block };
  }

  async #ping(id: number, bounds: ClockBounds): Promise<{ boot: number; ticks: number } | null> {
    // A lab clock stands still, so its marks must not depend on how long the wire took.
    const isLab = this.#clock.source === 'lab';
    const sentUtcUs = this.#clock.nowUtcUs();
    if (!this.#peer.send({ type: 'time-ping', id })) throw this.#lost();
    this.#driver.kick();
    const pong = await this.#pongTo(id);
    if (this.#ended !== null) throw this.#ended.error;
    if (pong === null) return null;
    const { boot, ticks, receivedUtcUs } = pong;
    const hostUncertaintyUs = this.#clock.uncertaintyUs;
    bounds.add({ ticks, sentUtcUs, receivedUtcUs: isLab ? sentUtcUs : receivedUtcUs, hostUncertaintyUs });
    return { boot, ticks };
  }

  /** Null when it does not come in time, or the session is over. */
  async #pongTo(id: number): Promise<Pong | null> {
    const stop = new AbortController();
    const arrived = new Promise<Pong | null>((resolve) => this.#pongs.set(id, resolve));
    const late = this.#clock.sleep(PONG_MS, stop.signal).then(() => null);
    const pong = await Promise.race([arrived, late]);
    this.#pongs.delete(id);
    stop.abort();
    return pong;
  }

  #end(error: MaiboError): void {
    this.#ended ??= { error };
    for (const resolve of this.#pongs.values()) resolve(null);
    this.#driver.stop();
    this.#wake?.();
  }

  #lost(): MaiboError {
    return this.#ended?.error ?? this.#error('link-lost', 'there is no session any more');
  }

  #refusal(code: string, detail: string): MaiboError {
    if (code === 'timed-out')
      return this.#error(
        'link-timeout',
        'the device did not finish the handshake',
        null,
        'does it know this gateway? Pair them first',
      );
    if (code === 'expired') return this.#error('link-lost', 'the session ended', null, 'open it again');
    return this.#error(
      'device-refused',
      `no session: ${code}${detail === '' ? '' : `, ${detail}`}`,
      null,
      'is it the device that was paired?',
    );
  }

  #error(
    code: 'link-lost' | 'link-timeout' | 'device-refused',
    message: string,
    cause?: unknown,
    hint = 'start again: it resumes',
  ): MaiboError {
    return new MaiboError(code, message, { where: this.#link.name, hint, cause });
  }
}
