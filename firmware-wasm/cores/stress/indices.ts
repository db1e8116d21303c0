// Baevsky's indices and the z indices, of the good intervals of the last five minutes. One minute is too short for a histogram.

import { Baevsky, computeBaevsky } from '../../dsp/baevsky';
import { sortAscending } from '../../dsp/sort';
import { deviationOf, meanOf } from '../../dsp/spread';
import { INDEX_S } from './intervals';
import { FLAG_ARTEFACTS, StressFinding } from './layout';
import { INTERVAL_ARTEFACT, INTERVAL_GOOD, INTERVAL_JOINED, Moments, ownAt, SORTED, stateAt, takenAt } from './state';

/** Fewer intervals, fewer differences, or less of them in time: no index. */
const COUNT_MIN: i32 = 60;
const JOINED_COUNT_MIN: i32 = 30;
const SECONDS_MIN: f64 = 60;
/** More artefacts among the intervals than this: no index. */
const ARTEFACT_SHARE_MAX: f64 = 0.1;

/** Nunan, Sandercock & Brodie 2010: RR 926 (90) ms, RMSSD 42 (15) ms, SDNN 50 (16) ms; NOTES.md derives the others from these. */
const NORM_RR_MS: f64 = 926;
const NORM_RR_SD: f64 = 90;
const NORM_RMSSD_MS: f64 = 42;
const NORM_RMSSD_SD: f64 = 15;
const NORM_SD1_NU: f64 = 31.6;
const NORM_SD1_NU_SD: f64 = 5.7;
const NORM_RATE_BPM: f64 = 64.8;
const NORM_RATE_SD: f64 = 6.3;
const NORM_SQRT_SI: f64 = 10;
const NORM_SQRT_SI_SD: f64 = 2.5;

/** Windows from which the person's own norms hold, and the most that they remember: an hour. */
const OWN_COUNT_MIN: f64 = 10;
const OWN_COUNT_MAX: f64 = 120;
/** Keeps a z of somebody who has hardly varied so far from being taken at its word. */
const Z_MAX: f64 = 10;

const OWN_RR: i32 = 0;
const OWN_RMSSD: i32 = 1;
const OWN_SD1_NU: i32 = 2;
const OWN_SQRT_SI: i32 = 3;

/** Fills in the indices that exist and answers their valid bits, the first of them at bit `firstBit`. */
export function computeIndices(at: usize, finding: StressFinding, firstBit: u32): u32 {
  const sorted = at + SORTED;
  const count = collect(at, finding, sorted);
  if (count < COUNT_MIN || <f64>finding.coverage * INDEX_S < SECONDS_MIN) return 0;
  const meanMs = meanOf(sorted, count);
  const sdnnMs = deviationOf(sorted, count, meanMs);
  sortAscending(sorted, count);
  const baevsky = changetype<Baevsky>(changetype<usize>(finding) + offsetof<StressFinding>('si'));
  let bits = computeBaevsky(sorted, count, baevsky) ? 0xff : 0;
  const hasRmssd = computeRmssd(at, finding) && sdnnMs > 0;
  if (hasRmssd) bits |= 0x100;
  if (bits === 0x1ff) bits |= computeBalance(at, finding, meanMs, sdnnMs);
  return bits << firstBit;
}

/** Good intervals to `into`; count, coverage and flags to the finding. 0 where there are too many artefacts. */
function collect(at: usize, finding: StressFinding, into: usize): i32 {
  let count = 0;
  let artefacts = 0;
  let sumMs: f64 = 0;
  for (let i = 0; i < stateAt(at).intervalCount; i++) {
    const taken = takenAt(at, i);
    if (taken.bits & INTERVAL_ARTEFACT) artefacts++;
    if (!(taken.bits & INTERVAL_GOOD)) continue;
    store<f64>(into + ((<usize>count) << 3), taken.rrMs);
    sumMs += taken.rrMs;
    count++;
  }
  finding.count = count;
  finding.coverage = <f32>min(1, sumMs / (INDEX_S * 1000));
  if (artefacts > 0) finding.flags |= FLAG_ARTEFACTS;
  return <f64>artefacts > ARTEFACT_SHARE_MAX * <f64>(count + artefacts) ? 0 : count;
}

function computeRmssd(at: usize, finding: StressFinding): bool {
  let joined = 0;
  let squares: f64 = 0;
  for (let i = 1; i < stateAt(at).intervalCount; i++) {
    if (!(takenAt(at, i).bits & INTERVAL_JOINED)) continue;
    const change = <f64>takenAt(at, i).rrMs - <f64>takenAt(at, i - 1).rrMs;
    squares += change * change;
    joined++;
  }
  if (joined < JOINED_COUNT_MIN) return false;
  finding.rmssdMs = Math.sqrt(squares / <f64>joined);
  return true;
}

/** The z indices; answers their bits, counted from the first index. */
function computeBalance(at: usize, finding: StressFinding, meanMs: f64, sdnnMs: f64): u32 {
  const sd1 = finding.rmssdMs / Math.sqrt(2);
  const sd2 = Math.sqrt(max(2 * sdnnMs * sdnnMs - sd1 * sd1, 0));
  const sd1Nu = (100 * sd1) / (sd1 + sd2);
  const rateZ = (60000 / meanMs - NORM_RATE_BPM) / NORM_RATE_SD;
  const sd1Z = (sd1Nu - NORM_SD1_NU) / NORM_SD1_NU_SD;
  const rmssdZ = (finding.rmssdMs - NORM_RMSSD_MS) / NORM_RMSSD_SD;
  finding.pns = ((meanMs - NORM_RR_MS) / NORM_RR_SD + rmssdZ + sd1Z) / 3;
  // SD1 and SD2 in normal units add up to 100: the z of the one is the other's, turned round.
  finding.sns = (rateZ + (finding.sqrtSi - NORM_SQRT_SI) / NORM_SQRT_SI_SD - sd1Z) / 3;
  const hasOwn = ownAt(at, OWN_RR).count >= OWN_COUNT_MIN;
  if (hasOwn) {
    const ownRr = ownZ(ownAt(at, OWN_RR), meanMs);
    const ownSd1 = ownZ(ownAt(at, OWN_SD1_NU), sd1Nu);
    finding.pnsOwn = (ownRr + ownZ(ownAt(at, OWN_RMSSD), finding.rmssdMs) + ownSd1) / 3;
    finding.snsOwn = (ownZ(ownAt(at, OWN_SQRT_SI), finding.sqrtSi) - ownRr - ownSd1) / 3;
  }
  learn(ownAt(at, OWN_RR), meanMs);
  learn(ownAt(at, OWN_RMSSD), finding.rmssdMs);
  learn(ownAt(at, OWN_SD1_NU), sd1Nu);
  learn(ownAt(at, OWN_SQRT_SI), finding.sqrtSi);
  return hasOwn ? 0x1e00 : 0x600;
}

function ownZ(own: Moments, value: f64): f64 {
  if (!(own.variance > 0)) return 0;
  return max(-Z_MAX, min(Z_MAX, (value - own.mean) / Math.sqrt(own.variance)));
}

function learn(own: Moments, value: f64): void {
  own.count = min(own.count + 1, OWN_COUNT_MAX);
  const away = value - own.mean;
  own.mean += away / own.count;
  own.variance += (away * (value - own.mean) - own.variance) / own.count;
}
