// The points of one source in one window: moments, values, and how much each counts.

import { INPUT_FLAG_AFTER_GAP } from './layout';
import {
  BIN_HZ,
  beatAt,
  binAt,
  POINT_COUNT,
  Point,
  pointAt,
  SOURCE_ECG_BASELINE,
  SOURCE_PPG_BASELINE,
  SOURCE_PPG_INTERVAL,
  SOURCE_RESPIRATION,
  SOURCE_RR,
  stateAt,
  streamAt,
  WINDOW_S,
} from './state';
import { cosTurns } from './turn';

/** Below this quality a beat is worse than none. */
const QUALITY_MIN: f32 = 0.2;
/** Points farther apart leave a hole: two beats at 48 a minute. */
const HOLE_S: f64 = 2.5;
/** Share of the window that fades in, and out. */
const TAPER: f64 = 0.1;
/** Longer pulse intervals hold a missed pulse. */
const INTERVAL_S_MAX: f64 = 3;

const STREAM_RR: i32 = 0;
const STREAM_ECG: i32 = 1;
const STREAM_PPG: i32 = 2;

/** Puts the points of `source` in the window that ends at `endS` into the scratch. Returns the share of the window that they cover. */
export function gatherPoints(at: usize, source: i32, endS: f64): f64 {
  stateAt(at).pointCount = 0;
  if (source === SOURCE_RESPIRATION) return gatherRespiration(at, endS);
  if (source === SOURCE_RR) return gatherBeats(at, source, STREAM_RR, endS);
  return gatherBeats(at, source, source <= SOURCE_ECG_BASELINE ? STREAM_ECG : STREAM_PPG, endS);
}

function gatherBeats(at: usize, source: i32, stream: i32, endS: f64): f64 {
  const count = streamAt(at, stream).count;
  let coveredS: f64 = 0;
  for (let i = 0; i < count; i++) {
    const beat = beatAt(at, stream, i);
    const timeS = beat.timeS - endS;
    if (timeS <= -WINDOW_S || timeS > 0 || beat.quality < QUALITY_MIN) continue;
    let value = <f64>beat.value;
    if (source === SOURCE_ECG_BASELINE || source === SOURCE_PPG_BASELINE) value = <f64>beat.baseline;
    if (source === SOURCE_PPG_INTERVAL) {
      if (i === 0 || beat.isAfterGap & INPUT_FLAG_AFTER_GAP) continue;
      const before = beatAt(at, stream, i - 1);
      value = beat.timeS - before.timeS;
      if (before.quality < QUALITY_MIN || value > INTERVAL_S_MAX) continue;
    }
    coveredS += addPoint(at, timeS, value, <f64>beat.quality, beat.isAfterGap !== 0);
  }
  return coveredS / WINDOW_S;
}

function gatherRespiration(at: usize, endS: f64): f64 {
  const last = min(floor(endS * BIN_HZ) - 1, stateAt(at).lastBin);
  const first = floor((endS - WINDOW_S) * BIN_HZ);
  let coveredS: f64 = 0;
  for (let number = first; number <= last; number++) {
    const bin = binAt(at, number);
    if (bin.count === 0) continue;
    coveredS += addPoint(at, (number + 0.5) / BIN_HZ - endS, <f64>bin.sum / <f64>bin.count, 1, false);
  }
  return coveredS / WINDOW_S;
}

/** Returns the seconds between this point and the one before, 0 if there is a hole. */
function addPoint(at: usize, timeS: f64, value: f64, quality: f64, isAfterGap: bool): f64 {
  const state = stateAt(at);
  if (state.pointCount === POINT_COUNT) return 0;
  const point = pointAt(at, state.pointCount);
  state.pointCount += 1;
  point.timeS = timeS;
  point.value = value;
  point.weight = quality * taperAt(timeS);
  if (state.pointCount === 1 || isAfterGap) return 0;
  const stepS = timeS - changetype<Point>(changetype<usize>(point) - offsetof<Point>()).timeS;
  return stepS <= HOLE_S ? stepS : 0;
}

/** A cosine over a tenth of the window at either end, 1 between: softer ends hide more of it, harder ones let slow waves leak upwards. */
function taperAt(timeS: f64): f64 {
  const place = min(-timeS, timeS + WINDOW_S) / WINDOW_S;
  return place >= TAPER ? 1 : 0.5 - 0.5 * cosTurns(place / (2 * TAPER));
}
