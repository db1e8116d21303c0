// SDANN and SDNNI: the window cut into segments of 1, 2 or 5 minutes. The clock is the sum of the intervals, as in NeuroKit2: a gap has no
// length. An interval that ends on a segment's edge is in the next one; NeuroKit2's clock, a sum of seconds, rounds and has some of them in
// the one before.

import { TICKS_PER_MS } from '../../dsp/tick-intervals';
import { HrvIndices } from './layout';
import { beginMoments } from './moments';
import { lengthAt } from './series';
import { put } from './values';

const TICKS_PER_MINUTE: i64 = 60_000 * <i64>TICKS_PER_MS;
const SEGMENT_COUNT_MIN: f64 = 3;
/** So close to an edge, 10 us, is on it: lengths that are no whole ticks were rounded. */
const EDGE_TICKS: i64 = 164;

/**
 * Fill the fields at the offsets `sdann` and `sdnni` from `count` >= 1 intervals at `at`, `allTicks` long, if they last three segments;
 * `work`: MOMENTS_BYTES.
 */
export function computeSegments(
  time: HrvIndices,
  at: usize,
  count: i32,
  allTicks: i64,
  minutes: i64,
  sdann: usize,
  sdnni: usize,
  work: usize,
): void {
  const segmentTicks = minutes * TICKS_PER_MINUTE;
  const segmentCount = nearest(<f64>allTicks / <f64>segmentTicks);
  if (segmentCount < SEGMENT_COUNT_MIN) return;
  const lastTicks = <i64>segmentCount * segmentTicks;
  let meanCount: f64 = 0;
  let mean: f64 = 0;
  let squares: f64 = 0;
  let deviationCount: f64 = 0;
  let deviationSum: f64 = 0;
  let clock = EDGE_TICKS;
  let segmentEnd = segmentTicks;
  let from = 0;
  for (let next = 0; next <= count; next++) {
    if (next < count) clock += lengthAt(at, next);
    if (next < count && clock < segmentEnd) continue;
    // NeuroKit2 leaves the last interval of every segment out.
    const moments = beginMoments(work);
    for (let i = from; i < next - 1; i++) moments.add(lengthAt(at, i));
    if (moments.count >= 1) {
      // Welford's update: one pass, no list of means.
      const segmentMean = moments.mean();
      const away = segmentMean - mean;
      mean += away / ++meanCount;
      squares += away * (segmentMean - mean);
      if (moments.count >= 2) {
        deviationSum += moments.deviation();
        deviationCount++;
      }
    }
    from = next;
    if (clock >= lastTicks) break;
    while (segmentEnd <= clock) segmentEnd += segmentTicks;
  }
  if (meanCount >= 2) put(time, sdann, Math.sqrt(squares / (meanCount - 1)));
  if (deviationCount >= 1) put(time, sdnni, deviationSum / deviationCount);
}
