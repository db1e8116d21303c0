// One finding: every source looked at by itself, then all together.

import { detrend } from './detrend';
import { estimate, NEAR_BRPM, scoreOf } from './estimate';
import { BreathFinding, REASON_APERIODIC, REASON_DISAGREE, REASON_SECONDS, REASON_SHORT } from './layout';
import { gatherPoints } from './points';
import { enqueue } from './queue';
import { makeSpectrum, shareAt } from './spectrum';
import { FUSED, RATE_COUNT, SOURCE_COUNT, SOURCE_RESPIRATION, SUMS, stateAt, WINDOW_S } from './state';

/** A source with less of the window, or fewer points, says nothing. */
const COVERED_MIN: f64 = 0.5;
const POINTS_MIN: i32 = 12;
/** A rate is given when it is at least this likely to be right. */
const QUALITY_MIN: f64 = 0.8;
/** Below this the best rate is hardly better than any other. */
const PEAK_MIN: f64 = 0.5;

const BIT_TIME: u32 = 1;
const BIT_RATE: u32 = 2;
const BIT_ERROR: u32 = 4;
/** Of source 0; those of the others follow. */
const BIT_SOURCE: u32 = 8;

export function makeFinding(at: usize, endS: f64): void {
  const state = stateAt(at);
  const finding = enqueue(at);
  finding.timeS = endS;
  finding.valid = BIT_TIME;
  finding.ignoredCount = state.ignored;
  memory.fill(at + FUSED, 0, <usize>(RATE_COUNT * 8));
  let fusedRates = 0;
  for (let source = 0; source < SOURCE_COUNT; source++) {
    const rates = scoreSource(at, finding, source, endS);
    if (rates === 0) continue;
    lookAlone(at, finding, source, rates);
    if (source === SOURCE_RESPIRATION) continue;
    finding.sourceCount += 1;
    fusedRates = max(fusedRates, rates);
    for (let i = 0; i < RATE_COUNT; i++) {
      const to = at + FUSED + ((<usize>i) << 3);
      store<f64>(to, load<f64>(to) + load<f64>(at + SUMS + ((<usize>i) << 3)));
    }
  }
  if (state.seconds > 0) finding.why |= REASON_SECONDS;
  if (fusedRates === 0) finding.why |= REASON_SHORT;
  else lookTogether(at, finding, fusedRates);
}

/** Leaves the scores of a source in the scratch and returns how many of them count; 0: it says nothing. */
function scoreSource(at: usize, finding: BreathFinding, source: i32, endS: f64): i32 {
  const covered = gatherPoints(at, source, endS);
  if (source !== SOURCE_RESPIRATION) finding.covered = max(finding.covered, <f32>min(1, covered));
  const count = stateAt(at).pointCount;
  if (covered < COVERED_MIN || count < POINTS_MIN || !detrend(at)) return 0;
  const rates = makeSpectrum(at, (<f64>count * 60) / (covered * WINDOW_S));
  for (let i = 0; i < RATE_COUNT; i++) {
    store<f64>(at + SUMS + ((<usize>i) << 3), i < rates ? scoreOf(source, i, shareAt(at, i)) : 0);
  }
  return rates;
}

function lookAlone(at: usize, finding: BreathFinding, source: i32, rates: i32): void {
  const answer = estimate(at, at + SUMS, rates);
  if (answer.quality < QUALITY_MIN) return;
  finding.valid |= BIT_SOURCE << source;
  store<f64>(changetype<usize>(finding) + offsetof<BreathFinding>('rrBrpm') + ((<usize>source) << 3), answer.rateBrpm);
}

function lookTogether(at: usize, finding: BreathFinding, rates: i32): void {
  const answer = estimate(at, at + FUSED, rates);
  finding.quality = <f32>answer.quality;
  let otherCount = 0;
  for (let source = 0; source < SOURCE_RESPIRATION; source++) {
    if (!(finding.valid & (BIT_SOURCE << source))) continue;
    const from = changetype<usize>(finding) + offsetof<BreathFinding>('rrBrpm') + ((<usize>source) << 3);
    if (abs(load<f64>(from) - answer.rateBrpm) <= NEAR_BRPM) finding.agreeCount += 1;
    else otherCount += 1;
  }
  if (answer.quality < QUALITY_MIN || (otherCount > 0 && otherCount >= <i32>finding.agreeCount)) {
    finding.why |= otherCount > 0 || answer.quality >= PEAK_MIN ? REASON_DISAGREE : REASON_APERIODIC;
    return;
  }
  finding.valid |= BIT_RATE | BIT_ERROR;
  finding.rateBrpm = answer.rateBrpm;
  finding.standardErrorBrpm = answer.errorBrpm;
}
