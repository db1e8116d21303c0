// Chest straps at rest, at mental arithmetic and at sport: which way each index moves, and whether sport reads as stress. Movement was
// not recorded; where it is asked for, steps of the usual size are put in.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StressCore, type StressFinding, type StressInput } from '@maibo/cores';
import { table } from '../bench.ts';
import { inTime } from './stress-recordings.ts';

const PEOPLE = 25;
const RATE_HZ = 250;
const TASK_S = 120;
/** Which way an index should move from sitting to arithmetic. */
const DIRECTIONS = {
  heartRateBpm: 1,
  si: 1,
  sqrtSi: 1,
  ivr: 1,
  vpr: 1,
  papr: 1,
  rmssdMs: -1,
  pns: -1,
  sns: 1,
} as const;
const SPORTS = ['hand_bike', 'walking', 'jogging'] as const;
const STEPS = { rateHz: 32, stepHz: 1.8, amplitudeG: 0.35 };
const NO_AXES = { y: Number.NaN, z: 0, afterGap: false };

export function arithmeticLines(folder: string | null): string[] {
  if (folder === null) return ['gudb_rpeaks SKIPPED: not beside the repository'];
  const subjects = Array.from({ length: PEOPLE }, (_, index) => `subject_${String(index).padStart(2, '0')}`);
  const people = subjects.flatMap((subject) => {
    const [sitting, maths] = [beatsOf(folder, subject, 'sitting'), beatsOf(folder, subject, 'maths')];
    return sitting && maths ? [{ subject, sitting, maths }] : [];
  });
  return [
    `sitting and mental arithmetic, ${people.length} people, 2 min each: who moves the right way`,
    ...table([['index', 'right way', 'known'], ...directionRows(people)]),
    '',
    'sitting, then sport, one stream: windows of the last 60 s of the sport',
    ...table([
      ['sport', 'people', 'no probability', 'no probability, with steps', 'mean probability left'],
      ...sportRows(folder, subjects),
    ]),
  ];
}

interface Person {
  readonly sitting: readonly number[];
  readonly maths: readonly number[];
}

function directionRows(people: readonly Person[]): string[][] {
  const alone = people.map(({ sitting, maths }) =>
    [sitting, maths].map((beats) => findingsOf(intervalsFrom(beats, 0), 0).at(-1)),
  );
  const rows = Object.entries(DIRECTIONS).map(([name, direction]) => {
    const pairs = alone.map((pair) => pair.map((finding) => finding?.values[name as keyof typeof DIRECTIONS] ?? null));
    return directionRow(name, pairs, direction);
  });
  const joined = people.map(({ sitting, maths }) => {
    const findings = findingsOf([...intervalsFrom(sitting, 0), ...intervalsFrom(maths, TASK_S)], 0);
    return [TASK_S, 2 * TASK_S].map((endS) => findings.find(({ timeS }) => timeS === endS)?.values.probability ?? null);
  });
  return [...rows, directionRow('probability, one stream', joined, 1)];
}

function directionRow(name: string, pairs: readonly (readonly (number | null)[])[], direction: 1 | -1): string[] {
  const known = pairs.filter(([before, after]) => before !== null && after !== null);
  const right = known.filter(([before, after]) => direction * (after! - before!) > 0);
  return [name, `${right.length} of ${known.length}`, `${known.length} of ${pairs.length}`];
}

function sportRows(folder: string, subjects: readonly string[]): string[][] {
  return SPORTS.map((sport) => {
    const people = subjects.flatMap((subject) => {
      const [sitting, moving] = [beatsOf(folder, subject, 'sitting'), beatsOf(folder, subject, sport)];
      return sitting && moving ? [[...intervalsFrom(sitting, 0), ...intervalsFrom(moving, TASK_S)]] : [];
    });
    const last = (inputs: readonly StressInput[], sensors: number) =>
      findingsOf(inputs, sensors).findLast(({ timeS }) => timeS > TASK_S + 60)?.values.probability ?? null;
    const alone = people.map((inputs) => last(inputs, 0));
    const moved = people.map((inputs) => last(inTime([...inputs, ...steps()]), 1));
    const left = alone.filter((probability) => probability !== null);
    const share = left.reduce((sum, probability) => sum + probability, 0) / left.length;
    const empty = (values: readonly (number | null)[]) => String(values.filter((value) => value === null).length);
    return [sport, String(people.length), empty(alone), empty(moved), left.length > 0 ? share.toFixed(2) : '-'];
  });
}

/** Still for the first task, steps in the second. */
function steps(): StressInput[] {
  return Array.from({ length: 2 * TASK_S * STEPS.rateHz }, (_, index) => {
    const timeS = index / STEPS.rateHz;
    const swing = timeS < TASK_S ? 0 : STEPS.amplitudeG * Math.sin(2 * Math.PI * STEPS.stepHz * timeS);
    return { ...NO_AXES, kind: 'acceleration' as const, timeS, x: swing, y: swing, z: 1 };
  });
}

function findingsOf(inputs: readonly StressInput[], sensors: number): StressFinding[] {
  const core = StressCore.create({ sensors });
  return [...core.push(inputs), ...core.flush()];
}

/** `beats` in s; those of a task that was recorded on its own follow a gap. */
function intervalsFrom(beats: readonly number[], startS: number): StressInput[] {
  return beats.slice(1).flatMap((beatS, index) => {
    const rrMs = 1000 * (beatS - beats[index]!);
    const input = { ...NO_AXES, kind: 'interval' as const, timeS: startS + beatS, x: rrMs, afterGap: index === 0 };
    return rrMs >= 10 && beatS < TASK_S ? [input] : [];
  });
}

/** The strap's peaks where they were checked, the cables' otherwise. */
function beatsOf(folder: string, subject: string, task: string): number[] | null {
  const paths = ['cs', 'cables'].map((kind) => join(folder, `${subject}__${task}__annotation_${kind}.tsv`));
  const path = paths.find((candidate) => existsSync(candidate));
  if (path === undefined) return null;
  const samples = readFileSync(path, 'utf8').trim().split(/\s+/).map(Number);
  return samples.map((sample) => sample / RATE_HZ).toSorted((a, b) => a - b);
}
