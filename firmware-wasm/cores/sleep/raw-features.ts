// From what a device measures, counts of 15 s and heart rates, to the two features of an epoch that the files of Walch 2019 hold: so that
// one model serves both.

import { HEART_SPREAD_MIN } from './epochs';
import { MODE_LIVE } from './layout';
import { logOf } from './quick';
import { smoothCounts } from './raw-activity';
import { deviationOfRates, filterRates, scaleOfRates } from './raw-heart';
import { slotValue } from './raw-slots';
import { CHANNEL_ACTIVITY, CHANNEL_SPREAD, COUNT_FIRST, placeOf, RATE_FIRST, SPREAD_RAW, stateAt } from './state';

/** Windows reach 285 s before the epoch and after it. */
const REACH_SLOTS: i32 = 19;
/** Live: what two new slots may change, through a bridge, the filter and the window. */
const CHANGED_EPOCHS: i32 = 24;

/** Writes activity and spread of the epochs before `end` from what is known before `end`. */
export function refreshFeatures(at: usize, end: i32): void {
  const state = stateAt(at);
  const from = state.mode === MODE_LIVE ? max(0, end - CHANGED_EPOCHS) : 0;
  if (state.hasCounts) refreshActivity(at, from, end);
  if (state.hasRates) refreshSpread(at, from, end);
}

function refreshActivity(at: usize, from: i32, end: i32): void {
  for (let epoch = from; epoch < end; epoch++) {
    if (!hasSlot(at, COUNT_FIRST, epoch)) continue;
    const first = firstSlot(epoch);
    const last = endSlot(epoch, end);
    // At the ends of a night the published programme moves the curve to the middle of what is left. Live there is always an end.
    const ends = stateAt(at).mode === MODE_LIVE ? 4 * epoch + 2 : first + last;
    const middle = <f32>ends / 2;
    store<f32>(placeOf(at, CHANNEL_ACTIVITY, epoch), logOf(1 + smoothCounts(at, first, last, middle)));
  }
}

/** The scale is that of all that was measured so far, so earlier epochs change with it. */
function refreshSpread(at: usize, from: i32, end: i32): void {
  filterRates(at, 2 * from, 2 * end);
  for (let epoch = from; epoch < end; epoch++) {
    const spread = hasSlot(at, RATE_FIRST, epoch)
      ? deviationOfRates(at, firstSlot(epoch), endSlot(epoch, end))
      : <f32>NaN;
    store<f32>(placeOf(at, SPREAD_RAW, epoch), spread);
  }
  const scale = scaleOfRates(at, 2 * end);
  for (let epoch = 0; epoch < end; epoch++) {
    const spread = load<f32>(placeOf(at, SPREAD_RAW, epoch));
    if (isNaN(spread)) continue;
    store<f32>(placeOf(at, CHANNEL_SPREAD, epoch), logOf(<f32>HEART_SPREAD_MIN + spread / scale));
  }
}

function hasSlot(at: usize, channel: i32, epoch: i32): bool {
  return !isNaN(slotValue(at, channel, 2 * epoch)) || !isNaN(slotValue(at, channel, 2 * epoch + 1));
}

function firstSlot(epoch: i32): i32 {
  return max(0, 2 * epoch - REACH_SLOTS);
}

function endSlot(epoch: i32, end: i32): i32 {
  return min(2 * end, 2 * epoch + 2 + REACH_SLOTS);
}
