// The lines of one place: never more than a few a minute, whatever a device does, and never an address in them.
import { MaiboError } from '../errors.ts';
import type { Clock } from '../world/world.ts';
import type { Log, LogFields } from './gateway-world.ts';

const LINES_PER_MINUTE = 12;
const MINUTE_MS = 60_000;
/** Bluetooth addresses, as people and as D-Bus write them. */
const ADDRESS = /(?:[0-9a-f]{2}[:_-]){5}[0-9a-f]{2}/gi;
const TEXT_CHARACTERS = 300;

type Level = keyof Log;

export class DeviceLog {
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #own: LogFields;
  #fields: LogFields;
  #minuteStartMs = 0;
  #lines = 0;
  #dropped = 0;

  /** `fields` go with every line. */
  constructor(log: Log, clock: Clock, fields: LogFields) {
    this.#log = log;
    this.#clock = clock;
    this.#own = fields;
    this.#fields = fields;
  }

  /** Only its own fields from here on: another device may be there now. */
  unbind(): void {
    this.#fields = this.#own;
  }

  /** From here on these go with every line too. */
  bind(fields: LogFields): void {
    this.#fields = { ...this.#fields, ...fields };
  }

  say(level: Level, message: string, fields: LogFields = {}): void {
    const nowMs = this.#clock.nowMonotonicMs();
    if (this.#lines === 0 || nowMs - this.#minuteStartMs >= MINUTE_MS) {
      this.#minuteStartMs = nowMs;
      this.#lines = 0;
    }
    if (++this.#lines > LINES_PER_MINUTE) {
      this.#dropped++;
      return;
    }
    const dropped: LogFields = this.#dropped === 0 ? {} : { linesDropped: this.#dropped };
    this.#dropped = 0;
    this.#log[level]({ ...this.#fields, ...dropped, ...fields }, message);
  }
}

/** What a failure is called in a log: by its code, with the addresses taken out of its words. */
export function failureFields(failure: unknown): LogFields {
  if (failure instanceof MaiboError) return { code: failure.code, why: scrub(failure.message) };
  const text = failure instanceof Error ? (failure.stack ?? failure.message) : String(failure);
  return { code: 'internal', why: scrub(text) };
}

export function scrub(text: string): string {
  return text.replace(ADDRESS, '(address)').slice(0, TEXT_CHARACTERS);
}
