// Fractal dimension of the curve of intervals over their number: Higuchi 1988, Physica D 31 (k = 1 ... 10), and Katz 1988, Comput Biol Med 18.

import { addPoint, beginLine, LINE_FIT_BYTES, slopeOf } from './line-fit';
import { followsAt, lengthAt, runEnd } from './series';

const STRIDE_MAX: i32 = 10;

/** Bytes of `work`: sum and number of the steps of each of up to 10 curves, the line. */
export const HIGUCHI_WORK_BYTES: usize = ((<usize>STRIDE_MAX) << 4) + LINE_FIT_BYTES;

/** NaN where one of the curves has no step: below 20 intervals. */
export function higuchiDimension(at: usize, count: i32, work: usize): f64 {
  const line = beginLine(work + ((<usize>STRIDE_MAX) << 4));
  for (let stride = 1; stride <= STRIDE_MAX; stride++) {
    // A NaN of a curve without steps stays in the means, and so in the slope.
    addPoint(line, Math.log(<f64>stride), Math.log(curveLength(at, count, stride, work)));
  }
  return -slopeOf(line);
}

/** Length of the curve of every `stride`-th interval, mean of the `stride` such curves, up to a factor that all strides share. */
function curveLength(at: usize, count: i32, stride: i32, work: usize): f64 {
  memory.fill(work, 0, (<usize>stride) << 4);
  for (let from = 0; from < count; ) {
    const end = runEnd(at, count, from);
    for (let i = from + stride; i < end; i++) {
      const curve = work + ((<usize>(i % stride)) << 4);
      store<f64>(curve, load<f64>(curve) + abs(lengthAt(at, i) - lengthAt(at, i - stride)));
      store<f64>(curve, load<f64>(curve, 8) + 1, 8);
    }
    from = end;
  }
  let sum: f64 = 0;
  for (let i = 0; i < stride; i++) {
    const curve = work + ((<usize>i) << 4);
    sum += load<f64>(curve) / load<f64>(curve, 8);
  }
  return sum / (<f64>stride * <f64>stride * <f64>stride);
}

/** With gaps, the extent of the curve is that of its farthest reaching run. */
export function katzDimension(at: usize, count: i32): f64 {
  let steps: f64 = 0;
  let length: f64 = 0;
  let extent: f64 = 0;
  let origin = count > 0 ? lengthAt(at, 0) : 0;
  for (let i = 1; i < count; i++) {
    const here = lengthAt(at, i);
    if (!followsAt(at, i)) {
      origin = here;
      continue;
    }
    steps++;
    length += abs(here - lengthAt(at, i - 1));
    extent = max(extent, abs(here - origin));
  }
  return Math.log(steps) / Math.log((extent * steps) / length);
}
