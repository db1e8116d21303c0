// What is said of a set of nights that were judged in one mode, and of the same nights judged by something else.

import type { ReferenceNights, ScoredNight } from './sleep-references.ts';
import {
  biasOf,
  CLASS_COUNTS,
  type ClassCount,
  calibrationErrors,
  confusion,
  kappa,
  macroF1,
  minuteBias,
  recalls,
  remLatencyBias,
  type ScoredEpoch,
  wakeSpecificity,
} from './sleep-score.ts';

export const STAGE_NAMES = ['wake', 'light', 'deep', 'REM'] as const;
/** The clock alone knows that a night begins awake: after half an hour it knows little. */
const LATER_EPOCH = 60;

export type SleepRow = ReturnType<typeof scoreRow>;

export function scoreRow(set: string, mode: string, people: readonly ScoredNight[]) {
  const nights = people.map(({ epochs }) => epochs);
  const pooled = nights.flat();
  return {
    set,
    mode,
    classes: CLASS_COUNTS.map((count) => {
      const confused = confusion(pooled, count);
      const own = nights.map((epochs) => kappa(confusion(epochs, count))).filter((value) => !Number.isNaN(value));
      return {
        count,
        kappa: kappa(confused),
        macroF1: macroF1(confused),
        recalls: recalls(confused),
        people: biasOf(own),
      };
    }),
    specificity: wakeSpecificity(pooled),
    kappaLater: kappaLater(pooled),
    calibration: calibrationErrors(pooled),
    minutes: STAGE_NAMES.map((stage, index) => ({ stage, ...minuteBias(nights, index) })),
    remLatency: remLatencyBias(nights),
    byPerson: people.map(({ person, epochs }) => ({ person, kappa: kappa(confusion(epochs, 4)) })),
  };
}

/** A line of the comparison: null where there is no such answer. */
export interface BesideRow {
  readonly name: string;
  readonly epochCount: number;
  readonly kappas: Readonly<Record<ClassCount, number | null>>;
  readonly kappaLater: number | null;
  readonly specificity: number | null;
}

export function besideRow({ name, counts, nights }: ReferenceNights): BesideRow {
  const pooled = nights.flatMap(({ epochs }) => epochs);
  const kappaOf = (count: ClassCount) => (counts.includes(count) ? kappa(confusion(pooled, count)) : null);
  const hasProbability = pooled.every(({ wake }) => !Number.isNaN(wake));
  return {
    name,
    epochCount: pooled.length,
    kappas: { 2: kappaOf(2), 3: kappaOf(3), 4: kappaOf(4) },
    kappaLater: counts.includes(2) ? kappaLater(pooled) : null,
    specificity: hasProbability ? wakeSpecificity(pooled) : null,
  };
}

function kappaLater(epochs: readonly ScoredEpoch[]): number {
  return kappa(
    confusion(
      epochs.filter(({ index }) => index >= LATER_EPOCH),
      2,
    ),
  );
}
