// What simple means reach on the same epochs: always the same stage, the clock, Cole-Kripke, one epoch by itself. Each is learnt from the
// other people: its weights, and the threshold or factors that turn probabilities into stages, as the core's were.

import { fitLogistic } from './sleep-logistic.ts';
import type { SleepRecording } from './sleep-recordings.ts';
import { CLASS_COUNTS, type ClassCount, kappa, mergedStage, type ScoredEpoch } from './sleep-score.ts';

/** A scored epoch with what a reference may look at. */
interface SeenEpoch extends ScoredEpoch {
  readonly activity: number;
  readonly spread: number;
  readonly coleKripke: number;
}

export interface ScoredNight {
  readonly person: string;
  readonly epochs: readonly ScoredEpoch[];
}

interface Reference {
  readonly name: string;
  readonly counts: readonly ClassCount[];
  /** Gives, for an epoch, the four probabilities; of two classes only the first counts, and it need not be one. */
  learn(epochs: readonly SeenEpoch[]): (epoch: SeenEpoch) => readonly number[];
}

export interface ReferenceNights {
  readonly name: string;
  readonly counts: readonly ClassCount[];
  readonly nights: readonly ScoredNight[];
}

const ACTIVITY = 1;
const SPREAD = 2;
const EPOCH_S = 30;
const EPOCHS_PER_HOUR = 120;
/** Cole, Kripke, Gruen, Mullaney & Gillin 1992 (Sleep 15, 461-469), mean of a minute: from four epochs before to two after. */
const COLE_KRIPKE_WEIGHTS = [106, 54, 58, 76, 230, 74, 67];
const COLE_KRIPKE_BEFORE = 4;
const THRESHOLD_COUNT = 60;
const FACTORS = Array.from({ length: 17 }, (_, index) => Math.exp(-1.6 + 0.2 * index));

const MAJORITY: Reference = {
  name: 'always light sleep',
  counts: CLASS_COUNTS,
  learn: () => () => [0, 1, 0, 0],
};

const CLOCK: Reference = logistic('clock alone', ({ index }) => {
  const hours = index / EPOCHS_PER_HOUR;
  return [hours, hours ** 2, Math.exp(-6 * hours), Math.exp(-2 * hours)];
});

const COLE_KRIPKE: Reference = {
  name: 'Cole-Kripke, threshold learnt',
  counts: [2],
  learn:
    () =>
    ({ coleKripke }) => [coleKripke],
};

const ONE_EPOCH: Reference = logistic('one epoch, logistic', ({ activity, spread }) => [
  Math.log1p(activity),
  Math.log(Math.max(spread, 1e-4)),
]);

function logistic(name: string, features: (epoch: SeenEpoch) => number[]): Reference {
  const learn = (epochs: readonly SeenEpoch[]) => {
    const chances = fitLogistic(
      epochs.map(features),
      epochs.map(({ wanted }) => wanted),
    );
    return (epoch: SeenEpoch) => chances(features(epoch));
  };
  return { name, counts: CLASS_COUNTS, learn };
}

/** Every reference that the inputs allow, each person judged by what was learnt from the others. */
export function judgeReferences(
  recordings: readonly SleepRecording[],
  nights: readonly ScoredNight[],
): ReferenceNights[] {
  const hasActivity = recordings.every(({ inputs }) => inputs.some(({ kind }) => kind === ACTIVITY));
  const references = [MAJORITY, CLOCK, ...(hasActivity ? [COLE_KRIPKE, ONE_EPOCH] : [])];
  const seen = nights.map(({ person, epochs }, index) => ({ person, epochs: seenEpochs(recordings[index]!, epochs) }));
  return references.map((reference) => ({
    name: reference.name,
    counts: reference.counts,
    nights: seen.map(({ person, epochs }) => {
      const others = seen.filter((night) => night.person !== person).flatMap((night) => night.epochs);
      return { person, epochs: judgeNight(reference, others, epochs) };
    }),
  }));
}

