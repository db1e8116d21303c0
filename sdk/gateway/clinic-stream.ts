// One stream of a clinic device in the store: raw values become items, with the gateway's own ticks, and go through the production writer.
import { encodeItem, type GattItem } from '@maibo/protocols';
import type { AboutDevice } from '../clinic/about-device.ts';
import type { ClinicKind } from '../clinic/clinic-kinds.ts';
import { IntervalClock } from '../clinic/interval-clock.ts';
import { RateLimit } from '../clinic/rate-limit.ts';
import { MaiboError } from '../errors.ts';
import { readVital } from '../pipeline/vital-reading.ts';
import type { Store } from '../store/store.ts';
import { blockOfItem } from '../stream/item-block.ts';
import { HEART_RATE_MEASUREMENT, readStrap } from '../stream/strap-intervals.ts';
import type { Clock, Entropy, Signer } from '../world/world.ts';
import { findIdentity, lengthUs, placeIn, sizeOf } from './clinic-place.ts';
import type { Committer } from './group-committer.ts';
import { type Committed, type StreamDescription, StreamWriter } from './stream-writer.ts';

export interface ClinicStreamOptions {
  readonly kind: ClinicKind;
  /** 16 bytes that stand for the device. */
  readonly device: Uint8Array;
  readonly about: AboutDevice;
  readonly store: Store;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly signer: Signer;
  readonly committer?: Committer;
}

export const CLINIC_TICK_RATE_HZ = 1_000_000;

/** Several seconds of what a device may say may come at once, behind a pause of the radio. */
const BURST_S = 30;
/** Values that are not what they should be: kept, because they came, but a device that has nothing else to say is sent away. */
const BAD_PER_S_MAX = 0.1;
const BAD_BURST_COUNT = 20;
/** Two clocks of one machine part slowly: ticks are held against UTC again after this long. */
const MARK_AGAIN_MS = 600_000;
/** Commit at the latest with this many items or this old; a measurement waits for the end of what comes with it and no longer. */
const COMMIT_ITEMS_MAX = 64;
const COMMIT_MS_MAX = 1_000;
const COMMIT_QUIET_MS = 20;

export class ClinicStream {
  readonly kind: ClinicKind;
  /** Its number in the store. */
  readonly streamId: number;
  readonly #clock: Clock;
  readonly #writer: StreamWriter;
  readonly #intervals: IntervalClock;
  readonly #boot: number;
  readonly #startTicks: number;
  readonly #startMs: number;
  readonly #rate: RateLimit;
  readonly #badRate = new RateLimit(BAD_PER_S_MAX, BAD_BURST_COUNT);
  #count: number;
  #badCount = 0;
  #markedMs: number | null = null;
  /** When the oldest item came that is not committed. */
  #pendingSinceMs: number | null = null;

  /** Finds the stream or makes it. Errors: of the store, `evidence-bad`. */
  constructor(options: ClinicStreamOptions) {
    const { kind, device, about, store, clock, entropy, signer, committer } = options;
    const identity = findIdentity(store, { device, log: kind.service, about }, entropy);
    const stored = store.openStream(identity);
    const place = placeIn(store, stored, clock);
    this.kind = kind;
    this.streamId = stored.id;
    this.#clock = clock;
    this.#startMs = clock.nowMonotonicMs();
    this.#startTicks = place.startTicks;
    this.#boot = place.boot;
    this.#count = place.count;
    this.#intervals = new IntervalClock(place.endTicks);
    this.#rate = new RateLimit(kind.valuesPerSMax, kind.valuesPerSMax * BURST_S);
    const description = describe(options);
    this.#writer = StreamWriter.open({ store, identity, signer, description, ...(committer && { committer }) });
  }

  /** Values that were kept and mean nothing. */
  get badCount(): number {
    return this.#badCount;
  }

