// Cyclic variation of heart rate: dips that are alike and come one after the other at even distances (Hayano et al. 2011).
import type { Dip } from './apnoea-dips.ts';
import { TREND_HZ, type Trend } from './apnoea-trend.ts';

/** Of the distance from one dip to the next. */
export const CYCLE_S = { min: 25, max: 130 };
/** Four dips in a row, three cycles: the product of 3 - 2 L / mean over them is 1 for equal lengths. */
const ROW_COUNT = 4;
const EVENNESS_MIN = 0.8;
/** Mean correlation with the two dips before and the two behind. */
const LIKENESS_MIN = 0.4;
const NEIGHBOUR_COUNT = 2;
/** What of the trend is compared, to either side of the lowest point. */
const SHAPE_S = 30;

/** Those of the dips, in the order of time, that belong to a cyclic variation. */
export function cyclicDips(trend: Trend, dips: readonly Dip[]): Dip[] {
  const inRow = dips.map(() => false);
  for (let first = 0; first + ROW_COUNT <= dips.length; first++) {
    if (isEven(dips.slice(first, first + ROW_COUNT))) inRow.fill(true, first, first + ROW_COUNT);
  }
  return dips.filter((_, index) => inRow[index] && likenessOf(trend, dips, index) > LIKENESS_MIN);
}

function isEven(row: readonly Dip[]): boolean {
  const lengths = row.slice(1).map(({ index }, before) => (index - row[before]!.index) / TREND_HZ);
  if (lengths.some((lengthS) => lengthS < CYCLE_S.min || lengthS > CYCLE_S.max)) return false;
  const mean = lengths.reduce((sum, lengthS) => sum + lengthS, 0) / lengths.length;
  return lengths.reduce((product, lengthS) => product * (3 - (2 * lengthS) / mean), 1) > EVENNESS_MIN;
}

function likenessOf({ values }: Trend, dips: readonly Dip[], index: number): number {
  const near = dips.slice(Math.max(0, index - NEIGHBOUR_COUNT), index + NEIGHBOUR_COUNT + 1);
  const others = near.filter((dip) => dip !== dips[index]);
  const alike = others.map((dip) => correlation(values, dips[index]!.index, dip.index));
  return alike.length === 0 ? 0 : alike.reduce((sum, value) => sum + value, 0) / alike.length;
}

/** Of the trend around two of its samples, over what is known around both. */
function correlation(values: Float64Array, a: number, b: number): number {
  let [count, sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0, 0];
  for (let offset = -SHAPE_S * TREND_HZ; offset <= SHAPE_S * TREND_HZ; offset++) {
    const x = (values[a + offset] ?? Number.NaN) - values[a]!;
    const y = (values[b + offset] ?? Number.NaN) - values[b]!;
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    count++;
    sumA += x;
    sumB += y;
    sumAA += x * x;
    sumBB += y * y;
    sumAB += x * y;
  }
  const spread = Math.sqrt((count * sumAA - sumA * sumA) * (count * sumBB - sumB * sumB));
  return spread > 0 ? (count * sumAB - sumA * sumB) / spread : 0;
}
