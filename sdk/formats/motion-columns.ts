// Which columns of a CSV file are acceleration, and beside it RR intervals or heart rate; and what acceleration is counted in.
import { MaiboError } from '../errors.ts';
import type { CsvColumn, CsvShape } from './csv-shape.ts';
import { guessSignalKind } from './signal-kind.ts';

export interface MotionColumns {
  /** Indices of x, y and z. */
  readonly axes: readonly [number, number, number];
  /** Index of RR intervals; null without. */
  readonly interval: number | null;
  /** Index of the heart rate in beats a minute; null without. */
  readonly heartRate: number | null;
}

/** "acc_x", "accX", "Acceleration x", "ax", "x", "x_acc"; not "linear acceleration", which lacks gravity. */
const AXIS_NAME = /^(?:acc(?:el(?:eration|erometer)?)?|a)?[\s_.-]*([xyz])(?:[\s_.-]*acc(?:el(?:eration)?)?)?$/i;
const HEART_RATE_NAME = /^(?:hr|bpm|pulse|heart[\s_-]?rate)(?:[\s_-]?bpm)?$/i;
const GRAVITY_MS2 = 9.80665;
const UNITS_G: Readonly<Record<string, number>> = {
  ...{ g: 1, mg: 1e-3 },
  ...{ 'm/s^2': 1 / GRAVITY_MS2, 'm/s2': 1 / GRAVITY_MS2, 'm/s²': 1 / GRAVITY_MS2, 'm/s/s': 1 / GRAVITY_MS2 },
};
/** Without a unit: gravity, which is in most samples, tells. Sizes between these ranges are no unit that is known. */
const SIZES = [
  { least: 0.5, most: 2, unitG: 1 },
  { least: 5, most: 20, unitG: 1 / GRAVITY_MS2 },
  { least: 500, most: 2000, unitG: 1e-3 },
];

/** Null where the columns are not those of three axes. Four columns without names are time, x, y and z. */
export function findMotionColumns({ columns, hasHeader }: CsvShape): MotionColumns | null {
  if (!hasHeader) return columns.length === 4 ? { axes: [1, 2, 3], interval: null, heartRate: null } : null;
  const axisAt = (axis: string) => columns.findIndex(({ name }) => AXIS_NAME.exec(name)?.[1]?.toLowerCase() === axis);
  const axes = [axisAt('x'), axisAt('y'), axisAt('z')] as const;
  if (axes.includes(-1)) return null;
  const placeOf = (test: (column: CsvColumn) => boolean) => {
    const place = columns.findIndex(test);
    return place < 0 ? null : place;
  };
  return {
    axes,
    interval: placeOf(({ name }) => guessSignalKind(name) === 'rr'),
    heartRate: placeOf(({ name }) => HEART_RATE_NAME.test(name)),
  };
}

/** What one count is in g: from the column's unit, or without one from the sizes of some samples. */
export function accelerationUnitG(column: CsvColumn, sizes: readonly number[], label: string): number {
  const said = UNITS_G[column.unit.trim().toLowerCase()];
  if (said !== undefined) return said;
  const hint = `name the unit in the header, such as "${column.name} [g]"; g, mg and m/s^2 are known`;
  if (column.unit !== '') {
    const message = `"${column.unit.slice(0, 16)}" is no unit of acceleration that is known`;
    throw new MaiboError('input-format', message, { where: `${label}, column ${column.name}`, hint });
  }
  const present = sizes.filter(Number.isFinite).toSorted((a, b) => a - b);
  const median = present[present.length >> 1] ?? Number.NaN;
  const found = SIZES.find(({ least, most }) => median >= least && median <= most);
  if (found !== undefined) return found.unitG;
  const message = `the acceleration has no unit, and its median size of ${median.toPrecision(3)} is gravity in none that is known`;
  throw new MaiboError('input-format', message, { where: label, hint });
}
