// Heart rate fragmentation (Costa, Davis & Goldberger 2017, Front Physiol 8): how often the heart rate turns. PIP, IALS, PSS and PAS as
// NeuroKit2 counts them, which is not in all points the paper's way (see the notes of hrv-nonlinear).

import { followsAt, lengthAt } from './series';

/** Segments of accelerations or decelerations with fewer differences are short. */
const LONG_SEGMENT: i32 = 3;
/** That many turns in a row are an alternation. */
const ALTERNATION: i32 = 4;

@unmanaged
class Tally {
  differences: f64;
  turns: f64;
  /** Unbroken rows of accelerations or of decelerations, how many differences they hold, how many of them are short. */
  segments: f64;
  inSegments: f64;
  shortSegments: f64;
  /** Unbroken rows of turns, and how many of them are alternations. */
  rows: f64;
  alternations: f64;
}

export const FRAGMENTATION_WORK_BYTES: usize = offsetof<Tally>();

/** Write PIP IALS PSS PAS, all of them shares 0..1, to `into`. */
export function computeFragmentation(at: usize, count: i32, work: usize, into: usize): void {
  memory.fill(work, 0, FRAGMENTATION_WORK_BYTES);
  const tally = changetype<Tally>(work);
  let segment = 0;
  let row = 0;
  let previous: f64 = NaN;
  for (let i = 1; i <= count; i++) {
    // NaN is a sign unlike any other: it closes whatever is open at a gap and at the end.
    const sign = i < count && followsAt(at, i) ? signOf(lengthAt(at, i) - lengthAt(at, i - 1)) : NaN;
    const isTurn = !isNaN(sign) && !isNaN(previous) && sign !== previous;
    if (!isNaN(sign)) tally.differences++;
    if (isTurn) tally.turns++;
    if (sign !== previous) {
      closeSegment(tally, segment);
      segment = 0;
    }
    if (sign === 1 || sign === -1) segment++;
    if (!isTurn) closeRow(tally, row);
    row = isTurn ? row + 1 : 0;
    previous = sign;
  }
  store<f64>(into, tally.differences > 0 ? tally.turns / (tally.differences + 1) : NaN);
  store<f64>(into, tally.segments / tally.inSegments, 8);
  store<f64>(into, tally.shortSegments / tally.segments, 16);
  store<f64>(into, tally.alternations / tally.rows, 24);
}

function closeSegment(tally: Tally, length: i32): void {
  if (length === 0) return;
  tally.segments++;
  tally.inSegments += <f64>length;
  if (length < LONG_SEGMENT) tally.shortSegments++;
}

function closeRow(tally: Tally, length: i32): void {
  if (length === 0) return;
  tally.rows++;
  if (length >= ALTERNATION) tally.alternations++;
}

function signOf(difference: f64): f64 {
  return difference > 0 ? 1 : difference < 0 ? -1 : 0;
}
