// Activity of an epoch from counts of 15 s as Walch 2019 (Sleep 42, zsz180) smooths them: a bell curve of 50 s over five minutes before and
// after the epoch.

import { expOf } from '../../dsp/single';
import { codeAt, countOfCode } from './codes';
import { COUNTS, rawRow, SLOT_S, stateAt, WINDOW } from './state';

/** Of the bell curve; the lines that the published programme draws from count to count widen it by a sixth of their length squared. */
const VARIANCE_S2: f32 = 50 * 50 + (15 * 15) / 6.0;
/** Half slots from the middle of the curve that a window can reach. */
const HALF_SLOTS: i32 = 42;

/** Notes the bell curve, half slot by half slot: for `smoothCounts`, which is asked of many epochs. */
export function noteBell(at: usize): void {
  for (let half = 0; half < HALF_SLOTS; half++) {
    const awayS = <f32>(half * SLOT_S) / 2;
    store<f32>(at + WINDOW + ((<usize>half) << 2), expOf((<f32>-0.5 * awayS * awayS) / VARIANCE_S2));
  }
}

/** Weighted mean of the counts from slot `from` up to but not `to`, around `ends` / 2 (in slots); NaN where there is none. */
export function smoothCounts(at: usize, from: i32, to: i32, ends: i32): f32 {
  let sum: f32 = 0;
  let weights: f32 = 0;
  const row = rawRow(at, COUNTS);
  const mask = stateAt(at).rawMask;
  for (let slot = from; slot < to; slot++) {
    const count = countOfCode(codeAt(row + ((<usize>(slot & mask)) << 1)));
    if (isNaN(count)) continue;
    const weight = load<f32>(at + WINDOW + ((<usize>abs(2 * slot + 1 - ends)) << 2));
    sum += weight * count;
    weights += weight;
  }
  return weights > 0 ? sum / weights : NaN;
}
