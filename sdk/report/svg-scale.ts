// What the pictures share: a linear scale, round ticks, and paths that stay small however long the series is.

export interface Scale {
  readonly min: number;
  readonly max: number;
  readonly toPx: (value: number) => number;
}

export function linearScale(min: number, max: number, fromPx: number, toPx: number): Scale {
  const span = max > min ? max - min : 1;
  return { min, max, toPx: (value) => fromPx + ((value - min) / span) * (toPx - fromPx) };
}

/** The smallest of 1, 2, 5 times a power of ten that is at least `least`. */
export function niceStep(least: number): number {
  if (!(least > 0) || !Number.isFinite(least)) return 1;
  const exponent = Math.floor(Math.log10(least));
  // Dividing by a whole power keeps 0.1 the double 0.1; multiplying by 10 ** -1 would not.
  const times = (digit: number, power: number) => (power < 0 ? digit / 10 ** -power : digit * 10 ** power);
  for (const power of [exponent - 1, exponent, exponent + 1]) {
    const found = [1, 2, 5].map((digit) => times(digit, power)).find((step) => step >= least * (1 - 1e-9));
    if (found !== undefined) return found;
  }
  return times(1, exponent + 2);
}

/** Multiples of `step` inside min..max, ends included. */
export function ticksBetween(min: number, max: number, step: number): number[] {
  const ticks: number[] = [];
  const last = Math.floor(max / step + 1e-9);
  for (let index = Math.ceil(min / step - 1e-9); index <= last; index++) ticks.push(index * step);
  return ticks;
}

/** One decimal of a pixel is below what a screen or a printer shows and keeps paths short. */
export function px(value: number): string {
  const rounded = Math.round(value * 10) / 10;
  return Object.is(rounded, -0) ? '0' : String(rounded);
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * An SVG path through points with rising x (pixels). Where a pixel column holds more than four points it is drawn by its
 * first, lowest, highest and last point, so no spike is lost and the path never exceeds four points per column.
 */
export function decimatedPath(points: readonly Point[]): string {
  const kept: Point[] = [];
  for (let from = 0; from < points.length; ) {
    let to = from + 1;
    while (to < points.length && Math.floor(points[to]!.x) === Math.floor(points[from]!.x)) to++;
    kept.push(...columnExtremes(points, from, to));
    from = to;
  }
  return kept.map((point, index) => `${index === 0 ? 'M' : 'L'}${px(point.x)} ${px(point.y)}`).join('');
}

function columnExtremes(points: readonly Point[], from: number, to: number): Point[] {
  if (to - from <= 4) return points.slice(from, to);
  let low = from;
  let high = from;
  for (let index = from; index < to; index++) {
    if (points[index]!.y < points[low]!.y) low = index;
    if (points[index]!.y > points[high]!.y) high = index;
  }
  return [...new Set([from, low, high, to - 1])].sort((a, b) => a - b).map((index) => points[index]!);
}
