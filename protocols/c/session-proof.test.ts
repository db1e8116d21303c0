// Between keys and ready, in C: only what proves a peer has a place, and the six digits keep their order.

import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { encodeCbor } from '../cbor/cbor.ts';
import { toHex } from '../inspect/hex.ts';
import { nodeSuite } from '../noise/node-suite.ts';
import { decodeHandshakeMessage, encodeHandshakeMessage } from '../session/handshake-codec.ts';
import { sasDigits } from '../session/sas.ts';
import { randomOf } from '../session/sessions.testkit.ts';
import { removeFolders } from './c.testkit.ts';
import { isCryptoSkipped } from './crypto.testkit.ts';
import { CDevice, FreeHost } from './session.testkit.ts';

const HOST_NUMBER = randomOf('the host’s number')(16);
const NUMBER = encodeHandshakeMessage({ type: 'sas', step: 1, data: HOST_NUMBER });
const YES = encodeHandshakeMessage({ type: 'confirm', accepted: true });
const NO = encodeHandshakeMessage({ type: 'confirm', accepted: false });
const PING = encodeCbor([24, 1]);

afterAll(removeFolders);

describe.skipIf(isCryptoSkipped('gcc'))('the proof of a peer', () => {
  let device: CDevice;
  beforeAll(() => {
    device = new CDevice();
  }, 120_000);
  afterAll(() => device?.program.close());

  const meanings = (host: FreeHost) =>
    host.hear().map((bytes) => {
      const message = decodeHandshakeMessage(bytes);
      if (!message.ok) throw new Error(message.fault.detail);
      return message.value;
    });

  function expectEnd(reason: string): void {
    expect(device.state()).toMatchObject({ state: 'closed', reason, isReady: false, digits: '' });
    expect(device.give()).toEqual([]);
  }

  describe.each(['KK', 'IKpsk2'] as const)('%s', (pattern) => {
    it('is the confirm, and nothing is delivered or said before', () => {
      const host = new FreeHost(device, pattern);
      expect(device.state()).toMatchObject({ state: 'confirm', isReady: false, waitMs: 10_000 });
      expect(device.seal(1, PING)).toBe(-13);
      expect(host.say(YES)).toBe(null);
      expect(device.state()).toMatchObject({ state: 'ready', isReady: true });
      expect(host.say(PING)).toEqual(PING);
      expect(host.say(YES), 'then it is a message as any other').toEqual(YES);
    });

    test.each([
      ['a message', PING, 0, 'out-of-place'],
      ['a message of another channel', PING, 2, 'out-of-place'],
      ['a confirm on another channel', YES, 1, 'out-of-place'],
      ['a number for digits', NUMBER, 0, 'out-of-place'],
      ['no CBOR', Uint8Array.of(255), 0, 'out-of-place'],
      ['nothing', new Uint8Array(0), 0, 'out-of-place'],
      ['a confirm with a critical extension', encodeCbor([4, true, new Map([[-1, 0]])]), 0, 'out-of-place'],
      ['a confirm with something behind it', Uint8Array.from([...YES, 0]), 0, 'out-of-place'],
      ['a no', NO, 0, 'sas-refused'],
    ] as const)('ends with %s instead', (_name, plain, channel, reason) => {
      expect(new FreeHost(device, pattern).say(plain, channel)).toBe(reason);
      expectEnd(reason);
      expect(device.counts).toMatchObject({ completed: 0, failedInRow: 1 });
    });

    it('may carry an extension that is not critical', () => {
      expect(new FreeHost(device, pattern).say(encodeCbor([4, true, new Map([[9, 'later']])]))).toBe(null);
      expect(device.state().isReady).toBe(true);
    });
  });

  const holds = (secret: Uint8Array) => device.memory().includes(Buffer.from(secret));

  it('wipes the keys of the two directions', () => {
    const host = new FreeHost(device, 'KK');
    expect(holds(host.directionKey)).toBe(false);
    host.say(YES);
    expect(holds(host.directionKey)).toBe(false);
    expect(holds(device.channelKey(host.directionKey, 4))).toBe(true);
    device.end();
    expect(holds(device.channelKey(host.directionKey, 4))).toBe(false);
    expectEnd('ended-here');
  });

  describe('XX', () => {
    /** Up to the digits on show. */
    function showDigits(): FreeHost {
      const host = new FreeHost(device, 'XX');
      host.hear();
      expect(host.say(NUMBER)).toBe(null);
      host.hear();
      expect(device.state().digits).toMatch(/^\d{6}$/);
      return host;
    }

    it('commits to its number before it knows the other, then shows it', () => {
      const host = new FreeHost(device, 'XX');
      const [commit] = meanings(host);
      expect(commit).toMatchObject({ type: 'sas', step: 0 });
      expect(device.state().digits).toBe('');
      host.say(NUMBER);
      const [reveal] = meanings(host);
      expect(reveal).toMatchObject({ type: 'sas', step: 2 });
      if (commit?.type !== 'sas' || reveal?.type !== 'sas') throw new Error('other messages');
      expect(toHex(commit.data)).toBe(createHash('sha256').update('maibo sas').update(reveal.data).digest('hex'));
      expect(device.state().digits).toBe(sasDigits(nodeSuite, host.handshakeHash, HOST_NUMBER, reveal.data));
    });

    test.each([
      ['another step', encodeHandshakeMessage({ type: 'sas', step: 0, data: HOST_NUMBER })],
      ['the last step', encodeHandshakeMessage({ type: 'sas', step: 2, data: HOST_NUMBER })],
      ['a longer number', encodeHandshakeMessage({ type: 'sas', step: 1, data: new Uint8Array(17) })],
      ['a commitment', encodeHandshakeMessage({ type: 'sas', step: 1, data: new Uint8Array(32) })],
      ['a yes before there are digits', YES],
      ['a message', PING],
    ] as const)('ends with %s instead of the host’s number, and counts no reveal', (_name, plain) => {
      const host = new FreeHost(device, 'XX');
      host.hear();
      expect(host.say(plain)).toBe('out-of-place');
      expectEnd('out-of-place');
      expect(device.counts.reveals).toBe(0);
    });

    it('ends when the host’s number comes before the commitment went', () => {
      expect(new FreeHost(device, 'XX').say(NUMBER)).toBe('out-of-place');
      expectEnd('out-of-place');
    });

    it('ends with a yes before the device’s number went', () => {
      const host = new FreeHost(device, 'XX');
      host.hear();
      host.say(NUMBER);
      expect(host.say(YES)).toBe('out-of-place');
      expect(device.counts.reveals, 'counted before it can be known').toBe(1);
    });

    it('ends with a second number: it would be a second chance', () => {
      expect(showDigits().say(NUMBER)).toBe('out-of-place');
      expectEnd('out-of-place');
    });

    it('ends with a second yes', () => {
      const host = showDigits();
      expect(host.say(YES)).toBe(null);
      expect(device.state().isReady).toBe(false);
      expect(host.say(YES)).toBe('out-of-place');
      expect(device.stored).toEqual([]);
    });

    it('ends when the other person says no', () => {
      expect(showDigits().say(NO)).toBe('sas-refused');
      expectEnd('sas-refused');
      expect(device.stored).toEqual([]);
    });

    it('tells the host that the person here says no, and ends', () => {
      const host = showDigits();
      device.answer(false);
      expect(device.state()).toMatchObject({ state: 'ending', digits: '' });
      expect(host.say(YES), 'too late').toBe(null);
      device.answer(true);
      expect(meanings(host)).toEqual([{ type: 'confirm', accepted: false }]);
      expectEnd('sas-refused');
      expect(device.counts).toMatchObject({ completed: 0, failedInRow: 1 });
    });

    it('asks the person once', () => {
      const host = showDigits();
      device.answer(true);
      device.answer(true);
      device.answer(false);
      expect(meanings(host)).toEqual([{ type: 'confirm', accepted: true }]);
      device.answer(true);
      expect(host.hear()).toEqual([]);
      expect(host.say(YES)).toBe(null);
      expect(device.state().isReady).toBe(true);
    });

    it('takes no answer while no digits are shown', () => {
      const host = new FreeHost(device, 'XX');
      device.answer(true);
      expect(meanings(host).map(({ type }) => type)).toEqual(['sas']);
      host.say(NUMBER);
      expect(meanings(host).map(({ type }) => type)).toEqual(['sas']);
    });
  });
});
