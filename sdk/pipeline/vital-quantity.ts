// The numbers a measurement is about: which are there, which are missing and why, and which no body can have.
import type { gatt } from '@maibo/protocols';
import type { Result } from './result.ts';
import type { VitalReading } from './vital-reading.ts';

/** What a record holds at most (record.cddl: quality). An oximeter has more status bits than this. */
const FLAGS_MAX = 16;

/** One number, in the unit of its name. `float` is how the device wrote it, where it has a way to say why there is none. */
export interface Quantity {
  readonly value: number | null;
  readonly float?: gatt.MedFloat | null;
  /** Beyond this, or below 0, it is kept and called implausible. */
  readonly most: number;
}

interface Told {
  readonly result: Result['result'];
  /** What the measurement is about. Coverage counts these. */
  readonly quantities: Readonly<Record<string, Quantity>>;
  readonly others?: Result['values'];
  readonly flags?: readonly (string | false | null | undefined)[];
}

export function reading({ result, quantities, others = {}, flags = [] }: Told): VitalReading {
  const all = Object.values(quantities);
  const present = all.filter(({ value }) => value !== null).length;
  const told = flags.filter((flag) => typeof flag === 'string');
  return {
    result,
    values: { ...Object.fromEntries(Object.entries(quantities).map(([name, { value }]) => [name, value])), ...others },
    flags: limited([...new Set([...all.flatMap(flagsOf), ...told])]),
    coverage: all.length === 0 ? 1 : present / all.length,
  };
}

function flagsOf({ value, float, most }: Quantity): string[] {
  if (value !== null) return value < 0 || value > most ? ['implausible'] : [];
  if (float?.special === 'positive-infinity') return ['above-range'];
  if (float?.special === 'negative-infinity') return ['below-range'];
  return ['no-value'];
}

function limited(flags: readonly string[]): readonly string[] {
  return flags.length <= FLAGS_MAX ? flags : [...flags.slice(0, FLAGS_MAX - 1), 'and-more'];
}

/** What the device's own clock showed: local time without a zone, so never UTC. A device without a clock gives null. */
export function deviceTime(stamp: gatt.DateTime | null): string | null {
  return stamp?.localIso ?? null;
}

/** A time stamp that is no time: nobody has set this clock. */
export function unsetClock(stamp: gatt.DateTime | null): string | null {
  return stamp !== null && stamp.localIso === null ? 'device-clock-unset' : null;
}

/** 0..254 as the device numbers its users; null when it does not know. */
export function userNumber(id: gatt.UserId | null): number | null {
  return typeof id === 'number' ? id : null;
}
