// How a packet link in C begins, and begins anew.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toHex } from '../inspect/hex.ts';
import { encodeAck, encodeData } from '../packet/packet-codec.ts';
import { type Dialogue, isSkipped, removeFolders } from './c.testkit.ts';
import { DEVICE, decoded, Hand, OURS, payloadOf, reset, ZEROS } from './hand.testkit.ts';
import { startPackets } from './line.testkit.ts';

afterAll(removeFolders);

describe.skipIf(isSkipped('gcc', 'mkfifo'))('a packet link in C', () => {
  let program: Dialogue;
  let hand: Hand;
  beforeAll(() => {
    program = startPackets(false);
  }, 300_000);
  afterAll(() => program?.close());
  beforeEach(() => {
    hand = new Hand(program);
  });

  describe('beginning', () => {
    it('says RESET with its nonce at once, after 250 ms, and then twice as late each time up to 4 s', () => {
      const [frame] = hand.c.give(0);
      const packet = payloadOf(frame!);
      expect(toHex(packet)).toMatch(/^a001080002[0-9a-f]{8}00000000$/);
      const heard = hand.hearUntil(20_000);
      expect(heard.map(({ atMs }) => atMs)).toEqual([250, 750, 1_750, 3_750, 7_750, 11_750, 15_750, 19_750]);
      for (const one of heard) expect(one.packet).toEqual(decoded(packet));
    });

    it('is no end, however long nobody is there', () => {
      hand.begin({ ...DEVICE, keepAliveMs: 10_000 });
      hand.hearUntil(600_000);
      expect(hand.c.happenings).toEqual([]);
      hand.openWith(OURS);
    });

    it('answers a beginning at once, and is open when its nonce is said back', () => {
      const mine = hand.hearReset();
      hand.say(reset(OURS, ZEROS, { asks: true }));
      expect(hand.hear()).toEqual([{ ...mine, peerNonce: OURS }]);
      hand.say(reset(OURS, mine.nonce, { asks: true }));
      expect(hand.c.happenings).toEqual([{ event: 'open' }]);
      expect(hand.hear()).toEqual([{ ...mine, peerNonce: OURS, asks: false }]);
    });

    it('takes no DATA and no ACK before it is open', () => {
      hand.say(
        encodeData(0, 0, Uint8Array.of(1), { first: true, last: true, total: 1 }),
        encodeAck(0, 8, ZEROS.subarray(0, 0)),
      );
      expect(hand.c.counts).toMatchObject({ taken: 0, refused: 0 });
      hand.openWith(OURS);
      expect(hand.c.happenings).toEqual([]);
    });

    it('passes over another version, a nonce that is not in use, and what is added behind', () => {
      hand.hear();
      hand.say(
        reset(OURS, Uint8Array.of(9, 9, 9, 9), { asks: true }),
        reset(OURS, ZEROS, { asks: true, version: 2, window: 0 }),
      );
      expect(hand.hear()).toEqual([]);
      expect(hand.c.counts.refused).toBe(0);
      hand.say(Uint8Array.of(...reset(OURS, ZEROS, { asks: true }), 1, 2, 3));
      expect(hand.hear()).toMatchObject([{ kind: 'reset', peerNonce: OURS }]);
    });

    it('takes a fresh nonce each time', () => {
      const nonces = [hand.openWith(OURS)];
      for (let turn = 0; turn < 20; turn++) {
        hand.c.open(DEVICE, hand.nowMs);
        nonces.push(hand.openWith(OURS));
      }
      expect(new Set(nonces.map(toHex)).size).toBe(nonces.length);
    });
  });

  describe('a beginning while it is open', () => {
    const other = Uint8Array.of(5, 6, 7, 8);

    it('is challenged with a fresh nonce, twelve times at most a second apart, and then forgotten', () => {
      const own = hand.openWith(OURS);
      hand.c.send(0, Uint8Array.of(1));
      hand.say(reset(other, ZEROS, { asks: true }));
      const heard = hand.hearUntil(hand.nowMs + 15_000);
      const challenges = heard.filter(({ packet }) => packet.kind === 'reset');
      expect(challenges).toHaveLength(12);
      const gaps = challenges.slice(1).map(({ atMs }, index) => atMs - challenges[index]!.atMs);
      expect(gaps).toEqual([250, 500, ...new Array<number>(9).fill(1_000)]);
      for (const { packet } of challenges) expect(packet).toMatchObject({ asks: true, peerNonce: other });
      expect(toHex((challenges[0]!.packet as { nonce: Uint8Array }).nonce)).not.toBe(toHex(own));
      // Meanwhile nothing else, and afterwards what was waiting.
      expect(heard[12]).toMatchObject({ packet: { kind: 'data', seq: 0 } });
      expect(heard[12]!.atMs).toBeGreaterThanOrEqual(challenges[11]!.atMs);
      expect(hand.c.happenings).toEqual([]);
    });

    it('opens anew only when the challenge is answered, by the same other end', () => {
      const own = hand.openWith(OURS);
      hand.say(reset(other, ZEROS, { asks: true }));
      const challenge = hand.hearReset();
      hand.say(encodeData(0, 0, Uint8Array.of(1), { first: true, last: true, total: 1 }));
      hand.say(reset(other, own, { asks: false }), reset(OURS, challenge.nonce, { asks: false }));
      expect(hand.c.happenings).toEqual([]);
      expect(hand.c.counts.taken).toBe(0);
      hand.say(reset(other, challenge.nonce, { asks: false }));
      expect(hand.c.happenings).toEqual([{ event: 'open' }]);
      hand.say(encodeData(0, 0, Uint8Array.of(2), { first: true, last: true, total: 1 }));
      expect(hand.c.happenings.at(-1)).toEqual({ event: 'message', channel: 0, bytes: Uint8Array.of(2) });
    });

    it('makes the nonce of the challenge the one in use, which is said back as often as it is asked for', () => {
      const old = hand.openWith(OURS);
      hand.say(reset(other, ZEROS, { asks: true }));
      const { nonce } = hand.hearReset();
      for (let turn = 0; turn < 3; turn++) {
        hand.say(reset(other, nonce, { asks: true }));
        expect(hand.hearReset()).toMatchObject({ asks: false, nonce, peerNonce: other });
      }
      hand.say(reset(other, old, { asks: true }));
      expect(hand.hear()).toEqual([]);
      expect(hand.c.happenings).toEqual([{ event: 'open' }]);
    });

    it('of its own nonce is answered and changes nothing', () => {
      const own = hand.openWith(OURS);
      hand.say(reset(OURS, ZEROS, { asks: true }));
      expect(hand.hear()).toMatchObject([{ kind: 'reset', asks: false, nonce: own, peerNonce: OURS }]);
      hand.say(reset(OURS, own, { asks: true }));
      expect(hand.hear()).toMatchObject([{ kind: 'reset', asks: false, nonce: own, peerNonce: OURS }]);
      expect(hand.c.happenings).toEqual([]);
      expect(hand.c.counts.challenges).toBe(0);
    });

    it('by another and another is challenged anew each time', () => {
      hand.openWith(OURS);
      const nonces = [other, Uint8Array.of(9, 9, 9, 9), other].map((nonce) => {
        hand.say(reset(nonce, ZEROS, { asks: true }));
        const challenge = hand.hearReset();
        expect(challenge.peerNonce).toEqual(nonce);
        return toHex(challenge.nonce);
      });
      expect(new Set(nonces).size).toBe(3);
    });
  });
});
