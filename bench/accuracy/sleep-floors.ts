// What is asked of the core `sleep`, and the floors: what it reaches, so that a change that makes it worse is seen even where a target
// is still missed. A floor is raised when the product gets better; lowering one needs a sentence in the commit.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../shared-folder.ts';
import type { SleepRow } from './sleep-row.ts';

/** By set and mode, as the rows are called. */
export type SleepFloors = Readonly<Record<string, RowFloor>>;

export interface RowFloor {
  /** For two, three and four classes. */
  readonly kappa: Readonly<Record<string, number>>;
  readonly kappaLater: number;
  readonly specificity: number;
  /** Of the stage that is worst. */
  readonly calibrationErrorMax: number;
  /** Of the stage that is worst, either way. */
  readonly biasMinutesMax: number;
}

export interface SleepTarget {
  readonly set: string;
  readonly kappa: Readonly<Record<number, number>>;
  readonly specificity: number;
}

/** Live may be this much worse than morning. */
const LIVE_LOSS_MAX = 0.05;

export function readSleepFloors(): SleepFloors {
  const path = join(ROOT, 'bench', 'accuracy', 'sleep-floors.json');
  return (JSON.parse(readFileSync(path, 'utf8')) as { rows: SleepFloors }).rows;
}

/** One sentence for everything that got worse. */
export function belowFloors(rows: readonly SleepRow[], floors: SleepFloors): string[] {
  return rows.flatMap((row) => {
    const name = `${row.set}, ${row.mode}`;
    const floor = floors[name];
    if (floor === undefined) return [`${name}: sleep-floors.json has no floor`];
    const bias = Math.max(...row.minutes.map(({ mean }) => Math.abs(mean)));
    return [
      ...row.classes.map(({ count, kappa }) => least(`${count} classes, kappa`, kappa, floor.kappa[count]!)),
      least('kappa after 30 min', row.kappaLater, floor.kappaLater),
      least('wake specificity', row.specificity, floor.specificity),
      most('calibration error', Math.max(...row.calibration), floor.calibrationErrorMax),
      most('bias of a stage, min', bias, floor.biasMinutesMax),
    ].flatMap((said) => (said === null ? [] : [`worse than it was: ${name}: ${said}`]));
  });
}

/** What was asked and is not reached. */
export function missedTargets(rows: readonly SleepRow[], targets: readonly SleepTarget[]): string[] {
  return targets.flatMap((target) => {
    const [live, morning] = ['live', 'morning'].map((mode) => {
      return rows.find((row) => row.set === target.set && row.mode === mode)!;
    }) as [SleepRow, SleepRow];
    return [
      ...morning.classes.flatMap(({ count, kappa }, index) => [
        least(`${count} classes, kappa`, kappa, target.kappa[count]!),
        least(`${count} classes, live`, live.classes[index]!.kappa, kappa - LIVE_LOSS_MAX),
      ]),
      least('wake specificity', morning.specificity, target.specificity),
    ].flatMap((said) => (said === null ? [] : [`${target.set}: ${said}`]));
  });
}

/** NaN is neither least nor most: it fails. */
function least(what: string, value: number, floor: number): string | null {
  return value >= floor ? null : `${what} ${value.toFixed(3)}, at least ${floor.toFixed(3)}`;
}

function most(what: string, value: number, ceiling: number): string | null {
  return value <= ceiling ? null : `${what} ${value.toFixed(3)}, at most ${ceiling.toFixed(3)}`;
}
