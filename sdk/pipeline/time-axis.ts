// Seconds of a stream to device ticks, and ticks to UTC with a bound on the error.
import type { ClockRecord, ResultRecord } from '@maibo/protocols';

/** A wearable's crystal may be off by this much; until drift is measured, the error grows by it away from the mark. */
export const DRIFT_PPM_MAX = 100;

export class TimeAxis {
  readonly #tickRateHz: number;
  #anchorS = 0;
  #anchorTicks = 0;
  #clock: ClockRecord | null = null;

  constructor(tickRateHz: number) {
    this.#tickRateHz = tickRateHz;
  }

  /** The block being taken starts at `timeS` and says `ticks`. */
  anchor(timeS: number, ticks: number): void {
    this.#anchorS = timeS;
    this.#anchorTicks = ticks;
  }

  setClock(record: ClockRecord): void {
    this.#clock = record;
  }

  /** The time of a result that covers [fromS, toS]. */
  span(fromS: number, toS: number): ResultRecord['time'] {
    const fromTicks = this.#ticksAt(fromS);
    const toTicks = this.#ticksAt(toS);
    const clock = this.#clock;
    if (clock === null) {
      return { fromTicks, toTicks, fromUtcUs: null, toUtcUs: null, uncertaintyUs: null, clockSeq: null };
    }
    const fromUtcUs = this.#utcUs(clock, fromTicks);
    const toUtcUs = this.#utcUs(clock, toTicks);
    const awayUs = Math.max(Math.abs(fromUtcUs - clock.utcUs), Math.abs(toUtcUs - clock.utcUs));
    const uncertaintyUs = clock.uncertaintyUs + Math.ceil((awayUs * DRIFT_PPM_MAX) / 1e6);
    return { fromTicks, toTicks, fromUtcUs, toUtcUs, uncertaintyUs, clockSeq: clock.place.seq };
  }

  #ticksAt(timeS: number): number {
    return bounded(this.#anchorTicks + Math.round((timeS - this.#anchorS) * this.#tickRateHz));
  }

  #utcUs(clock: ClockRecord, ticks: number): number {
    return bounded(clock.utcUs + Math.round(((ticks - clock.ticks) * 1e6) / this.#tickRateHz));
  }
}

/** What a record can hold. Only a device that makes up its times gets to the upper end. */
function bounded(value: number): number {
  return Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, value));
}
