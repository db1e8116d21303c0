// `sleep`: the sleep core's stages against experts', person by person, by weights that have not seen the person.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, type BenchReport, skippedReport, table } from '../bench.ts';
import { ROOT, sharedPath } from '../shared-folder.ts';
import { type JudgedEpoch, judge, type LeftOut, readLeftOut, type SleepMode } from './sleep-module.ts';
import { type SleepRecording, sleepLabNights, watchNights } from './sleep-recordings.ts';
import {
  type Bias,
  biasOf,
  CLASS_COUNTS,
  confusion,
  kappa,
  macroF1,
  minuteBias,
  recalls,
  remLatencyBias,
  type ScoredEpoch,
  wakeSpecificity,
} from './sleep-score.ts';

interface Set {
  readonly name: string;
  readonly model: string;
  readonly recordings: readonly SleepRecording[];
  /** Reach at least these, for two, three and four classes. */
  readonly kappaMin: Readonly<Record<number, number>>;
  readonly specificityMin: number;
}

const STAGE_NAMES = ['wake', 'light', 'deep', 'REM'];
const FIRST_SLEEP_EPOCHS = 60;
/** Live may be this much worse than morning. */
const LIVE_LOSS_MAX = 0.05;

export const sleepBench: Bench = {
  name: 'sleep',
  about: 'stages of sleep against experts, leave one person out: 20 Apple Watch nights and 11 records of RR alone',
  run: async () => {
    const path = join(ROOT, 'firmware-wasm', 'generated', 'sleep.wasm');
    const watch = sharedPath('data/walch_applewatch_features');
    const lab = sharedPath('data/slpdb');
    if (watch === null || lab === null)
      return skippedReport('no sleep recordings in ../shared/data beside the repository');
    if (!existsSync(path)) return skippedReport('firmware-wasm/generated/sleep.wasm is not built');
    return scoreModule(readFileSync(path), watch, lab);
  },
};

export function scoreModule(module: Uint8Array, watch: string, lab: string): BenchReport {
  const leftOut = readLeftOut();
  const sets: Set[] = [
    {
      name: 'Apple Watch features',
      model: 'activity+spread',
      recordings: watchNights(watch),
      kappaMin: { 2: 0.56, 3: 0.5, 4: 0.46 },
      specificityMin: 0.68,
    },
    {
      name: 'slpdb, RR alone',
      model: 'intervals',
      recordings: sleepLabNights(lab),
      kappaMin: { 2: 0.5, 3: 0.48, 4: 0.42 },
      specificityMin: 0,
    },
  ];
  const rows = sets.flatMap((set) => (['live', 'morning'] as const).map((mode) => rowOf(module, set, mode, leftOut)));
  return { lines: rows.flatMap(linesOf), numbers: rows, overBudget: shortfalls(sets, rows), skipped: null };
}

function rowOf(module: Uint8Array, set: Set, mode: SleepMode, leftOut: Readonly<Record<string, LeftOut>>) {
  const people = set.recordings.map((recording) => {
    const weights = { of: leftOut[`${set.model}, ${mode}`]!, person: recording.person };
    const epochs = judge(module, recording.inputs, mode, weights);
    return { person: recording.person, epochs: scoredEpochs(epochs, recording) };
  });
  const nights = people.map(({ epochs }) => epochs);
  const pooled = nights.flat();
  return {
    set: set.name,
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
    kappaLater: kappa(
      confusion(
        pooled.filter(({ index }) => index >= FIRST_SLEEP_EPOCHS),
        2,
      ),
    ),
    minutes: STAGE_NAMES.map((stage, index) => ({ stage, ...minuteBias(nights, index) })),
    remLatency: remLatencyBias(nights),
    byPerson: people.map(({ person, epochs }) => ({ person, kappa: kappa(confusion(epochs, 4)) })),
  };
}

type Row = ReturnType<typeof rowOf>;

/** An epoch the core knows nothing of is left out; so is one without a score. */
function scoredEpochs(epochs: readonly JudgedEpoch[], recording: SleepRecording): ScoredEpoch[] {
  return epochs.flatMap(({ wake, stages, used }, index) => {
    const wanted = recording.stages[index] ?? null;
    if (wanted === null || used === 0) return [];
    return [{ index, wanted, wake, stages: { 2: stages[0]!, 3: stages[1]!, 4: stages[2]! } }];
  });
}

function linesOf(row: Row): string[] {
  const fixed = (value: number) => value.toFixed(3);
  return [
    `${row.set}, ${row.mode}`,
    ...table([
      ['classes', 'kappa', 'macro-F1', 'recall of each', 'kappa by person', 'SD'],
      ...row.classes.map(({ count, kappa: value, macroF1: f1, recalls: shares, people }) => [
        String(count),
        ...[value, f1].map(fixed),
        shares.map((share) => share.toFixed(2)).join(' '),
        ...[people.mean, people.deviation].map(fixed),
      ]),
    ]),
    `wake specificity at 93 % sleep sensitivity ${fixed(row.specificity)}; two classes after the first 30 min: kappa ${fixed(row.kappaLater)}`,
    `minutes, core less expert: ${row.minutes.map(({ stage, ...bias }) => `${stage} ${minutesOf(bias)}`).join(', ')}`,
    `first REM after first sleep, min: ${minutesOf(row.remLatency)} in ${row.remLatency.count} recordings`,
    `four classes by person: ${row.byPerson.map(({ person, kappa: value }) => `${person} ${value.toFixed(2)}`).join(', ')}`,
    '',
  ];
}

function minutesOf({ mean, deviation }: Bias): string {
  return `${mean.toFixed(0)} (SD ${deviation.toFixed(0)})`;
}

function shortfalls(sets: readonly Set[], rows: readonly Row[]): string[] {
  return sets.flatMap((set) => {
    const [live, morning] = rows.filter((row) => row.set === set.name) as [Row, Row];
    const kappas = morning.classes.flatMap(({ count, kappa: value }, index) => [
      ...(value < set.kappaMin[count]!
        ? [`${set.name}: ${count} classes, kappa ${value.toFixed(3)}, at least ${set.kappaMin[count]}`]
        : []),
      ...(live.classes[index]!.kappa < value - LIVE_LOSS_MAX
        ? [`${set.name}: ${count} classes, live ${live.classes[index]!.kappa.toFixed(3)}, morning ${value.toFixed(3)}`]
        : []),
    ]);
    const specificity = morning.specificity;
    if (specificity >= set.specificityMin) return kappas;
    return [...kappas, `${set.name}: wake specificity ${specificity.toFixed(3)}, at least ${set.specificityMin}`];
  });
}
