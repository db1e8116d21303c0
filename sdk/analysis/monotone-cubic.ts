// A curve through points that has no turning point of its own (Fritsch & Carlson 1980, slopes by Fritsch & Butland 1984).

/** `x` ascending, at least two; beyond the ends the outer pieces go on. */
export function monotoneCubic(x: readonly number[], y: readonly number[]): (at: number) => number {
  const steps = x.slice(1).map((right, i) => right - x[i]!);
  const slopes = steps.map((step, i) => (y[i + 1]! - y[i]!) / step);
  const tangents = x.map((_, i) => tangentAt(steps, slopes, i));
  let piece = 0;
  return (at) => {
    // Mostly asked in order: the search starts where the last one ended.
    while (piece > 0 && at < x[piece]!) piece--;
    while (piece + 2 < x.length && at >= x[piece + 1]!) piece++;
    const step = steps[piece]!;
    const t = (at - x[piece]!) / step;
    const left = (1 + 2 * t) * (1 - t) ** 2 * y[piece]! + t * (1 - t) ** 2 * step * tangents[piece]!;
    const right = t * t * (3 - 2 * t) * y[piece + 1]! + t * t * (t - 1) * step * tangents[piece + 1]!;
    return left + right;
  };
}

function tangentAt(steps: readonly number[], slopes: readonly number[], i: number): number {
  const last = steps.length;
  if (last === 1) return slopes[0]!;
  if (i === 0) return endTangent(steps[0]!, steps[1]!, slopes[0]!, slopes[1]!);
  if (i === last) return endTangent(steps[last - 1]!, steps[last - 2]!, slopes[last - 1]!, slopes[last - 2]!);
  const [before, after] = [slopes[i - 1]!, slopes[i]!];
  if (before * after <= 0) return 0;
  const [a, b] = [2 * steps[i]! + steps[i - 1]!, steps[i]! + 2 * steps[i - 1]!];
  return (a + b) / (a / before + b / after);
}

/** Three-point slope, kept from overshooting. */
function endTangent(near: number, far: number, slope: number, next: number): number {
  const tangent = ((2 * near + far) * slope - near * next) / (near + far);
  if (Math.sign(tangent) !== Math.sign(slope)) return 0;
  return Math.sign(slope) !== Math.sign(next) && Math.abs(tangent) > 3 * Math.abs(slope) ? 3 * slope : tangent;
}
