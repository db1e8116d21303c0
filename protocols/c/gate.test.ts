// What all sessions of a device in C share: the pairing window, one handshake at a time, slowing down, hosts and their store; and every
// limit of time.

import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { toHex } from '../inspect/hex.ts';
import { decodeHandshakeMessage, encodeHandshakeMessage } from '../session/handshake-codec.ts';
import { HOST, STRANGER } from '../session/sessions.testkit.ts';
import { removeFolders } from './c.testkit.ts';
import { isCryptoSkipped } from './crypto.testkit.ts';
import { CDevice, CMeeting, FreeHost, LABEL, meetReady, someKey } from './session.testkit.ts';

const DAY_MS = 86_400_000;
const FOREVER = 0xffff_ffff;
/** The counter wraps in the middle of what follows. */
const STARTS = [0, 2 ** 32 - 5_000, 2 ** 32 - 60_000] as const;
const FULL = -12;
const OTHERS = Array.from({ length: 7 }, (_, at) => someKey(`other ${at}`));
const HELLO = encodeHandshakeMessage({
  type: 'hello',
  versions: [2],
  nonce: new Uint8Array(8),
  patterns: [1, 2, 3],
  capabilities: [],
});

afterAll(removeFolders);

describe.skipIf(isCryptoSkipped('gcc'))('the gate in C', () => {
  let device: CDevice;
  beforeAll(() => {
    device = new CDevice();
  }, 120_000);
  afterAll(() => device?.program.close());

  /** The ways that a hello is offered now; null when it is not answered now. */
  function offered(nowMs: number, n = 0): readonly number[] | null {
    device.begin([], nowMs, n);
    device.take(0, HELLO, nowMs, n);
    const [answer] = device.give(nowMs, n);
    if (answer === undefined) return null;
    const message = decodeHandshakeMessage(answer.bytes);
    if (!message.ok || message.value.type !== 'hello-ok') throw new Error('no hello-ok');
    return message.value.patterns;
  }

  /** Hello, and never anything else that makes sense. */
  function fail(nowMs: number, n = 0): void {
    device.begin([], nowMs, n);
    device.take(0, HELLO, nowMs, n);
    device.give(nowMs, n);
    device.take(0, Uint8Array.of(0), nowMs, n);
  }

  describe.each(STARTS)('from %i ms on', (start) => {
    test('pairing lasts 120 s', () => {
      device.start({ isPairing: true, nowMs: start });
      expect(offered(start + 119_999)).toEqual([1]);
      expect(offered(start + 120_000)).toEqual([]);
      expect(offered(start + 120_001)).toEqual([]);
    });

    test('a reveal after the window is none', () => {
      device.start({ isPairing: true, nowMs: start });
      const host = new FreeHost(device, 'XX', 0, true, start + 119_000);
      host.hear(start + 119_000);
      const number = encodeHandshakeMessage({ type: 'sas', step: 1, data: new Uint8Array(16) });
      expect(host.say(number, 0, start + 120_000)).toBe('not-pairing');
      expect(host.hear(start + 120_000)).toEqual([]);
      expect(device.counts.reveals).toBe(0);
    });

    test('a handshake ends after 10 s', () => {
      device.start({ hosts: [HOST.publicKey] });
      expect(offered(start)).toEqual([2]);
      expect(device.state(start + 4_000)).toMatchObject({ state: 'handshake', waitMs: 6_000 });
      expect(device.giveOne(start + 9_999)).toBe(null);
      expect(device.giveOne(start + 10_000)).toBe(-51);
      expect(device.state(start + 10_000)).toMatchObject({ state: 'closed', reason: 'timed-out', waitMs: FOREVER });
    });

    test('so does the wait for the confirm, also seen when something comes', () => {
      const host = new FreeHost(device, 'KK', 0, false, start);
      expect(device.giveOne(start + 9_999)).toBe(null);
      expect(host.say(encodeHandshakeMessage({ type: 'confirm', accepted: true }), 0, start + 10_000)).toBe(
        'timed-out',
      );
    });

    test('digits are on show for 120 s', () => {
      const meeting = new CMeeting(device, 'XX', { nowMs: start });
      device.giveOne(start + 119_999);
      expect(device.state(start + 119_999)).toMatchObject({
        state: 'sas',
        digits: meeting.find('sas')?.digits,
        waitMs: 1,
      });
      device.answer(true, start + 120_000);
      expect(device.state(start + 120_000)).toMatchObject({ state: 'closed', reason: 'timed-out', digits: '' });
      expect(device.stored).toEqual([]);
    });

    test('a session ends after a day, with a bye', () => {
      const meeting = meetReady(device, 'KK', { nowMs: start });
      meeting.nowMs = start + DAY_MS - 1;
      expect(device.giveOne(meeting.nowMs)).toBe(null);
      expect(meeting.state).toMatchObject({ isReady: true, waitMs: 1 });
      const bye = device.giveOne(start + DAY_MS);
      if (bye === null || typeof bye === 'number') throw new Error('no bye');
      const { events } = meeting.host.receive(bye.channel, bye.bytes, meeting.nowMs);
      expect(events).toEqual([{ kind: 'message', channel: 0, bytes: Uint8Array.of(0x82, 0x18, 26, 2) }]);
      expect(device.state(start + DAY_MS)).toMatchObject({ state: 'closed', reason: 'expired' });
      expect(device.seal(0, Uint8Array.of(1))).toBe(-13);
    });

    test('from the fifth refusal in a row on, hello is answered later, and then whoever says it', () => {
      device.start({ hosts: [HOST.publicKey] });
      let nowMs = start;
      for (const pauseMs of [0, 0, 0, 0, 0, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]) {
        if (pauseMs > 0) {
          expect(offered(nowMs)).toBe(null);
          expect(device.state(nowMs).waitMs).toBe(pauseMs);
          expect(device.give(nowMs + pauseMs - 1)).toEqual([]);
          expect(device.give(nowMs + pauseMs)).toHaveLength(1);
          expect(device.state(nowMs + pauseMs).waitMs).toBe(10_000);
          device.end(nowMs + pauseMs);
          nowMs += pauseMs;
        } else {
          fail(nowMs);
        }
      }
      expect(offered(nowMs + 60_000), 'the pause counts from the last refusal').toEqual([2]);
      device.end(nowMs + 60_000);
      expect(new CMeeting(device, 'KK', { isGoingOn: true, nowMs: nowMs + 120_000 }).isReady).toBe(true);
      expect(device.counts.failedInRow).toBe(0);
    });
  });

  it('does not count who gives up while it is held back', () => {
    device.start({ hosts: [HOST.publicKey] });
    for (let turn = 0; turn < 5; turn++) fail(0);
    for (let turn = 0; turn < 20; turn++) expect(offered(10)).toBe(null);
    expect(device.counts).toMatchObject({ started: 5, failedInRow: 5 });
    expect(offered(1_000)).toEqual([2]);
  });

  test('three reveals end pairing, on whatever sessions, also broken-off ones', () => {
    device.start({ isPairing: true });
    for (let turn = 0; turn < 3; turn++) {
      expect(device.isPairing(0)).toBe(true);
      const meeting = new CMeeting(device, 'XX', { isGoingOn: true, n: turn % 2, nowMs: turn * 20_000 });
      expect(meeting.state.digits).toMatch(/^\d{6}$/);
      expect(device.counts.reveals).toBe(turn + 1);
    }
    expect(device.isPairing(50_000)).toBe(false);
    expect(offered(50_000)).toEqual([]);
    expect(device.openPairing(60_000)).toBe(0);
    expect(offered(60_000)).toEqual([1]);
  });

  test('the third reveal may still lead to a pairing', () => {
    device.start({ isPairing: true });
    new CMeeting(device, 'XX', { isGoingOn: true });
    new CMeeting(device, 'XX', { isGoingOn: true });
    const meeting = new CMeeting(device, 'XX', { isGoingOn: true });
    meeting.accept();
    expect(meeting.isReady).toBe(true);
  });

  test.each(['XX', 'IKpsk2'] as const)('one pairing by %s ends pairing', (pattern) => {
    device.start({ isPairing: true, label: LABEL.inPairing });
    const meeting = new CMeeting(device, pattern, { isGoingOn: true });
    if (pattern === 'XX') meeting.accept();
    expect(meeting.isReady).toBe(true);
    expect(device.isPairing(0)).toBe(false);
    device.end();
    expect(offered(0)).toEqual([2]);
  });

  test('the label is good as its policy says', () => {
    for (const [label, isPairing, ways] of [
      [LABEL.off, false, []],
      [LABEL.off, true, [1]],
      [LABEL.inPairing, false, []],
      [LABEL.inPairing, true, [1, 3]],
      [LABEL.always, false, [3]],
      [LABEL.always, true, [1, 3]],
    ] as const) {
      device.start({ label, isPairing });
      expect(offered(0)).toEqual(ways);
    }
  });

  test('one handshake at a time, over all links, for 10 s', () => {
    device.start({ hosts: [HOST.publicKey] });
    expect(offered(0, 0)).toEqual([2]);
    expect(offered(9_999, 1)).toBe(null);
    expect(device.state(9_999, 1)).toMatchObject({ state: 'closed', reason: 'busy' });
    expect(device.counts).toMatchObject({ started: 1, failedInRow: 0 });
    expect(offered(10_000, 1)).toEqual([2]);
    device.end(10_000, 0);
    expect(offered(10_001, 0), 'the second runs now').toBe(null);
    device.end(10_002, 1);
    expect(offered(10_003, 0)).toEqual([2]);
  });

  test('sessions of two links beside each other', () => {
    const first = meetReady(device, 'KK');
    const second = meetReady(device, 'KK', { isGoingOn: true, n: 1 });
    expect(device.take(1, first.host.seal(1, Uint8Array.of(1), 0)!, 0, 0)).toEqual(Uint8Array.of(1));
    expect(device.take(1, second.host.seal(1, Uint8Array.of(2), 0)!, 0, 1)).toEqual(Uint8Array.of(2));
    expect(device.take(1, second.host.seal(1, Uint8Array.of(3), 0)!, 0, 0)).toBe('not-opened');
    expect(device.state(0, 1).isReady).toBe(true);
  });

  test('beginning again ends what was', () => {
    device.start({ hosts: [HOST.publicKey] });
    expect(offered(0)).toEqual([2]);
    expect(offered(1)).toEqual([2]);
    expect(device.counts).toMatchObject({ started: 2, failedInRow: 1 });
  });

  describe('hosts', () => {
    it.each([0, 3, 7])('finds the host in place %i of eight', (place) => {
      const hosts = [...OTHERS.slice(0, place), HOST.publicKey, ...OTHERS.slice(place)];
      expect(new CMeeting(device, 'KK', { device: { hosts } }).isReady).toBe(true);
      expect(device.counts.hostCount).toBe(8);
    });

    it('keeps a new one across a restart, and a known one once', () => {
      for (let turn = 0; turn < 2; turn++) {
        device.openPairing(0);
        const meeting = new CMeeting(device, 'XX', { isGoingOn: turn > 0 });
        meeting.accept();
        expect(meeting.isReady).toBe(true);
        expect(device.stored).toEqual([Uint8Array.from(HOST.publicKey)]);
      }
      const hosts = device.stored;
      expect(new CMeeting(device, 'KK', { device: { hosts } }).isReady).toBe(true);
    });

    it('offers no pairing while there are eight', () => {
      device.start({ hosts: [...OTHERS, STRANGER.publicKey], label: LABEL.always });
      expect(device.openPairing(0)).toBe(FULL);
      expect(offered(0)).toEqual([2]);
      expect(device.removeHost(8)).toBe(-10);
      expect(device.removeHost(2)).toBe(0);
      expect(device.openPairing(0)).toBe(0);
      expect(offered(0)).toEqual([1, 2, 3]);
      const meeting = new CMeeting(device, 'XX', { isGoingOn: true });
      meeting.accept();
      expect(meeting.isReady).toBe(true);
      expect(toHex(device.stored[2]!)).toBe(toHex(HOST.publicKey));
    });

    it('does not let a removed one in', () => {
      device.start({ hosts: [HOST.publicKey, STRANGER.publicKey] });
      expect(device.removeHost(0)).toBe(0);
      const meeting = new CMeeting(device, 'KK', { isGoingOn: true });
      expect(meeting.state).toMatchObject({ state: 'closed', reason: 'unknown-host' });
    });

    it('ends a pairing whose key it cannot keep', () => {
      const meeting = new CMeeting(device, 'XX');
      device.spoil('w', true);
      meeting.accept();
      device.spoil('w', false);
      expect(meeting.state).toMatchObject({ state: 'closed', reason: 'flash-failed' });
      expect(device.counts).toMatchObject({ storeFaults: 1, hostCount: 0, completed: 0 });
      expect(device.isPairing(0), 'the person may try again').toBe(true);
    });

    it('says when the store does not read or erase', () => {
      device.spoil('r', true);
      expect(device.start({ hosts: [HOST.publicKey] })).toBe(-70);
      expect(device.counts).toMatchObject({ storeFaults: 8, hostCount: 0 });
      device.spoil('r', false);
      expect(device.start({ hosts: [HOST.publicKey] })).toBe(0);
      device.spoil('e', true);
      expect(device.removeHost(0)).toBe(-80);
      expect(offered(0), 'gone until the restart all the same').toEqual([]);
      device.spoil('e', false);
    });

    it('leaves out a stored key that is none', () => {
      expect(device.start({ hosts: [new Uint8Array(32), HOST.publicKey] })).toBe(-40);
      expect(device.counts).toMatchObject({ storeFaults: 1, hostCount: 1 });
      expect(new CMeeting(device, 'KK', { isGoingOn: true }).isReady).toBe(true);
    });
  });

  it.each(['XX', 'KK', 'IKpsk2'] as const)('%s: ends without chance, wherever it is needed', (pattern) => {
    for (const stopAt of pattern === 'XX' ? [0, 1, 2] : [0, 1]) {
      const meeting = new CMeeting(device, pattern, {
        tamper: (message, from, index) => {
          if (from === 'host' && index === stopAt) device.spoil('y', true);
          return message;
        },
      });
      device.spoil('y', false);
      expect(meeting.state).toMatchObject({ state: 'closed', reason: 'no-random' });
      expect(meeting.delivered).toEqual([]);
    }
  });
});
