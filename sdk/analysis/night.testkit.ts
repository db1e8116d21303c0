// Nights that are made here: intervals that breathe, and whatever else a test wants of them.
import type { NightInterval } from './sleep-inputs.ts';
import type { SleepStage } from './sleep-stage.ts';

const BREATHS_PER_S = 0.25;

export interface MadeNight {
  readonly hours: number;
  /** Length of the interval that begins at a time, ms, before breathing is added. */
  readonly rrMsAt?: (timeS: number) => number;
  /** Height of the breathing in the intervals, ms. */
  readonly breathMs?: number;
}

/** 15 breaths a minute, 60 beats a minute unless asked otherwise. */
export function intervalsOf({ hours, rrMsAt = () => 1000, breathMs = 20 }: MadeNight): NightInterval[] {
  const intervals: NightInterval[] = [];
  let endS = 0;
  while (endS < hours * 3600) {
    const rrMs = rrMsAt(endS) + breathMs * Math.sin(2 * Math.PI * BREATHS_PER_S * endS);
    endS += rrMs / 1000;
    intervals.push({ endS, rrMs });
  }
  return intervals;
}

/** A heart that slows for most of a cycle and hurries at its end, as at the end of an apnoea. */
export function apnoeicRrMs(timeS: number, cycleS = 50): number {
  const phase = (timeS % cycleS) / cycleS;
  return phase < 0.7 ? 950 + 100 * phase : 880;
}

export function stagesOf(...parts: readonly (readonly [SleepStage | null, minutes: number])[]): (SleepStage | null)[] {
  return parts.flatMap(([stage, minutes]) => Array<SleepStage | null>(2 * minutes).fill(stage));
}
