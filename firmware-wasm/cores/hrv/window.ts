// One window: its values, and their standard errors from the same computation with a block of intervals left out at a time.

import { IntervalWindow } from '../../dsp/interval-window';
import { addReplicate, BLOCK_INTERVALS_MIN, leaveBlockOut, standardErrorOf } from '../../dsp/jackknife';
import { TickIntervals, ticksOf } from '../../dsp/tick-intervals';
import { describeDue } from '../../dsp/window-head';
import { HrvIndices, KIND_ERRORS, KIND_VALUES, PROFILE_MAIBO } from './layout';
import { computeNonlinear } from './nonlinear';
import { computeSpectrum } from './spectrum';
import {
  errorsOf,
  indicesOf,
  momentsOf,
  SPECTRUM_VALUE_COUNT,
  seriesBytes,
  settingsOf,
  spectrumErrorsOf,
  workBytesOf,
  workOf,
} from './state';
import { computeInOrder, computeInTime } from './time-domain';
import { clearValues, sealValues, VALUE_COUNT, valuesOf } from './values';

/** Fill the two findings of the window that is due. */
export function computeDueWindow(at: usize): void {
  const dueCount = changetype<IntervalWindow>(at).dueCount;
  const values = indicesOf(at);
  const errors = errorsOf(at);
  const isEnough = describeDue<TickIntervals>(at, headOf(values), KIND_VALUES);
  describeDue<TickIntervals>(at, headOf(errors), KIND_ERRORS);
  clearValues(values);
  clearValues(errors);
  if (isEnough) {
    if (settingsOf(at).profile === PROFILE_MAIBO) computePowers(at, values);
    memory.copy(workOf(at), ticksOf(at), (<usize>dueCount) << 2);
    computeSeries(at, values, dueCount);
    computeErrors(at, errors, dueCount);
  }
  sealValues(values);
  sealValues(errors);
}

function headOf(indices: HrvIndices): usize {
  return changetype<usize>(indices) + offsetof<HrvIndices>('fromMs');
}

/** The spectrum, of the intervals where they are stored; its standard errors wait in their own place. */
function computePowers(at: usize, values: HrvIndices): void {
  const powers = changetype<usize>(values) + offsetof<HrvIndices>('ULF');
  computeSpectrum(powers, spectrumErrorsOf(at), at, workOf(at), workBytesOf(at));
}

/** Everything but the spectrum, of the `count` intervals in the work area; their order is lost. */
function computeSeries(at: usize, values: HrvIndices, count: i32): void {
  const series = workOf(at);
  const work = series + seriesBytes(count);
  const profile = settingsOf(at).profile;
  computeInTime(values, series, count, profile, work);
  computeNonlinear(values, series, count, profile, work);
  computeInOrder(values, series, count, profile);
}

function computeErrors(at: usize, errors: HrvIndices, count: i32): void {
  const blockCount = settingsOf(at).blockCount;
  if (blockCount === 0 || count < blockCount * BLOCK_INTERVALS_MIN) return;
  for (let block = 0; block < blockCount; block++) {
    const left = leaveBlockOut<i32>(ticksOf(at), count, block, blockCount, workOf(at));
    clearValues(errors);
    computeSeries(at, errors, left);
    addReplicate(momentsOf(at), valuesOf(errors), VALUE_COUNT, block);
  }
  for (let i = 0; i < VALUE_COUNT; i++) {
    store<f64>(valuesOf(errors) + ((<usize>i) << 3), standardErrorOf(momentsOf(at), i, blockCount));
  }
  if (settingsOf(at).profile !== PROFILE_MAIBO) return;
  memory.copy(changetype<usize>(errors) + offsetof<HrvIndices>('ULF'), spectrumErrorsOf(at), SPECTRUM_VALUE_COUNT << 3);
}
