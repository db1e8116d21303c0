// Values of the profile, for property tests.

import * as fc from 'fast-check';
import type { CborValue } from './cbor-value.ts';

const text = (maxLength: number) => fc.string({ unit: 'binary', maxLength }).filter((one) => !one.startsWith('\ufeff'));
const key = fc.oneof(text(70), fc.maxSafeInteger());
const tree = fc.letrec<{ value: CborValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constantFrom(null, true, false),
    fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.constantFrom(2 ** 32, -(2 ** 32), 2 ** 32 - 1, -(2 ** 32) - 1)),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value)),
    text(300),
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie('value'), { maxLength: 30 }),
    fc
      .uniqueArray(fc.tuple(key, tie('value')), { maxLength: 30, selector: ([name]) => name })
      .map(
        (entries) =>
          (entries.some(([name]) => typeof name === 'number')
            ? new Map(entries)
            : Object.assign(Object.create(null), Object.fromEntries(entries))) as CborValue,
      ),
  ),
}));

export const arbCborValue: fc.Arbitrary<CborValue> = tree.value;
