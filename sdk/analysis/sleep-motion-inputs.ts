// Acceleration of a night through the motion core: what it says of every epoch, the counts that the sleep core takes, and when the device
// was off the wrist.
import { CoreStatusError, MotionCore, type MotionFinding, type SleepInput } from '@maibo/cores';
import { MaiboError } from '../errors.ts';
import type { TimedValue } from '../formats/timed-values.ts';
import { intervalInputs, type NightInterval } from './sleep-heart-inputs.ts';
import type { SleepInputs } from './sleep-inputs.ts';

const EPOCH_S = 30;
const HALF_EPOCH_S = 15;

/** Of the heart, in seconds from the first sample of acceleration; where there is none, from the start of the recording. */
export interface NightHeart {
  readonly intervals: readonly NightInterval[];
  /** Beats a minute. */
  readonly heartRates: readonly TimedValue[];
}

/** All together in the order of time, without what was measured before the acceleration or while the device was off the wrist. */
export function joinInputs(
  kind: SleepInputs['kind'],
  startUtcMs: number | null,
  motion: NightMotion | null,
  heart: NightHeart,
): SleepInputs {
  const isWorn = (timeS: number) => timeS >= 0 && motion?.isOffWrist(timeS) !== true;
  const intervals = heart.intervals.filter(({ endS }) => isWorn(endS));
  const counts = motion?.counts().filter(({ timeS }) => isWorn(timeS)) ?? [];
  const rates = heart.heartRates.filter(({ timeS }) => isWorn(timeS));
  const inputs: SleepInput[] = [
    ...counts,
    ...intervalInputs(intervals),
    ...rates.map(({ timeS, value }): SleepInput => ({ timeS, value, kind: 'heart-rate' })),
  ];
  inputs.sort((a, b) => a.timeS - b.timeS);
  return { kind, inputs, intervals, startUtcMs, motion: motion?.epochs ?? null };
}

export class NightMotion {
  readonly #core: MotionCore;
  readonly #epochs: MotionFinding[] = [];
  readonly #off: { fromS: number; toS: number }[] = [];

  /** Errors: `input-range` for a rate that the core does not take. */
  constructor(rateHz: number, where: string) {
    this.#core = createCore(rateHz, where);
  }

  /** x, y and z in g, one moment after the other. */
  push(frames: Float32Array): void {
    this.#take(this.#core.push(frames));
  }

  flush(): void {
    this.#take(this.#core.flush());
  }

  /** In order, one for every 30 s from the first frame on. */
  get epochs(): readonly MotionFinding[] {
    return this.#epochs;
  }

  /** Two for each epoch, without those that are missing. */
  counts(): SleepInput[] {
    return this.#epochs.flatMap(({ timeS, values }): SleepInput[] => {
      const startS = (Math.ceil(timeS / EPOCH_S) - 1) * EPOCH_S;
      const halves = [
        { timeS: startS, value: values.countsFirst },
        { timeS: startS + HALF_EPOCH_S, value: values.countsSecond },
      ];
      return halves.flatMap((half) => (half.value === null ? [] : [{ ...half, value: half.value, kind: 'count' }]));
    });
  }

  isOffWrist(timeS: number): boolean {
    return this.#off.some(({ fromS, toS }) => timeS >= fromS && timeS < toS);
  }

  #take(findings: readonly MotionFinding[]): void {
    for (const finding of findings) {
      if (finding.kind === 'epoch') this.#epochs.push(finding);
      else if (finding.kind === 'off-wrist') this.#off.push({ fromS: finding.timeS, toS: Number.POSITIVE_INFINITY });
      else if (finding.kind === 'on-wrist') this.#closeOff(finding.timeS);
    }
  }

  #closeOff(toS: number): void {
    const last = this.#off.at(-1);
    if (last !== undefined) last.toS = toS;
  }
}

function createCore(rateHz: number, where: string): MotionCore {
  try {
    return MotionCore.create({ rateHz });
  } catch (cause) {
    if (!(cause instanceof CoreStatusError)) throw cause;
    throw new MaiboError('input-range', `acceleration at ${rateHz} Hz; the motion core takes 10 to 100 Hz`, {
      where,
      hint: 'above 100 Hz, give the mean of every second sample, or of more',
      cause,
    });
  }
}
