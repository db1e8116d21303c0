import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../inspect/hex.ts';
import { PACKET_BYTES_MAX } from '../packet/packet-codec.ts';
import { encodeLength, LengthFramer, type PacketOrFault } from './length-framer.ts';

const packet = fc.uint8Array({ minLength: 1, maxLength: PACKET_BYTES_MAX, size: 'max' });
const cuts = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 20 });
const shown = (found: readonly PacketOrFault[]) => found.map((one) => (one.ok ? toHex(one.value) : one.fault.code));

function join(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** Feeds the bytes in chunks whose sizes go round through `sizes`. */
function pushCut(framer: LengthFramer, bytes: Uint8Array, sizes: readonly number[]): PacketOrFault[] {
  const found: PacketOrFault[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length]!;
    found.push(...framer.push(bytes.slice(at, at + size)));
    at += size;
  }
  return found;
}

/** The definition, over the whole stream at once: packets, then perhaps a fault, and the bytes that belong to none. */
function readWhole(bytes: Uint8Array): { shown: string[]; junkBytes: number } {
  const found: string[] = [];
  let at = 0;
  while (at + 2 <= bytes.length) {
    const size = bytes[at]! + 256 * bytes[at + 1]!;
    if (size === 0 || size > 1024) {
      found.push(size === 0 ? 'bad-shape' : 'too-long');
      break;
    }
    if (at + 2 + size > bytes.length) break;
    found.push(toHex(bytes.subarray(at + 2, at + 2 + size)));
    at += 2 + size;
  }
  return { shown: found, junkBytes: bytes.length - at };
}

describe('properties', () => {
  test('packets come out whole and in order, however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 6 }), cuts, (packets, sizes) => {
        const framer = new LengthFramer();
        const found = pushCut(framer, join(packets.map(encodeLength)), sizes);
        expect(shown(found)).toEqual(packets.map(toHex));
        expect(framer.counts).toEqual({ packets: packets.length, junkBytes: 0 });
        expect(framer.end()).toBe(null);
      }),
    );
  });

  test('hostile bytes give what the definition says, however they are cut', () => {
    // Small bytes make lengths that pass; any others break the stream at once.
    const hostile = fc.array(fc.oneof({ weight: 4, arbitrary: fc.nat(4) }, { weight: 1, arbitrary: fc.nat(255) }), {
      maxLength: 3_000,
      size: 'max',
    });
    fc.assert(
      fc.property(hostile, cuts, (list, sizes) => {
        const bytes = Uint8Array.from(list);
        const framer = new LengthFramer();
        const found = pushCut(framer, bytes, sizes);
        const { shown: expected, junkBytes } = readWhole(bytes);
        expect(shown(found)).toEqual(expected);
        expect(framer.isEnded).toBe(found.at(-1)?.ok === false);
        framer.end();
        expect(framer.counts).toEqual({ packets: found.filter(({ ok }) => ok).length, junkBytes });
      }),
      { numRuns: 500 },
    );
  });
});

describe('a length that cannot be', () => {
  test.each([
    ['0000', { code: 'bad-shape', at: 0, detail: 'length 0, expected 1..1024' }],
    ['0104', { code: 'too-long', at: 0, detail: 'length 1025, expected 1..1024' }],
    ['ffff', { code: 'too-long', at: 0, detail: 'length 65535, expected 1..1024' }],
  ])('%s ends the stream: what follows is junk, good packets too', (hex, fault) => {
    const good = encodeLength(Uint8Array.of(7));
    const framer = new LengthFramer();
    expect(framer.push(join([good, fromHex(hex), good]))).toEqual([
      { ok: true, value: Uint8Array.of(7) },
      { ok: false, fault },
    ]);
    expect(framer.isEnded).toBe(true);
    expect(framer.push(good)).toEqual([]);
    expect(framer.counts).toEqual({ packets: 1, junkBytes: 2 + 2 * good.length });
    framer.reset();
    expect(shown(framer.push(good))).toEqual(['07']);
  });

  test('half of it is none yet', () => {
    const framer = new LengthFramer();
    expect(framer.push(Uint8Array.of(0))).toEqual([]);
    expect(shown(framer.push(Uint8Array.of(4)))).toEqual([]);
    expect(shown(framer.push(new Uint8Array(1024)))).toEqual([toHex(new Uint8Array(1024))]);
  });
});

test('an end in the middle of a packet is torn, and counted', () => {
  const framer = new LengthFramer();
  framer.push(Uint8Array.of(3, 0, 1));
  expect(framer.end()).toMatchObject({ ok: false, fault: { code: 'torn', at: 3 } });
  expect(framer.counts).toEqual({ packets: 0, junkBytes: 3 });
});

test('a delivered packet does not change with the chunk it came in, nor with the next one', () => {
  const framer = new LengthFramer();
  const chunk = encodeLength(Uint8Array.of(5, 6, 7));
  const [first] = framer.push(chunk);
  chunk.fill(9);
  framer.push(encodeLength(Uint8Array.of(1, 1, 1)));
  expect(first).toEqual({ ok: true, value: Uint8Array.of(5, 6, 7) });
});

test('empty and over-long packets are our bug', () => {
  expect(() => encodeLength(new Uint8Array(0))).toThrow(TypeError);
  expect(() => encodeLength(new Uint8Array(PACKET_BYTES_MAX + 1))).toThrow(TypeError);
});
