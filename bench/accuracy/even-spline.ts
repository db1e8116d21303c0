// Unevenly spaced values at an even rate, by a natural cubic spline: what a camera's frames need before any detector can read them.

/**
 * `times` in s; a time that does not rise is left out. The first value is at the first time.
 * NaN where the times around lie farther apart than `gapS`.
 */
export function evenly(
  times: readonly number[],
  values: readonly number[],
  rateHz: number,
  gapS: number,
): Float64Array {
  const rising = times.flatMap((time, index) => (index === 0 || time > times[index - 1]! ? [index] : []));
  const at = rising.map((index) => times[index]!);
  const y = rising.map((index) => values[index]!);
  const bend = secondDerivatives(at, y);
  const count = Math.ceil((at.at(-1)! - at[0]!) * rateHz);
  let right = 1;
  return Float64Array.from({ length: count }, (_, index) => {
    const time = at[0]! + index / rateHz;
    while (right < at.length - 1 && at[right]! <= time) right++;
    const left = right - 1;
    const width = at[right]! - at[left]!;
    if (width > gapS) return Number.NaN;
    const [a, b] = [(at[right]! - time) / width, (time - at[left]!) / width];
    const curve = ((a ** 3 - a) * bend[left]! + (b ** 3 - b) * bend[right]!) * (width ** 2 / 6);
    return a * y[left]! + b * y[right]! + curve;
  });
}

/** Of the spline at its knots, 0 at both ends: a tridiagonal system, solved by one pass down and one up. */
function secondDerivatives(at: readonly number[], y: readonly number[]): number[] {
  const count = at.length;
  const [upper, right] = [new Array<number>(count).fill(0), new Array<number>(count).fill(0)];
  for (let index = 1; index < count - 1; index++) {
    const [before, after] = [at[index]! - at[index - 1]!, at[index + 1]! - at[index]!];
    const slopes = (y[index + 1]! - y[index]!) / after - (y[index]! - y[index - 1]!) / before;
    const pivot = 2 * (before + after) - before * upper[index - 1]!;
    upper[index] = after / pivot;
    right[index] = (6 * slopes - before * right[index - 1]!) / pivot;
  }
  for (let index = count - 2; index > 0; index--) right[index]! -= upper[index]! * right[index + 1]!;
  return right;
}

/** The same with straight lines over what is missing, for detectors that cannot do without. */
export function withoutGaps(values: Float64Array): Float64Array {
  const known = [...values.keys()].filter((index) => !Number.isNaN(values[index]!));
  let next = 0;
  return values.map((value, index) => {
    while (next < known.length - 1 && known[next]! < index) next++;
    if (!Number.isNaN(value)) return value;
    const [right, left] = [known[next]!, known[Math.max(0, next - 1)]!];
    if (index >= right || index <= left) return values[index >= right ? right : left]!;
    return values[left]! + ((values[right]! - values[left]!) * (index - left)) / (right - left);
  });
}
