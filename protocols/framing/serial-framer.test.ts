import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../inspect/hex.ts';
import { readVectors } from '../vectors/read-vectors.ts';
import { encodeFrame, FRAME_BYTES_MAX, FRAME_PAYLOAD_MAX, type FrameOrFault, SerialFramer } from './serial-framer.ts';

const payload = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 900, size: 'max' }),
  fc
    .array(fc.constantFrom(0, 1, 255), { minLength: 1, maxLength: 600, size: 'max' })
    .map((list) => Uint8Array.from(list)),
);
const cuts = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 20 });
const good = (found: FrameOrFault[]) => found.flatMap((one) => (one.ok ? [toHex(one.value)] : []));
const codes = (found: FrameOrFault[]) => found.flatMap((one) => (one.ok ? [] : [one.fault.code]));

function join(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** Feeds the bytes in chunks whose sizes go round through `sizes`. */
function pushCut(framer: SerialFramer, bytes: Uint8Array, sizes: readonly number[]): FrameOrFault[] {
  const found: FrameOrFault[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length]!;
    found.push(...framer.push(bytes.slice(at, at + size)));
    at += size;
  }
  return found;
}

describe('properties', () => {
  test('frames come out whole and in order, however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(payload, { maxLength: 5 }), cuts, (payloads, sizes) => {
        const framer = new SerialFramer();
        const found = pushCut(framer, join(payloads.map(encodeFrame)), sizes);
        expect(good(found)).toEqual(payloads.map(toHex));
        expect(framer.counts).toEqual({ frames: payloads.length, faults: {}, junkBytes: 0 });
      }),
    );
  });

  test('a flipped bit never delivers a wrong frame, and the next frame but one comes through', () => {
    fc.assert(
      fc.property(payload, fc.nat(), cuts, (data, place, sizes) => {
        const frame = encodeFrame(data);
        const bit = place % (frame.length * 8);
        frame[bit >> 3]! ^= 1 << (bit & 7);
        const found = pushCut(
          new SerialFramer(),
          join([frame, encodeFrame(Uint8Array.of(1)), encodeFrame(Uint8Array.of(2))]),
          sizes,
        );
        expect(good(found).filter((hex) => hex !== '01' && hex !== '02')).toEqual([]);
        expect(good(found)).toContain('02');
      }),
      { numRuns: 500 },
    );
  });

  test('garbage never throws and never passes for a frame', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 10 }), (chunks) => {
        const framer = new SerialFramer();
        expect(chunks.flatMap((chunk) => good(framer.push(chunk)))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

test.each(readVectors('streams.json').cases as { why: string; hex: string; gives: string[] }[])(
  '$why',
  ({ hex, gives }) => {
    const outcome = (found: FrameOrFault[]) => found.map((one) => (one.ok ? toHex(one.value) : one.fault.code));
    expect(outcome(new SerialFramer().push(fromHex(hex)))).toEqual(gives);
    expect(outcome(pushCut(new SerialFramer(), fromHex(hex), [1]))).toEqual(gives);
  },
);

describe('resyncing', () => {
  const one = encodeFrame(Uint8Array.of(1, 0, 2));

  test('resyncs after a torn frame', () => {
    const found = new SerialFramer().push(join([one.subarray(0, 3), Uint8Array.of(0), one]));
    expect(codes(found)).toEqual(['torn']);
    expect(good(found)).toEqual(['010002']);
  });

  test('zeros before a frame are fine', () => {
    const framer = new SerialFramer();
    expect(good(framer.push(join([Uint8Array.of(0, 0), one])))).toEqual(['010002']);
    expect(framer.counts.junkBytes).toBe(0);
  });

  test('console text before the first frame costs one fault, not the frame after it', () => {
    const framer = new SerialFramer();
    const found = framer.push(join([new TextEncoder().encode('boot: ok\r\n'), Uint8Array.of(0), one]));
    expect(codes(found)).toEqual(['torn']);
    expect(good(found)).toEqual(['010002']);
    expect(framer.counts).toEqual({ frames: 1, faults: { torn: 1 }, junkBytes: 11 });
  });

  test('an over-long frame is reported once, and what follows its end comes through', () => {
    const framer = new SerialFramer();
    const found: FrameOrFault[] = [];
    for (let index = 0; index < 100; index++) found.push(...framer.push(new Uint8Array(1000).fill(7)));
    found.push(...framer.push(join([Uint8Array.of(0), one])));
    expect(codes(found)).toEqual(['too-long']);
    expect(good(found)).toEqual(['010002']);
    expect(framer.counts).toEqual({ frames: 1, faults: { 'too-long': 1 }, junkBytes: 100_001 });
  });

  test('a frame too long inside one chunk is reported once as well', () => {
    const framer = new SerialFramer();
    const found = framer.push(join([new Uint8Array(FRAME_BYTES_MAX).fill(1), Uint8Array.of(0), one]));
    expect(codes(found)).toEqual(['too-long']);
    expect(good(found)).toEqual(['010002']);
  });

  test('reset forgets half a frame', () => {
    const framer = new SerialFramer();
    framer.push(one.subarray(0, 4));
    framer.reset();
    expect(good(framer.push(one))).toEqual(['010002']);
  });
});

test('the largest payload fits in the longest frame, byte by byte too', () => {
  const data = new Uint8Array(FRAME_PAYLOAD_MAX).fill(0xff);
  const frame = encodeFrame(data);
  expect(frame.length).toBeLessThanOrEqual(FRAME_BYTES_MAX);
  expect(good(new SerialFramer().push(frame))).toEqual([toHex(data)]);
  expect(good(pushCut(new SerialFramer(), frame, [1]))).toEqual([toHex(data)]);
});

test('a delivered payload does not change with the chunk it came in', () => {
  const chunk = encodeFrame(Uint8Array.of(5, 6, 7));
  const [first] = new SerialFramer().push(chunk);
  chunk.fill(9);
  expect(first).toEqual({ ok: true, value: Uint8Array.of(5, 6, 7) });
});

test('empty and over-long payloads are our bug', () => {
  expect(() => encodeFrame(new Uint8Array(0))).toThrow(TypeError);
  expect(() => encodeFrame(new Uint8Array(FRAME_PAYLOAD_MAX + 1))).toThrow(TypeError);
});
