// One schema type <-> its bytes: the generated reader and writer composed with the CBOR profile.

import { decodeCbor, encodeCbor } from '../cbor/cbor.ts';
import type { CborLimits, CborValue } from '../cbor/cbor-value.ts';
import { offsetOf, type Step } from '../cbor/locate.ts';
import { type Decoded, decoded, refused } from '../wire-fault.ts';
import { Shape, type Where } from './shape.ts';

export interface SchemaCodec<T> {
  /** Throws TypeError when `value` is not what the schema allows: that is the caller's bug. */
  encode(value: T): Uint8Array;
  decode(bytes: Uint8Array): Decoded<T>;
}

type Reader<T> = (value: CborValue, shape: Shape, up: Where | null, name: string, index: number) => T;

export function schemaCodec<T>(
  name: string,
  limits: CborLimits,
  read: Reader<T>,
  write: (value: T) => CborValue,
): SchemaCodec<T> {
  return {
    encode(value) {
      const wire = write(value);
      const shape = new Shape();
      read(wire, shape, null, name, -1);
      if (shape.fault) throw new TypeError(shape.fault.detail);
      const bytes = encodeCbor(wire);
      if (bytes.length > limits.bytesMax) {
        throw new TypeError(`${name}: ${bytes.length} bytes encoded, at most ${limits.bytesMax}`);
      }
      return bytes;
    },
    decode(bytes) {
      const wire = decodeCbor(bytes, limits);
      if (!wire.ok) return wire;
      const shape = new Shape();
      const value = read(wire.value, shape, null, name, -1);
      if (!shape.fault) return decoded(value);
      const { code, detail, where } = shape.fault;
      return refused(code, offsetOf(bytes, stepsTo(where)), detail);
    },
  };
}

function stepsTo(where: Where): Step[] {
  const steps: Step[] = [];
  // The root has no step: it is the item itself.
  for (let at: Where | null = where; at !== null && at.up !== null; at = at.up) {
    steps.unshift(at.index >= 0 ? at.index : at.name);
  }
  return steps;
}
