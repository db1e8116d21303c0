// Mean and standard deviation of ticks, one value at a time. Sums of whole numbers are exact, so a single pass is: nothing is lost in the
// difference of two large sums but in its last step. Values are taken relative to the first, so equal ones have a spread of exactly 0.

import { msOf } from './series';

/** Squares are below 2^62, so a sum that is below that has room for one more. */
const SQUARES_BITS: u64 = 62;

@unmanaged
export class Moments {
  count: i32;
  origin: i32;
  sum: i64;
  squares: u64;
  /** Squares that no longer fit in 62 bits: wild or very long series. */
  moreSquares: f64;

  add(ticks: i32): void {
    if (this.count++ === 0) this.origin = ticks;
    const away = <i64>ticks - <i64>this.origin;
    const squares = this.squares + <u64>(away * away);
    this.sum += away;
    this.squares = squares;
    if (squares >> SQUARES_BITS === 0) return;
    this.moreSquares += <f64>squares;
    this.squares = 0;
  }

  /** Mean, ms; NaN without values. */
  mean(): f64 {
    return msOf(<f64>this.origin + <f64>this.sum / <f64>this.count);
  }

  /** Standard deviation around the mean with n - 1 in the denominator, ms; NaN with less than two values. */
  deviation(): f64 {
    const sum = <f64>this.sum;
    const squares = this.wholeSquares() - (sum * sum) / <f64>this.count;
    return this.count < 2 ? NaN : msOf(Math.sqrt(max(0, squares) / <f64>(this.count - 1)));
  }

  /** Root of the mean square, ms; NaN without values. */
  rootMeanSquare(): f64 {
    const origin = <f64>this.origin;
    const squares = this.wholeSquares() + origin * (2 * <f64>this.sum + origin * <f64>this.count);
    return msOf(Math.sqrt(squares / <f64>this.count));
  }

  private wholeSquares(): f64 {
    return this.moreSquares + <f64>this.squares;
  }
}

export const MOMENTS_BYTES: usize = offsetof<Moments>();

/** Moments of nothing, at `at`. */
export function beginMoments(at: usize): Moments {
  memory.fill(at, 0, MOMENTS_BYTES);
  return changetype<Moments>(at);
}
