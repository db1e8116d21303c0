// Which part of a recording is the night. Without marks of lights off and lights on, a recording of one night counts from end to end; a
// longer one holds waking life too, and only its main sleep is a night.
import { isAsleep, type StageOrNone } from './sleep-stage.ts';

export interface NightSpan {
  /** Epochs, the end not counted in. */
  readonly from: number;
  readonly to: number;
  /** 'recording': from end to end. 'main-sleep': the longest sleep in it. */
  readonly basis: 'recording' | 'main-sleep';
}

const EPOCHS_PER_HOUR = 120;
/** Nobody is in bed for one night longer than this. */
export const NIGHT_EPOCHS_MAX = 16 * EPOCHS_PER_HOUR;
/** Sleep goes on after an hour awake as another sleep (van Hees et al. 2018, Scientific Reports 8). */
const BREAK_EPOCHS_MAX = EPOCHS_PER_HOUR;

export function nightSpan(stages: readonly StageOrNone[]): NightSpan {
  const whole: NightSpan = { from: 0, to: stages.length, basis: 'recording' };
  if (stages.length <= NIGHT_EPOCHS_MAX) return whole;
  return longestSleep(stages) ?? whole;
}

function longestSleep(stages: readonly StageOrNone[]): NightSpan | null {
  let longest: NightSpan | null = null;
  let from = -1;
  let to = -1;
  for (const [index, stage] of stages.entries()) {
    if (!isAsleep(stage)) continue;
    if (from < 0 || index - to >= BREAK_EPOCHS_MAX) from = index;
    to = index + 1;
    if (longest === null || to - from > longest.to - longest.from) longest = { from, to, basis: 'main-sleep' };
  }
  return longest;
}
