// Cycles of NREM and REM sleep by the rules of Feinberg & Floyd 1979 (Psychophysiology 16): 15 min of NREM and more, then REM of 5 min and
// more (the first may be shorter); REM sleep that comes again within 15 min belongs to the same period.
import type { SleepStage } from './sleep-stage.ts';

export interface SleepCycle {
  /** Epochs, the end not counted in. */
  readonly from: number;
  readonly to: number;
}

const NREM_EPOCHS_MIN = 30;
const REM_EPOCHS_MIN = 10;
const REM_BREAK_EPOCHS = 30;

export function cyclesOf(stages: readonly (SleepStage | null)[]): SleepCycle[] {
  const cycles: SleepCycle[] = [];
  let from = stages.findIndex(isNrem);
  while (from >= 0) {
    const rem = remPeriodAfter(stages, from, cycles.length === 0);
    if (rem === null) break;
    const nremCount = stages.slice(from, rem.from).filter(isNrem).length;
    if (nremCount >= NREM_EPOCHS_MIN) cycles.push({ from, to: rem.to });
    const next = stages.slice(rem.to).findIndex(isNrem);
    from = next < 0 ? -1 : rem.to + next;
  }
  return cycles;
}

/** The first period of REM behind `from` that is long enough. */
function remPeriodAfter(
  stages: readonly (SleepStage | null)[],
  from: number,
  isFirst: boolean,
): { from: number; to: number } | null {
  let start = stages.indexOf('R', from);
  while (start >= 0) {
    const to = endOfPeriod(stages, start);
    const remCount = stages.slice(start, to).filter((stage) => stage === 'R').length;
    if (isFirst || remCount >= REM_EPOCHS_MIN) return { from: start, to };
    start = stages.indexOf('R', to);
  }
  return null;
}

function endOfPeriod(stages: readonly (SleepStage | null)[], start: number): number {
  let end = start + 1;
  for (
    let next = stages.indexOf('R', end);
    next >= 0 && next - end < REM_BREAK_EPOCHS;
    next = stages.indexOf('R', end)
  ) {
    end = next + 1;
  }
  return end;
}

function isNrem(stage: SleepStage | null): boolean {
  return stage === 'N' || stage === 'N1N2' || stage === 'N3';
}
