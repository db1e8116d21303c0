import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { decode as decodeWithCbor2, encode as encodeWithCbor2 } from 'cbor2';
import { sortCoreDeterministic } from 'cbor2/sorts';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../inspect/hex.ts';
import { arbCborValue } from './arbitraries.testkit.ts';
import { decodeCbor, encodeCbor } from './cbor.ts';
import { type CborValue, MESSAGE_LIMITS, SEGMENT_LIMITS } from './cbor-value.ts';

const vectors = (name: string) => JSON.parse(readFileSync(new URL(`../vectors/${name}`, import.meta.url), 'utf8'));

describe('RFC 8949 Appendix A', () => {
  const { kept, refused } = vectors('rfc8949-appendix-a.json');

  test.each(kept as [string, unknown][])('%s decodes and encodes', (hex, json) => {
    const value = fromJson(json);
    expect(decodeCbor(fromHex(hex))).toEqual({ ok: true, value });
    expect(toHex(encodeCbor(value))).toBe(hex);
  });

  test.each(refused as [string, string, string][])('%s is refused: %s, %s', (hex, code, detail) => {
    expect(decodeCbor(fromHex(hex))).toMatchObject({ ok: false, fault: { code, detail } });
  });
});

/** JSON has no bytes and no integer keys: {hex} and {map} stand for them in the vector file. */
function fromJson(json: unknown): CborValue {
  if (Array.isArray(json)) return json.map(fromJson);
  if (typeof json !== 'object' || json === null) return json as CborValue;
  if ('hex' in json) return fromHex(json.hex as string);
  const entries = (json as { map: [number | string, unknown][] }).map.map(
    ([key, value]) => [key, fromJson(value)] as const,
  );
  const isText = entries.every(([key]) => typeof key === 'string');
  return isText ? Object.fromEntries(entries) : new Map(entries);
}

describe('malformed bytes', () => {
  test.each(vectors('malformed-cbor.json').cases as [string, string, number, string][])(
    '%s: %s at %i (%s)',
    (hex, code, at) => {
      const found = decodeCbor(fromHex(hex));
      if (code === 'ok') expect(found.ok).toBe(true);
      else expect(found).toMatchObject({ ok: false, fault: { code, at } });
    },
  );

  test('every prefix of a good encoding is torn', () => {
    const whole = encodeCbor([1000, 'text', new Uint8Array(30), { a: [1.5, null] }]);
    for (let size = 0; size < whole.length; size++) {
      expect(decodeCbor(whole.subarray(0, size))).toMatchObject({ ok: false, fault: { code: 'torn' } });
    }
  });

  test('more bytes than the budget are refused before anything is read', () => {
    expect(decodeCbor(new Uint8Array(16_384))).toMatchObject({ ok: false, fault: { code: 'over-budget', at: 0 } });
  });

  test('more items than the budget are refused at the item that is one too many', () => {
    const limits = { ...MESSAGE_LIMITS, itemsMax: 4 };
    expect(decodeCbor(fromHex('83010203'), limits).ok).toBe(true);
    expect(decodeCbor(fromHex('8401020304'), limits)).toMatchObject({ fault: { code: 'over-budget', at: 0 } });
    expect(decodeCbor(fromHex('8281010181'), limits)).toMatchObject({ ok: false });
  });
});

const limits = { bytesMax: 1_000_000, itemsMax: 100_000, depthMax: 6 };

describe('properties', () => {
  test('decode(encode(value)) is the value', () => {
    fc.assert(
      fc.property(arbCborValue, (value) => {
        expect(decodeCbor(encodeCbor(value), limits)).toEqual({ ok: true, value });
      }),
    );
  });

  test('what decodes is the only encoding of its value', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.tuple(arbCborValue, fc.nat(), fc.nat(255)).map(mutated),
    );
    fc.assert(
      fc.property(bytes, (input) => {
        const found = decodeCbor(input, limits);
        if (found.ok) expect(toHex(encodeCbor(found.value))).toBe(toHex(input));
      }),
      { numRuns: 3000 },
    );
  });

  test('cbor2 with deterministic options writes the same bytes', () => {
    fc.assert(
      fc.property(arbCborValue, (value) => {
        expect(toHex(encodeCbor(value))).toBe(
          toHex(encodeWithCbor2(forCbor2(value), { sortKeys: sortCoreDeterministic, float64: true })),
        );
      }),
    );
  });

  test('cbor2 reads what we write', () => {
    fc.assert(
      fc.property(arbCborValue, (value) => void decodeWithCbor2(encodeCbor(value), { rejectDuplicateKeys: true })),
    );
  });
});

function mutated([value, at, byte]: [CborValue, number, number]): Uint8Array {
  const bytes = encodeCbor(value);
  bytes[at % bytes.length] = byte;
  return bytes;
}

