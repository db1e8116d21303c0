// Activity of an epoch from counts of 15 s as Walch 2019 (Sleep 42, zsz180) smooths them: a bell curve of 50 s over five minutes before and
// after the epoch.

import { expOf } from './quick';
import { slotValue } from './raw-slots';
import { COUNT_FIRST, SLOT_S } from './state';

/** Of the bell curve; the lines that the published programme draws from count to count widen it by a sixth of their length squared. */
const VARIANCE_S2: f32 = 50 * 50 + (15 * 15) / 6.0;

/** Weighted mean of the counts from slot `from` up to but not `to`, around `middle` (in slots); NaN where there is none. */
export function smoothCounts(at: usize, from: i32, to: i32, middle: f32): f32 {
  let sum: f32 = 0;
  let weights: f32 = 0;
  for (let slot = from; slot < to; slot++) {
    const count = slotValue(at, COUNT_FIRST, slot);
    if (isNaN(count)) continue;
    const awayS = (<f32>slot + <f32>0.5 - middle) * <f32>SLOT_S;
    const weight = expOf((<f32>-0.5 * awayS * awayS) / VARIANCE_S2);
    sum += weight * count;
    weights += weight;
  }
  return weights > 0 ? sum / weights : NaN;
}