function seenEpochs({ inputs }: SleepRecording, epochs: readonly ScoredEpoch[]): SeenEpoch[] {
  const [activity, spread] = [ACTIVITY, SPREAD].map((wanted) => {
    const ofKind = inputs.filter(({ kind }) => kind === wanted);
    return new Map(ofKind.map(({ timeS, value }) => [Math.round(timeS / EPOCH_S), value]));
  }) as [Map<number, number>, Map<number, number>];
  return epochs.map((epoch) => ({
    ...epoch,
    activity: activity.get(epoch.index) ?? 0,
    spread: spread.get(epoch.index) ?? 0,
    coleKripke: COLE_KRIPKE_WEIGHTS.reduce(
      (sum, weight, place) => sum + weight * (activity.get(epoch.index + place - COLE_KRIPKE_BEFORE) ?? 0),
      0,
    ),
  }));
}

function judgeNight(
  reference: Reference,
  others: readonly SeenEpoch[],
  epochs: readonly SeenEpoch[],
): readonly ScoredEpoch[] {
  const chancesOf = reference.learn(others);
  const known = others.map((epoch) => ({ wanted: epoch.wanted, chances: chancesOf(epoch) }));
  const threshold = bestThreshold(known);
  const more = reference.counts.filter((count) => count > 2);
  const factors = more.map((count) => ({ count, values: bestFactors(known, count) }));
  return epochs.map((epoch) => {
    const chances = chancesOf(epoch);
    const stages = { 2: chances[0]! > threshold ? 0 : 1, 3: 0, 4: 0 };
    for (const { count, values } of factors) stages[count] = likeliest(mergedChances(chances, count), values);
    return { index: epoch.index, wanted: epoch.wanted, wake: chances[0]!, stages };
  });
}

interface Known {
  readonly wanted: number;
  readonly chances: readonly number[];
}

/** The chance of wake above which kappa of wake and sleep is best. */
function bestThreshold(known: readonly Known[]): number {
  const sorted = known.map(({ chances }) => chances[0]!).sort((a, b) => a - b);
  const tried = Array.from(
    { length: THRESHOLD_COUNT },
    (_, place) => sorted[Math.floor((place / THRESHOLD_COUNT) * sorted.length)]!,
  );
  const asleepOrNot = known.map(({ wanted, chances }) => ({ wanted: mergedStage(wanted, 2), chances }));
  return bestOf([Number.POSITIVE_INFINITY, ...tried], (threshold) =>
    kappaOf(asleepOrNot, (chances) => (chances[0]! > threshold ? 0 : 1)),
  );
}

/** One class after the other, twice over: the factor with which kappa is best. */
function bestFactors(known: readonly Known[], count: ClassCount): readonly number[] {
  const merged = known.map(({ wanted, chances }) => {
    return { wanted: mergedStage(wanted, count), chances: mergedChances(chances, count) };
  });
  const classes = count === 3 ? [0, 3] : [0, 2, 3];
  return [...classes, ...classes].reduce<readonly number[]>(
    (factors, stage) =>
      bestOf(
        [1, ...FACTORS].map((factor) => factors.with(stage, factors[stage]! * factor)),
        (tried) => kappaOf(merged, (chances) => likeliest(chances, tried)),
      ),
    [1, 1, 1, 1],
  );
}

function kappaOf(known: readonly Known[], judge: (chances: readonly number[]) => number): number {
  const table = [0, 1, 2, 3].map(() => [0, 0, 0, 0]);
  for (const { wanted, chances } of known) table[wanted]![judge(chances)]! += 1;
  const value = kappa(table);
  return Number.isNaN(value) ? 0 : value;
}

/** The first of those that nothing exceeds. */
function bestOf<T>(tried: readonly T[], value: (one: T) => number): T {
  const values = tried.map(value);
  return tried[values.indexOf(Math.max(...values))]!;
}

function mergedChances(chances: readonly number[], count: ClassCount): number[] {
  const merged = [0, 0, 0, 0];
  for (const [stage, chance] of chances.entries()) merged[mergedStage(stage, count)]! += chance;
  return merged;
}

function likeliest(chances: readonly number[], factors: readonly number[]): number {
  let best = 0;
  for (let stage = 1; stage < 4; stage++) {
    if (chances[stage]! * factors[stage]! > chances[best]! * factors[best]!) best = stage;
  }
  return best;
}
