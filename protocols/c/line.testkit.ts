// A wire between the packet layer in C and the one in TypeScript, in made time: it carries frames, and drops, repeats, flips and cuts them.
// It keeps their order, as a wire does. Everything follows from the seed.

import { encodeFrame, SerialFramer } from '../framing/serial-framer.ts';
import { PacketLink, type PacketLinkOptions } from '../packet/packet-link.ts';
import { entropyOf, randomOf } from '../packet/wire.testkit.ts';
import { compileTest, Dialogue } from './c.testkit.ts';

const SOURCES = [
  'test/packets.c',
  'ml_packet.c',
  'ml_packet_codec.c',
  'ml_packet_opening.c',
  'ml_packet_receiver.c',
].concat(['ml_packet_sender.c', 'ml_frame.c', 'ml_crc32c.c']);
/** Everything the protocol allows, but for the length of messages, which the program's memory sets. */
const WIDE = ['WINDOW=64', 'IN_BYTES=3000', 'OUT_BYTES=3000', 'PACKET_BYTES=1024', 'CHANNELS=16', 'PARTS=16'];

/** test/packets.c as a device has it, or with memory for everything that is allowed. */
export function startPackets(isWide: boolean): Dialogue {
  return new Dialogue(compileTest('packets', SOURCES, isWide ? WIDE.map((size) => `-DML_PACKETS_${size}u`) : []));
}

export type Happening =
  | { readonly event: 'open' }
  | { readonly event: 'message'; readonly channel: number; readonly bytes: Uint8Array }
  | { readonly event: 'dead'; readonly why: number | string };

/** One end of the wire, whatever it is written in. */
export interface End {
  readonly happenings: Happening[];
  readonly isIdle: boolean;
  /** When `give` has something to say although nothing has come; null: never. */
  readonly deadlineMs: number | null;
  receive(chunk: Uint8Array, nowMs: number): void;
  give(nowMs: number): Uint8Array[];
  /** False: no room by now. */
  send(channel: number, message: Uint8Array): boolean;
}

export interface LinkOptions {
  readonly window: number;
  readonly packetBytes: number;
  readonly messageBytesMax: number;
  /** 0: none. */
  readonly keepAliveMs: number;
}

export class TsEnd implements End {
  readonly happenings: Happening[] = [];
  readonly link: PacketLink;
  readonly #framer = new SerialFramer();
  #isHeld = false;

  constructor(
    { window, packetBytes, messageBytesMax, keepAliveMs }: LinkOptions,
    seed: number,
    more: Partial<PacketLinkOptions> = {},
  ) {
    const entropy = entropyOf(randomOf(seed));
    const keepAlive = keepAliveMs === 0 ? null : keepAliveMs;
    this.link = new PacketLink({
      packetBytesMax: packetBytes,
      window,
      messageBytesMax,
      keepAliveMs: keepAlive,
      entropy,
      ...more,
    });
  }

  /** Nobody takes messages while this is true. */
  set isHeld(value: boolean) {
    this.#isHeld = value;
    this.#takeAll();
  }

  get isIdle(): boolean {
    return this.link.isIdle;
  }

  get deadlineMs(): number | null {
    return this.link.deadlineMs;
  }

  receive(chunk: Uint8Array, nowMs: number): void {
    for (const frame of this.#framer.push(chunk)) if (frame.ok) this.link.receive(frame.value, nowMs);
    this.#takeAll();
  }

  give(nowMs: number): Uint8Array[] {
    const frames: Uint8Array[] = [];
    for (let packet = this.link.next(nowMs); packet !== null; packet = this.link.next(nowMs))
      frames.push(encodeFrame(packet));
    this.#takeAll();
    return frames;
  }

  send(channel: number, message: Uint8Array): boolean {
    return this.link.send(channel, message);
  }

  #takeAll(): void {
    if (!this.#isHeld) this.happenings.push(...this.link.take());
  }
}

export interface CCounts {
  readonly taken: number;
  readonly repeats: number;
  readonly refused: number;
  readonly sent: number;
  readonly repeated: number;
  readonly timeouts: number;
  readonly acknowledgements: number;
  readonly challenges: number;
}

const ML_FOREVER = 0xffff_ffff;
/** The clock of the program in C: it wraps five seconds after the beginning. */
const EPOCH_MS = 0x1_0000_0000 - 5_000;

/** test/packets.c */
export class CEnd implements End {
  readonly happenings: Happening[] = [];
  isIdle = true;
  deadlineMs: number | null = Number.NEGATIVE_INFINITY;
  readonly #program: Dialogue;

