// One window: its values, and their standard errors from the same computation with a block of intervals left out at a time.

import {
  COVERAGE_MIN,
  dueCoverage,
  dueFromMs,
  dueQuality,
  dueToMs,
  IntervalWindow,
  rrsOf,
} from '../../dsp/interval-window';
import { addReplicate, BLOCK_INTERVALS_MIN, leaveBlockOut, standardErrorOf } from '../../dsp/jackknife';
import { FLAG_GAP, FLAG_OVERFLOW, FLAG_THIN, HrvIndices, KIND_ERRORS, KIND_VALUES } from './layout';
import { errorsOf, indicesOf, momentsOf, settingsOf, workOf } from './state';
import { computeTimeDomain } from './time-domain';
import { clearValues, sealValues, VALUE_COUNT, valuesOf } from './values';

/** Fill the two findings of the window that is due. */
export function computeDueWindow(at: usize): void {
  const dueCount = changetype<IntervalWindow>(at).dueCount;
  const values = indicesOf(at);
  const errors = errorsOf(at);
  describeWindow(at, values, KIND_VALUES);
  describeWindow(at, errors, KIND_ERRORS);
  clearValues(values);
  if ((values.flags & FLAG_THIN) === 0) {
    memory.copy(workOf(at), rrsOf(at), (<usize>dueCount) << 3);
    computeSeries(at, values, dueCount);
  }
  computeErrors(at, errors, dueCount);
  sealValues(values);
  sealValues(errors);
}

function describeWindow(at: usize, indices: HrvIndices, kind: u16): void {
  const window = changetype<IntervalWindow>(at);
  const coverage = dueCoverage(at);
  indices.fromMs = dueFromMs(at);
  indices.toMs = dueToMs(at);
  indices.coverage = <f32>coverage;
  indices.quality = <f32>dueQuality(at);
  indices.count = <u32>window.dueCount;
  indices.kind = kind;
  let flags: u16 = coverage < COVERAGE_MIN ? FLAG_THIN : 0;
  if (window.overflow) flags |= FLAG_OVERFLOW;
  for (let i = 0; i < window.dueCount; i++) {
    if (load<f64>(rrsOf(at) + ((<usize>i) << 3)) < 0) flags |= FLAG_GAP;
  }
  indices.flags = flags;
}

/** Everything but the spectrum, of the `count` intervals in the work area; their order is lost. */
function computeSeries(at: usize, values: HrvIndices, count: i32): void {
  computeTimeDomain(values, workOf(at), count);
}

function computeErrors(at: usize, errors: HrvIndices, count: i32): void {
  const blockCount = settingsOf(at).blockCount;
  clearValues(errors);
  if (blockCount === 0 || count < blockCount * BLOCK_INTERVALS_MIN || (errors.flags & FLAG_THIN) !== 0) return;
  for (let block = 0; block < blockCount; block++) {
    const left = leaveBlockOut(rrsOf(at), count, block, blockCount, workOf(at));
    clearValues(errors);
    computeSeries(at, errors, left);
    addReplicate(momentsOf(at), valuesOf(errors), VALUE_COUNT, block);
  }
  for (let i = 0; i < VALUE_COUNT; i++) {
    store<f64>(valuesOf(errors) + ((<usize>i) << 3), standardErrorOf(momentsOf(at), i, blockCount));
  }
}
