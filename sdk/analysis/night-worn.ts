// What the movement of a night says of wear: a device on the bedside table sleeps soundly, and nobody is to be told so.
import type { MotionFinding } from '@maibo/cores';
import { EPOCH_S, type StageOrNone } from './sleep-stage.ts';

/** The stages without those of epochs in which the device was off the wrist. `motion`: of every epoch from the start of the recording. */
export function stagesWorn(
  stages: readonly StageOrNone[],
  startS: number,
  motion: readonly Pick<MotionFinding, 'wear'>[] | null,
): StageOrNone[] {
  const first = Math.round(startS / EPOCH_S);
  return stages.map((stage, epoch) => (motion?.[first + epoch]?.wear === 'off' ? null : stage));
}
