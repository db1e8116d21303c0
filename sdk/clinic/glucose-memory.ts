// Which values of a glucose meter are stored already. A meter tells its whole memory again when it is asked, and numbers its records anew
// after a reset: only the bytes of a record (its number, its time and its values) say that it is the same one.
import { gatt } from '@maibo/protocols';

/** Meters keep up to about a thousand measurements; of one that keeps more, those beyond this may be stored again after a reset. */
const KNOWN_VALUES_MAX = 4_096;

export interface LastMeasurement {
  readonly sequence: number;
  readonly value: Uint8Array;
}

export class GlucoseMemory {
  /** In the order of arrival. */
  readonly #known = new Set<string>();
  /** Bytes of the newest measurement of each number, to tell apart contexts that say the same of different measurements. */
  readonly #bySequence = new Map<number, string>();
  #last: LastMeasurement | null = null;

  /** The measurement that came last; null before the first. */
  get last(): LastMeasurement | null {
    return this.#last;
  }

  /** Notes a value; false when it was known. */
  learn(characteristic: number, value: Uint8Array): boolean {
    const key = characteristic === gatt.glucoseMeasurementContext.uuid ? this.#contextKey(value) : this.#noted(value);
    if (this.#known.has(key)) return false;
    this.#known.add(key);
    if (this.#known.size > KNOWN_VALUES_MAX) this.#known.delete(this.#known.values().next().value as string);
    return true;
  }

  #noted(value: Uint8Array): string {
    const text = textOf(value);
    const decoded = gatt.glucoseMeasurement.decode(value);
    if (decoded.ok) {
      this.#last = { sequence: decoded.value.sequence, value };
      this.#bySequence.set(decoded.value.sequence, text);
    }
    return text;
  }

  #contextKey(value: Uint8Array): string {
    const decoded = gatt.glucoseMeasurementContext.decode(value);
    const measurement = decoded.ok ? this.#bySequence.get(decoded.value.sequence) : undefined;
    return `${measurement ?? ''}/${textOf(value)}`;
  }
}

function textOf(value: Uint8Array): string {
  return Buffer.from(value).toString('latin1');
}
