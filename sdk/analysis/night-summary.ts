// What is said of a night from its stages, in the terms of the AASM manual (Berry et al., Manual for the Scoring of Sleep, 2.6) as far as
// a recording without lights-off marks allows: it counts from its first epoch to its last.
import { cyclesOf } from './sleep-cycles.ts';

/** Stages of 30-s epochs; what a model of fewer classes cannot tell apart has a name of its own. */
export type SleepStage = 'W' | 'S' | 'N' | 'N1N2' | 'N3' | 'R';

export interface NightSummary {
  /** First to last epoch, min; the epochs without a stage count. */
  readonly recordingMin: number;
  /** Share 0..1 of the epochs that have a stage. */
  readonly scored: number;
  /** Total sleep time, min. */
  readonly totalSleepMin: number;
  /** Share of the scored time that was slept, per cent. */
  readonly efficiencyPercent: number;
  /** From the first epoch to the first one asleep, min. */
  readonly latencyMin: number;
  /** From the first epoch asleep to the end of the last one, min. */
  readonly sleepPeriodMin: number;
  /** Wake after sleep onset, to the end of the recording, min. */
  readonly wasoMin: number;
  /** Runs of wake between the first and the last epoch asleep. */
  readonly awakenings: number;
  /** From the first epoch asleep to the first REM, min; null without REM or where the stages do not tell. */
  readonly remLatencyMin: number | null;
  readonly stageMin: Readonly<Partial<Record<SleepStage, number>>>;
  /** Cycles of NREM and REM (Feinberg & Floyd 1979); null where the stages do not tell. */
  readonly cycleCount: number | null;
}

/** Why a night has no summary. */
export type NoSummary = 'too-short' | 'too-little-worn' | 'no-sleep';

export const EPOCH_MIN = 0.5;
/** Less than this of stages is a nap or a fragment, and its efficiency means nothing. */
export const SCORED_MIN_MIN = 120;
/** Less than this share of the night with a stage: what is missing decides more than what is there. */
export const SCORED_SHARE_MIN = 0.7;

/** `stages`: one per 30 s, null where nothing was worn or nothing could be said. */
export function summarizeNight(stages: readonly (SleepStage | null)[]): NightSummary | NoSummary {
  const scoredCount = stages.filter((stage) => stage !== null).length;
  if (scoredCount * EPOCH_MIN < SCORED_MIN_MIN) return 'too-short';
  if (scoredCount < SCORED_SHARE_MIN * stages.length) return 'too-little-worn';
  const first = stages.findIndex(isAsleep);
  if (first < 0) return 'no-sleep';
  const last = stages.findLastIndex(isAsleep);
  const asleepCount = stages.filter(isAsleep).length;
  const tellsRem = stages.some((stage) => stage === 'R');
  return {
    recordingMin: stages.length * EPOCH_MIN,
    scored: scoredCount / stages.length,
    totalSleepMin: asleepCount * EPOCH_MIN,
    efficiencyPercent: (100 * asleepCount) / scoredCount,
    latencyMin: first * EPOCH_MIN,
    sleepPeriodMin: (last + 1 - first) * EPOCH_MIN,
    wasoMin: stages.slice(first).filter((stage) => stage === 'W').length * EPOCH_MIN,
    awakenings: runsOfWake(stages.slice(first, last + 1)),
    remLatencyMin: tellsRem ? (stages.indexOf('R') - first) * EPOCH_MIN : null,
    stageMin: minutesByStage(stages),
    cycleCount: tellsRem ? cyclesOf(stages).length : null,
  };
}

export function isAsleep(stage: SleepStage | null): boolean {
  return stage !== null && stage !== 'W';
}

function runsOfWake(stages: readonly (SleepStage | null)[]): number {
  return stages.filter((stage, index) => stage === 'W' && stages[index - 1] !== 'W').length;
}

function minutesByStage(stages: readonly (SleepStage | null)[]): NightSummary['stageMin'] {
  const minutes: Partial<Record<SleepStage, number>> = {};
  for (const stage of stages) if (stage !== null) minutes[stage] = (minutes[stage] ?? 0) + EPOCH_MIN;
  return minutes;
}
