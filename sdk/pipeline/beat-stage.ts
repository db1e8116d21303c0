// Blocks in, beats and losses of signal out, on one time axis (seconds from the start of the stream). One stage finds beats in an
// ECG or a PPG with a core, the other takes a strap's own RR intervals.
import type { CoreModule } from '@maibo/cores';
import { type SampleBlock, samplesAsFloat32, samplesAsNumbers } from '../stream/sample-block.ts';
import { type BeatCore, type BeatFinding, createBeatCore, lossReason, type SampledSignal } from './beat-core.ts';
import { BEAT_SPAN_S, CORE_DELAY_S } from './result.ts';

export type BeatEvent =
  | { readonly kind: 'beat'; readonly timeS: number; readonly quality: number | null }
  | { readonly kind: 'lost'; readonly timeS: number; readonly reason: string }
  | { readonly kind: 'back'; readonly timeS: number }
  /** What a core says of the ten seconds that end here. */
  | { readonly kind: 'window'; readonly timeS: number; readonly quality: number };

export interface BeatStage {
  /** Modules whose bytes run in this stage. */
  readonly modules: readonly CoreModule[];
  /** Seconds before which nothing will be reported any more. */
  readonly settledS: number;
  /** Time of a block's first sample. */
  startOf(block: SampleBlock): number;
  push(block: SampleBlock): BeatEvent[];
  flush(): BeatEvent[];
}

/** Beats of a sampled signal, found by a core. */
export class SampledStage implements BeatStage {
  readonly modules: readonly CoreModule[];
  readonly #core: BeatCore;
  readonly #signal: SampledSignal;
  readonly #rateHz: number;
  /** Sample number of the core's own sample 0: the core restarts after every hole in the log. */
  #base = 0;
  #next = 0;
  #settledS = 0;

  /** Throws `CoreStatusError` for a rate the core does not take. */
  constructor(signal: SampledSignal, rateHz: number, module: CoreModule) {
    this.#signal = signal;
    this.#core = createBeatCore(signal, rateHz, module);
    this.#rateHz = rateHz;
    this.modules = [module];
  }

  get settledS(): number {
    return this.#settledS;
  }

  startOf(block: SampleBlock): number {
    return block.firstSample / this.#rateHz;
  }

  push(block: SampleBlock): BeatEvent[] {
    const hole = block.firstSample === this.#next ? [] : this.#restartAt(block.firstSample);
    this.#next = block.firstSample + block.sampleCount;
    const events = this.#eventsOf(this.#core.push(samplesAsFloat32(block.format, block.bytes)));
    // Right after a restart the core's delay would reach back across the hole, where all is settled already.
    this.#settledS = Math.max(this.#base / this.#rateHz, this.#next / this.#rateHz - CORE_DELAY_S);
    return [...hole, ...events];
  }

  flush(): BeatEvent[] {
    const events = this.#eventsOf(this.#core.flush());
    this.#settledS = this.#next / this.#rateHz;
    return events;
  }

  #restartAt(sample: number): BeatEvent[] {
    const tail = this.#next > this.#base ? this.flush() : [];
    const hole: BeatEvent[] = [
      { kind: 'lost', timeS: this.#next / this.#rateHz, reason: 'gap' },
      { kind: 'back', timeS: sample / this.#rateHz },
    ];
    this.#core.reset();
    this.#base = sample;
    return [...tail, ...hole];
  }

  #eventsOf(findings: readonly BeatFinding[]): BeatEvent[] {
    return findings.flatMap((finding): BeatEvent[] => {
      const timeS = (this.#base + finding.sample) / this.#rateHz;
      if (finding.kind === 'beat') return [{ kind: 'beat', timeS, quality: finding.quality }];
      if (finding.kind === 'usable') return [{ kind: 'back', timeS }];
      if (finding.kind === 'window') return [{ kind: 'window', timeS, quality: finding.quality }];
      return [{ kind: 'lost', timeS, reason: lossReason(this.#signal, finding.flags) }];
    });
  }
}

const US_PER_S = 1e6;

/** No heart pauses this long with its owner well: between two beats so far apart there was no signal. */
const INTERVAL_US_MAX = BEAT_SPAN_S * US_PER_S;

/** Intervals in microseconds, as a strap or an RR file gives them; each block's ticks say when its first interval begins. */
export class RrStage implements BeatStage {
  readonly modules: readonly CoreModule[] = [];
  readonly #tickRateHz: number;
  #next = 0;
  #flushed = false;
  #lastBeatS: number | null = null;

  constructor(tickRateHz: number) {
    this.#tickRateHz = tickRateHz;
  }

  get settledS(): number {
    // The beat that ends the stream belongs to it: the end lies one tick behind the beat.
    if (this.#lastBeatS === null) return 0;
    return this.#lastBeatS + (this.#flushed ? 1 / this.#tickRateHz : 0);
  }

  startOf(block: SampleBlock): number {
    return block.ticks / this.#tickRateHz;
  }

  push(block: SampleBlock): BeatEvent[] {
    const startS = this.startOf(block);
    const events: BeatEvent[] = [];
    if (this.#lastBeatS === null) events.push({ kind: 'beat', timeS: startS, quality: null });
    else if (block.firstSample !== this.#next) events.push(...this.#hole(startS));
    let timeS = this.#lastBeatS !== null && block.firstSample === this.#next ? this.#lastBeatS : startS;
    for (const intervalUs of samplesAsNumbers(block.format, block.bytes)) {
      // An interval of no length or less is none.
      const lengthUs = intervalUs === null ? 0 : Math.max(0, intervalUs);
      const fromS = timeS;
      timeS += lengthUs / US_PER_S;
      if (lengthUs === 0 || lengthUs > INTERVAL_US_MAX) {
        events.push({ kind: 'lost', timeS: fromS, reason: 'missing' }, { kind: 'back', timeS });
      }
      if (lengthUs > 0) events.push({ kind: 'beat', timeS, quality: null });
    }
    this.#next = block.firstSample + block.sampleCount;
    this.#lastBeatS = timeS;
    return events;
  }

  flush(): BeatEvent[] {
    this.#flushed = true;
    return [];
  }

  // A strap restarts counting with a beat of its own at the start of the block behind the hole.
  #hole(startS: number): BeatEvent[] {
    return [
      { kind: 'lost', timeS: this.#lastBeatS ?? 0, reason: 'gap' },
      { kind: 'back', timeS: startS },
      { kind: 'beat', timeS: startS, quality: null },
    ];
  }
}