  constructor(program: Dialogue, options: LinkOptions, seed: number) {
    this.#program = program;
    program.ask('Z', seed);
    this.open(options, 0);
  }

  /** Also again, on the same memory. */
  open({ window, messageBytesMax, packetBytes, keepAliveMs }: LinkOptions, nowMs: number): void {
    this.#program.ask('O', clock(nowMs), window, messageBytesMax, packetBytes, keepAliveMs);
    if (this.#program.i32() !== 0) throw new Error('the link in C does not open');
    this.deadlineMs = nowMs;
  }

  get counts(): CCounts {
    this.#program.ask('C');
    const [taken, repeats, refused, sent, repeated, timeouts, acknowledgements, challenges] = Array.from(
      { length: 8 },
      () => this.#program.u32(),
    ) as [number, number, number, number, number, number, number, number];
    return { taken, repeats, refused, sent, repeated, timeouts, acknowledgements, challenges };
  }

  set packetBytes(value: number) {
    this.#program.ask('P', value);
    if (this.#program.i32() !== 0) throw new Error(`packets of ${value} bytes are refused`);
  }

  /** While true, messages stay in the link. */
  set isHeld(value: boolean) {
    this.#program.ask('H', value ? 1 : 0);
    if (!value) this.#tell();
  }

  receive(chunk: Uint8Array, nowMs: number): void {
    this.#program.ask('T', clock(nowMs), chunk);
    this.#takeHappenings();
  }

  give(nowMs: number): Uint8Array[] {
    this.#program.ask('G', clock(nowMs));
    const frames: Uint8Array[] = [];
    for (let frame = this.#program.bytes(); frame.length > 0; frame = this.#program.bytes()) frames.push(frame);
    const waitMs = this.#program.u32();
    this.deadlineMs = waitMs === ML_FOREVER ? null : nowMs + waitMs;
    const state = this.#program.u32();
    this.isIdle = this.#program.u32() === 1;
    if (state === ML_PACKETS_DEAD) this.#tell();
    return frames;
  }

  send(channel: number, message: Uint8Array): boolean {
    const status = this.sendStatus(channel, message);
    if (status !== 0 && status !== ML_FULL && status !== ML_WRONG_STATE) throw new Error(`send answers ${status}`);
    return status === 0;
  }

  sendStatus(channel: number, message: Uint8Array): number {
    this.#program.ask('S', channel, message);
    const status = this.#program.i32();
    if (status !== 0) return status;
    this.deadlineMs = Number.NEGATIVE_INFINITY;
    this.isIdle = false;
    return status;
  }

  #tell(): void {
    const { deadlineMs } = this;
    this.#program.ask('R');
    this.#takeHappenings();
    if (this.happenings.at(-1)?.event === 'dead') this.deadlineMs = deadlineMs;
  }

  /** One of the happenings may be death, told again with every answer after it. */
  #takeHappenings(): void {
    const { happenings } = this;
    this.deadlineMs = Number.NEGATIVE_INFINITY;
    for (let kind = this.#program.u32(); kind !== codeOf('.'); kind = this.#program.u32()) {
      if (kind === codeOf('m'))
        happenings.push({ event: 'message', channel: this.#program.u32(), bytes: this.#program.bytes() });
      else if (kind === codeOf('o')) {
        this.#program.u32();
        happenings.push({ event: 'open' });
      } else {
        const why = this.#program.i32();
        if (happenings.at(-1)?.event !== 'dead') happenings.push({ event: 'dead', why });
      }
    }
  }
}

/** ml_packet.h, ml_status.h */
const ML_PACKETS_DEAD = 3;
const ML_FULL = -12;
const ML_WRONG_STATE = -13;

function clock(nowMs: number): number {
  return (EPOCH_MS + Math.floor(nowMs)) % 0x1_0000_0000;
}

function codeOf(letter: string): number {
  return letter.charCodeAt(0);
}

/** Chances per frame, 0..1. */
export interface Harm {
  drop?: number;
  repeat?: number;
  flip?: number;
  cut?: number;
}

interface Flying {
  readonly atMs: number;
  readonly to: 'c' | 'ts';
  readonly bytes: Uint8Array;
}

export class Line {
  readonly ends: { c: CEnd; ts: TsEnd };
  readonly harm: Harm;
  nowMs = 0;
  /** Everything that was sent, before harm. */
  readonly sent: { readonly from: 'c' | 'ts'; readonly atMs: number; readonly frame: Uint8Array }[] = [];
  readonly #random: () => number;
  readonly #delayMs: number;
  #flying: Flying[] = [];

  constructor(ends: { c: CEnd; ts: TsEnd }, harm: Harm, seed: number, delayMs = 10) {
    this.ends = ends;
    this.harm = harm;
    this.#random = randomOf(seed);
    this.#delayMs = delayMs;
  }

  /** Runs until `isDone`, which is asked whenever time has moved. Throws when nothing moves any more or the limit is reached. */
  until(isDone: () => boolean, limitMs: number): void {
    const endMs = this.nowMs + limitMs;
    while (!isDone()) {
      this.#pump('c', 'ts');
      this.#pump('ts', 'c');
      if (isDone()) return;
      const times = [this.#flying[0]?.atMs, this.ends.c.deadlineMs, this.ends.ts.deadlineMs].filter(
        (time) => time != null,
      );
      if (times.length === 0) throw new Error(`nothing moves at ${this.nowMs} ms`);
      this.nowMs = Math.max(this.nowMs, Math.min(...times));
      if (this.nowMs > endMs) throw new Error(`not done at ${this.nowMs} ms`);
      this.#land();
    }
  }

  run(forMs: number): void {
    const endMs = this.nowMs + forMs;
    while (this.nowMs < endMs) {
      this.#pump('c', 'ts');
      this.#pump('ts', 'c');
      const times = [this.#flying[0]?.atMs, this.ends.c.deadlineMs, this.ends.ts.deadlineMs].filter(
        (time) => time != null,
      );
      this.nowMs = Math.min(endMs, Math.max(this.nowMs, Math.min(...times)));
      this.#land();
    }
  }

  #pump(from: 'c' | 'ts', to: 'c' | 'ts'): void {
    for (const frame of this.ends[from].give(this.nowMs)) {
      this.sent.push({ from, atMs: this.nowMs, frame });
      this.#launch(to, frame);
    }
  }

  #launch(to: 'c' | 'ts', frame: Uint8Array): void {
    const { drop = 0, repeat = 0, flip = 0, cut = 0 } = this.harm;
    if (this.#random() < drop) return;
    let bytes = frame;
    if (this.#random() < flip) bytes = this.#flipped(bytes);
    if (this.#random() < cut) bytes = this.#cut(bytes);
    const copies = this.#random() < repeat ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) this.#flying.push({ atMs: this.nowMs + this.#delayMs, to, bytes });
  }

  #flipped(frame: Uint8Array): Uint8Array {
    const bytes = frame.slice();
    bytes[this.#below(bytes.length)]! ^= 1 << this.#below(8);
    return bytes;
  }

  /** Some bytes of the middle, or of the end with its 0x00, are lost. */
  #cut(frame: Uint8Array): Uint8Array {
    const from = this.#below(frame.length);
    return new Uint8Array(Buffer.concat([frame.subarray(0, from), frame.subarray(from + 1 + this.#below(4))]));
  }

  #below(limit: number): number {
    return Math.min(limit - 1, Math.floor(this.#random() * limit));
  }

  #land(): void {
    while (this.#flying.length > 0 && this.#flying[0]!.atMs <= this.nowMs) {
      const { to, bytes } = this.#flying.shift()!;
      this.ends[to].receive(bytes, this.nowMs);
    }
  }
}
