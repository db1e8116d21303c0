// Bytes of a process that runs what nobody vouches for: read, or a named fault; never anything else.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STOP_REASONS } from './engine.ts';
import { ABSENT, ANSWER_HEAD_BYTES, decodeAnswer } from './wasmtime-frames.ts';

const anyFetch = fc.option(
  fc.record({ at: fc.nat(99_999), size: fc.nat(2_000), element: fc.constantFrom(0, 1, 8, 16, 1_024) }),
);

function answerOf(answer: number, byteCount: number): Uint8Array {
  const frame = new Uint8Array(ANSWER_HEAD_BYTES + byteCount);
  new DataView(frame.buffer).setFloat64(1, answer, true);
  return frame;
}

describe('an answer', () => {
  it('of any bytes is read or refused by name, and never holds more than was asked for', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3_000 }), anyFetch, (frame, fetch) => {
        const answer = decodeAnswer(frame, fetch);
        if (answer.ok) expect(answer.bytes.length).toBeLessThanOrEqual(fetch?.size ?? 0);
        else expect([...STOP_REASONS, ABSENT]).toContain(answer.reason);
      }),
    );
  });

  it('brings as many findings as it says, and no others', () => {
    fc.assert(
      fc.property(fc.nat(100), fc.nat(100), (said, sent) => {
        const answer = decodeAnswer(answerOf(said, 16 * sent), { at: 0, size: 1_600, element: 16 });
        expect(answer.ok).toBe(said === sent);
      }),
    );
  });

  it('that is no number, or less than none, brings nothing', () => {
    for (const said of [Number.NaN, Number.NEGATIVE_INFINITY, -1]) {
      const fetch = { at: 0, size: 64, element: 16 };
      expect(decodeAnswer(answerOf(said, 0), fetch)).toMatchObject({ ok: true, answer: said });
      expect(decodeAnswer(answerOf(said, 16), fetch)).toMatchObject({ ok: false, reason: 'lost' });
    }
  });
});
