// SDANN and SDNNI: the window cut into segments of 1, 2 or 5 minutes. The clock is the sum of the intervals, as in NeuroKit2:
// a gap has no length. It is advanced with the same roundings (through seconds and back), so that an interval which ends
// exactly on a segment's edge falls on the same side.

import { slotOf } from '../../dsp/slot';
import { deviationOf, meanOf } from '../../dsp/spread';
import { HrvIndices } from './layout';
import { put } from './values';

const MS_PER_MINUTE: f64 = 60_000;
const SEGMENT_COUNT_MIN: f64 = 3;

/** Fill the fields at the offsets `sdann` and `sdnni` from `count` >= 1 intervals at `at`, if they last three segments. */
export function computeSegments(
  time: HrvIndices,
  at: usize,
  count: i32,
  minutes: f64,
  sdann: usize,
  sdnni: usize,
): void {
  const segmentMs = minutes * MS_PER_MINUTE;
  const segmentCount = nearest(durationMs(at, count) / segmentMs);
  if (segmentCount < SEGMENT_COUNT_MIN) return;
  let meanCount: f64 = 0;
  let mean: f64 = 0;
  let squares: f64 = 0;
  let deviationCount: f64 = 0;
  let deviationSum: f64 = 0;
  let from = at;
  const end = at + ((<usize>count) << 3);
  let clockS: f64 = 0;
  let segment: f64 = 0;
  for (let next = at; next <= end && segment < segmentCount; next += 8) {
    let nextSegment = segmentCount;
    if (next < end) {
      clockS += load<f64>(next) / 1000;
      nextSegment = slotOf(clockMs(at, clockS), segmentMs);
    }
    if (nextSegment === segment) continue;
    // NeuroKit2 leaves the last interval of every segment out.
    const used = <i32>((next - from) >> 3) - 1;
    if (used >= 1) {
      // Welford's update: one pass, no list of means.
      const segmentMean = meanOf(from, used);
      const away = segmentMean - mean;
      mean += away / ++meanCount;
      squares += away * (segmentMean - mean);
      if (used >= 2) {
        deviationSum += deviationOf(from, used, segmentMean);
        deviationCount++;
      }
    }
    from = next;
    segment = nextSegment;
  }
  if (meanCount >= 2) put(time, sdann, Math.sqrt(squares / (meanCount - 1)));
  if (deviationCount >= 1) put(time, sdnni, deviationSum / deviationCount);
}

/** Time at which the last interval ends. */
function durationMs(at: usize, count: i32): f64 {
  let clockS: f64 = 0;
  for (let i = 0; i < count; i++) clockS += load<f64>(at + ((<usize>i) << 3)) / 1000;
  return clockMs(at, clockS);
}

/** The clock in ms, counted so that the first interval ends at its own length. */
function clockMs(at: usize, clockS: f64): f64 {
  return (clockS - load<f64>(at) / 1000) * 1000 + load<f64>(at);
}
