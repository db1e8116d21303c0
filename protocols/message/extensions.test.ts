// What a later version may say behind the members of a message: passed over when it is not known, refused when it is critical.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeCbor, encodeCbor } from '../cbor/cbor.ts';
import type { CborValue } from '../cbor/cbor-value.ts';
import { arbExtensions, arbHandshake, arbItem, arbMessage } from '../generated/arbitraries.gen.ts';
import { fromHex } from '../inspect/hex.ts';
import { decodeHandshakeMessage, encodeHandshakeMessage } from '../session/handshake-codec.ts';
import { CLEAR_BYTES_MAX } from '../session/session-types.ts';
import { decodeItem, encodeItem } from '../sync/item-codec.ts';
import { readVectors } from '../vectors/read-vectors.ts';
import { decodeMessage, encodeMessage } from './message-codec.ts';

type Extensions = ReadonlyMap<number, CborValue>;

/** The items of an encoded message, to be put together anew. */
function itemsOf(bytes: Uint8Array): readonly CborValue[] {
  const items = decodeCbor(bytes);
  if (!items.ok || !Array.isArray(items.value)) throw new Error('not an array');
  return items.value;
}

function extended(bytes: Uint8Array, extensions: Extensions): Uint8Array {
  return encodeCbor([...itemsOf(bytes), extensions]);
}

const isCritical = (extensions: Extensions) => [...extensions.keys()].some((key) => key < 0);

test('a message with extensions is the message without them, unless one is critical', () => {
  fc.assert(
    fc.property(arbMessage, arbExtensions(2), (message, extensions) => {
      const found = decodeMessage(extended(encodeMessage(message), extensions));
      if (isCritical(extensions)) expect(found).toMatchObject({ ok: false, fault: { code: 'unknown-number' } });
      else expect(found).toEqual({ ok: true, value: message });
    }),
    { numRuns: 500 },
  );
});

test('so is one of the handshake, within its own budgets', () => {
  fc.assert(
    fc.property(arbHandshake, arbExtensions(0), (message, extensions) => {
      const bytes = extended(encodeHandshakeMessage(message), extensions);
      fc.pre(bytes.length <= CLEAR_BYTES_MAX);
      const found = decodeHandshakeMessage(bytes);
      if (isCritical(extensions)) expect(found).toMatchObject({ ok: false, fault: { code: 'unknown-number' } });
      else expect(found).toEqual({ ok: true, value: message });
    }),
    { numRuns: 500 },
  );
});

test('an item of a log takes none: its bytes are chained and signed', () => {
  fc.assert(
    fc.property(arbItem, (item) => {
      const bytes = extended(encodeItem(item), new Map([[0, null]]));
      expect(decodeItem(bytes)).toMatchObject({ ok: false, fault: { code: 'bad-shape' } });
    }),
  );
});

test('what is written has none', () => {
  fc.assert(
    fc.property(arbMessage, (message) => {
      expect(itemsOf(encodeMessage(message)).some((item) => item instanceof Map)).toBe(false);
    }),
  );
});

test('the fault stands at the extensions, whatever else is wrong with the message', () => {
  const bye = encodeCbor([26, 999, new Map([[-7, 0]])]);
  const fault = { code: 'unknown-number', at: 6, detail: 'bye.extensions: critical key -7 is not known' };
  expect(decodeMessage(bye)).toEqual({ ok: false, fault });
});

describe('golden messages with extensions', () => {
  const cases: { why: string; hex: string; as: string }[] = readVectors('extended-messages.json').cases;

  test.each(cases)('$why', ({ hex, as }) => {
    const plain = decodeMessage(fromHex(as));
    expect(plain.ok).toBe(true);
    expect(decodeMessage(fromHex(hex))).toEqual(plain);
  });
});
