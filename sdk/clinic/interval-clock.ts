// When the intervals of a strap were. They come without a time stamp, up to a second and sometimes several after the beats; all the gateway
// knows is when a notification arrived and how long its intervals are together.
//
//   first, or behind a hole:  begin = arrival - sum            (never before the end of what came before)
//   otherwise:                begin = end of the one before    (the strap's own sum is far more even than the radio)
//
// A sum that falls behind the arrivals has lost beats: then there is a hole, and the time is taken from the arrival again.

/**
 * A beat waits up to a second for the next notification, and the radio adds its own: a lag may vary by this much without anything lost. So one
 * lost interval of a second or less can go unseen here.
 */
export const LAG_US_MAX = 1_500_000;
/** What arrives in bursts may run ahead of the arrivals; intervals that claim more time than this in advance were never measured. */
export const AHEAD_US_MAX = 60_000_000;

export interface Placed {
  readonly startTicks: number;
  /** Something is missing between the intervals before and these. */
  readonly isHole: boolean;
}

/** Ticks are microseconds. */
export class IntervalClock {
  #endTicks: number;
  /** The strap has told of intervals that go on where these will begin. */
  #isRunning = false;
  /** Shortest lag since the time was last taken from an arrival: the others had to wait. */
  #leastLag = 0;

  /** `endTicks`: where the intervals before this connection end; nothing is placed in front of it. */
  constructor(endTicks: number) {
    this.#endTicks = endTicks;
  }

  /** What comes next does not follow what came last: no contact, no beat, a bad value. */
  break(): void {
    this.#isRunning = false;
  }

  /** Null when the intervals cannot be true: they hold far more time than went by. */
  place(arrivalTicks: number, sumUs: number): Placed | null {
    const lag = arrivalTicks - (this.#endTicks + sumUs);
    if (this.#isRunning && lag - this.#leastLag <= LAG_US_MAX) {
      if (lag < -AHEAD_US_MAX) return null;
      this.#leastLag = Math.min(this.#leastLag, lag);
      return this.#take(this.#endTicks, sumUs, false);
    }
    const startTicks = Math.max(this.#endTicks, arrivalTicks - sumUs);
    const leastLag = arrivalTicks - (startTicks + sumUs);
    if (leastLag < -AHEAD_US_MAX) return null;
    this.#leastLag = leastLag;
    return this.#take(startTicks, sumUs, true);
  }

  #take(startTicks: number, sumUs: number, isHole: boolean): Placed {
    this.#endTicks = startTicks + sumUs;
    this.#isRunning = true;
    return { startTicks, isHole };
  }
}
