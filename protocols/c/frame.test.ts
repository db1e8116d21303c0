// Frames in C: the streams of the vectors, and on every other stream what the TypeScript framer gives, event for event.

import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeFrame, FRAME_PAYLOAD_MAX, SerialFramer } from '../framing/serial-framer.ts';
import { fromHex, toHex } from '../inspect/hex.ts';
import { readVectors } from '../vectors/read-vectors.ts';
import { Answers, compileTest, FAULTS, inputOf, isSkipped, removeFolders, run } from './c.testkit.ts';

const ROOM = FRAME_PAYLOAD_MAX + 4;
const RECEIVE = 0x72;
const WRITE = 0x77;

const packet = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 900, size: 'max' }),
  fc
    .array(fc.constantFrom(0, 1, 255), { minLength: 1, maxLength: 600, size: 'max' })
    .map((list) => Uint8Array.from(list)),
);
/** Good frames, harmed frames and junk, one behind the other. */
const stream = fc
  .array(
    fc.oneof(
      packet.map(encodeFrame),
      fc.tuple(packet.map(encodeFrame), fc.nat(), fc.nat()).map(harmed),
      fc.uint8Array({ maxLength: 40 }),
      fc.constant(Uint8Array.of(0)),
    ),
    { maxLength: 8 },
  )
  .map((parts) => new Uint8Array(Buffer.concat(parts)));

afterAll(removeFolders);

describe.skipIf(isSkipped('gcc'))('frames in C', () => {
  let program = '';
  beforeAll(() => {
    program = compileTest('frame', ['test/frame.c', 'ml_frame.c', 'ml_crc32c.c']);
  }, 120_000);

  /** Events as text, and the counters. */
  function receive(streams: readonly Uint8Array[], room = ROOM) {
    const answers = new Answers(run(program, [], inputOf(...streams.flatMap((bytes) => [RECEIVE, room, bytes]))));
    return streams.map(() => {
      const events = Array.from({ length: answers.u32() }, () => {
        const status = answers.i32();
        if (status === 0) return toHex(answers.bytes());
        return `${FAULTS[status]} at ${answers.u32()}`;
      });
      const [frames, torn, badCheck, tooLong, junkBytes] = [0, 0, 0, 0, 0].map(() => answers.u32());
      return { events, counts: { frames, torn, badCheck, tooLong, junkBytes } };
    });
  }

  function write(packets: readonly Uint8Array[], room: (bytes: Uint8Array) => number) {
    const input = inputOf(...packets.flatMap((bytes) => [WRITE, room(bytes), bytes]));
    const answers = new Answers(run(program, [], input));
    return packets.map(() => ({ status: answers.i32(), frame: toHex(answers.bytes()) }));
  }

  it('gives for every stream of the vectors what it must', () => {
    const cases = readVectors('streams.json').cases as { why: string; hex: string; gives: string[] }[];
    const found = receive(cases.map(({ hex }) => fromHex(hex)));
    const events = found.map((one) => one.events.map((event) => event.replace(/ at \d+$/, '')));
    expect(cases.map(({ why }, index) => [why, events[index]])).toEqual(cases.map(({ why, gives }) => [why, gives]));
  });

  it('gives for every other stream what the TypeScript framer gives, and counts the same', () => {
    fc.assert(
      fc.property(fc.array(stream, { minLength: 30, maxLength: 60 }), (streams) => {
        for (const [index, found] of receive(streams).entries()) expect(found).toEqual(byTypeScript(streams[index]!));
      }),
      { numRuns: 30 },
    );
  });

  it('writes the frames that TypeScript writes, into no byte more than they have', () => {
    fc.assert(
      fc.property(fc.array(packet, { minLength: 30, maxLength: 60 }), (packets) => {
        const frames = packets.map((bytes) => toHex(encodeFrame(bytes)));
        const exact = write(packets, (bytes) => encodeFrame(bytes).length);
        expect(exact).toEqual(frames.map((frame) => ({ status: frame.length / 2, frame })));
        const short = write(packets, (bytes) => encodeFrame(bytes).length - 1);
        expect(short).toEqual(frames.map(() => ({ status: -11, frame: '' })));
      }),
      { numRuns: 20 },
    );
  });

  it('frames what is longest, 254 and 508 bytes with their check, and refuses nothing and too much', () => {
    const sizes = [1, 249, 250, 251, 503, 504, 505, FRAME_PAYLOAD_MAX];
    const packets = sizes.flatMap((size) => [new Uint8Array(size).fill(1), new Uint8Array(size)]);
    const frames = packets.map(encodeFrame);
    expect(write(packets, (bytes) => encodeFrame(bytes).length).map(({ frame }) => frame)).toEqual(frames.map(toHex));
    for (const [index, { events }] of receive(frames).entries()) expect(events).toEqual([toHex(packets[index]!)]);
    const wrong = [new Uint8Array(0), new Uint8Array(FRAME_PAYLOAD_MAX + 1)];
    expect(write(wrong, () => 20_000)).toEqual([
      { status: -10, frame: '' },
      { status: -10, frame: '' },
    ]);
  });

  it('says once that a frame is longer than its room, and takes the next one', () => {
    const good = encodeFrame(Uint8Array.of(1, 2, 3));
    for (const size of [17, 18, 600]) {
      const long = encodeFrame(new Uint8Array(size).fill(9));
      const [found] = receive([new Uint8Array(Buffer.concat([long, good]))], 20);
      expect(found).toEqual({
        events: ['too-long at 0', '010203'],
        counts: { frames: 1, torn: 0, badCheck: 0, tooLong: 1, junkBytes: long.length },
      });
    }
    const [longest] = receive([encodeFrame(new Uint8Array(16).fill(9))], 20);
    expect(longest!.events).toEqual(['09'.repeat(16)]);
  });
});

function byTypeScript(bytes: Uint8Array) {
  const framer = new SerialFramer();
  const events = framer.push(bytes).map((one) => (one.ok ? toHex(one.value) : `${one.fault.code} at ${one.fault.at}`));
  framer.reset();
  const { frames, faults, junkBytes } = framer.counts;
  const { torn = 0, 'bad-check': badCheck = 0, 'too-long': tooLong = 0 } = faults;
  return { events, counts: { frames, torn, badCheck, tooLong, junkBytes } };
}

/** A bit flipped, a byte lost, or the end lost. */
function harmed([frame, kind, place]: [Uint8Array, number, number]): Uint8Array {
  const at = place % frame.length;
  if (kind % 3 === 0) return frame.map((byte, index) => (index === at ? byte ^ (1 << (kind & 7)) : byte));
  if (kind % 3 === 1) return new Uint8Array(Buffer.concat([frame.subarray(0, at), frame.subarray(at + 1)]));
  return frame.slice(0, at);
}
