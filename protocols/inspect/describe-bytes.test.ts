import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeFrame } from '../framing/serial-framer.ts';
import { encodeMessage } from '../message/message-codec.ts';
import { encodeHandshakeMessage } from '../session/handshake-codec.ts';
import { readVectors } from '../vectors/read-vectors.ts';
import { describeBytes } from './describe-bytes.ts';
import { fromHex, toHex } from './hex.ts';

const messages = readVectors('messages.json').cases as { name: string; hex: string; frame: string }[];
const evidence = readVectors('evidence.json');
const live = encodeMessage({
  type: 'live',
  log: 1,
  epoch: fromHex('a1b2c3d4'),
  dropped: 0,
  firstSample: 0,
  ticks: 0,
  format: 1,
  samples: new Uint8Array(Int16Array.of(0, -32_767, 32_767, -32_768, 5).buffer),
});
const frame = toHex(encodeFrame(live));
const textOf = (hex: string) => describeBytes(fromHex(hex)).lines.join('\n');

test.each(messages)('$name is known as a message and in a frame', ({ name, hex, frame }) => {
  expect(textOf(hex)).toMatch(new RegExp(`^message, .*type: "${name}"`, 's'));
  expect(textOf(frame)).toMatch(/^COBS frame with its closing 0x00, .*CRC-32C good/);
  expect(textOf(frame.slice(0, -2))).toMatch(/^COBS frame without its closing 0x00/);
});

test('what is said before a session is known too', () => {
  const nonce = new Uint8Array(8);
  const hello = encodeHandshakeMessage({ type: 'hello', versions: [2], nonce, patterns: [1], capabilities: [] });
  expect(textOf(toHex(hello))).toMatch(/^message, .*type: "hello".*versions: \[2\]/s);
});

test('samples are summarised, other bytes are hex', () => {
  expect(textOf(toHex(live))).toContain('samples: 5 x int16, -32767..32767, 1 missing');
  const coded = { log: 1, epoch: new Uint8Array(4), dropped: 0, firstSample: 0, ticks: 0, format: 3 } as const;
  const describe = (...samples: number[]) =>
    textOf(toHex(encodeMessage({ type: 'live', ...coded, samples: Uint8Array.from(samples) })));
  expect(describe(0x28, 0x64, 0x02, 0x7b)).toContain('samples: 100 x int16, coded in 4 bytes');
  expect(describe(0x28, 0xff, 0x2c, 0x01, 0x02)).toContain('samples: 300 x int16, coded in 5 bytes');
  expect(describe(0x28)).toContain('samples: ? x int16, coded in 1 bytes');
  expect(textOf(toHex(live))).toContain('epoch: a1b2c3d4 (4 bytes)');
});

test('sealed records, segments and receipts show what is inside', () => {
  expect(textOf(evidence.records[0].sealed)).toMatch(/^sealed record, .*kind: "stream"/s);
  expect(textOf(evidence.records[4].hex)).toMatch(/^record, not sealed, .*rmssdMs: 42.125/s);
  expect(textOf(evidence.segment.hex)).toMatch(/^segment, .* 6 items.*sealed segment header.*item 5:.*kind: "end"/s);
  expect(textOf(evidence.segment.headerHex)).toMatch(/^segment header, not sealed/);
  expect(textOf(evidence.receipt.sealed)).toMatch(/^sealed receipt, .*receivedUtcUs: 1790000400000000/s);
  expect(textOf(evidence.receipt.hex)).toMatch(/^receipt, not sealed/);
});

test('faults are named with their byte', () => {
  expect(textOf('8218630a')).toContain('unknown-number at byte 1: message.number: number 99 is not known');
  expect(textOf('0511220000')).toContain('neither a frame nor CBOR');
  expect(textOf(`${frame.slice(0, 10)}00`)).toMatch(/^broken COBS frame.*\n {2}(torn|bad-check) at byte/);
  expect(textOf('')).toBe('nothing: 0 bytes');
  expect(textOf('0000')).toBe('2 x 0x00: frame delimiters and nothing between them');
});

test('says something about any bytes', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => describeBytes(bytes).lines.length > 0));
});

test('ok is false as soon as anything inside is broken', () => {
  expect(describeBytes(fromHex(frame)).ok).toBe(true);
  expect(describeBytes(fromHex(evidence.segment.hex)).ok).toBe(true);
  expect(describeBytes(fromHex('8218630a')).ok).toBe(false);
  // A good frame around a message from the future.
  expect(describeBytes(encodeFrame(fromHex('8218630a'))).ok).toBe(false);
});
