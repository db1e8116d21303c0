// `rr`: correction of intervals and screening for atrial fibrillation, on hearts of known truth and on the MIT-BIH annotations.

import { type Bench, type BenchReport, table } from '../bench.ts';
import { sharedPath } from '../shared-folder.ts';
import { recordsIn } from './detect.ts';
import { type Corrected, correctWithCore, correctWithPeer, findingsOf, originalsOf } from './rr-correct.ts';
import {
  type AnnotatedRecord,
  addCounts,
  type Counts,
  countByInterval,
  countEctopic,
  countWindows,
  readIntervals,
  sensitivity,
  specificity,
} from './rr-records.ts';
import { CLEAN_BEATS, cleanSeries, type KindScore, scoreCase, scoreKinds, simulatedCases } from './rr-simulated.ts';

const OURS = 'maibo rr';
const PEER = 'neurokit2';
const HRV_ERROR_MAX = 0.02;
const ECTOPIC_SE_MIN = 0.97;
const ECTOPIC_SP_MIN = 0.9994;
/** In atrial fibrillation nearly throughout, where early has no meaning. */
const IN_AF = ['201', '202', '203'];
/** Paced, or ectopic beats that come hardly early and runs of them: the beat's form tells those, not its time. */
const UNTIMELY = ['124', '208', '217'];

export const rrBench: Bench = {
  name: 'rr',
  about: 'interval correction and AF screening, simulated and on the MIT-BIH annotations, beside NeuroKit2',
  run: compare,
};

/** One corrector on everything; the peer has no screening. */
interface Entry {
  readonly name: string;
  readonly kinds: readonly KindScore[];
  /** False flags of each clean series. */
  readonly clean: readonly number[];
  readonly ectopic: readonly NamedCounts[];
}

interface NamedCounts extends Counts {
  readonly record: string;
}

async function compare(): Promise<BenchReport> {
  const folder = sharedPath('data/mitdb');
  const records = folder === null ? [] : await Promise.all(recordsIn(folder).map(readIntervals));
  const [cases, clean] = [simulatedCases(), cleanSeries()];
  const peer = correctWithPeer([
    ...cases.map(({ name, rrMs }) => ({ name, rrMs, corrects: true })),
    ...[...clean, ...records].map(({ name, rrMs }) => ({ name, rrMs, corrects: false })),
  ]);
  const entryOf = (name: string, correct: (series: { name: string; rrMs: readonly number[] }) => Corrected): Entry => ({
    name,
    kinds: scoreKinds(cases.map((one) => scoreCase(one, correct(one)))),
    clean: clean.map((series) => correct(series).flags.filter(Boolean).length),
    ectopic: records.map((record) => ({ record: record.name, ...countEctopic(record, correct(record).flags) })),
  });
  const entries = [entryOf(OURS, ({ rrMs }) => correctWithCore(rrMs))];
  if (typeof peer !== 'string') entries.push(entryOf(PEER, ({ name }) => peer.byName.get(name)!));
  const screening = screen(records);
  return {
    lines: [
      typeof peer === 'string' ? `peer SKIPPED: ${peer}` : `peer: neurokit2 ${peer.versions.neurokit2}, kubios method`,
      ...simulatedLines(entries),
      ...(folder === null ? ['records SKIPPED: no ../shared/data/mitdb beside the repository'] : []),
      ...(folder === null ? [] : [...ectopicLines(entries), ...screeningLines(screening)]),
    ],
    numbers: { versions: typeof peer === 'string' ? null : peer.versions, entries, screening },
    overBudget: budgetOf(entries[0]!),
    skipped: null,
  };
}

interface Screening {
  readonly windows: readonly NamedCounts[];
  readonly intervals: readonly NamedCounts[];
}

function screen(records: readonly AnnotatedRecord[]): Screening {
  const found = records.map((record) => ({ record, findings: findingsOf(record.rrMs) }));
  return {
    windows: found.map(({ record, findings }) => ({ record: record.name, ...countWindows(record, findings) })),
    intervals: found.map(({ record, findings }) => {
      return { record: record.name, ...countByInterval(record, originalsOf(findings)) };
    }),
  };
}

