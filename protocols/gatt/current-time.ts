// Current Time Service: what clock the device (or the phone) shows, in which zone, and how good it is.

import { characteristic } from './characteristic.ts';
import { type Bits, bitNames, type Coded, codes } from './coded.ts';
import type { DateTime, DateTimeFields } from './date-time.ts';

const CURRENT_TIME_SERVICE = 0x1805;
const QUARTER_MINUTES = 15;
const UNKNOWN_ZONE = -128;
const ACCURACY_PER_S = 8;
const ACCURACY_MAX = 253;
const NO_UPDATE = 255;

export const daysOfWeek = codes({
  0: 'unknown',
  1: 'monday',
  2: 'tuesday',
  3: 'wednesday',
  4: 'thursday',
  5: 'friday',
  6: 'saturday',
  7: 'sunday',
});
export type DayOfWeek = NonNullable<ReturnType<typeof daysOfWeek.of>['name']>;

export const timeAdjustReasons = bitNames({ 0: 'manual', 1: 'external-reference', 2: 'time-zone', 3: 'dst' });
export type TimeAdjustReason = 'manual' | 'external-reference' | 'time-zone' | 'dst';

export interface CurrentTimeFields {
  readonly dateTime: DateTimeFields;
  readonly dayOfWeek: Coded<DayOfWeek>;
  /** 1/256 s, 0..255. */
  readonly fractions256: number;
  readonly adjustReason: Bits<TimeAdjustReason>;
}

export interface CurrentTime extends CurrentTimeFields {
  readonly dateTime: DateTime;
  /** The fraction in milliseconds, exactly. */
  readonly fractionMs: number;
}

export const currentTime = characteristic<CurrentTime, CurrentTimeFields>({
  uuid: 0x2a2b,
  name: 'Current Time',
  services: [CURRENT_TIME_SERVICE],
  bytesMax: 10,
  read(reader) {
    const dateTime = reader.dateTime('date and time');
    const dayOfWeek = daysOfWeek.of(reader.u8('day of week'));
    const fractions256 = reader.u8('fractions');
    const adjustReason = timeAdjustReasons.of(reader.u8('adjust reason'));
    return { dateTime, dayOfWeek, fractions256, fractionMs: (fractions256 * 1000) / 256, adjustReason };
  },
  write({ dateTime, dayOfWeek, fractions256, adjustReason }, writer) {
    writer.dateTime(dateTime);
    writer.u8(dayOfWeek.code, 'day of week');
    writer.u8(fractions256, 'fractions');
    writer.u8(adjustReason.bits, 'adjust reason');
  },
});

export interface LocalTimeInformationFields {
  /** Quarters of an hour east of UTC as sent, -48..56; -128 is unknown. Standard time, whatever the season. */
  readonly zoneQuarters: number;
  /** Quarters of an hour as sent: 0, 2, 4 or 8; 255 is unknown. */
  readonly dstQuarters: number;
}

export interface LocalTimeInformation extends LocalTimeInformationFields {
  /** Null when unknown or reserved; so is the next. */
  readonly zoneMinutes: number | null;
  readonly dstMinutes: number | null;
  /** Local time minus UTC: the sum, when both are known. */
  readonly utcOffsetMinutes: number | null;
}

const DST_QUARTERS: ReadonlySet<number> = new Set([0, 2, 4, 8]);

export const localTimeInformation = characteristic<LocalTimeInformation, LocalTimeInformationFields>({
  uuid: 0x2a0f,
  name: 'Local Time Information',
  services: [CURRENT_TIME_SERVICE],
  bytesMax: 2,
  read(reader) {
    const zoneQuarters = reader.i8('time zone');
    const dstQuarters = reader.u8('DST offset');
    const isZone = zoneQuarters !== UNKNOWN_ZONE && zoneQuarters >= -48 && zoneQuarters <= 56;
    const zoneMinutes = isZone ? zoneQuarters * QUARTER_MINUTES : null;
    const dstMinutes = DST_QUARTERS.has(dstQuarters) ? dstQuarters * QUARTER_MINUTES : null;
    const utcOffsetMinutes = zoneMinutes === null || dstMinutes === null ? null : zoneMinutes + dstMinutes;
    return { zoneQuarters, dstQuarters, zoneMinutes, dstMinutes, utcOffsetMinutes };
  },
  write({ zoneQuarters, dstQuarters }, writer) {
    writer.i8(zoneQuarters, 'time zone');
    writer.u8(dstQuarters, 'DST offset');
  },
});

export const timeSources = codes({
  0: 'unknown',
  1: 'ntp',
  2: 'gnss',
  3: 'radio',
  4: 'manual',
  5: 'atomic-clock',
  6: 'cellular',
  7: 'not-synchronized',
});
export type TimeSource = NonNullable<ReturnType<typeof timeSources.of>['name']>;

export interface ReferenceTimeInformationFields {
  readonly source: Coded<TimeSource>;
  /** 1/8 s as sent; 254 is more than 253 stands for, 255 unknown. */
  readonly accuracyEighths: number;
  /** As sent; 255 in both means 255 days or more. */
  readonly daysSinceUpdate: number;
  readonly hoursSinceUpdate: number;
}

export interface ReferenceTimeInformation extends ReferenceTimeInformationFields {
  /** Null when unknown or beyond the scale. */
  readonly accuracyMs: number | null;
  /** Null when it is 255 days or more, or reserved. */
  readonly hoursInAll: number | null;
}

export const referenceTimeInformation = characteristic<ReferenceTimeInformation, ReferenceTimeInformationFields>({
  uuid: 0x2a14,
  name: 'Reference Time Information',
  services: [CURRENT_TIME_SERVICE],
  bytesMax: 4,
  read(reader) {
    const source = timeSources.of(reader.u8('time source'));
    const accuracyEighths = reader.u8('accuracy');
    const daysSinceUpdate = reader.u8('days since update');
    const hoursSinceUpdate = reader.u8('hours since update');
    const isCounted = daysSinceUpdate !== NO_UPDATE && hoursSinceUpdate < 24;
    return {
      source,
      accuracyEighths,
      accuracyMs: accuracyEighths <= ACCURACY_MAX ? (accuracyEighths * 1000) / ACCURACY_PER_S : null,
      daysSinceUpdate,
      hoursSinceUpdate,
      hoursInAll: isCounted ? daysSinceUpdate * 24 + hoursSinceUpdate : null,
    };
  },
  write({ source, accuracyEighths, daysSinceUpdate, hoursSinceUpdate }, writer) {
    writer.u8(source.code, 'time source');
    writer.u8(accuracyEighths, 'accuracy');
    writer.u8(daysSinceUpdate, 'days since update');
    writer.u8(hoursSinceUpdate, 'hours since update');
  },
});

/** Date Time as a characteristic of its own; no service of these uses it alone. */
export const dateTime = characteristic<DateTime, DateTimeFields>({
  uuid: 0x2a08,
  name: 'Date Time',
  services: [],
  bytesMax: 7,
  read: (reader) => reader.dateTime('date and time'),
  write: (fields, writer) => writer.dateTime(fields),
});