  /** Takes one value that came at `atMs` of the monotonic clock. Errors: `device-refused` for more than any such device says, or worse. */
  take(characteristic: number, value: Uint8Array, atMs: number): void {
    if (!this.#rate.take(atMs)) throw refused(`more than ${this.kind.valuesPerSMax} values a second`);
    this.#mark(atMs);
    this.#add(this.kind.signal === 'rr' ? this.#interval(value, atMs) : this.#vital(characteristic, value, atMs));
    this.#pendingSinceMs ??= atMs;
  }

  /** Milliseconds until what was taken should be committed; null when nothing waits. */
  commitInMs(nowMs: number): number | null {
    if (this.#pendingSinceMs === null) return null;
    if (this.#writer.pendingBlocks >= COMMIT_ITEMS_MAX) return 0;
    const waitedMs = nowMs - this.#pendingSinceMs;
    return Math.max(0, (this.kind.signal === 'rr' ? COMMIT_MS_MAX : COMMIT_QUIET_MS) - waitedMs);
  }

  /** Null when there was nothing. Errors: `store-full`, `store-busy`, `store-conflict`; then nothing of it is stored. */
  async commit(): Promise<Committed | null> {
    this.#pendingSinceMs = null;
    return await this.#writer.commit();
  }

  #mark(atMs: number): void {
    if (this.#markedMs !== null && atMs - this.#markedMs < MARK_AGAIN_MS) return;
    this.#markedMs = atMs;
    const nowMs = this.#clock.nowMonotonicMs();
    const { uncertaintyUs, source } = this.#clock;
    const mark = { boot: this.#boot, ticks: this.#ticksAt(nowMs), utcUs: this.#clock.nowUtcUs(), uncertaintyUs };
    this.#writer.markClock(mark, source);
  }

  #interval(value: Uint8Array, atMs: number): GattItem {
    const { intervalsUs, state } = readStrap(value);
    const at = { type: 'gatt-item', boot: this.#boot, characteristic: HEART_RATE_MEASUREMENT, value } as const;
    if (state === 'bad') this.#bad(atMs);
    if (state !== 'ok') this.#intervals.break();
    if (intervalsUs.length === 0) return { ...at, ticks: this.#ticksAt(atMs), count: this.#count };
    const placed = this.#intervals.place(this.#ticksAt(atMs), lengthUs(intervalsUs));
    if (placed === null) throw refused('intervals that hold far more time than went by');
    // How many are missing nobody knows: one stands for them, and the pipeline sees a hole.
    const isHole = placed.isHole && this.#count > 0;
    return { ...at, ticks: placed.startTicks, count: this.#count + (isHole ? 1 : 0) };
  }

  #vital(characteristic: number, value: Uint8Array, atMs: number): GattItem {
    if (readVital(characteristic, value) === null) this.#bad(atMs);
    const { boot, count } = { boot: this.#boot, count: this.#count };
    return { type: 'gatt-item', boot, ticks: this.#ticksAt(atMs), count, characteristic, value };
  }

  #add(item: GattItem): void {
    const seq = this.#writer.nextBlock;
    const block = blockOfItem(seq, item);
    if (typeof block === 'string') throw new Error(`a value gave no block: ${block}`);
    this.#writer.take({ kind: 'item', seq, bytes: encodeItem(item), block });
    this.#count = item.count + sizeOf(item);
  }

  #bad(atMs: number): void {
    this.#badCount++;
    if (!this.#badRate.take(atMs)) throw refused(`values that are no ${this.kind.name} measurement, over and over`);
  }

  #ticksAt(atMs: number): number {
    return this.#startTicks + Math.max(0, Math.round((atMs - this.#startMs) * (CLINIC_TICK_RATE_HZ / 1000)));
  }
}

function refused(what: string): MaiboError {
  const hint = 'the connection was ended; what came before is stored';
  return new MaiboError('device-refused', `the device sends ${what}`, { hint });
}

function describe({ kind, device, about }: ClinicStreamOptions): StreamDescription {
  return {
    kind: 'stream',
    source: { device, sensor: about.sensor ?? kind.title, signal: kind.signal },
    firmware: about.firmware ?? '',
    tickRateHz: CLINIC_TICK_RATE_HZ,
    rateHz: null,
    // Results of single measurements name the unit of each number.
    unit: kind.signal === 'rr' ? 'us' : '',
    gain: 1,
    offset: 0,
    bits: kind.signal === 'rr' ? 32 : 0,
  };
}
