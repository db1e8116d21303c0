// Slope of a straight line by least squares, one point at a time. Means are updated as they come (Welford), so that logarithms which
// differ in their last digits only keep them.

@unmanaged
export class LineFit {
  count: f64;
  meanX: f64;
  meanY: f64;
  squaresX: f64;
  products: f64;
}

export const LINE_FIT_BYTES: usize = offsetof<LineFit>();

/** A fit without points, at `at`. */
export function beginLine(at: usize): LineFit {
  memory.fill(at, 0, LINE_FIT_BYTES);
  return changetype<LineFit>(at);
}

export function addPoint(fit: LineFit, x: f64, y: f64): void {
  const away = x - fit.meanX;
  fit.count++;
  fit.meanX += away / fit.count;
  fit.meanY += (y - fit.meanY) / fit.count;
  fit.squaresX += away * (x - fit.meanX);
  fit.products += away * (y - fit.meanY);
}

/** NaN where all points have one x. */
export function slopeOf(fit: LineFit): f64 {
  return fit.products / fit.squaresX;
}
