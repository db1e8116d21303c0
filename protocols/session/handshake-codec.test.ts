import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeCbor, encodeCbor } from '../cbor/cbor.ts';
import type { CborValue } from '../cbor/cbor-value.ts';
import { arbHandshake } from '../generated/arbitraries.gen.ts';
import { decodeHandshakeMessage, encodeHandshakeMessage, type HandshakeMessage } from './handshake-codec.ts';
import { CLEAR_BYTES_MAX } from './session-types.ts';

const anyMessage: fc.Arbitrary<HandshakeMessage> = arbHandshake;

describe('messages of the handshake', () => {
  test('come back as they went, within the limit for clear messages', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const encoded = encodeHandshakeMessage(message);
        expect(encoded.length).toBeLessThanOrEqual(CLEAR_BYTES_MAX);
        expect(decodeHandshakeMessage(encoded)).toEqual({ ok: true, value: message });
      }),
    );
  });

  test('may have all that the schema allows: versions, patterns, capabilities, extensions', () => {
    const extensions = new Map(Array.from({ length: 16 }, (_, key): [number, CborValue] => [2 * key, null]));
    const numbers = (count: number) => Array.from({ length: count }, (_, at) => at);
    const hello: CborValue = [0, [1, 2, 3, 4, 5, 6, 7, 8], new Uint8Array(8), [1, 2, 3], numbers(32), extensions];
    expect(decodeHandshakeMessage(encodeCbor(hello))).toMatchObject({ ok: true });
  });

  test('with a member too many, or any one missing, are refused', () => {
    fc.assert(
      fc.property(anyMessage, fc.nat(), (message, place) => {
        const array = decodeCbor(encodeHandshakeMessage(message));
        if (!array.ok || !Array.isArray(array.value)) throw new Error('not an array');
        const items = array.value as CborValue[];
        const drop = 1 + (place % (items.length - 1));
        expect(decodeHandshakeMessage(encodeCbor([...items, 0])).ok).toBe(false);
        expect(decodeHandshakeMessage(encodeCbor(items.filter((_, at) => at !== drop))).ok).toBe(false);
      }),
    );
  });

  test.each<[string, CborValue]>([
    ['no versions', [0, [], new Uint8Array(8), [1], []]],
    ['nine versions', [0, [1, 2, 3, 4, 5, 6, 7, 8, 9], new Uint8Array(8), [1], []]],
    ['a version beyond 16 bits', [0, [65_536], new Uint8Array(8), [1], []]],
    ['a negative version', [0, [-1], new Uint8Array(8), [1], []]],
    ['a short nonce', [0, [2], new Uint8Array(7), [1], []]],
    ['text for a nonce', [0, [2], '12345678', [1], []]],
    ['no patterns', [0, [2], new Uint8Array(8), [], []]],
    ['33 capabilities', [0, [2], new Uint8Array(8), [1], Array.from({ length: 33 }, () => 1)]],
    ['a capability that is a list', [0, [2], new Uint8Array(8), [1], [[1]]]],
    ['a long hint', [1, 2, new Uint8Array(8), new Uint8Array(8), [1], [], new Uint8Array(9)]],
    ['a noise message of 31 bytes', [2, 1, 0, new Uint8Array(31)]],
    ['a noise message of 97 bytes', [2, 1, 0, new Uint8Array(97)]],
    ['a fourth step', [2, 1, 3, new Uint8Array(32)]],
    ['half a step', [2, 1, 0.5, new Uint8Array(32)]],
    ['a number of 15 bytes', [3, 1, new Uint8Array(15)]],
    ['a yes that is a 1', [4, 1]],
    ['another number', [5]],
    ['a map', new Map([[0, 1]])],
    ['nothing', []],
  ])('%s is refused', (_, value) => {
    expect(decodeHandshakeMessage(encodeCbor(value)).ok).toBe(false);
  });
});
