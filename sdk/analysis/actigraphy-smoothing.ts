// The activity feature of Walch, Huang, Forger & Goldstein 2019 (Sleep 42, zsz180): counts of 15 s, one a second by straight lines, weighted
// around the middle of a 30-s epoch by a normal curve of 50 s, five minutes to either side.
//
// Two details differ from the published programme. It stretches the times of the counts over the recording, so that they run from the
// beginning of the first 15 s to the end of the last; here each lies in its middle, which is the same half-way through. And where the
// window is cut off by the end of the recording it moves the curve to the middle of what is left; here it stays where the epoch is.

const COUNT_S = 15;
const EPOCH_S = 30;
const SPREAD_S = 50;
const REACH_S = 285;

/**
 * One value for each 30 s, from `counts` of 15 s (two an epoch; null: not known). Null where none of the counts in reach is known.
 *
 * @example smoothCounts([0, 0, 40, 40, 0, 0]).length // 3
 */
export function smoothCounts(counts: readonly (number | null)[]): (number | null)[] {
  const everySecond = Array.from({ length: counts.length * COUNT_S }, (_, second) => countAt(counts, second));
  return Array.from({ length: Math.floor((counts.length * COUNT_S) / EPOCH_S) }, (_, epoch) => {
    const startS = epoch * EPOCH_S;
    return smoothed(everySecond, startS - REACH_S, startS + EPOCH_S + REACH_S);
  });
}

/** The count at `second` on the line between the middles of two times 15 s; beyond an end or beside an unknown one, the count itself. */
function countAt(counts: readonly (number | null)[], second: number): number | null {
  const place = second / COUNT_S - 0.5;
  const own = counts[Math.floor(second / COUNT_S)] ?? null;
  if (own === null) return null;
  const [before, after] = [counts[Math.floor(place)] ?? own, counts[Math.floor(place) + 1] ?? own];
  return before + (after - before) * (place - Math.floor(place));
}

function smoothed(everySecond: readonly (number | null)[], fromS: number, toS: number): number | null {
  const middleS = (fromS + toS) / 2;
  let [sum, weights] = [0, 0];
  for (let second = Math.max(0, fromS + 1); second < Math.min(everySecond.length, toS); second++) {
    const count = everySecond[second] ?? null;
    if (count === null) continue;
    const weight = Math.exp(-0.5 * ((second - middleS) / SPREAD_S) ** 2);
    sum += weight * count;
    weights += weight;
  }
  return weights === 0 ? null : sum / weights;
}
