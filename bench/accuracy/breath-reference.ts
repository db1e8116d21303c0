// The breathing rate of a respiration signal, by counting breaths as Schaefer & Kratky 2008 (10.1007/s10439-007-9428-1) count them; on
// purpose another way than the core's. The rate of a window is that of its whole breaths: their number over the time they take.

/** Mean over 0.8 s takes out heart beats and steps of the converter; the mean over 12 s takes out the slow course. */
const SMOOTH_S = 0.8;
const SLOW_S = 12;
/** A peak or trough counts if it is this share of the usual height; the upper quartile is the usual one. */
const THRESHOLD_SHARE = 0.2;
const UPPER_QUARTILE = 0.75;

/** Times of inspiration peaks, s. */
export function breathPeaks(respiration: Float64Array, rateHz: number): number[] {
  const smooth = runningMean(runningMean(respiration, SMOOTH_S * rateHz), SMOOTH_S * rateHz);
  const slow = runningMean(smooth, SLOW_S * rateHz);
  const signal = smooth.map((value, i) => value - slow[i]!);
  const extremes = extremesOf(signal);
  const heights = extremes.map((at) => Math.abs(signal[at]!)).toSorted((a, b) => a - b);
  const threshold = THRESHOLD_SHARE * heights[Math.floor(UPPER_QUARTILE * heights.length)]!;
  return alternate(signal, extremes, threshold).map((at) => at / rateHz);
}

/** Breaths/min of the whole breaths between `fromS` and `toS`; null with fewer than three peaks. */
export function rateBetween(peaks: readonly number[], fromS: number, toS: number): number | null {
  const inside = peaks.filter((peak) => peak >= fromS && peak <= toS);
  if (inside.length < 3) return null;
  return ((inside.length - 1) * 60) / (inside.at(-1)! - inside[0]!);
}

function runningMean(values: Float64Array, width: number): Float64Array {
  const half = Math.floor(width / 2);
  const sums = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i++) sums[i + 1] = sums[i]! + values[i]!;
  return values.map((_, i) => {
    const [from, to] = [Math.max(0, i - half), Math.min(values.length, i + half + 1)];
    return (sums[to]! - sums[from]!) / (to - from);
  });
}

function extremesOf(signal: Float64Array): number[] {
  const places: number[] = [];
  for (let i = 1; i + 1 < signal.length; i++) {
    const isPeak = signal[i]! > signal[i - 1]! && signal[i]! >= signal[i + 1]!;
    const isTrough = signal[i]! < signal[i - 1]! && signal[i]! <= signal[i + 1]!;
    if (isPeak || isTrough) places.push(i);
  }
  return places;
}

/** The highest peak between two troughs that count. */
function alternate(signal: Float64Array, extremes: readonly number[], threshold: number): number[] {
  const peaks: number[] = [];
  let best: number | null = null;
  for (const at of extremes) {
    const value = signal[at]!;
    if (value > threshold && (best === null || value > signal[best]!)) best = at;
    if (value < -threshold && best !== null) {
      peaks.push(best);
      best = null;
    }
  }
  return peaks;
}
