// Names of sleep stages. What a model of fewer classes cannot tell apart has a name of its own.

export type SleepStage = 'W' | 'S' | 'N' | 'N1N2' | 'N3' | 'R';
/** Null where nothing was measured, or nothing could be said. */
export type StageOrNone = SleepStage | null;

export const EPOCH_S = 30;

export function isAsleep(stage: StageOrNone): boolean {
  return stage !== null && stage !== 'W';
}
