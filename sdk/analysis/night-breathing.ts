// Breathing rate of a night and of its stages, read from the intervals between beats by the core `breath`.
import { BreathCore, type BreathInput, type CoreModule } from '@maibo/cores';
import { runCore } from './merge-by-time.ts';
import type { CorrectedNight } from './night-intervals.ts';
import { EPOCH_S, isAsleep, type SleepStage, type StageOrNone } from './sleep-stage.ts';

export interface BreathingOfState {
  /** Median over windows of 48 s, breaths a minute. */
  readonly rateBrpm: number;
  /** Windows with a rate, one every 10 s, and which share 0..1 of the state's windows that is. */
  readonly windowCount: number;
  readonly share: number;
}

export interface NightBreathing {
  readonly asleep: BreathingOfState;
  /** Stages with too few windows are left out. */
  readonly byStage: Readonly<Partial<Record<SleepStage, BreathingOfState>>>;
}

/** The core's own (ABI.md). */
const WINDOW_S = 48;
/** Five minutes' worth of windows, and a fifth of all: the breaths that can be read off are not those of another stage. */
const WINDOWS_MIN = 30;
const SHARE_MIN = 0.2;

/** Null where too few windows of sleep have a rate. `stages`: of epochs of 30 s, the first of which begins at `startS`. */
export function breathingOfNight(
  { beats }: CorrectedNight,
  stages: readonly StageOrNone[],
  startS: number,
): { readonly breathing: NightBreathing; readonly module: CoreModule } | null {
  const core = BreathCore.create();
  const inputs = beats.map(({ endS, rrMs, afterGap }): BreathInput => {
    return { timeS: endS, value: rrMs, baseline: 0, quality: Number.NaN, kind: 'rr', afterGap };
  });
  const windows = runCore(core, inputs).map(({ values: { timeS, rateBrpm } }) => {
    const epoch = Math.floor(((timeS ?? 0) - WINDOW_S / 2 - startS) / EPOCH_S);
    return { stage: stages[epoch] ?? null, rateBrpm };
  });
  const ratesOf = (isIn: (stage: StageOrNone) => boolean) =>
    stateOf(windows.filter(({ stage }) => isIn(stage)).map(({ rateBrpm }) => rateBrpm));
  const asleep = ratesOf(isAsleep);
  if (asleep === null) return null;
  const names = [...new Set(stages)].filter((stage) => stage !== null);
  const byStage = names.map((name) => [name, ratesOf((stage) => stage === name)] as const);
  const breathing = { asleep, byStage: Object.fromEntries(byStage.filter(([, state]) => state !== null)) };
  return { breathing, module: core.module };
}

function stateOf(rates: readonly (number | null)[]): BreathingOfState | null {
  const known = rates.filter((rate) => rate !== null).sort((a, b) => a - b);
  const share = known.length / Math.max(1, rates.length);
  if (known.length < WINDOWS_MIN || share < SHARE_MIN) return null;
  const middle = known.length >> 1;
  const rateBrpm = known.length % 2 === 1 ? known[middle]! : (known[middle - 1]! + known[middle]!) / 2;
  return { rateBrpm, windowCount: known.length, share };
}
