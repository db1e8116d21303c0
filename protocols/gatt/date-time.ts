// The seven-byte Date Time of the GATT specification: local wall-clock time of the device, without a zone.

export interface DateTimeFields {
  /** 1582..9999; null when the device does not know it (0 on the air). */
  readonly year: number | null;
  /** 1..12, or null. */
  readonly month: number | null;
  /** 1..31, or null. */
  readonly day: number | null;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
}

export interface DateTime extends DateTimeFields {
  /**
   * "2024-02-29T23:59:59", or null unless every part is known and such a moment exists in the calendar.
   * Reserved numbers stay readable in the parts: a blood pressure is not thrown away because the clock says 24:61.
   */
  readonly localIso: string | null;
}

/** From the numbers on the air, 0 for an unknown year, month or day. */
export function dateTimeOf(
  year: number,
  month: number,
  day: number,
  hours: number,
  minutes: number,
  seconds: number,
): DateTime {
  const isReal =
    year >= 1582 && year <= 9999 && hours < 24 && minutes < 60 && seconds < 60 && existsDay(year, month, day);
  return {
    year: year || null,
    month: month || null,
    day: day || null,
    hours,
    minutes,
    seconds,
    localIso: isReal ? isoOf(Date.UTC(year, month - 1, day, hours, minutes, seconds)) : null,
  };
}

/** The wall clock `minutes` later, or null when `localIso` is. */
export function localIsoAfter({ localIso }: DateTime, minutes: number): string | null {
  return localIso === null ? null : isoOf(Date.parse(`${localIso}Z`) + minutes * 60_000);
}

function existsDay(year: number, month: number, day: number): boolean {
  // Day 0 of the next month is the last of this one. The months of 1582 are taken as Gregorian throughout.
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** UTC serves as a calendar here, not as a zone: wall clocks know no gaps in it. */
function isoOf(timeMs: number): string | null {
  const text = new Date(timeMs).toISOString();
  // Beyond 9999 the text grows a sign and two digits; Date Time ends there.
  return text.length === 24 ? text.slice(0, 19) : null;
}
