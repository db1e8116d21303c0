// The clock a device shows: local time without a zone, as of the air's clock until somebody sets it through the Current Time service.
import { gatt } from '@maibo/protocols';
import type { Clock } from '@maibo/sdk';
import { AttRefusal, type GattServiceTable } from '../gatt-device.ts';
import { uuidOf } from './clinic-device.ts';

const CURRENT_TIME_SERVICE = 0x1805;
/** "Data Field Ignored" (Current Time Service 1.1, 1.6). */
const DATA_FIELD_IGNORED = 0x80;
const US_PER_MINUTE = 60_000_000;

export class DeviceClock {
  #clock: Clock | null = null;
  #aheadUs: number;

  constructor(zoneMinutes: number) {
    this.#aheadUs = zoneMinutes * US_PER_MINUTE;
  }

  open(clock: Clock): void {
    this.#clock = clock;
  }

  now(): gatt.DateTimeFields {
    return fieldsOf(this.#localUs());
  }

  /** The Current Time service: read by anybody, set by a gateway. */
  service(): GattServiceTable {
    const read = () => {
      const localUs = this.#localUs();
      return gatt.currentTime.encode({
        dateTime: fieldsOf(localUs),
        dayOfWeek: gatt.daysOfWeek.of(new Date(localUs / 1000).getUTCDay() || 7),
        fractions256: Math.floor(((localUs % 1_000_000) * 256) / 1_000_000),
        adjustReason: gatt.timeAdjustReasons.of(0),
      });
    };
    const write = (bytes: Uint8Array) => {
      const set = gatt.currentTime.decode(bytes);
      if (!set.ok || set.value.dateTime.localIso === null) throw new AttRefusal(DATA_FIELD_IGNORED);
      const wantedUs = Date.parse(`${set.value.dateTime.localIso}Z`) * 1000 + set.value.fractionMs * 1000;
      this.#aheadUs += wantedUs - this.#localUs();
    };
    const uuid = uuidOf(gatt.currentTime.uuid);
    return { uuid: uuidOf(CURRENT_TIME_SERVICE), characteristics: [{ uuid, flags: ['read', 'write'], read, write }] };
  }

  #localUs(): number {
    return (this.#clock?.nowUtcUs() ?? 0) + this.#aheadUs;
  }
}

export function fieldsOf(localUs: number): gatt.DateTimeFields {
  const date = new Date(localUs / 1000);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hours: date.getUTCHours(),
    minutes: date.getUTCMinutes(),
    seconds: date.getUTCSeconds(),
  };
}
