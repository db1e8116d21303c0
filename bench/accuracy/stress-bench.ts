// `stress`: the stress core's probabilities against labels, person by person, by weights that have not seen the person; what is left of
// them when the protocol is cut or turned; and which way its indices move from sitting to mental arithmetic.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CoreModule, coreCatalog, StressCore } from '@maibo/cores';
import { type Bench, type BenchReport, skippedReport, table } from '../bench.ts';
import { ROOT, sharedPath } from '../shared-folder.ts';
import { arithmeticLines } from './stress-arithmetic.ts';
import { withWeights } from './stress-module.ts';
import {
  SENSOR_SETS,
  type SensorSet,
  type StressRecording,
  startedLater,
  stressRecordings,
  turned,
  windowIsStressed,
} from './stress-recordings.ts';
import {
  areaUnderCurve,
  calibrationError,
  mean,
  nearChanges,
  rankCorrelation,
  spread,
  type Window,
} from './stress-score.ts';

interface Weights {
  readonly shipped: Readonly<Record<string, readonly number[]>>;
  readonly withoutPerson: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
}

interface Row {
  readonly way: string;
  readonly people: readonly { readonly person: string; readonly windows: readonly Window[] }[];
}

/** Issue: reach at least these areas, and at most this error. */
const AUC_MIN: Readonly<Record<string, number>> = { cardiac: 0.74, 'cardiac+motion': 0.79, all: 0.84 };
const CALIBRATION_ERROR_MAX = 0.07;

const LEFT_OUT = 'left out';
const WAYS: readonly { name: string; change: (recording: StressRecording) => StressRecording }[] = [
  { name: LEFT_OUT, change: (recording) => recording },
  { name: 'left out, from 600 s', change: (recording) => startedLater(recording, 600) },
  { name: 'left out, from 1200 s', change: (recording) => startedLater(recording, 1200) },
  { name: 'left out, halves swapped', change: (recording) => turned(recording, 0.5) },
];

export const stressBench: Bench = {
  name: 'stress',
  about:
    'stress probabilities of wristbands against labels, leave one person out, and what the protocol has to do with them',
  run: async () => {
    const folder = sharedPath('data/stress_predict');
    if (folder === null) return skippedReport('no ../shared/data/stress_predict beside the repository');
    const weights = JSON.parse(
      readFileSync(join(ROOT, 'bench', 'accuracy', 'vectors', 'stress-weights.json'), 'utf8'),
    ) as Weights;
    const sets = SENSOR_SETS.map((set) => ({ set, rows: rowsOf(set, stressRecordings(folder, set), weights) }));
    return reportOf(sets, arithmeticLines(sharedPath('data/gudb_rpeaks')));
  },
};

function rowsOf(set: SensorSet, recordings: readonly StressRecording[], weights: Weights): Row[] {
  const shipped = coreCatalog.get('stress');
  const rowOf = (
    way: string,
    moduleOf: (person: string) => CoreModule,
    change: (one: StressRecording) => StressRecording,
  ) => ({
    way,
    people: recordings.map((recording) => ({
      person: recording.person,
      windows: windowsOf(change(recording), set, moduleOf(recording.person)),
    })),
  });
  const leftOut = (person: string) =>
    withWeights(shipped, weights.shipped, {
      ...weights.shipped,
      [set.name]: weights.withoutPerson[set.name]![person]!,
    });
  return [
    ...WAYS.map(({ name, change }) => rowOf(name, leftOut, change)),
    rowOf(
      'IN SAMPLE: trained on everybody',
      () => shipped,
      (recording) => recording,
    ),
  ];
}

function windowsOf(recording: StressRecording, { sensors }: SensorSet, module: CoreModule): Window[] {
  const core = StressCore.create({ sensors, module });
  return [...core.push(recording.inputs), ...core.flush()].map(({ timeS, values }) => ({
    endS: timeS,
    isStressed: windowIsStressed(recording, timeS),
    probability: values.probability,
  }));
}

function reportOf(
  sets: readonly { set: SensorSet; rows: readonly Row[] }[],
  arithmetic: readonly string[],
): BenchReport {
  const scored = sets.map(({ set, rows }) => ({
    name: set.name,
    rows: rows.map((row) => ({ way: row.way, ...scoreOf(row) })),
  }));
  const lines = scored.flatMap(({ name, rows }) => [
    name,
    ...table([
      [
        'windows',
        'AUC',
        'SD',
        'least',
        'most',
        'AUC near a change',
        'coverage %',
        'calibration error',
        'with time at rest',
      ],
      ...rows.map((row) => [
        row.way,
        ...[row.auc, row.spread, row.least, row.most, row.aucNear].map((value) => value.toFixed(3)),
        (100 * row.coverage).toFixed(1),
        row.calibrationError.toFixed(3),
        row.timeCorrelation.toFixed(2),
      ]),
    ]),
    `by person, left out: ${Object.entries(rows[0]!.people)
      .map(([person, auc]) => `${person} ${auc.toFixed(2)}`)
      .join(', ')}`,
    '',
  ]);
  const overBudget = scored.flatMap(({ name, rows }) => {
    const { auc, calibrationError: error } = rows.find(({ way }) => way === LEFT_OUT)!;
    return [
      ...(auc < AUC_MIN[name]! ? [`${name}: AUC ${auc.toFixed(3)}, at least ${AUC_MIN[name]}`] : []),
      ...(error > CALIBRATION_ERROR_MAX
        ? [`${name}: calibration error ${error.toFixed(3)}, at most ${CALIBRATION_ERROR_MAX}`]
        : []),
    ];
  });
  return { lines: [...lines, ...arithmetic], numbers: scored, overBudget, skipped: null };
}

function scoreOf({ people }: Row) {
  const areas = people.map(({ person, windows }) => [person, areaUnderCurve(windows)] as const);
  // Somebody whose stress was all before the cut has no area.
  const values = areas.flatMap(([, auc]) => (Number.isNaN(auc) ? [] : [auc]));
  const all = people.flatMap(({ windows }) => windows);
  return {
    auc: mean(values),
    spread: spread(values),
    least: Math.min(...values),
    most: Math.max(...values),
    aucNear: mean(
      people.map(({ windows }) => areaUnderCurve(nearChanges(windows))).filter((auc) => !Number.isNaN(auc)),
    ),
    coverage: mean(
      people.map(({ windows }) => windows.filter(({ probability }) => probability !== null).length / windows.length),
    ),
    calibrationError: calibrationError(all),
    timeCorrelation: mean(
      people.map(({ windows }) => rankCorrelation(windows.filter(({ isStressed }) => !isStressed))),
    ),
    people: Object.fromEntries(areas),
  };
}
