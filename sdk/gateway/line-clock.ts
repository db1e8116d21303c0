// Where the samples of a board that prints numbers lie in time. Nothing in its lines says so: all the gateway knows is when they came.
//
//   ECG, PPG   samples are counted, so many a second; a pause of the port longer than a second is a hole
//   RR         intervals add up, as those of a strap do (../clinic/interval-clock.ts); one that is missing leaves a hole
import { IntervalClock } from '../clinic/interval-clock.ts';
import { MaiboError } from '../errors.ts';

/** Samples that follow each other. Ticks are microseconds of the gateway's own. */
export interface PlacedSamples {
  /** NaN where one is missing. */
  readonly samples: readonly number[];
  /** Position of the first, counted from the beginning; a jump is a hole. */
  readonly firstSample: number;
  /** When the first was, and when the one behind the last will be. */
  readonly ticks: number;
  readonly endTicks: number;
}

export interface LineClock {
  /** What came at `ticks`, in order. Errors: `device-refused` for what cannot be true. */
  place(samples: readonly number[], ticks: number): PlacedSamples[];
}

/** Longer than this without a sample, and nobody knows what was lost. */
export const PAUSE_TICKS_MAX = 1_000_000;
const TICKS_PER_S = 1e6;
const TICKS_PER_MS = 1_000;

/** Of a signal that is sampled `rateHz` times a second. */
export class SampledLineClock implements LineClock {
  readonly #rateHz: number;
  #nextSample = 0;
  #cameTicks: number | null = null;

  constructor(rateHz: number) {
    this.#rateHz = rateHz;
  }

  place(samples: readonly number[], ticks: number): PlacedSamples[] {
    if (samples.length === 0) return [];
    const earliest = this.#cameTicks ?? 0;
    const startTicks = Math.max(earliest, ticks - Math.round((samples.length * TICKS_PER_S) / this.#rateHz));
    const isPause = this.#cameTicks !== null && ticks - this.#cameTicks > PAUSE_TICKS_MAX;
    const lost = isPause ? Math.max(1, Math.round(((startTicks - earliest) * this.#rateHz) / TICKS_PER_S)) : 0;
    const firstSample = this.#nextSample + lost;
    this.#nextSample = firstSample + samples.length;
    this.#cameTicks = ticks;
    return [{ samples, firstSample, ticks: startTicks, endTicks: ticks }];
  }
}

/** Of intervals between beats: milliseconds in, microseconds out. */
export class IntervalLineClock implements LineClock {
  readonly #clock = new IntervalClock(0);
  #nextSample = 0;

  place(samples: readonly number[], ticks: number): PlacedSamples[] {
    const placed: PlacedSamples[] = [];
    for (let from = 0; from < samples.length; ) {
      if (Number.isNaN(samples[from])) {
        // How long it was nobody knows, so what follows takes its time from when it came.
        this.#clock.break();
        from++;
        continue;
      }
      const found = samples.findIndex((ms, index) => index > from && Number.isNaN(ms));
      const to = found < 0 ? samples.length : found;
      placed.push(this.#placeRun(samples.slice(from, to), ticks));
      from = to;
    }
    return placed;
  }

  #placeRun(intervalsMs: readonly number[], ticks: number): PlacedSamples {
    const samples = intervalsMs.map((ms) => ms * TICKS_PER_MS);
    const sumTicks = samples.reduce((sum, us) => sum + us, 0);
    const placed = this.#clock.place(ticks, sumTicks);
    if (placed === null) {
      const hint = 'is each line one interval in milliseconds?';
      throw new MaiboError('device-refused', 'the board tells of intervals that hold far more time than went by', {
        hint,
      });
    }
    // How many are missing in a hole nobody knows: one stands for them.
    const firstSample = this.#nextSample + (placed.isHole && this.#nextSample > 0 ? 1 : 0);
    this.#nextSample = firstSample + samples.length;
    return { samples, firstSample, ticks: placed.startTicks, endTicks: placed.startTicks + sumTicks };
  }
}
