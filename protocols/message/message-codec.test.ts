import { decode as decodeWithCbor2, encode as encodeWithCbor2 } from 'cbor2';
import { sortCoreDeterministic } from 'cbor2/sorts';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeFrame, encodeFrame } from '../framing/serial-framer.ts';
import { arbMessage } from '../generated/arbitraries.gen.ts';
import type { Live, Message } from '../generated/types.gen.ts';
import { fromHex, toHex } from '../inspect/hex.ts';
import { fromVector, readVectors } from '../vectors/read-vectors.ts';
import { decodeMessage, encodeMessage } from './message-codec.ts';

describe('golden messages', () => {
  const cases: { name: string; hex: string; frame: string; value: unknown }[] = readVectors('messages.json').cases;

  test.each(cases)('$name', ({ hex, frame, value }) => {
    const message = fromVector(value) as Message;
    expect(decodeMessage(fromHex(hex))).toEqual({ ok: true, value: message });
    expect(toHex(encodeMessage(message))).toBe(hex);
    expect(toHex(encodeFrame(fromHex(hex)))).toBe(frame);
  });

  test.each(cases)('$name reads and writes the same in cbor2', ({ hex }) => {
    const theirs = decodeWithCbor2(fromHex(hex));
    expect(toHex(encodeWithCbor2(theirs, { sortKeys: sortCoreDeterministic, float64: true }))).toBe(hex);
  });

  test('there is one for every message', () => {
    const seen = new Set(cases.map(({ name }) => name));
    fc.assert(fc.property(arbMessage, ({ type }) => seen.has(type)));
  });
});

describe('malformed messages', () => {
  const cases: { why: string; code: string; at: number; detail: string; hex: string }[] =
    readVectors('malformed-messages.json').cases;

  test.each(cases)('$why: $code at $at', ({ code, at, detail, hex }) => {
    expect(decodeMessage(fromHex(hex))).toEqual({ ok: false, fault: { code, at, detail } });
  });
});

test('decode(encode(message)) is the message, through a frame as well', () => {
  fc.assert(
    fc.property(arbMessage, (message) => {
      const frame = decodeFrame(encodeFrame(encodeMessage(message)).subarray(0, -1));
      expect(frame.ok && decodeMessage(frame.value)).toEqual({ ok: true, value: message });
    }),
    { numRuns: 500 },
  );
});

describe('encoding a wrong message throws at once and names the path', () => {
  const live: Live = {
    type: 'live',
    log: 1,
    epoch: new Uint8Array(4),
    dropped: 0,
    firstSample: 0,
    ticks: 0,
    format: 1,
    samples: new Uint8Array(2),
  };

  test.each([
    [{ ...live, samples: new Uint8Array(4097) }, 'live.samples: 4097 bytes, at most 4096'],
    [{ ...live, firstSample: -1 }, 'live.firstSample: -1, expected an integer 0..9007199254740991'],
    [{ ...live, epoch: new Uint8Array(5) }, 'live.epoch: 5 bytes, expected 4'],
    [{ ...live, format: 4 }, 'live.format: 4, expected 1 or 2 or 3'],
    [{ ...live, ticks: undefined }, 'live.ticks: nothing, expected an integer'],
    [{ ...live, type: 'chunk' }, 'no message has the type chunk'],
  ])('%#', (message, detail) => {
    expect(() => encodeMessage(message as unknown as Message)).toThrow(detail);
  });
});
