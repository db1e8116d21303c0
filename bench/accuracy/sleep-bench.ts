// `sleep`: the sleep core's stages against experts', person by person, by weights that have not seen the person; simple references and
// SleepECG's classifiers on the same epochs.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, type BenchReport, skippedReport } from '../bench.ts';
import { ROOT, sharedPath } from '../shared-folder.ts';
import { belowFloors, missedTargets, readSleepFloors, type SleepTarget } from './sleep-floors.ts';
import { type JudgedEpoch, judge, type LeftOut, readLeftOut, type SleepMode } from './sleep-module.ts';
import { judgePeer } from './sleep-peer.ts';
import { type SleepRecording, sleepLabNights, watchNights } from './sleep-recordings.ts';
import { judgeReferences, type ScoredNight } from './sleep-references.ts';
import { besideLines, rowLines } from './sleep-report.ts';
import { besideRow, type SleepRow, scoreRow } from './sleep-row.ts';
import { CLASS_COUNTS, type ScoredEpoch } from './sleep-score.ts';

interface SleepSet {
  readonly name: string;
  readonly model: string;
  readonly recordings: readonly SleepRecording[];
  readonly hasPeer: boolean;
}

interface JudgedSet {
  readonly set: SleepSet;
  readonly modes: readonly { readonly mode: SleepMode; readonly nights: readonly ScoredNight[] }[];
}

const MODES: readonly SleepMode[] = ['live', 'morning'];
const WATCH = 'Apple Watch features';
const LAB = 'slpdb, RR alone';
/** What is asked of the morning. */
const TARGETS: readonly SleepTarget[] = [
  { set: WATCH, kappa: { 2: 0.56, 3: 0.5, 4: 0.46 }, specificity: 0.68 },
  { set: LAB, kappa: { 2: 0.5, 3: 0.48, 4: 0.42 }, specificity: 0 },
];

export const sleepBench: Bench = {
  name: 'sleep',
  about: 'stages of sleep against experts, leave one person out, beside simple references and SleepECG (from PyPI)',
  run: async () => {
    const why = whyNoSleep();
    return why === null ? reportOf(judgeSleep()) : skippedReport(why);
  },
};

const MODULE_PATH = join(ROOT, 'firmware-wasm', 'generated', 'sleep.wasm');
const [WATCH_FOLDER, LAB_FOLDER] = ['data/walch_applewatch_features', 'data/slpdb'];

/** A sentence that says why nothing can be judged here, or null. */
export function whyNoSleep(): string | null {
  const folders = [WATCH_FOLDER, LAB_FOLDER].map(sharedPath);
  if (folders.includes(null)) return 'no sleep recordings in ../shared/data beside the repository';
  return existsSync(MODULE_PATH) ? null : 'firmware-wasm/generated/sleep.wasm is not built';
}

/** All nights judged in both modes. */
export function judgeSleep(): readonly JudgedSet[] {
  const module = readFileSync(MODULE_PATH);
  const leftOut = readLeftOut();
  const sets: SleepSet[] = [
    { name: WATCH, model: 'activity+spread', recordings: watchNights(sharedPath(WATCH_FOLDER)!), hasPeer: false },
    { name: LAB, model: 'intervals', recordings: sleepLabNights(sharedPath(LAB_FOLDER)!), hasPeer: true },
  ];
  return sets.map((set) => ({
    set,
    modes: MODES.map((mode) => ({ mode, nights: judgeNights(module, set, mode, leftOut) })),
  }));
}

function judgeNights(
  module: Uint8Array,
  set: SleepSet,
  mode: SleepMode,
  leftOut: Readonly<Record<string, LeftOut>>,
): ScoredNight[] {
  return set.recordings.map((recording) => {
    const weights = { of: leftOut[`${set.model}, ${mode}`]!, person: recording.person };
    const epochs = judge(module, recording.inputs, mode, weights);
    return { person: recording.person, epochs: scoredEpochs(epochs, recording) };
  });
}

/** An epoch the core knows nothing of is left out; so is one without a score. */
function scoredEpochs(epochs: readonly JudgedEpoch[], recording: SleepRecording): ScoredEpoch[] {
  return epochs.flatMap(({ wake, probabilities, stages, used }, index) => {
    const wanted = recording.stages[index] ?? null;
    if (wanted === null || used === 0) return [];
    return [{ index, wanted, wake, probabilities, stages: { 2: stages[0]!, 3: stages[1]!, 4: stages[2]! } }];
  });
}

export function rowsOf(judged: readonly JudgedSet[]): SleepRow[] {
  return judged.flatMap(({ set, modes }) => modes.map(({ mode, nights }) => scoreRow(set.name, mode, nights)));
}

function reportOf(judged: readonly JudgedSet[]): BenchReport {
  const rows = rowsOf(judged);
  const beside = judged.map(compare);
  return {
    lines: [...rows.flatMap(rowLines), ...beside.flatMap(({ title, rows: own }) => besideLines(title, own))],
    numbers: { rows, beside },
    overBudget: [...missedTargets(rows, TARGETS), ...belowFloors(rows, readSleepFloors())],
    skipped: null,
  };
}

/** The core, the references and the peer on the epochs that the core judged in the morning. */
function compare({ set, modes }: JudgedSet) {
  const ours = modes.map(({ mode, nights }) => ({ name: `maibo, ${mode}`, counts: CLASS_COUNTS, nights }));
  const nights = modes.find(({ mode }) => mode === 'morning')!.nights;
  const references = judgeReferences(set.recordings, nights);
  const peer = set.hasPeer ? judgePeer(set.recordings, nights) : null;
  const said =
    peer === null ? '' : peer.missing === null ? `; SleepECG ${peer.version}` : `; no SleepECG: ${peer.missing}`;
  return {
    title: `${set.name}, pooled kappa beside what is simple, learnt from the other people${said}`,
    rows: [...ours, ...references, ...(peer?.judged ?? [])].map(besideRow),
  };
}
