// The heart of a night: its rate and variability asleep and by stage, and its rate at rest.
import { type CoreModule, HrvCore, type HrvIndices, toIntervals, WHOLE_SERIES } from '@maibo/cores';
import type { CorrectedNight, NightBeat } from './night-intervals.ts';
import { EPOCH_S, isAsleep, type SleepStage, type StageOrNone } from './sleep-stage.ts';

export interface HeartOfState {
  /** Intervals that end in it. */
  readonly intervalCount: number;
  /** From the mean interval, beats a minute. */
  readonly meanBpm: number;
  /** Means over windows of five minutes that lie in it whole; null without one. */
  readonly rmssdMs: number | null;
  /** Natural logarithm of rmssdMs. */
  readonly lnRmssd: number | null;
  readonly sdnnMs: number | null;
  readonly windowCount: number;
}

export interface NightHeart {
  /** All of the sleep. */
  readonly asleep: HeartOfState;
  /** Stages with less than five minutes of intervals are left out. */
  readonly byStage: Readonly<Partial<Record<SleepStage, HeartOfState>>>;
  /** Lowest and highest mean over a minute asleep, beats a minute. */
  readonly lowestBpm: number | null;
  readonly highestBpm: number | null;
  /** Lowest mean over five minutes of sleep that four minutes of sleep come before, beats a minute. */
  readonly restingBpm: number | null;
  /** By how much the heart beats slower asleep than awake, per cent; null with less than two hours awake outside the sleep. */
  readonly dipPercent: number | null;
}

/** Task Force 1996: what is compared between recordings is of five minutes. */
const WINDOW_EPOCHS = 10;
/** Less than this of intervals, and nothing is said of a stage. */
const STATE_MIN_MS = 300_000;
/** Of a minute or a window that counts. */
const COVERED_MIN = 0.8;
/** Speed et al. 2023 (PLOS Digital Health 2): the rate settles in four minutes of rest, and the lowest of the night is the one at rest. */
const SETTLING_EPOCHS = 8;
const MINUTE_EPOCHS = 2;
const AWAKE_MIN_MS = 7_200_000;

/** Null with less than five minutes of intervals asleep. `stages`: of epochs of 30 s, the first of which begins at `startS`. */
export function heartOfNight(
  night: CorrectedNight,
  stages: readonly StageOrNone[],
  startS: number,
): { readonly heart: NightHeart; readonly module: CoreModule } | null {
  const epochs = beatsByEpoch(night.beats, stages.length, startS);
  const core = HrvCore.create({ ...WHOLE_SERIES, intervalCountMax: Math.max(2, longestWindow(epochs)) });
  const indices = new Map<number, Indices>();
  const indicesAt = (from: number): Indices => {
    const known = indices.get(from) ?? core.compute(toIntervals(windowAt(epochs, from)))[0]!.values;
    indices.set(from, known);
    return known;
  };
  const stateOf = (isIn: (stage: StageOrNone) => boolean) => heartOf(epochs, stages.map(isIn), indicesAt);
  const asleep = stateOf(isAsleep);
  if (asleep === null) return null;
  const names = [...new Set(stages)].filter((stage) => stage !== null);
  const byStage = names.map((name) => [name, stateOf((stage) => stage === name)] as const);
  const isIn = stages.map(isAsleep);
  const minutes = meansOver(epochs, isIn, MINUTE_EPOCHS, 0);
  const rests = meansOver(epochs, isIn, WINDOW_EPOCHS, SETTLING_EPOCHS);
  const heart: NightHeart = {
    asleep,
    byStage: Object.fromEntries(byStage.filter(([, state]) => state !== null)),
    lowestBpm: extreme(minutes, -1),
    highestBpm: extreme(minutes, 1),
    restingBpm: extreme(rests, -1),
    dipPercent: dipOf(epochs, stages, asleep.meanBpm),
  };
  return { heart, module: core.module };
}

