// Baevsky's indices and the z indices, of the good intervals of the last five minutes. One minute is too short for a histogram.

import { TICKS_PER_S } from '../../dsp/ticks';
import { FLAG_ARTEFACTS, StressFinding } from './layout';
import { BIN_COUNT, Moments, ownAt, SCRATCH, SUMS, Sums, stateAt, sumsAt } from './state';
import { INDEX_S, lengthOf, MS_PER_TICK, stateOf, TAKEN_ARTEFACT, TAKEN_GOOD, TAKEN_JOINED, takenAt } from './taken';

/** Fewer intervals, fewer differences, or less of them in time: no index. */
const COUNT_MIN: i32 = 60;
const JOINED_COUNT_MIN: i32 = 30;
const SECONDS_MIN: f32 = 60;
/** More than one artefact in so many intervals: no index. */
const ARTEFACT_PART_MAX: i32 = 10;
const BIN_S: f64 = 0.05;
/** Ticks of ten bins of the histogram. */
const TEN_BINS: i32 = TICKS_PER_S / 2;

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
  const sums = addUp(at);
  const count = sums.count;
  finding.count = count;
  finding.coverage = min<f32>(1, <f32>sums.sum / <f32>(INDEX_S * TICKS_PER_S));
  if (sums.artefacts > 0) finding.flags |= FLAG_ARTEFACTS;
  if (sums.artefacts * ARTEFACT_PART_MAX > count + sums.artefacts) return 0;
  if (count < COUNT_MIN || finding.coverage * <f32>INDEX_S < SECONDS_MIN) return 0;
  let bits = hasBaevsky(at, sums, finding) ? 0xff : 0;
  if (sums.joined >= JOINED_COUNT_MIN) {
    finding.rmssdMs = MS_PER_TICK * Math.sqrt(<f64>sums.changeSquares / <f64>sums.joined);
    // n squares less the squared sum: whole numbers below 2^63, so nothing is lost between them.
    const spread = <i64>count * sums.squares - sums.sum * sums.sum;
    if (spread > 0) bits |= 0x100;
    if (bits === 0x1ff) {
      const sdnnMs = MS_PER_TICK * Math.sqrt(<f64>spread / (<f64>count * <f64>(count - 1)));
      bits |= computeBalance(at, finding, (MS_PER_TICK * <f64>sums.sum) / <f64>count, sdnnMs);
    }
  }
  return bits << firstBit;
}

/** One way through the intervals: sums, extremes and the histogram. */
function addUp(at: usize): Sums {
  const sums = sumsAt(at);
  memory.fill(at + SCRATCH, 0, <usize>(BIN_COUNT * 2));
  memory.fill(at + SUMS, 0, offsetof<Sums>());
  sums.shortest = i32.MAX_VALUE;
  let before = 0;
  for (let i = 0; i < stateAt(at).intervalCount; i++) {
    const taken = takenAt(at, i);
    const length = lengthOf(taken);
    const kind = stateOf(taken);
    if (kind === TAKEN_ARTEFACT) sums.artefacts += 1;
    if (kind >= TAKEN_GOOD) addGood(at, sums, length);
    if (kind === TAKEN_JOINED && i > 0) {
      const change = length - before;
      sums.changeSquares += <i64>change * <i64>change;
      sums.joined += 1;
    }
    before = length;
  }
  return sums;
}

function addGood(at: usize, sums: Sums, length: i32): void {
  sums.count += 1;
  sums.sum += length;
  sums.squares += <i64>length * <i64>length;
  sums.shortest = min(sums.shortest, length);
  sums.longest = max(sums.longest, length);
  // Half a tick more: what was rounded down from a bin's edge belongs above it.
  const bin = at + SCRATCH + ((<usize>((10 * length + 5) / TEN_BINS)) << 1);
  store<u16>(bin, load<u16>(bin) + 1);
}

/** What dsp/baevsky.ts finds in sorted intervals, from the histogram. False, and nothing written, where all lie within a bin's width. */
function hasBaevsky(at: usize, sums: Sums, finding: StressFinding): bool {
  const range = sums.longest - sums.shortest;
  if (10 * (range + 1) < TEN_BINS) return false;
  let fullest = 0;
  let inFullest = 0;
  for (let bin = 0; bin < BIN_COUNT; bin++) {
    const inside = <i32>load<u16>(at + SCRATCH + ((<usize>bin) << 1));
    if (inside <= inFullest) continue;
    inFullest = inside;
    fullest = bin;
  }
  finding.moS = (<f64>fullest + 0.5) * BIN_S;
  finding.amoPercent = (100 * <f64>inFullest) / <f64>sums.count;
  finding.mxDMnS = <f64>range / <f64>TICKS_PER_S;
  finding.vpr = 1 / (finding.moS * finding.mxDMnS);
  finding.ivr = finding.amoPercent / finding.mxDMnS;
  finding.papr = finding.amoPercent / finding.moS;
  finding.si = (finding.amoPercent * finding.vpr) / 2;
  finding.sqrtSi = Math.sqrt(finding.si);
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
