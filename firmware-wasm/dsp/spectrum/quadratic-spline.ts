// The quadratic spline of NeuroKit2's interpolation (scipy's interp1d, kind 'quadratic'): through the ends (time) of n >= 3 intervals
// (value), with knots half way between the data, the first and the last of those left out. Its slope is continuous and linear between
// knots, so the slopes at the n - 1 knots are all there is to find; each gap between two data gives one equation: the integral of the
// slope over it is the difference of the values. The equations are tridiagonal with a dominant diagonal.
//
//   data    x0    x1    x2    x3    x4        times in s from x0, values in ms relative to the first interval
//   knots   k0       k1    k2       k3        pieces: k0..k1 (with x0 and x1), k1..k2 (x2), k2..k3 (x3 and x4)

import { lengthMs, lengthS } from './clock';

/** Fill the n - 1 slopes (ms per s) at `slopes`; `spare` holds n - 1 f64 more. */
export function solveSlopes(at: usize, count: i32, slopes: usize, spare: usize): void {
  const last = count - 2;
  let above: f64 = 0;
  let slope: f64 = 0;
  let leftPieceS: f64 = 0;
  for (let i = 0; i <= last; i++) {
    // What the slopes at the knots before, in and after the gap add to the integral over it. The first and the last gap have no knot.
    const gapS = lengthS(at, i + 1);
    const square = gapS * gapS;
    const rightPieceS = i < last ? pieceLengthS(at, count, i) : 1;
    const left: f64 = i === 0 ? 0 : square / (i === last ? 2 * leftPieceS : 8 * leftPieceS);
    const right: f64 = i === last ? 0 : square / (i === 0 ? 2 * rightPieceS : 8 * rightPieceS);
    const pivot = gapS - left - right - left * above;
    slope = (lengthMs(at, i + 1) - lengthMs(at, i) - left * slope) / pivot;
    above = right / pivot;
    store<f64>(slopes + ((<usize>i) << 3), slope);
    store<f64>(spare + ((<usize>i) << 3), above);
    leftPieceS = rightPieceS;
  }
  for (let i = last - 1; i >= 0; i--) {
    const to = (<usize>i) << 3;
    slope = load<f64>(slopes + to) - load<f64>(spare + to) * slope;
    store<f64>(slopes + to, slope);
  }
}

/** From half the gap before data point `index` + 1 to half the gap after it; all of the first and of the last gap. */
function pieceLengthS(at: usize, count: i32, index: i32): f64 {
  const before = lengthMs(at, index + 1);
  const after = lengthMs(at, index + 2);
  return (index === 0 ? before : before * 0.5) * 0.001 + (index === count - 3 ? after : after * 0.5) * 0.001;
}

/** A place in the spline that only moves forward: one piece at a time, value + slope u + curve u^2 with u in s from its start. */
@unmanaged
export class Piece {
  at: usize;
  slopes: usize;
  count: i32;
  /** Pieces from 0 to n - 3; piece i has data point i + 1 on it. */
  index: i32;
  /** Time of that data point. */
  dataS: f64;
  startS: f64;
  endS: f64;
  value: f64;
  slope: f64;
  curve: f64;
}

export function openFirst(piece: Piece, at: usize, count: i32, slopes: usize): void {
  piece.at = at;
  piece.slopes = slopes;
  piece.count = count;
  piece.index = 0;
  piece.dataS = lengthS(at, 1);
  piece.startS = 0;
  setShape(piece);
}

/** Move on by one; false, and nothing done, on the last piece. */
export function openNext(piece: Piece): bool {
  if (piece.index === piece.count - 3) return false;
  piece.index++;
  piece.dataS += lengthMs(piece.at, piece.index + 1) * 0.001;
  piece.startS = piece.endS;
  setShape(piece);
  return true;
}

/** From the slopes at the two knots and the data point. */
function setShape(piece: Piece): void {
  const lengthOfPieceS = pieceLengthS(piece.at, piece.count, piece.index);
  piece.endS = piece.startS + lengthOfPieceS;
  const slopeAddress = piece.slopes + ((<usize>piece.index) << 3);
  const slope = load<f64>(slopeAddress);
  const curve = (load<f64>(slopeAddress, 8) - slope) / (2 * lengthOfPieceS);
  const u = piece.dataS - piece.startS;
  piece.value = lengthMs(piece.at, piece.index + 1) - lengthMs(piece.at, 0) - u * (slope + u * curve);
  piece.slope = slope;
  piece.curve = curve;
}

/** Integral over the piece from its start to `timeS`, ms s. */
export function integralTo(piece: Piece, timeS: f64): f64 {
  const u = timeS - piece.startS;
  return u * (piece.value + u * (piece.slope / 2 + (u * piece.curve) / 3));
}
