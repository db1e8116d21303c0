// Sleep from the angle of the arm, without counts, so that it does not matter whose sensor it was.
//
// van Hees et al. 2015 (PLoS ONE 10, e0142533): sustained inactivity, no change of the z angle by more than 5 degrees for 5 minutes.
// van Hees et al. 2018 (Sci. Rep. 8, 12975), HDCZA: the sleep period is where the angle changes little for long, without a diary.

/** What the motion core says of 30 s. */
export interface AngleEpoch {
  /** How long at its end the angle has not changed by more than 5 degrees, in s; null: not known. */
  readonly quietS: number | null;
  /** Median size of the change of the angle between 5-s windows over the five minutes that end with it, in degrees; null: not known. */
  readonly zAngleChangeDeg: number | null;
}

const INACTIVE_S = 300;
const PERCENTILE = 0.1;
const THRESHOLD_FACTOR = 15;
const THRESHOLD_DEG = { min: 0.13, max: 0.5 } as const;
const BLOCK_S = 30 * 60;
const GAP_S = 60 * 60;
/** The median of five minutes belongs to their middle. */
const MEDIAN_LAG_S = 150;

/** Which epochs lie, whole, in sustained inactivity; null where it is not known. */
export function sustainedInactivity(epochs: readonly AngleEpoch[], epochS = 30): (boolean | null)[] {
  const found = epochs.map(({ quietS }): boolean | null => (quietS === null ? null : false));
  for (const [index, { quietS }] of epochs.entries()) {
    if (quietS === null || quietS < INACTIVE_S) continue;
    const from = Math.max(0, index + 1 - Math.floor(quietS / epochS));
    // Earlier epochs were filled when they ended, all but those of the first five minutes.
    for (let i = index; i >= from && found[i] === false; i--) found[i] = true;
  }
  return found;
}

/** Epochs from `fromIndex` up to, not including, `toIndex`. */
export interface SleepPeriod {
  readonly fromIndex: number;
  readonly toIndex: number;
  /** The change of the angle, in degrees, below which it counted as rest. */
  readonly thresholdDeg: number;
}

/**
 * HDCZA: the longest block in which the five-minute median of the change stays below the threshold: its 10th percentile x 15, held to 0.13
 * to 0.5 degrees. Blocks are longer than 30 minutes; those less than 60 minutes apart are one. Give it one day, noon to noon. Null: no block.
 */
export function sleepPeriod(epochs: readonly AngleEpoch[], epochS = 30): SleepPeriod | null {
  const changes = epochs.map(({ zAngleChangeDeg }) => zAngleChangeDeg);
  const known = changes.filter((change): change is number => change !== null).sort((a, b) => a - b);
  if (known.length === 0) return null;
  const raw = THRESHOLD_FACTOR * quantileOf(known, PERCENTILE);
  const thresholdDeg = Math.min(THRESHOLD_DEG.max, Math.max(THRESHOLD_DEG.min, raw));
  const lag = Math.round(MEDIAN_LAG_S / epochS);
  const isRest = epochs.map((_, index) => (changes[index + lag] ?? Number.POSITIVE_INFINITY) < thresholdDeg);
  const longest = joined(blocksOf(isRest, BLOCK_S / epochS), GAP_S / epochS).reduce<readonly [number, number] | null>(
    (best, block) => (best === null || block[1] - block[0] > best[1] - best[0] ? block : best),
    null,
  );
  return longest && { fromIndex: longest[0], toIndex: longest[1], thresholdDeg };
}

/** Where `isRest` holds for more than `countMin` epochs: from, to (not included). */
function blocksOf(isRest: readonly boolean[], countMin: number): [number, number][] {
  const blocks: [number, number][] = [];
  let from = 0;
  for (let to = 0; to <= isRest.length; to++) {
    if (isRest[to]) continue;
    if (to - from > countMin) blocks.push([from, to]);
    from = to + 1;
  }
  return blocks;
}

function joined(blocks: readonly [number, number][], gapCount: number): [number, number][] {
  const whole: [number, number][] = [];
  for (const [from, to] of blocks) {
    const last = whole.at(-1);
    if (last && from - last[1] < gapCount) last[1] = to;
    else whole.push([from, to]);
  }
  return whole;
}

/** Linear between neighbours of a sorted list. */
function quantileOf(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] as number;
  return below + ((sorted[Math.ceil(place)] as number) - below) * (place - Math.floor(place));
}