function simulatedLines(entries: readonly Entry[]): string[] {
  const error = ({ mean, worst }: KindScore['sdnnError']) => `${percent(mean)} (${percent(worst)})`;
  const cells = ({ foundShare, falseFlags, sdnnError, rmssdError }: KindScore) => {
    return [percent(foundShare, 1), String(falseFlags), error(sdnnError), error(rmssdError)];
  };
  const rows = entries[0]!.kinds.flatMap((_, index) =>
    entries.map(({ name, kinds }) => [`${kinds[index]!.kind}: ${name}`, ...cells(kinds[index]!)]),
  );
  return [
    'simulated, 5 hearts of 5000 beats, 1 % spoiled; error after correction: mean (worst heart)',
    ...table([['artefact', 'found %', 'false flags', 'SDNN error %', 'RMSSD error %'], ...rows]),
    ...entries.map(
      ({ name, clean }) => `false flags on clean series of ${CLEAN_BEATS} beats: ${name} ${clean.join(', ')}`,
    ),
  ];
}

function ectopicLines(entries: readonly Entry[]): string[] {
  const share = (counts: Counts) => [percent(sensitivity(counts), 1), percent(specificity(counts))];
  const rows = entries[0]!.ectopic.map(({ record, tp, fn }, index) => {
    return [record, String(tp + fn), ...entries.flatMap(({ ectopic }) => share(ectopic[index]!))];
  });
  const sums = [
    ['all', ...entries.flatMap(({ ectopic }) => share(addCounts(ectopic)))],
    [`without ${IN_AF.join(' ')}`, ...entries.flatMap((entry) => share(without(entry, IN_AF)))],
    [`and ${UNTIMELY.join(' ')}`, ...entries.flatMap((entry) => share(without(entry, [...IN_AF, ...UNTIMELY])))],
  ].map(([name, ...cells]) => [name!, '', ...cells]);
  const head = ['record', 'ectopic', ...entries.flatMap(({ name }) => [`Se % ${name}`, `Sp % ${name}`])];
  return [
    '',
    'ectopic beats of the MIT-BIH records, outside AF, flutter, VT and block',
    ...table([head, ...rows, ...sums]),
  ];
}

function without({ ectopic }: Entry, left: readonly string[]): Counts {
  return addCounts(ectopic.filter(({ record }) => !left.includes(record)));
}

function screeningLines({ windows, intervals }: Screening): string[] {
  const row = (name: string, counts: Counts) => {
    const { tp, fn, fp, tn } = counts;
    return [name, percent(sensitivity(counts), 1), percent(specificity(counts), 1), `${tp + fn} / ${fp + tn}`];
  };
  return [
    '',
    'screening for atrial fibrillation, windows of 48 intervals',
    ...table([
      ['record', 'Se %', 'Sp %', 'AF / not'],
      ...windows.map((counts) => row(counts.record, counts)),
      row('gross', addCounts(windows)),
      row('gross, by interval', addCounts(intervals)),
    ]),
  ];
}

function budgetOf(ours: Entry): string[] {
  const said: string[] = [];
  for (const { kind, foundShare, sdnnError, rmssdError } of ours.kinds) {
    if (!kind.startsWith('shift') && foundShare < 1)
      said.push(`${kind} beats: ${percent(foundShare)} % found, not all`);
    for (const [name, { mean }] of [
      ['SDNN', sdnnError],
      ['RMSSD', rmssdError],
    ] as const) {
      if (mean >= HRV_ERROR_MAX) said.push(`${kind}: ${name} is ${percent(mean)} % off, not below 2 %`);
    }
  }
  for (const [index, flags] of ours.clean.entries()) {
    if (flags > 0) said.push(`clean series ${index + 1}: ${flags} false flags`);
  }
  if (ours.ectopic.length === 0) return said;
  const counts = without(ours, IN_AF);
  const [se, sp] = [sensitivity(counts), specificity(counts)];
  if (se < ECTOPIC_SE_MIN) said.push(`ectopic beats: ${percent(se)} % found, target 97 %`);
  if (sp < ECTOPIC_SP_MIN) said.push(`ectopic beats: specificity ${percent(sp)} %, target 99.94 %`);
  return said;
}

function percent(share: number, digits = 2): string {
  return Number.isNaN(share) ? '-' : (100 * share).toFixed(digits);
}
