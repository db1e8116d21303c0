// Times as text files write them, in seconds: plain numbers (the unit is the column's), h:mm:ss.sss, and date with time.

import { parseDecimal } from './number-cell.ts';

const CLOCK = /^(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2}(?:\.\d{1,9})?)$/;
const DATE_TIME =
  /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})[T ](\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d{1,9})?))?\s?(Z|[+-]\d{2}:?\d{2})?$/;

/** Whether the text is a time that is no plain number. */
export function isTimeCell(cell: string): boolean {
  return CLOCK.test(cell) || DATE_TIME.test(cell);
}

export function hasTimeZone(cell: string): boolean {
  return DATE_TIME.exec(cell)?.[7] !== undefined;
}

export function isDateTime(cell: string): boolean {
  return DATE_TIME.test(cell);
}

/** Seconds, or null when the text is no time. `unitS` is what a plain number counts. */
export function parseTimeS(cell: string, unitS: number): number | null {
  const value = parseDecimal(cell);
  if (value !== null) return value * unitS;
  const clock = CLOCK.exec(cell);
  if (clock !== null) return Number(clock[1] ?? 0) * 3600 + Number(clock[2]) * 60 + Number(clock[3]);
  const day = DATE_TIME.exec(cell);
  if (day === null) return null;
  const [year, month, date, hour, minute] = day.slice(1, 6).map(Number) as [number, number, number, number, number];
  return Date.UTC(year, month - 1, date, hour, minute) / 1000 + Number(day[6] ?? 0) - zoneS(day[7]);
}

/** "+0130" and "+01:30" are 5400 s ahead of UTC. */
function zoneS(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const seconds = Number(zone.slice(1, 3)) * 3600 + Number(zone.slice(-2)) * 60;
  return zone.startsWith('-') ? -seconds : seconds;
}