type Beats = readonly NightBeat[];
type Indices = HrvIndices['values'];

function beatsByEpoch(beats: Beats, epochCount: number, startS: number): NightBeat[][] {
  const epochs = Array.from({ length: epochCount }, (): NightBeat[] => []);
  for (const beat of beats) epochs[Math.floor((beat.endS - startS) / EPOCH_S)]?.push(beat);
  return epochs;
}

function longestWindow(epochs: readonly Beats[]): number {
  return WINDOW_EPOCHS * epochs.reduce((most, { length }) => Math.max(most, length), 0);
}

function windowAt(epochs: readonly Beats[], from: number): Beats {
  return epochs.slice(from, from + WINDOW_EPOCHS).flat();
}

function heartOf(
  epochs: readonly Beats[],
  isIn: readonly boolean[],
  indicesAt: (from: number) => Indices,
): HeartOfState | null {
  const beats = epochs.filter((_, epoch) => isIn[epoch]).flat();
  if (lengthMs(beats) < STATE_MIN_MS) return null;
  const windows = windowStarts(isIn).filter((from) => isCovered(windowAt(epochs, from), WINDOW_EPOCHS));
  const values = windows.map(indicesAt);
  const rmssdMs = meanOf(values.map(({ HRV_RMSSD }) => HRV_RMSSD));
  return {
    intervalCount: beats.length,
    meanBpm: rateOf(beats),
    rmssdMs,
    lnRmssd: rmssdMs === null || rmssdMs === 0 ? null : Math.log(rmssdMs),
    sdnnMs: meanOf(values.map(({ HRV_SDNN }) => HRV_SDNN)),
    windowCount: windows.length,
  };
}

/** Windows side by side in every run of epochs that is long enough. */
function windowStarts(isIn: readonly boolean[]): number[] {
  const starts: number[] = [];
  let run = 0;
  for (const [epoch, belongs] of isIn.entries()) {
    run = belongs ? run + 1 : 0;
    if (run > 0 && run % WINDOW_EPOCHS === 0) starts.push(epoch + 1 - WINDOW_EPOCHS);
  }
  return starts;
}

/** Mean rates over `count` epochs that lie in the state with the `before` epochs in front of them. */
function meansOver(epochs: readonly Beats[], isIn: readonly boolean[], count: number, before: number): number[] {
  const means: number[] = [];
  let run = 0;
  for (const [epoch, belongs] of isIn.entries()) {
    run = belongs ? run + 1 : 0;
    if (run < before + count) continue;
    const window = epochs.slice(epoch + 1 - count, epoch + 1).flat();
    if (isCovered(window, count)) means.push(rateOf(window));
  }
  return means;
}

/** Ben-Dov et al. 2007 (Arch Intern Med 167): the dip of the heart rate asleep, as a share of the rate awake. */
function dipOf(epochs: readonly Beats[], stages: readonly StageOrNone[], asleepBpm: number): number | null {
  const [first, last] = [stages.findIndex(isAsleep), stages.findLastIndex(isAsleep)];
  const awake = epochs.filter((_, epoch) => stages[epoch] === 'W' && (epoch < first || epoch > last)).flat();
  return lengthMs(awake) < AWAKE_MIN_MS ? null : 100 * (1 - asleepBpm / rateOf(awake));
}

function isCovered(beats: Beats, epochCount: number): boolean {
  return lengthMs(beats) >= COVERED_MIN * epochCount * EPOCH_S * 1000;
}

function lengthMs(beats: Beats): number {
  return beats.reduce((sum, { rrMs }) => sum + rrMs, 0);
}

function rateOf(beats: Beats): number {
  return (60_000 * beats.length) / lengthMs(beats);
}

function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

function extreme(values: readonly number[], sign: 1 | -1): number | null {
  return values.reduce<number | null>(
    (best, value) => (best === null || sign * (value - best) > 0 ? value : best),
    null,
  );
}
