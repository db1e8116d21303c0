import { generateEd25519 } from '@maibo/protocols';
import { describe, expect, it } from 'vitest';
import { makeSegments, type SegmentFault } from './made-up-stream.ts';
import { checkSegment, createTrustList } from './segment-check.ts';
import { SegmentIndex } from './segment-index.ts';

const gateway = generateEd25519(new Uint8Array(32).fill(1));
const trust = createTrustList([gateway.publicKey]);

/** A stream that was taken up in its middle (record 8), and whose beginning its gateway has trimmed (record 9). */
const cutStream: SegmentFault['record'] = (record, seq) => {
  const { v, place, prev } = record;
  if (seq === 8) return { kind: 'restart', v, place, prev, fromSeq: 2 };
  if (seq !== 9) return record;
  return { kind: 'trim', v, place, prev, before: 4, hash: new Uint8Array(32), reason: 'retention' };
};

describe('a stream with restart and trim records', () => {
  it('is taken like any other: what a gateway no longer keeps was sent before', () => {
    const index = new SegmentIndex();
    for (const segment of makeSegments(gateway, { segmentCount: 3 }, { record: cutStream })) {
      const checked = checkSegment(segment.bytes, segment.sha256Hex, trust);
      expect(checked).toMatchObject({ ok: true });
      if (!checked.ok) continue;
      expect(index.checkPlace(checked.value)).toEqual({ ok: true, value: null });
      index.add(checked.value);
    }
    expect(index.heads()[0]).toMatchObject({ segmentCount: 3, nextIndex: 3 });
  });
});
