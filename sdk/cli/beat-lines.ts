// Beats as lines: the time of day, the rate, the interval, and RMSSD over the last half minute or so.
import { computeHrv } from '../analysis/hrv.ts';

/** RMSSD is told over the last so many intervals, and from so many on. */
const INTERVALS_MAX = 30;
const INTERVALS_MIN = 10;
/** What no heart does: an interval beyond it is a lost beat or a burst of noise. */
const RR_MS = { min: 250, max: 2_500 };

export class BeatLines {
  beatCount = 0;
  #intervals: number[] = [];

  /** A line for one interval. */
  interval(rrMs: number, utcUs: number): string {
    this.beatCount++;
    const isHeart = rrMs >= RR_MS.min && rrMs <= RR_MS.max;
    if (!isHeart) {
      this.break();
      return `${timeOf(utcUs)}  RR ${Math.round(rrMs)} ms (not a heart beat)`;
    }
    this.#intervals.push(rrMs);
    if (this.#intervals.length > INTERVALS_MAX) this.#intervals.shift();
    const rate = `${Math.round(60_000 / rrMs)}`.padStart(3);
    return `${timeOf(utcUs)}  ${rate} beats/min  RR ${String(Math.round(rrMs)).padStart(4)} ms${this.#variability()}`;
  }

  /** One of the two beats may be none: shown, and no part of RMSSD. */
  doubtful(rrMs: number, utcUs: number): string {
    this.beatCount++;
    this.break();
    return `${timeOf(utcUs)}  RR ${Math.round(rrMs)} ms (doubtful)`;
  }

  /** A rate without an interval, as some devices tell it. */
  rate(beatsPerMin: number, utcUs: number): string {
    return `${timeOf(utcUs)}  ${String(beatsPerMin).padStart(3)} beats/min`;
  }

  /** The next interval does not follow the last. */
  break(): void {
    this.#intervals = [];
  }

  #variability(): string {
    const count = this.#intervals.length;
    if (count < INTERVALS_MIN) return '';
    const rmssd = computeHrv(this.#intervals).values.HRV_RMSSD ?? null;
    return rmssd === null ? '' : `  RMSSD ${rmssd.toFixed(0)} ms (${count} beats)`;
  }
}

function timeOf(utcUs: number): string {
  return new Date(utcUs / 1000).toTimeString().slice(0, 8);
}
