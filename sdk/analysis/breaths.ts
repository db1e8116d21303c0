// Breaths in a respiration signal: where inspiration begins and where it ends, by counting only turns that are high enough (Schaefer &
// Kratky 2008, 10.1007/s10439-007-9428-1).

export interface Breaths {
  /** Where inspiration begins, s: one before and one after each peak. */
  readonly troughsS: readonly number[];
  /** Where expiration begins, s. */
  readonly peaksS: readonly number[];
}

/** Twice a mean over 0.4 s takes out heart beats and steps of the converter, the mean over 12 s the slow course. */
const SMOOTH_S = 0.4;
const SLOW_S = 12;
/** A turn counts if it is this share of the usual height; the upper quartile is the usual one. */
const THRESHOLD_SHARE = 0.2;
const UPPER_QUARTILE = 0.75;

interface Turn {
  readonly at: number;
  readonly isPeak: boolean;
  readonly height: number;
}

/** `samples` without gaps, inspiration up, the first at time 0; a recording with gaps is given in pieces. */
export function findBreaths(samples: ArrayLike<number>, rateHz: number): Breaths {
  const smooth = runningMean(runningMean(samples, SMOOTH_S * rateHz), SMOOTH_S * rateHz);
  const slow = runningMean(smooth, SLOW_S * rateHz);
  const turns = alternate(turnsOf(smooth.map((value, i) => value - slow[i]!)));
  const first = turns.findIndex((turn) => !turn.isPeak);
  const last = turns.findLastIndex((turn) => !turn.isPeak);
  const whole = first < 0 ? [] : turns.slice(first, last + 1);
  const timesOf = (isPeak: boolean) => whole.filter((turn) => turn.isPeak === isPeak).map(({ at }) => at / rateHz);
  return { troughsS: timesOf(false), peaksS: timesOf(true) };
}

function runningMean(values: ArrayLike<number>, width: number): Float64Array {
  const half = Math.floor(width / 2);
  const sums = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i++) sums[i + 1] = sums[i]! + values[i]!;
  return Float64Array.from(values, (_, i) => {
    const [from, to] = [Math.max(0, i - half), Math.min(values.length, i + half + 1)];
    return (sums[to]! - sums[from]!) / (to - from);
  });
}

/** Peaks above and troughs below the middle that are high enough. */
function turnsOf(signal: Float64Array): Turn[] {
  const turns: Turn[] = [];
  for (let at = 1; at + 1 < signal.length; at++) {
    const [before, here, after] = [signal[at - 1]!, signal[at]!, signal[at + 1]!];
    const isPeak = here > 0 && here > before && here >= after;
    const isTrough = here < 0 && here < before && here <= after;
    if (isPeak || isTrough) turns.push({ at, isPeak, height: Math.abs(here) });
  }
  const heights = turns.map(({ height }) => height).toSorted((a, b) => a - b);
  const threshold = THRESHOLD_SHARE * (heights[Math.floor(UPPER_QUARTILE * heights.length)] ?? 0);
  return turns.filter(({ height }) => height > threshold);
}

/** Of several turns of a kind in a row the highest. */
function alternate(turns: readonly Turn[]): Turn[] {
  const kept: Turn[] = [];
  for (const turn of turns) {
    const last = kept.at(-1);
    if (!last || last.isPeak !== turn.isPeak) kept.push(turn);
    else if (turn.height > last.height) kept[kept.length - 1] = turn;
  }
  return kept;
}
