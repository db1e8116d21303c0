// What an open packet link in C says and when, what it refuses, and how it ends.

import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decodePacket, encodeAck, encodeData } from '../packet/packet-codec.ts';
import { type Dialogue, isSkipped, removeFolders } from './c.testkit.ts';
import { ack, DEVICE, Hand, OURS, packetOf, payloadOf, reset } from './hand.testkit.ts';
import { CEnd, Line, startPackets, TsEnd } from './line.testkit.ts';

const NONE = new Uint8Array(0);

/** ml_status.h */
const SILENT = -21;
const NOT_ACKNOWLEDGED = -22;
const BAD_MESSAGE = -23;
const MANY_CHANNELS = -24;
const OVER_BUDGET = -6;

afterAll(removeFolders);

describe.skipIf(isSkipped('gcc', 'mkfifo'))('an open packet link in C', () => {
  let program: Dialogue;
  let hand: Hand;
  beforeAll(() => {
    program = startPackets(false);
  }, 300_000);
  afterAll(() => program?.close());
  beforeEach(() => {
    hand = new Hand(program);
  });

  describe('acknowledging', () => {
    const data = (seq: number) => encodeData(0, seq, Uint8Array.of(seq), { first: true, last: true, total: 1 });

    it('waits 50 ms after a packet, and not at half a window, a hole and its filling', () => {
      hand.openWith(OURS);
      hand.say(data(0));
      expect(hand.hear()).toEqual([]);
      expect(hand.c.deadlineMs).toBe(hand.nowMs + 50);
      hand.say(data(1), data(2), data(3));
      expect(hand.hear()).toEqual([ack(4, 8)]);
      hand.say(data(5));
      expect(hand.hear()).toEqual([ack(4, 8, 0b1)]);
      hand.say(data(7));
      expect(hand.hear()).toEqual([ack(4, 8, 0b101)]);
      hand.say(data(6));
      expect(hand.hear()).toEqual([]);
      hand.say(data(4));
      expect(hand.hear()).toEqual([ack(8, 8)]);
    });

    it('says of repeats where it stands, at most every 50 ms', () => {
      hand.openWith(OURS);
      hand.say(data(0), data(1), data(2), data(3));
      expect(hand.hear()).toEqual([ack(4, 8)]);
      hand.say(data(0), data(1));
      expect(hand.hear()).toEqual([]);
      hand.nowMs += 50;
      expect(hand.hear()).toEqual([ack(4, 8)]);
      hand.nowMs += 50;
      hand.say(data(2));
      expect(hand.hear()).toEqual([ack(4, 8)]);
      expect(hand.c.counts).toMatchObject({ taken: 7, repeats: 3 });
      expect(hand.c.happenings).toHaveLength(4);
    });

    it('says it again each second in the middle of a message', () => {
      hand.openWith(OURS);
      hand.say(encodeData(0, 0, Uint8Array.of(1), { first: true, last: false, total: 9 }));
      const heard = hand.hearUntil(hand.nowMs + 3_300);
      expect(heard.map(({ atMs, packet }) => [atMs, packet])).toEqual(
        [50, 1_050, 2_050, 3_050].map((atMs) => [atMs, ack(1, 8)]),
      );
    });

    it('goes before what is sent', () => {
      hand.openWith(OURS);
      hand.say(data(0));
      hand.c.send(1, Uint8Array.of(1, 2));
      expect(hand.hear()).toMatchObject([ack(1, 8), { kind: 'data', channel: 1 }]);
    });

    it.each([8, 3])(
      'lowers its credit, of %s, while nobody takes messages, and says when there is room again',
      (window) => {
        hand.begin({ ...DEVICE, window });
        hand.openWith(OURS);
        hand.c.isHeld = true;
        for (let seq = 0; seq < 12; seq++) hand.say(data(seq));
        expect(hand.hear()).toEqual([ack(window, 0)]);
        expect(hand.c.happenings).toEqual([]);
        hand.c.isHeld = false;
        expect(hand.c.happenings).toHaveLength(window);
        expect(hand.hear()).toEqual([ack(window, window)]);
        expect(hand.c.counts.repeats).toBe(12 - window);
      },
    );
  });

  describe('sending', () => {
    it('keeps to the other window and to its credit, and asks each second while there is none', () => {
      hand.openWith(OURS, 3);
      hand.c.send(2, new Uint8Array(200).fill(7));
      expect(hand.hear()).toHaveLength(3);
      hand.say(encodeAck(3, 0, NONE));
      const asked = hand.hearUntil(hand.nowMs + 3_100);
      expect(asked.map(({ atMs }) => atMs)).toEqual([1_000, 2_000, 3_000]);
      for (const { packet } of asked)
        expect(packet).toMatchObject({ kind: 'data', channel: 0, seq: 2, first: false, last: false });
      hand.say(encodeAck(3, 2, NONE));
      expect(hand.hear().map((packet) => (packet as { seq: number }).seq)).toEqual([3, 4]);
    });

    it('fills packets to the last byte, and none beyond', () => {
      hand.openWith(OURS);
      let seq = 0;
      for (const bytes of [1, 17, 18, 19, 20, 21, 34, 35, 36, 53, 54, 126, 127, 128, 129]) {
        hand.c.send(2, new Uint8Array(bytes).fill(7));
        const lengths = hand.c.give(hand.nowMs).map((frame) => payloadOf(frame).length);
        const firstBytes = bytes < 128 ? 17 : 16;
        const expected = bytes <= 18 ? [bytes + 2] : cutLengths(bytes - firstBytes);
        expect(lengths, `${bytes} bytes`).toEqual(expected);
        seq = (seq + lengths.length) & 0xff;
        hand.say(encodeAck(seq, 8, NONE));
      }
    });

    it('takes no message beyond what the other takes', () => {
      hand.openWith(OURS, 8, 100);
      expect(hand.c.sendStatus(0, new Uint8Array(101))).toBe(OVER_BUDGET);
      expect(hand.c.sendStatus(0, new Uint8Array(100))).toBe(0);
      expect(hand.c.sendStatus(0, new Uint8Array(1))).toBe(-12);
      expect(hand.c.sendStatus(3, new Uint8Array(1))).toBe(-10);
    });

    it('repeats what a later acknowledgement skips, once for that', () => {
      hand.openWith(OURS);
      hand.c.send(2, new Uint8Array(100).fill(7));
      expect(hand.hear().map((packet) => (packet as { seq: number }).seq)).toEqual([0, 1, 2, 3, 4, 5]);
      hand.say(encodeAck(1, 8, Uint8Array.of(0b101)));
      expect(hand.hear().map((packet) => (packet as { seq: number }).seq)).toEqual([1, 3]);
      hand.say(encodeAck(1, 8, Uint8Array.of(0b101)), encodeAck(1, 8, Uint8Array.of(0b101)));
      expect(hand.hear()).toEqual([]);
    });

    it('passes over an acknowledgement of old, and refuses one of what was never sent', () => {
      hand.openWith(OURS);
      hand.c.send(0, Uint8Array.of(1));
      expect(hand.hear()).toHaveLength(1);
      hand.say(encodeAck(255, 8, NONE));
      expect(hand.c.counts.refused).toBe(0);
      hand.say(encodeAck(2, 8, NONE));
      expect(hand.c.counts.refused).toBe(1);
      hand.say(encodeAck(1, 8, NONE));
      hand.hear();
      expect(hand.c.isIdle).toBe(true);
    });

    it('repeats after four round trips, measured on packets that went once, twice as late each time up to 3 s', () => {
      hand.openWith(OURS);
      const sendOne = () => {
        hand.c.send(0, Uint8Array.of(1));
        expect(hand.hear()).toHaveLength(1);
      };
      sendOne();
      expect(hand.c.deadlineMs).toBe(hand.nowMs + 1_000);
      expect(hand.hearUntil(hand.nowMs + 1_000)).toHaveLength(1);
      hand.nowMs += 5;
      hand.say(encodeAck(1, 8, NONE));
      // Of which of the two that was the answer nobody knows.
      sendOne();
      expect(hand.c.deadlineMs).toBe(hand.nowMs + 1_000);
      hand.nowMs += 60;
      hand.say(encodeAck(2, 8, NONE));
      sendOne();
      const firstMs = hand.nowMs;
      const heard = hand.hearUntil(hand.nowMs + 10_000);
      expect(heard.map(({ atMs }) => atMs - firstMs)).toEqual([240, 720, 1_680, 3_600, 6_600, 9_600]);
    });

    it('is dead after ten repeats in a row without an answer', () => {
      hand.openWith(OURS);
      hand.c.send(0, Uint8Array.of(1, 2, 3));
      const heard = hand.hearUntil(hand.nowMs + 120_000);
      expect(heard).toHaveLength(11);
      for (const { packet } of heard) expect(packet).toEqual(heard[0]!.packet);
      expect(hand.c.counts).toMatchObject({ sent: 11, repeated: 10, timeouts: 10 });
      expect(hand.c.happenings).toEqual([{ event: 'dead', why: NOT_ACKNOWLEDGED }]);
      expect(hand.c.deadlineMs).toBe(null);
      hand.c.open(DEVICE, hand.nowMs);
      hand.openWith(OURS);
    });
  });

  describe('keeping alive', () => {
    it('says a word every ten seconds, and lives as long as it hears one', () => {
      const options = { ...DEVICE, keepAliveMs: 10_000 };
      const line = new Line({ c: new CEnd(program, options, 1), ts: new TsEnd(options, 2) }, {}, 3);
      line.run(300_000);
      expect(line.ends.c.happenings).toEqual([{ event: 'open' }]);
      expect(line.ends.ts.happenings).toEqual([{ event: 'open' }]);
      const words = line.sent.filter(({ from, atMs }) => from === 'c' && atMs > 1_000);
      expect(words.map(({ frame }) => packetOf(frame))).toEqual(words.map(() => ack(0, 8)));
      expect(words.length).toBeGreaterThanOrEqual(29);
      expect(words.length).toBeLessThanOrEqual(31);
    });

    it('is dead after thirty seconds of silence', () => {
      hand.begin({ ...DEVICE, keepAliveMs: 10_000 });
      hand.openWith(OURS);
      expect(hand.hearUntil(hand.nowMs + 29_999).map(({ atMs }) => atMs)).toEqual([10_000, 20_000]);
      expect(hand.c.happenings).toEqual([]);
      hand.hearUntil(hand.nowMs + 1);
      expect(hand.c.happenings).toEqual([{ event: 'dead', why: SILENT }]);
    });
  });

  describe('what a stranger sends', () => {
    it.each([
      ['a packet of no message', [0x00, 0, 1], BAD_MESSAGE],
      ['an empty message', [0x30, 0], BAD_MESSAGE],
      ['a first packet that holds all', [0x20, 0, 3, 1, 2, 3], BAD_MESSAGE],
      ['a first packet without bytes', [0x20, 0, 3], BAD_MESSAGE],
      ['a message beyond the limit', [0x20, 0, 0x81, 0x04, 1], OVER_BUDGET],
    ])('ends the link: %s', (_, packet, why) => {
      hand.openWith(OURS);
      hand.say(Uint8Array.from(packet));
      expect(hand.c.happenings).toEqual([{ event: 'dead', why }]);
    });

    it.each([
      ['that begins again', [0x20, 1, 9, 1]],
      ['that goes on too long', [0x00, 1, ...new Array<number>(9).fill(1)]],
      ['that ends too early', [0x10, 1, 1]],
      ['that ends too late', [0x00, 1, 2, 3]],
      ['with an empty packet', [0x00, 1]],
    ])('ends the link: a message %s', (_, packet) => {
      hand.openWith(OURS);
      hand.say(Uint8Array.of(0x20, 0, 3, 1));
      expect(hand.c.happenings).toEqual([]);
      hand.say(Uint8Array.from(packet));
      expect(hand.c.happenings).toEqual([{ event: 'dead', why: BAD_MESSAGE }]);
    });

    it('ends the link: messages in parts on more channels than there is memory for', () => {
      hand.openWith(OURS);
      hand.say(Uint8Array.of(0x20, 0, 3, 1), Uint8Array.of(0x31, 1, 1));
      expect(hand.c.happenings).toMatchObject([{ event: 'message', channel: 1 }]);
      hand.say(Uint8Array.of(0x22, 2, 3, 1));
      expect(hand.c.happenings.at(-1)).toEqual({ event: 'dead', why: MANY_CHANNELS });
    });

    it('is refused: a packet longer than its messages make one', () => {
      hand.openWith(OURS);
      const statusOf = (bytes: number) => {
        program.ask('V', Uint8Array.of(0x30, 0, ...new Uint8Array(bytes - 2)));
        return program.i32();
      };
      expect([516, 517, 1_024, 1_025, 2_000].map(statusOf)).toEqual([0, ...new Array<number>(4).fill(OVER_BUDGET)]);
    });

    it('is refused where the TypeScript codec refuses it, and counted', () => {
      const head = fc.constantFrom(0x00, 0x10, 0x20, 0x2f, 0x35, 0x40, 0x41, 0x80, 0xa0, 0x90, 0xc0);
      const packet = fc
        .tuple(head, fc.uint8Array({ maxLength: 20 }))
        .map(([first, rest]) => Uint8Array.of(first, ...rest));
      const version1 = packet.map((bytes) => {
        if (bytes[0]! >>> 6 === 2 && bytes.length > 1) bytes[1] = 1;
        return bytes;
      });
      fc.assert(
        fc.property(fc.array(version1, { minLength: 50, maxLength: 100 }), (packets) => {
          hand.begin(DEVICE);
          hand.say(...packets);
          expect(hand.c.counts.refused).toBe(packets.filter((bytes) => !decodePacket(bytes).ok).length);
        }),
        { numRuns: 100 },
      );
    });

    it('leaves the link able to go on or dead, whatever it is', () => {
      const packet = fc.oneof(
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
        fc.uint8Array({ minLength: 500, maxLength: 1_100 }),
        fc
          .tuple(fc.nat(63), fc.nat(20), fc.uint8Array({ maxLength: 30 }))
          .map(([head, seq, rest]) => Uint8Array.of(head, seq, ...rest)),
        fc
          .tuple(fc.nat(255), fc.nat(64), fc.uint8Array({ maxLength: 8 }))
          .map(([next, credit, rest]) => Uint8Array.of(0x40, next, credit, ...rest)),
        fc
          .tuple(fc.nat(5), fc.nat(5), fc.boolean())
          .map(([a, b, asks]) => reset(Uint8Array.of(a + 1, 0, 0, 0), Uint8Array.of(b, 0, 0, 0), { asks })),
      );
      let survivors = 0;
      fc.assert(
        fc.property(fc.array(packet, { maxLength: 60 }), (packets) => {
          hand.begin(DEVICE);
          hand.openWith(OURS);
          for (const one of packets) {
            hand.c.sendStatus(one.length % 3, one);
            hand.say(one);
            hand.hear();
            hand.nowMs += one[0]!;
          }
          if (hand.c.happenings.at(-1)?.event !== 'dead') survivors++;
        }),
        { numRuns: 200 },
      );
      expect(survivors).toBeGreaterThan(0);
    });
  });
});

/** Of the packets of a message of which `rest` bytes come after the first, which is full. */
function cutLengths(rest: number): number[] {
  const full = Math.floor(rest / 18);
  return [20, ...new Array<number>(full).fill(20), ...(rest % 18 === 0 ? [] : [(rest % 18) + 2])];
}
