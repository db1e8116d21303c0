// Beat-by-beat comparison after ANSI/AAMI EC57, by the pairing rule of PhysioNet's `bxb` with its default options:
//
//   1  walk both lists in time; of the two next beats, the earlier one is decided
//   2  it is paired with the other when they are within the window, unless the other's place is better taken by the beat that follows
//      in the earlier one's own list ...
//   3  ... in which case it is paired all the same if that following beat has a nearer partner of its own
//   4  an unpaired reference beat is missed, an unpaired detection is extra
//
// A beat is used once. Labels do not matter: this is about detection. All times are sample numbers.

export interface Match {
  /** [reference, detection] */
  readonly pairs: readonly (readonly [number, number])[];
  readonly missed: readonly number[];
  readonly extra: readonly number[];
}

export interface MatchOptions {
  /** Farthest apart that two beats may be and still be one. */
  readonly windowSamples: number;
  /** First scored sample: what lies before is the detector's time to learn. */
  readonly from: number;
  /** Last scored sample. */
  readonly to: number;
}

/** Stands behind the end of a list: farther from everything than any beat, and at no distance from itself. */
const NEVER = Number.MAX_SAFE_INTEGER;

/** `reference` and `detections` in rising order. */
export function matchBeats(reference: readonly number[], detections: readonly number[], options: MatchOptions): Match {
  const { windowSamples, from, to } = options;
  const truth = reference.filter((sample) => sample >= from);
  const found = detections.filter((sample) => sample >= from);
  const truthAt = (index: number) => truth[index] ?? NEVER;
  const foundAt = (index: number) => found[index] ?? NEVER;
  const match = { pairs: [] as [number, number][], missed: [] as number[], extra: [] as number[] };
  let { i, j } = settleStart(
    truthAt,
    foundAt,
    detections.findLast((sample) => sample < from),
    options,
    match.pairs,
  );
  while (truthAt(i) <= to || foundAt(j) <= to) {
    const [beat, detection] = [truthAt(i), foundAt(j)];
    const isDetectionFirst = detection < beat;
    const between = isDetectionFirst ? distance(beat, foundAt(j + 1)) : distance(detection, truthAt(i + 1));
    const apart = distance(beat, detection);
    const nextApart = distance(truthAt(i + 1), foundAt(j + 1));
    if (apart <= windowSamples && (apart < between || nextApart < between)) {
      match.pairs.push([beat, detection]);
      i++;
      j++;
    } else if (isDetectionFirst) match.extra.push(found[j++] as number);
    else match.missed.push(truth[i++] as number);
  }
  return match;
}

function distance(a: number, b: number): number {
  return Math.abs(a - b);
}

/**
 * At the edge of the learning time: its last detection may belong to the first scored beat, and a first detection hard behind the edge
 * may belong to an unscored one, when the detection behind it fits the first scored beat better.
 */
function settleStart(
  truthAt: (index: number) => number,
  foundAt: (index: number) => number,
  before: number | undefined,
  { windowSamples, from }: MatchOptions,
  pairs: [number, number][],
): { i: number; j: number } {
  const first = truthAt(0);
  if (before !== undefined && first - before <= windowSamples && first - before < distance(first, foundAt(0))) {
    pairs.push([first, before]);
    return { i: 1, j: 0 };
  }
  const isEarly =
    from > 0 && foundAt(0) - from <= windowSamples && distance(first, foundAt(1)) < distance(first, foundAt(0));
  return { i: 0, j: isEarly ? 1 : 0 };
}
