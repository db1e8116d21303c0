// How strongly a night's heart beat looks like that of a sleeper who stops breathing: cycles of heart rate per hour of sleep. It is a
// suspicion and no diagnosis: leg movements and arousals of other kinds make such cycles too, and some hearts make none.
import { CYCLE_S, cyclicDips } from './apnoea-cycles.ts';
import { type Dip, findDips } from './apnoea-dips.ts';
import { TREND_HZ, type Trend, trendOf } from './apnoea-trend.ts';
import type { CorrectedNight } from './night-intervals.ts';
import { EPOCH_S, isAsleep, type StageOrNone } from './sleep-stage.ts';

export interface ApnoeaSuspicion {
  /** Cycles of heart rate per hour of readable sleep. Not the apnoea-hypopnoea index: that needs breathing and oxygen. */
  readonly cyclesPerHour: number;
  readonly cycleCount: number;
  /** Sleep during which the intervals are there, min. */
  readonly readableSleepMin: number;
  /** 15 cycles an hour and more. */
  readonly isSuspected: boolean;
  /** For each minute from the first epoch on: does it lie in such cycles; null where awake or not readable. */
  readonly suspectMinute: readonly (boolean | null)[];
  readonly suspectMin: number;
}

/** Why nothing is said. */
export type NoApnoeaSuspicion = 'irregular-rhythm' | 'too-little-covered' | 'no-variation';

/** Hayano et al. 2011: in 862 people 15 an hour and more found an apnoea-hypopnoea index of 15 and more with sensitivity 83 %, specificity 88 %. */
export const SUSPECT_PER_HOUR = 15;
/** Two hours of recording are the least from which apnoea is judged (Kapur et al. 2017, AASM guideline, split nights). */
export const READABLE_MIN_MIN = 120;
const READABLE_SHARE_MIN = 0.5;
/** More of the night in a rhythm as of atrial fibrillation, and cycles cannot be told from it. */
const IRREGULAR_SHARE_MAX = 0.1;
/** A heart that swings less than this over a night was not measured beat by beat. */
const SWING_MS_MIN = 1;
const EPOCHS_PER_MINUTE = 2;

/**
 * `stages`: of epochs of 30 s, the first of which begins at `startS`. `sleepMinMin`: of how much sleep something is said, min.
 * @example
 * const night = correctNight(intervals);
 * const suspicion = suspectApnoea(night, sleep.stage, sleep.startS);
 */
export function suspectApnoea(
  night: CorrectedNight,
  stages: readonly StageOrNone[],
  startS: number,
  sleepMinMin: number = READABLE_MIN_MIN,
): ApnoeaSuspicion | NoApnoeaSuspicion {
  const trend = trendOf(night.beats);
  const asleepCount = stages.filter(isAsleep).length;
  const readable = stages.map((stage, epoch) => isAsleep(stage) && isKnown(trend, startS + epoch * EPOCH_S));
  const readableCount = readable.filter(Boolean).length;
  const readableSleepMin = readableCount / EPOCHS_PER_MINUTE;
  if (readableSleepMin < sleepMinMin || readableCount < READABLE_SHARE_MIN * asleepCount) return 'too-little-covered';
  if (irregularShare(night, readable, startS) > IRREGULAR_SHARE_MAX) return 'irregular-rhythm';
  if (swingOf(trend) < SWING_MS_MIN) return 'no-variation';
  const dips = cyclicDips(trend, findDips(trend));
  const cycleCount = dips.filter(({ index }) => readable[epochAt(timeOf(trend, index), startS)]).length;
  const cyclesPerHour = cycleCount / (readableSleepMin / 60);
  const suspectMinute = minutesOf(spansOf(trend, dips), readable, startS);
  return {
    cyclesPerHour,
    cycleCount,
    readableSleepMin,
    isSuspected: cyclesPerHour >= SUSPECT_PER_HOUR,
    suspectMinute,
    suspectMin: suspectMinute.filter((isSuspect) => isSuspect === true).length,
  };
}

function timeOf({ fromS }: Trend, index: number): number {
  return fromS + index / TREND_HZ;
}

function epochAt(timeS: number, startS: number): number {
  return Math.floor((timeS - startS) / EPOCH_S);
}

/** Whether the trend is there for most of the epoch. */
function isKnown({ fromS, values }: Trend, epochS: number): boolean {
  const from = Math.round((epochS - fromS) * TREND_HZ);
  const part = values.subarray(Math.max(0, from), Math.max(0, from + EPOCH_S * TREND_HZ));
  return part.filter((value) => !Number.isNaN(value)).length > (EPOCH_S * TREND_HZ) / 2;
}

function irregularShare({ rhythm }: CorrectedNight, readable: readonly boolean[], startS: number): number {
  const asleep = rhythm.filter(({ timeS }) => readable[epochAt(timeS, startS)]);
  const irregularCount = asleep.filter(({ irregularity }) => irregularity >= 0.5).length;
  return asleep.length === 0 ? 0 : irregularCount / asleep.length;
}

function swingOf({ values }: Trend): number {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return high - low;
}

interface Span {
  readonly fromS: number;
  readonly toS: number;
}

/** From one cyclic dip to the next where they are one cycle apart; the dip itself where they are not. */
function spansOf(trend: Trend, dips: readonly Dip[]): Span[] {
  return dips.map(({ index, from, to }, place) => {
    const next = dips[place + 1];
    const isJoined = next !== undefined && next.index - index <= CYCLE_S.max * TREND_HZ;
    return { fromS: timeOf(trend, from), toS: timeOf(trend, isJoined ? next.index : to) };
  });
}

/** Minutes of which half and more lies in a span. */
function minutesOf(spans: readonly Span[], readable: readonly boolean[], startS: number): (boolean | null)[] {
  const covered = new Float64Array(Math.ceil(readable.length / EPOCHS_PER_MINUTE));
  let reachedS = Number.NEGATIVE_INFINITY;
  for (const { fromS, toS } of spans) {
    for (let s = Math.max(reachedS, fromS); s < toS; s += 1 / TREND_HZ) {
      const minute = Math.floor((s - startS) / 60);
      if (minute >= 0 && minute < covered.length) covered[minute]! += 1 / TREND_HZ;
    }
    reachedS = Math.max(reachedS, toS);
  }
  return Array.from(covered, (seconds, minute) => {
    const epochs = readable.slice(EPOCHS_PER_MINUTE * minute, EPOCHS_PER_MINUTE * (minute + 1));
    return epochs.some(Boolean) ? seconds >= 30 : null;
  });
}
