// Wrist light: which share of one-minute windows has a usable series of intervals, and whether its rate is the one the device shows.
// The device's HR stream is the only truth at hand and the device's own algorithm, so the comparison favours its own intervals.

import type { WristRecording } from './ppg-recordings.ts';
import { INTERVAL_MAX_S, middle, type Pulse } from './ppg-score.ts';

export interface Interval {
  readonly endS: number;
  readonly rrS: number;
}

export interface WristScore {
  readonly windows: number;
  readonly usable: number;
  readonly agreeing: number;
}

const [WINDOW_S, STEP_S] = [60, 30];
/** No rate yet for the first windows, none any more for the last. */
const MARGIN = { startS: 10, endS: 108 };
/** The HR stream begins 10 s late, and tells what was 38 s before: there the device's own intervals agree best with it. */
const HR = { startS: 10, delayS: 38 };
const COVERED_MIN = 0.8;
const AGREE_BPM = 5;
const INTERVALS_MIN = 6;
/** Stands in for a quality where a detector has none: a plausible interval, near the median of the nine around it. */
const PLAUSIBLE = { minS: 0.3, maxS: 2, reach: 4, share: 0.3 };

export function scoreWrist({ seconds, hrBpm }: WristRecording, intervals: readonly Interval[]): WristScore {
  const score = { windows: 0, usable: 0, agreeing: 0 };
  for (let from = MARGIN.startS; from < seconds - MARGIN.endS; from += STEP_S) {
    score.windows++;
    const inside = intervals.filter(({ endS }) => endS > from && endS <= from + WINDOW_S);
    const covered = inside.reduce((sum, { rrS }) => sum + rrS, 0);
    if (covered < COVERED_MIN * WINDOW_S) continue;
    score.usable++;
    if (inside.length < INTERVALS_MIN) continue;
    const shown = hrBpm.slice(from - HR.startS + HR.delayS, from - HR.startS + HR.delayS + WINDOW_S);
    const shownMean = shown.reduce((sum, bpm) => sum + bpm, 0) / shown.length;
    if (Math.abs((60 * inside.length) / covered - shownMean) <= AGREE_BPM) score.agreeing++;
  }
  return score;
}

/** An interval is as good as its later pulse says. */
export function goodIntervals(pulses: readonly Pulse[], qualityMin: number): Interval[] {
  return pulses.slice(1).flatMap(({ timeS, quality }, index) => {
    const rrS = timeS - pulses[index]!.timeS;
    return rrS < INTERVAL_MAX_S && quality >= qualityMin ? [{ endS: timeS, rrS }] : [];
  });
}

export function plausibleIntervals(times: readonly number[]): Interval[] {
  const all = times.slice(1).map((endS, index) => ({ endS, rrS: endS - times[index]! }));
  return all.filter(({ rrS }, index) => {
    const around = all.slice(Math.max(0, index - PLAUSIBLE.reach), index + PLAUSIBLE.reach + 1);
    const usual = middle(around.map((one) => one.rrS));
    return rrS > PLAUSIBLE.minS && rrS < PLAUSIBLE.maxS && Math.abs(rrS - usual) < PLAUSIBLE.share * usual;
  });
}

export function addWrist(scores: readonly WristScore[]): WristScore {
  const sum = (key: keyof WristScore) => scores.reduce((total, score) => total + score[key], 0);
  return { windows: sum('windows'), usable: sum('usable'), agreeing: sum('agreeing') };
}
