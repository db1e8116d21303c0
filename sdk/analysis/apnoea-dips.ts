// Dips of the interval trend: the heart slows during an apnoea and hurries when breathing comes back (Guilleminault et al. 1984, Lancet 1),
// so each apnoea ends in a dip. Which dips count: Hayano et al. 2011 (Circ Arrhythm Electrophysiol 4), autocorrelated wave detection with
// adaptive threshold; widths, slope and threshold are theirs, how the shoulders are found is ours.
import { TREND_HZ, type Trend } from './apnoea-trend.ts';

export interface Dip {
  /** Its lowest point, samples of the trend. */
  readonly index: number;
  /** The tops to either side, samples of the trend. */
  readonly from: number;
  readonly to: number;
  /** Below the lower of the two tops, ms. */
  readonly depthMs: number;
}

const WIDTH_S = { min: 10, max: 120 };
const SLOPE_MS_PER_S_MIN = 0.7;
/** A dip reaches down this share of the range of the trend around it. */
const RANGE_SHARE_MIN = 0.4;
const RANGE_WINDOW_S = 130;
const RANGE_PERCENTILES = { low: 0.05, high: 0.95 };
/** Samples of the trend from one that is ranked to the next: it is smooth over 2 s. */
const RANGE_STEP = 4;

export function findDips({ values }: Trend): Dip[] {
  const dips: Dip[] = [];
  for (let index = 1; index < values.length - 1; index++) {
    const isLowest = values[index]! < values[index - 1]! && values[index]! <= values[index + 1]!;
    const dip = isLowest ? dipAt(values, index) : null;
    if (dip !== null) dips.push(dip);
  }
  return dips;
}

function dipAt(values: Float64Array, index: number): Dip | null {
  const rise = RANGE_SHARE_MIN * rangeAround(values, index);
  const from = shoulderOf(values, index, -1, rise);
  const to = shoulderOf(values, index, 1, rise);
  if (from === null || to === null) return null;
  const widthS = (to - from) / TREND_HZ;
  const depthMs = Math.min(values[from]!, values[to]!) - values[index]!;
  if (widthS < WIDTH_S.min || widthS > WIDTH_S.max) return null;
  return depthMs > SLOPE_MS_PER_S_MIN * widthS ? { index, from, to, depthMs } : null;
}

/** The top on one side: at least `rise` above the dip, and followed by a fall of as much; null when it goes deeper first. */
function shoulderOf(values: Float64Array, index: number, step: 1 | -1, rise: number): number | null {
  const lowest = values[index]!;
  let top = index;
  for (let away = 1; away <= WIDTH_S.max * TREND_HZ; away++) {
    const value = values[index + step * away];
    if (value === undefined || Number.isNaN(value)) break;
    // Of two equal lows the later one is the dip.
    if (value < lowest || (step === 1 && value === lowest)) return values[top]! - lowest >= rise ? top : null;
    if (value > values[top]!) top = index + step * away;
    else if (values[top]! - lowest >= rise && values[top]! - value >= rise) return top;
  }
  return top !== index && values[top]! - lowest >= rise ? top : null;
}

/** From the 5th to the 95th percentile of the trend within 130 s, ms. */
function rangeAround(values: Float64Array, index: number): number {
  const half = (RANGE_WINDOW_S / 2) * TREND_HZ;
  const known = new Float64Array(Math.floor((2 * half) / RANGE_STEP) + 1);
  let count = 0;
  for (let i = Math.max(0, index - half); i <= index + half && i < values.length; i += RANGE_STEP) {
    if (!Number.isNaN(values[i])) known[count++] = values[i]!;
  }
  // A typed array sorts numbers as numbers, and several times as fast.
  const near = known.subarray(0, count).sort();
  const at = (share: number) => near[Math.min(near.length - 1, Math.floor(share * near.length))] ?? 0;
  return at(RANGE_PERCENTILES.high) - at(RANGE_PERCENTILES.low);
}
