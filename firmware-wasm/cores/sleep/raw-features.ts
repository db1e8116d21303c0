// From what a device measures, counts of 15 s and heart rates, to the two features of an epoch that the files of Walch 2019 hold: so that
// one model serves both.

import { logOf } from '../../dsp/single';
import { codeAt, MISSING, SPREAD_OFFSET, setCode } from './codes';
import { setWrist } from './epochs';
import { MODE_LIVE } from './layout';
import { tally } from './order';
import { noteBell, smoothCounts } from './raw-activity';
import { clearSlots, deviationOfSlots, filterRates, scaleOfRates, takeSlots, tallyRates } from './raw-heart';
import { slotPlace } from './raw-slots';
import { spreadCode } from './raw-spread';
import { ACTIVITY, COUNTS, RATES, SPREAD, SPREAD_FROM_RATES, SPREAD_GIVEN, stateAt, wristPlace } from './state';

/** Windows reach 285 s before the epoch and after it. */
const REACH_SLOTS: i32 = 19;
/** Live: the epochs that two new slots, or a count a minute late, may change through the window of the activity. */
const CHANGED_ACTIVITIES: i32 = 13;
/** And through a bridge, the filter and the window. */
const CHANGED_EPOCHS: i32 = 24;
/** And slots, through a bridge and the filter. */
const CHANGED_SLOTS: i32 = 24;
/** Keeps the logarithm of no deviation finite; its code is 0. */
const DEVIATION_MIN: f32 = 1e-4;

/** Writes activity and spread of the epochs before `end` from what is known before `end`, and tallies those that stay as they are. */
export function refreshFeatures(at: usize, end: i32): void {
  const state = stateAt(at);
  const isLive = state.mode === MODE_LIVE;
  if (state.hasCounts) refreshActivity(at, isLive ? max(0, end - CHANGED_ACTIVITIES) : 0, end);
  if (state.spreadSource === SPREAD_FROM_RATES) refreshSpread(at, isLive ? max(0, end - CHANGED_EPOCHS) : 0, end);
  if (!isLive) fixSpread(at, end);
  settle(at, isLive ? end - CHANGED_EPOCHS : end);
}

function settle(at: usize, to: i32): void {
  const state = stateAt(at);
  if (to <= state.nextTallied) return;
  tally(at, ACTIVITY, state.nextTallied, to, 1);
  tally(at, SPREAD, state.nextTallied, to, 1);
  if (state.spreadSource === SPREAD_FROM_RATES) tallyRates(at, 2 * state.nextTallied, 2 * to, 1);
  state.nextTallied = to;
}

function refreshActivity(at: usize, from: i32, end: i32): void {
  noteBell(at);
  for (let epoch = from; epoch < end; epoch++) {
    if (!hasSlot(at, COUNTS, epoch)) continue;
    const first = firstSlot(epoch);
    const last = endSlot(epoch, end);
    // At the ends of a night the published programme moves the curve to the middle of what is left. Live there is always an end.
    const ends = stateAt(at).mode === MODE_LIVE ? 4 * epoch + 2 : first + last;
    setWrist(at, ACTIVITY, epoch, logOf(1 + smoothCounts(at, first, last, ends)));
  }
}

function refreshSpread(at: usize, from: i32, end: i32): void {
  filterRates(at, from > 0 ? 2 * end - CHANGED_SLOTS : 0, 2 * end);
  clearSlots(at);
  takeSlots(at, firstSlot(from), endSlot(from, end), 1);
  for (let epoch = from; epoch < end; epoch++) {
    if (hasSlot(at, RATES, epoch)) writeSpread(at, epoch);
    // The window goes on by an epoch, in whole numbers, so that nothing is lost.
    takeSlots(at, firstSlot(epoch), firstSlot(epoch + 1), -1);
    takeSlots(at, endSlot(epoch, end), endSlot(epoch + 1, end), 1);
  }
  stateAt(at).rateScale = scaleOfRates(at, 2 * stateAt(at).nextTallied, 2 * end);
}

function writeSpread(at: usize, epoch: i32): void {
  const spread = deviationOfSlots(at);
  if (!isNaN(spread)) setWrist(at, SPREAD, epoch, SPREAD_OFFSET + logOf(max<f32>(DEVIATION_MIN, spread)));
}

/** In the morning the unit is known for good. */
function fixSpread(at: usize, end: i32): void {
  if (stateAt(at).spreadSource !== SPREAD_FROM_RATES) return;
  for (let epoch = 0; epoch < end; epoch++) {
    const place = wristPlace(at, SPREAD, epoch);
    setCode(place, spreadCode(at, codeAt(place)));
  }
  stateAt(at).spreadSource = SPREAD_GIVEN;
}

function hasSlot(at: usize, row: i32, epoch: i32): bool {
  return codeAt(slotPlace(at, row, 2 * epoch)) !== MISSING || codeAt(slotPlace(at, row, 2 * epoch + 1)) !== MISSING;
}

function firstSlot(epoch: i32): i32 {
  return max(0, 2 * epoch - REACH_SLOTS);
}

function endSlot(epoch: i32, end: i32): i32 {
  return min(2 * end, 2 * epoch + 2 + REACH_SLOTS);
}
