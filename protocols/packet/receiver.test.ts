import { describe, expect, it } from 'vitest';
import type { DataPacket } from './packet-codec.ts';
import { Receiver } from './receiver.ts';

const packet = (seq: number): DataPacket => ({
  kind: 'data',
  channel: 0,
  seq,
  first: seq === 0,
  last: false,
  total: null,
  bytes: new Uint8Array(1),
});

/** How many packets in order it takes until it has something to say at once. */
function packetsUntilSaid(receiver: Receiver): number {
  for (let seq = 0; ; seq++) {
    receiver.take(packet(seq), 0);
    if (receiver.deadlineMs(false) === 0) return seq + 1;
  }
}

describe('a receiver of packets', () => {
  it('speaks at half of what the other end may have on the way', () => {
    expect(packetsUntilSaid(new Receiver(8))).toBe(4);
    expect(packetsUntilSaid(new Receiver(32, 8))).toBe(4);
    expect(packetsUntilSaid(new Receiver(8, 32))).toBe(4);
    expect(packetsUntilSaid(new Receiver(1, 8))).toBe(1);
  });
});
