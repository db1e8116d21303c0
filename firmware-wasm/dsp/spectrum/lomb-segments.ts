// Lomb and Scargle's spectrum of a series of any length: in segments of at most half an hour, whose densities are averaged with their
// numbers of intervals as weights. A transform at uneven times costs intervals x bins; in segments 24 hours take a second.

import { Densities } from './bands';
import { INTERVAL_COUNT_MIN } from './choices';
import { lengthMs } from './clock';
import { densityFrom, Line, LOMB_BIN_BYTES, sumIntervals } from './lomb-scargle';

const SEGMENT_S: f64 = 1800;
const HIGHEST_HZ: f64 = 0.5;

/** Bins up to 0.5 Hz, two to the resolution, and one beyond. */
function binCountOf(segmentS: f64): i32 {
  return <i32>(2 * segmentS * HIGHEST_HZ) + 2;
}

/** Equal segments of at most SEGMENT_S. */
function segmentLengthS(spanS: f64): f64 {
  return spanS / ceil(spanS / SEGMENT_S);
}

/** Bytes of `work` that `fillLombSegments` needs. */
export function lombBytes(spanS: f64): usize {
  return offsetof<Line>() + <usize>binCountOf(min(spanS, SEGMENT_S)) * (LOMB_BIN_BYTES + 8);
}

/** Fill `densities` from `count` intervals with their ends; `linear` takes a straight line out of every segment, else its mean. */
export function fillLombSegments(
  densities: Densities,
  at: usize,
  endsMs: usize,
  count: i32,
  linear: bool,
  work: usize,
): void {
  const spanS = (load<f64>(endsMs + ((<usize>(count - 1)) << 3)) - load<f64>(endsMs)) / 1000;
  const segmentS = segmentLengthS(spanS);
  const line = changetype<Line>(work);
  densities.binHz = 0.5 / segmentS;
  densities.count = binCountOf(segmentS);
  densities.values = work + offsetof<Line>();
  const sums = densities.values + ((<usize>densities.count) << 3);
  memory.fill(densities.values, 0, (<usize>densities.count) << 3);
  let used: f64 = 0;
  for (let from = 0; from < count; ) {
    const first = endsMs + ((<usize>from) << 3);
    // A thousandth of a ms, so that rounding leaves no segment of one interval at the end.
    const endMs = load<f64>(first) + segmentS * 1000 + 0.001;
    let to = from;
    while (to < count && load<f64>(endsMs + ((<usize>to) << 3)) <= endMs) to++;
    if (to - from >= INTERVAL_COUNT_MIN) {
      sumIntervals(sums, densities.count, densities.binHz, at + ((<usize>from) << 3), first, to - from, linear, line);
      addDensities(densities, sums, <f64>(to - from), line.valueMs / 1000);
      used += <f64>(to - from);
    }
    // Ends that do not rise would stand still here.
    from = max(to, from + 1);
  }
  densities.lowestHz = 0;
  let measuredS: f64 = 0;
  for (let i = 0; i < count; i++) measuredS += lengthMs(at, i) / 1000;
  // As for Hann windows, with the bandwidth of no window, and one degree of freedom more for every segment.
  densities.varianceHz = 1 / (measuredS * (1 + segmentS / spanS));
  for (let k = 0; k < densities.count; k++) {
    const address = densities.values + ((<usize>k) << 3);
    store<f64>(address, load<f64>(address) / used);
  }
  // At 0 Hz there is no sine to fit; the density goes on as at the first bin.
  store<f64>(densities.values, load<f64>(densities.values, 8));
}

function addDensities(densities: Densities, sums: usize, count: f64, meanS: f64): void {
  for (let k = 0; k < densities.count; k++) {
    const address = densities.values + ((<usize>k) << 3);
    store<f64>(address, load<f64>(address) + count * densityFrom(sums + <usize>k * LOMB_BIN_BYTES, count, meanS));
  }
}
