// What is said of a night from its stages, in the terms of the AASM manual (Berry et al., Manual for the Scoring of Sleep, 2.6) as far as
// a recording without marks of lights off and on allows: its first epoch stands for lights off, its last for lights on.
import { NIGHT_EPOCHS_MAX, type NightSpan, nightSpan } from './night-span.ts';
import { cyclesOf } from './sleep-cycles.ts';
import { isAsleep, type SleepStage, type StageOrNone } from './sleep-stage.ts';

export type { SleepStage } from './sleep-stage.ts';

export interface NightSummary {
  /** What counts as the night: the recording, or its main sleep where it is too long to be one night. */
  readonly basis: NightSpan['basis'];
  /** First to last epoch of the night, min; the epochs without a stage count. */
  readonly recordingMin: number;
  /** Share 0..1 of the epochs that have a stage. */
  readonly scored: number;
  /** Total sleep time, min; epochs without a stage are neither sleep nor wake. */
  readonly totalSleepMin: number;
  /** Share of the scored time that was slept, per cent. */
  readonly efficiencyPercent: number;
  /** From the first epoch to the first one asleep, min; null where most of that has no stage, and where the night begins with sleep. */
  readonly latencyMin: number | null;
  /** Sleep period time: from the first epoch asleep to the end of the last one, min. */
  readonly sleepPeriodMin: number;
  /** Wake after sleep onset, to the end of the night, min. */
  readonly wasoMin: number;
  /** Runs of wake between the first and the last epoch asleep. */
  readonly awakenings: number;
  /** From the first epoch asleep to the first REM, min; null without REM or where the stages do not tell. */
  readonly remLatencyMin: number | null;
  readonly stageMin: Readonly<Partial<Record<SleepStage, number>>>;
  /** Of total sleep time, per cent; without wake. */
  readonly stagePercent: Readonly<Partial<Record<SleepStage, number>>>;
  /** Cycles of NREM and REM (Feinberg & Floyd 1979); null where the stages do not tell. */
  readonly cycleCount: number | null;
  /** First and last moment of sleep and the middle between them, ISO 8601; null where the recording does not say when it was. */
  readonly clockUtc: { readonly onset: string; readonly middle: string; readonly end: string } | null;
}

/** Why a night has no summary. */
export type NoSummary = 'too-short' | 'too-little-worn' | 'no-sleep' | 'too-long';

export const EPOCH_MIN = 0.5;
/** Less than this of stages is a nap or a fragment, and its efficiency means nothing. */
export const SCORED_MIN_MIN = 120;
/** Less than this share of the night with a stage: what is missing decides more than what is there. */
export const SCORED_SHARE_MIN = 0.7;
const EPOCH_MS = 30_000;

/** `stages`: one per 30 s, null where nothing was worn or nothing could be said. `firstUtcMs`: when the first one began. */
export function summarizeNight(
  stages: readonly StageOrNone[],
  firstUtcMs: number | null = null,
): NightSummary | NoSummary {
  const span = nightSpan(stages);
  const night = stages.slice(span.from, span.to);
  const scoredCount = night.filter((stage) => stage !== null).length;
  if (scoredCount * EPOCH_MIN < SCORED_MIN_MIN) return 'too-short';
  if (scoredCount < SCORED_SHARE_MIN * night.length) return 'too-little-worn';
  const first = night.findIndex(isAsleep);
  if (first < 0) return 'no-sleep';
  // Sleep that never ends is a device that lies about.
  if (night.length > NIGHT_EPOCHS_MAX) return 'too-long';
  const end = night.findLastIndex(isAsleep) + 1;
  const asleepCount = night.filter(isAsleep).length;
  const tellsRem = night.some((stage) => stage === 'R');
  return {
    basis: span.basis,
    recordingMin: night.length * EPOCH_MIN,
    scored: scoredCount / night.length,
    totalSleepMin: asleepCount * EPOCH_MIN,
    efficiencyPercent: (100 * asleepCount) / scoredCount,
    latencyMin: latencyOf(night.slice(0, first), span),
    sleepPeriodMin: (end - first) * EPOCH_MIN,
    wasoMin: night.slice(first).filter((stage) => stage === 'W').length * EPOCH_MIN,
    awakenings: runsOfWake(night.slice(first, end)),
    remLatencyMin: tellsRem ? (night.indexOf('R') - first) * EPOCH_MIN : null,
    ...minutesByStage(night, asleepCount),
    cycleCount: tellsRem ? cyclesOf(night).length : null,
    clockUtc: firstUtcMs === null ? null : clockOf(firstUtcMs + span.from * EPOCH_MS, first, end),
  };
}

function latencyOf(before: readonly StageOrNone[], { basis }: NightSpan): number | null {
  const unknownCount = before.filter((stage) => stage === null).length;
  if (basis === 'main-sleep' || unknownCount > before.length / 2) return null;
  return before.length * EPOCH_MIN;
}

function runsOfWake(stages: readonly StageOrNone[]): number {
  return stages.filter((stage, index) => stage === 'W' && stages[index - 1] !== 'W').length;
}

function minutesByStage(stages: readonly StageOrNone[], asleepCount: number) {
  const stageMin: Partial<Record<SleepStage, number>> = {};
  for (const stage of stages) if (stage !== null) stageMin[stage] = (stageMin[stage] ?? 0) + EPOCH_MIN;
  const asleep = Object.entries(stageMin).filter(([stage]) => stage !== 'W');
  const stagePercent: Partial<Record<SleepStage, number>> = Object.fromEntries(
    asleep.map(([stage, minutes]) => [stage, (100 * minutes) / (asleepCount * EPOCH_MIN)]),
  );
  return { stageMin, stagePercent };
}

function clockOf(startMs: number, first: number, end: number) {
  const at = (epoch: number) => new Date(startMs + epoch * EPOCH_MS).toISOString();
  return { onset: at(first), middle: at((first + end) / 2), end: at(end) };
}
