// One run of a board that prints numbers, in the store: samples become items of a second each, as a device with a log would have sent them, and
// go through the production writer.
//
// The board has no log and no memory, so each run is a stream of its own: a new epoch, drawn at random, and its end is sealed.
import { encodeItem, type SampleItem } from '@maibo/protocols';
import type { Store } from '../store/store.ts';
import { blockFromItem, encodeSamples } from '../stream/sample-block.ts';
import type { Clock, Entropy, Signer } from '../world/world.ts';
import { drawIdentity } from './clinic-place.ts';
import type { Committer } from './group-committer.ts';
import type { PlacedSamples } from './line-clock.ts';
import { type Committed, type StreamDescription, StreamWriter } from './stream-writer.ts';

/** What the numbers of the lines are. */
export type LineSignal = SampledLines | IntervalLines;

export interface SampledLines {
  readonly signal: 'ecg' | 'ppg';
  readonly rateHz: number;
  /** Counts per unit. */
  readonly gain: number;
}

/** Milliseconds. */
export interface IntervalLines {
  readonly signal: 'rr';
}

export interface LineStreamOptions {
  readonly what: LineSignal;
  /** 16 bytes that stand for the board. */
  readonly device: Uint8Array;
  readonly store: Store;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly signer: Signer;
  readonly committer?: Committer;
}

export const LINE_TICK_RATE_HZ = 1_000_000;
/** The one log of a board. */
const LOG = 1;
const BOOT = 1;
/** Intervals that wait for the next commit. */
const INTERVALS_MAX = 512;
/** Two clocks of one machine part slowly: ticks are held against UTC again after this long. */
const MARK_AGAIN_TICKS = 600 * LINE_TICK_RATE_HZ;
const COMMIT_EVERY_TICKS = LINE_TICK_RATE_HZ;
const INT16_MAX = 0x7fff;

export class LineStream {
  readonly #writer: StreamWriter;
  readonly #clock: Clock;
  readonly #isTold: boolean;
  /** An item is cut when it holds so many. */
  readonly #itemSamples: number;
  #samples: number[] = [];
  /** Where the first of `#samples` lies. */
  #at = { sample: 0, ticks: 0 };
  #markedTicks: number | null = null;
  #committedTicks = 0;

  /** Errors: of the store, `input-range` for a rate that the core does not take. */
  constructor(options: LineStreamOptions) {
    const { what, device, store, clock, entropy, signer, committer } = options;
    const identity = drawIdentity(store, device, LOG, entropy);
    const description = describe(what, device);
    this.#clock = clock;
    this.#isTold = what.signal === 'rr';
    this.#itemSamples = what.signal === 'rr' ? INTERVALS_MAX : Math.round(what.rateHz);
    this.#writer = StreamWriter.open({ store, identity, signer, description, ...(committer && { committer }) });
  }

  /** Takes what came at `nowTicks`. */
  take(placed: PlacedSamples, nowTicks: number): void {
    this.#mark(nowTicks);
    const { samples, firstSample, ticks, endTicks } = placed;
    if (firstSample !== this.#at.sample + this.#samples.length) this.#cut();
    for (let at = 0; at < samples.length; ) {
      if (this.#samples.length === 0) {
        const inward = Math.floor(((endTicks - ticks) * at) / samples.length);
        this.#at = { sample: firstSample + at, ticks: ticks + inward };
      }
      const some = samples.slice(at, at + this.#itemSamples - this.#samples.length);
      this.#samples.push(...some);
      at += some.length;
      if (this.#samples.length === this.#itemSamples) this.#cut();
    }
  }

  /** Commits once a second; null when nothing was due. Errors: `store-full`, `store-busy`, `store-conflict`; then nothing of it is stored. */
  async commitDue(nowTicks: number): Promise<Committed | null> {
    if (nowTicks - this.#committedTicks < COMMIT_EVERY_TICKS) return null;
    this.#committedTicks = nowTicks;
    // A second of samples is an item; of intervals it is however many came.
    if (this.#isTold) this.#cut();
    return this.#writer.pendingBlocks === 0 ? null : await this.#writer.commit();
  }

  /** Seals what is left, and that nothing follows. Errors as of `commitDue`. */
  async end(): Promise<Committed | null> {
    this.#cut();
    if (this.#writer.nextBlock > 0) this.#writer.take({ kind: 'end', head: this.#writer.nextBlock, final: true });
    return await this.#writer.commit();
  }

  #cut(): void {
    if (this.#samples.length === 0) return;
    const samples = this.#samples;
    this.#samples = [];
    const format = samples.every((count) => !(Math.abs(count) > INT16_MAX)) ? 1 : 2;
    const { sample: firstSample, ticks } = this.#at;
    const bytes = encodeSamples(format, samples);
    const item: SampleItem = { type: 'sample-item', boot: BOOT, ticks, firstSample, format, samples: bytes };
    const seq = this.#writer.nextBlock;
    const block = blockFromItem(seq, item);
    if (typeof block === 'string') throw new Error(`samples gave no block: ${block}`);
    this.#writer.take({ kind: 'item', seq, bytes: encodeItem(item), block });
    this.#at = { sample: firstSample + samples.length, ticks };
  }

  #mark(nowTicks: number): void {
    if (this.#markedTicks !== null && nowTicks - this.#markedTicks < MARK_AGAIN_TICKS) return;
    this.#markedTicks = nowTicks;
    const { uncertaintyUs, source } = this.#clock;
    this.#writer.markClock({ boot: BOOT, ticks: nowTicks, utcUs: this.#clock.nowUtcUs(), uncertaintyUs }, source);
  }
}

function describe(what: LineSignal, device: Uint8Array): StreamDescription {
  // A sketch has no name and no version that the gateway could know.
  const source = { device, sensor: 'numbers in lines', signal: what.signal };
  const all = {
    kind: 'stream',
    source,
    firmware: 'lines',
    tickRateHz: LINE_TICK_RATE_HZ,
    offset: 0,
    bits: 32,
  } as const;
  if (what.signal === 'rr') return { ...all, rateHz: null, unit: 'us', gain: 1 };
  return { ...all, rateHz: what.rateHz, unit: unitOf(what), gain: what.gain };
}

/** Who knows how many counts a millivolt are says so; else they are counts of the converter. */
function unitOf({ signal, gain }: SampledLines): string {
  return signal === 'ecg' && gain !== 1 ? 'mV' : 'counts';
}
