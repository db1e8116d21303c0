// What all characteristics have in common: a number, a name, the services they live in, and the two directions.

import { type Decoded, decoded, refused } from '../wire-fault.ts';
import { ValueReader } from './value-reader.ts';
import { ValueWriter } from './value-writer.ts';

/** No attribute value is longer (Bluetooth Core, Vol 3, Part F, 3.2.9). */
export const GATT_VALUE_BYTES_MAX = 512;

export interface GattCharacteristic<Value, Fields = Value> {
  /** The 16-bit UUID. */
  readonly uuid: number;
  /** As the assigned numbers list it. */
  readonly name: string;
  /** 16-bit UUIDs. */
  readonly services: readonly number[];
  readonly bytesMax: number;
  /** Never throws; keeps no reference to `bytes`. */
  decode(bytes: Uint8Array): Decoded<Value>;
  /** The bytes `decode` gives `fields` for. Throws TypeError on what cannot be said: that is our bug. */
  encode(fields: Fields): Uint8Array;
}

/** What a later revision may append: kept, because the services tell receivers to ignore it, not to refuse. */
export interface Appended {
  /** Bytes behind the last known field. */
  readonly rest?: Uint8Array;
}

export interface Unclaimed extends Appended {
  /** Flag bits without a meaning yet. */
  readonly reservedFlags?: number;
}

interface Definition<Value, Fields> {
  readonly uuid: number;
  readonly name: string;
  readonly services: readonly number[];
  readonly bytesMax: number;
  readonly read: (reader: ValueReader) => Value;
  readonly write: (fields: Fields, writer: ValueWriter) => void;
}

export function characteristic<Value, Fields = Value>(
  definition: Definition<Value, Fields>,
): GattCharacteristic<Value, Fields> {
  const { uuid, name, services, bytesMax, read, write } = definition;
  return {
    uuid,
    name,
    services,
    bytesMax,
    decode(bytes) {
      if (bytes.length > bytesMax) return refused('too-long', bytesMax, `${bytes.length} bytes, at most ${bytesMax}`);
      const reader = new ValueReader(bytes);
      const value = read(reader);
      const fault = reader.fault();
      return fault ? { ok: false, fault } : decoded(value);
    },
    encode(fields) {
      const writer = new ValueWriter();
      write(fields, writer);
      const bytes = writer.finish();
      if (bytes.length > bytesMax) throw new TypeError(`${name} of ${bytes.length} bytes, at most ${bytesMax}`);
      return bytes;
    },
  };
}

/** The flag bits of `unclaimed`, checked not to be known ones. */
export function reservedBits({ reservedFlags = 0 }: Unclaimed, knownMask: number): number {
  if ((reservedFlags & knownMask) !== 0)
    throw new TypeError(`reservedFlags ${reservedFlags} holds bits with a meaning`);
  return reservedFlags;
}
