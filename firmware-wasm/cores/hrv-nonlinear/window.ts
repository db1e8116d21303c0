// One window: its values, and their standard errors from the same computation with a block of intervals left out at a time.

import { IntervalWindow } from '../../dsp/interval-window';
import { addReplicate, BLOCK_INTERVALS_MIN, leaveBlockOut, standardErrorOf } from '../../dsp/jackknife';
import { rrsOf, WideIntervals } from '../../dsp/wide-intervals';
import { describeDue } from '../../dsp/window-head';
import { computeIndices, lacksPairs } from './indices';
import { FLAG_LONG, HrvNonlinear, KIND_ERRORS, KIND_VALUES } from './layout';
import { errorsFindingOf, momentsOf, seriesOf, settingsOf, valuesFindingOf, workOf } from './state';
import { clearValues, sealValues, VALUE_COUNT, valuesOf } from './values';

/** Fill the two findings of the window that is due. */
export function computeDueWindow(at: usize): void {
  const dueCount = changetype<IntervalWindow>(at).dueCount;
  const values = valuesFindingOf(at);
  const errors = errorsFindingOf(at);
  const isEnough = describeWindow(at, values, KIND_VALUES);
  describeWindow(at, errors, KIND_ERRORS);
  clearValues(values);
  clearValues(errors);
  if (isEnough) {
    computeIndices(values, rrsOf(at), dueCount, settingsOf(at).profile, workOf(at));
    computeErrors(at, errors, dueCount);
  }
  sealValues(values);
  sealValues(errors);
}

function describeWindow(at: usize, finding: HrvNonlinear, kind: u16): bool {
  const isEnough = describeDue<WideIntervals>(at, changetype<usize>(finding) + offsetof<HrvNonlinear>('fromMs'), kind);
  if (lacksPairs(changetype<IntervalWindow>(at).dueCount)) finding.flags |= FLAG_LONG;
  return isEnough;
}

function computeErrors(at: usize, errors: HrvNonlinear, count: i32): void {
  const blockCount = settingsOf(at).blockCount;
  if (blockCount === 0 || count < blockCount * BLOCK_INTERVALS_MIN) return;
  for (let block = 0; block < blockCount; block++) {
    const left = leaveBlockOut<f64>(rrsOf(at), count, block, blockCount, seriesOf(at));
    clearValues(errors);
    computeIndices(errors, seriesOf(at), left, settingsOf(at).profile, workOf(at));
    addReplicate(momentsOf(at), valuesOf(errors), VALUE_COUNT, block);
  }
  for (let i = 0; i < VALUE_COUNT; i++) {
    store<f64>(valuesOf(errors) + ((<usize>i) << 3), standardErrorOf(momentsOf(at), i, blockCount));
  }
}