/** cbor2 wants Maps where keys are not all text, and no objects without a prototype. */
function forCbor2(value: CborValue): unknown {
  if (Array.isArray(value)) return value.map(forCbor2);
  if (value instanceof Map) return new Map([...value].map(([name, member]) => [name, forCbor2(member)]));
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  return new Map(Object.entries(value).map(([name, member]) => [name, forCbor2(member)]));
}

describe('encoding', () => {
  test.each([
    ['undefined', undefined],
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['a bigint', 1n],
    ['a Date', new Date(0)],
    ['a lone surrogate', '\ud800'],
    ['a byte order mark in front of text', '\ufeffecg'],
    ['a fractional key', new Map([[1.5, 1]])],
    ['a hole in an array', new Array(1)],
    ['depth 7', [[[[[[[]]]]]]]],
  ])('%s throws at once', (_, value) => {
    expect(() => encodeCbor(value as CborValue)).toThrow(TypeError);
  });

  test('-0 is written as 0: they are one value', () => {
    expect(toHex(encodeCbor(-0))).toBe('00');
  });

  test('the result is memory of its own', () => {
    const first = encodeCbor('one');
    encodeCbor('two, which would overwrite a shared buffer');
    expect(toHex(first)).toBe('636f6e65');
    expect(Object.getPrototypeOf(first)).toBe(Uint8Array.prototype);
  });

  test('a segment of the largest size goes through', () => {
    const items = Array.from({ length: 256 }, (_, index) => new Uint8Array(65_536).fill(index));
    const bytes = encodeCbor([new Uint8Array(1024), items]);
    const found = decodeCbor(bytes, SEGMENT_LIMITS);
    expect(found.ok && (found.value as Uint8Array[][])[1]?.[255]?.[65_535]).toBe(255);
  });
});

describe('decoding', () => {
  test('byte strings do not alias the input and are no Buffer', () => {
    const input = Buffer.from(fromHex('4401020304'));
    const found = decodeCbor(input);
    input.fill(0);
    expect(found).toEqual({ ok: true, value: Uint8Array.of(1, 2, 3, 4) });
    expect(found.ok && Object.getPrototypeOf(found.value)).toBe(Uint8Array.prototype);
  });

  test('a key named __proto__ is only a key, and nothing is inherited', () => {
    const found = decodeCbor(encodeCbor(new Map([['__proto__', { polluted: 1 }]])));
    if (!found.ok) throw new Error(found.fault.detail);
    const object = found.value as Record<string, unknown>;
    expect(Object.keys(object)).toEqual(['__proto__']);
    expect('polluted' in object || 'constructor' in object || 'toString' in object).toBe(false);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(toHex(encodeCbor(found.value))).toBe('a1695f5f70726f746f5f5fa168706f6c6c7574656401');
  });

  test('byte strings of many inputs stay apart, short inputs and long ones', () => {
    const sizes = [0, 1, 1_500, 2_045, 2_060, 8_000];
    const kept = Array.from({ length: 60 }, (_, turn) => {
      const bytes = new Uint8Array(sizes[turn % sizes.length]!).fill(turn);
      return decodeCbor(encodeCbor([bytes, bytes]));
    });
    for (const [turn, found] of kept.entries()) {
      if (!found.ok) throw new Error(found.fault.detail);
      const [first, second] = found.value as [Uint8Array, Uint8Array];
      expect(first.length).toBe(sizes[turn % sizes.length]);
      expect(first.every((byte) => byte === turn) && second.every((byte) => byte === turn)).toBe(true);
    }
  });

  test('a name that was seen before is told from one like it', () => {
    const names = ['ab', 'aab', 'aaab', 'abab', 'a\u00fc', 'b', 'a'.repeat(33)];
    for (const name of [...names, ...names]) {
      expect(decodeCbor(encodeCbor({ [name]: 1 }))).toEqual({ ok: true, value: { [name]: 1 } });
    }
  });

  test('the result is the same without the native addon', () => {
    const texts = [
      '',
      'a'.repeat(40),
      'ü'.repeat(40),
      `b\ufeff${'b'.repeat(80)}`,
      '水'.repeat(400),
      2 ** 40,
      -(2 ** 50),
      1.5,
    ];
    const hex = toHex(encodeCbor([texts, new Map([['k'.repeat(30), texts]])]));
    const script = `import { decodeCbor } from ${JSON.stringify(new URL('../dist/cbor/cbor.js', import.meta.url).href)};
      const found = decodeCbor(Uint8Array.from(Buffer.from('${hex}', 'hex')));
      process.stdout.write(JSON.stringify(found));`;
    const run = (disabled: string) =>
      execFileSync(process.execPath, ['--input-type=module', '-e', script], {
        env: { ...process.env, CBOR_NATIVE_ACCELERATION_DISABLED: disabled },
        encoding: 'utf8',
      });
    expect(run('true')).toBe(run('false'));
    expect(JSON.parse(run('true'))).toEqual({ ok: true, value: [texts, { ['k'.repeat(30)]: texts }] });
  });
});
