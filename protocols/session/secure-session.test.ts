import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeCbor } from '../cbor/cbor.ts';
import { CipherState } from '../noise/cipher-state.ts';
import { TAG_BYTES } from '../noise/crypto-suite.ts';
import { nodeSuite } from '../noise/node-suite.ts';
import { ChannelCiphers, channelKeyOf } from './channel-ciphers.ts';
import type { SecureSession } from './secure-session.ts';
import { BYE_EXPIRED, CHANNEL_COUNT, REKEY_MESSAGES, SEALED_BYTES_MAX, SESSION_MS_MAX } from './session-types.ts';
import { Meeting, meetReady, randomOf } from './sessions.testkit.ts';

const channels = fc.integer({ min: 0, max: CHANNEL_COUNT - 1 });
const messages = fc.array(fc.tuple(channels, fc.uint8Array({ maxLength: 40 })), { minLength: 2, maxLength: 40 });

interface Sealed {
  readonly channel: number;
  readonly plain: Uint8Array;
  readonly sealed: Uint8Array;
}

function sealAll(session: SecureSession, plain: readonly (readonly [number, Uint8Array])[]): Sealed[] {
  return plain.map(([channel, bytes]) => ({ channel, plain: bytes, sealed: session.seal(channel, bytes, 0)! }));
}

/** The receiver refuses, says nothing to the peer, and takes nothing any more, not even what would have been right. */
function expectRefused(session: SecureSession, channel: number, bytes: Uint8Array, right: Sealed): void {
  expect(session.receive(channel, bytes, 0)).toMatchObject({
    sends: [],
    events: [{ kind: 'closed', code: 'open-failed' }],
  });
  expect(session.state).toBe('closed');
  expect(session.receive(right.channel, right.sealed, 0)).toEqual({ sends: [], events: [] });
  expect(session.seal(0, Uint8Array.of(1), 0)).toBeNull();
}

describe('sealed messages', () => {
  test('open in any order of completion that keeps the order within each channel', () => {
    fc.assert(
      fc.property(messages, fc.array(fc.nat(), { minLength: 40, maxLength: 40 }), (plain, picks) => {
        const { host, device } = meetReady('KK');
        const queues = new Map<number, Sealed[]>();
        for (const message of sealAll(device, plain)) {
          queues.set(message.channel, [...(queues.get(message.channel) ?? []), message]);
        }
        for (const pick of picks.slice(0, plain.length)) {
          const waiting = [...queues.values()].filter((queue) => queue.length > 0);
          const next = waiting[pick % waiting.length]!.shift()!;
          expect(host.receive(next.channel, next.sealed, 0).events).toEqual([
            { kind: 'message', channel: next.channel, bytes: next.plain },
          ]);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('replayed, left out, cut, lengthened, changed, of another channel or reflected: refused, and the session closes', () => {
    const kinds = ['replay', 'skip', 'cut', 'longer', 'flip', 'channel', 'reflect'] as const;
    fc.assert(
      fc.property(messages, fc.constantFrom(...kinds), fc.nat(), (plain, kind, place) => {
        const { host, device } = meetReady('KK');
        const all = sealAll(host, plain);
        const target = all[place % all.length]!;
        const before = all.slice(0, place % all.length);
        for (const { channel, sealed } of before) device.receive(channel, sealed, 0);
        const { channel, sealed } = target;
        const flipped = sealed.map((byte, at) => (at === place % sealed.length ? byte ^ (1 << (place % 8)) : byte));
        if (kind === 'replay') {
          expect(device.receive(channel, sealed, 0).events.length).toBe(1);
          expectRefused(device, channel, sealed, target);
        }
        if (kind === 'skip') {
          device.receive(channel, sealed, 0);
          host.seal(channel, Uint8Array.of(1), 0); // never arrives
          expectRefused(device, channel, host.seal(channel, Uint8Array.of(2), 0)!, target);
        }
        if (kind === 'cut') expectRefused(device, channel, sealed.subarray(0, place % sealed.length), target);
        if (kind === 'longer') expectRefused(device, channel, Uint8Array.from([...sealed, 0]), target);
        if (kind === 'flip') expectRefused(device, channel, flipped, target);
        if (kind === 'channel') expectRefused(device, (channel + 1 + (place % 15)) % 16, sealed, target);
        if (kind === 'reflect') expectRefused(host, channel, sealed, target);
      }),
      { numRuns: 200 },
    );
  });

  test('of an earlier session of the same pair are refused', () => {
    const [old, now] = [meetReady('KK', { seed: 'old' }), meetReady('KK', { seed: 'now' })];
    const [recorded] = sealAll(old.host, [[1, Uint8Array.of(1)]]);
    expectRefused(now.device, 1, recorded!.sealed, recorded!);
  });

  test('on a channel that does not exist, or too long, are refused', () => {
    for (const [channel, size] of [
      [16, 20],
      [-1, 20],
      [0.5, 20],
      [0, SEALED_BYTES_MAX + 1],
      [0, 0],
      [0, TAG_BYTES - 1],
    ] as const) {
      const { host, device } = meetReady('KK');
      const [right] = sealAll(host, [[0, Uint8Array.of(1)]]);
      expectRefused(device, channel, new Uint8Array(size), right!);
    }
  });

  test('may be empty and may be as long as the limit; longer, or on no channel, is our bug', () => {
    const { host, device } = meetReady('IKpsk2');
    for (const size of [0, SEALED_BYTES_MAX - TAG_BYTES]) {
      const sealed = host.seal(2, new Uint8Array(size), 0)!;
      expect(sealed.length).toBe(size + TAG_BYTES);
      expect(device.receive(2, sealed, 0).events).toMatchObject([{ kind: 'message', channel: 2 }]);
    }
    expect(() => host.seal(2, new Uint8Array(SEALED_BYTES_MAX - TAG_BYTES + 1), 0)).toThrow(TypeError);
    expect(() => host.seal(16, new Uint8Array(1), 0)).toThrow(TypeError);
  });

  test('before the device is confirmed nothing else is taken', () => {
    const meeting = meetReady('KK');
    const [, , confirm] = meeting.sent.host;
    expect(confirm!.bytes.length).toBe(3 + TAG_BYTES);
    const early = meetUnconfirmed();
    const sealed = early.host.seal(1, Uint8Array.of(1), 0)!;
    expect(early.device.state).toBe('confirm');
    expect(early.device.seal(1, Uint8Array.of(1), 0)).toBeNull();
    expect(early.device.receive(1, sealed, 0).events).toMatchObject([{ kind: 'closed', code: 'protocol' }]);
  });
});

/** KK with the host's confirm lost on the way. */
function meetUnconfirmed(): Meeting {
  return new Meeting('KK', {}, (message, from, index) => (from === 'host' && index === 2 ? null : message));
}

describe('keys', () => {
  test('of a channel are HKDF-Expand of the direction’s key (RFC 5869 with SHA-256, 32 bytes)', () => {
    const direction = randomOf('direction')(32);
    const info = new TextEncoder().encode('maibo link 2 channel');
    const expected = nodeSuite.hmacSha256(direction, Uint8Array.from([...info, 5, 1]));
    expect(channelKeyOf(nodeSuite, direction, 5)).toEqual(expected);
    const sealed = new ChannelCiphers(nodeSuite, direction.slice()).seal(5, Uint8Array.of(1));
    expect(new CipherState(nodeSuite, expected).decryptWithAd(Uint8Array.of(5), sealed)).toEqual(Uint8Array.of(1));
    expect(
      new Set(Array.from({ length: 16 }, (_, channel) => channelKeyOf(nodeSuite, direction, channel).join())).size,
    ).toBe(16);
  });

  test('the key they came from is overwritten', () => {
    const direction = randomOf('direction')(32);
    new ChannelCiphers(nodeSuite, direction);
    expect(direction).toEqual(new Uint8Array(32));
  });

  test('change every 2^14 messages of a channel, on both sides alike and for each channel by itself', () => {
    const { host, device } = meetReady('KK');
    const send = (channel: number, count: number) => {
      for (let index = 0; index < count; index++) {
        const { events } = device.receive(channel, host.seal(channel, Uint8Array.of(index & 255), 0)!, 0);
        if (events[0]?.kind !== 'message' || events[0].bytes[0] !== (index & 255)) throw new Error(`message ${index}`);
      }
    };
    send(3, 2 * REKEY_MESSAGES + 2);
    send(2, 2); // its neighbour still has its first key
    send(3, 2);
    expect([host.state, device.state]).toEqual(['ready', 'ready']);
  });

  test('message 2^14 is sealed under REKEY(k), not under k', () => {
    const direction = randomOf('direction')(32);
    const ciphers = new ChannelCiphers(nodeSuite, direction.slice());
    const [same, renewed] = [0, 1].map(() => new CipherState(nodeSuite, channelKeyOf(nodeSuite, direction, 1)));
    for (let index = 0; index < REKEY_MESSAGES; index++) {
      const sealed = ciphers.seal(1, Uint8Array.of(1));
      same!.decryptWithAd(Uint8Array.of(1), sealed);
      renewed!.decryptWithAd(Uint8Array.of(1), sealed);
    }
    expect([same!.messageCount, renewed!.messageCount]).toEqual([REKEY_MESSAGES, REKEY_MESSAGES]);
    const next = ciphers.seal(1, Uint8Array.of(7));
    renewed!.rekey();
    expect(same!.decryptWithAd(Uint8Array.of(1), next)).toBeNull();
    expect(renewed!.decryptWithAd(Uint8Array.of(1), next)).toEqual(Uint8Array.of(7));
  });
});

describe('age', () => {
  test('a session of 24 hours says bye and ends; the other side can read the bye', () => {
    const { host, device } = meetReady('KK', { nowMs: 1_000 });
    expect(host.deadlineMs).toBe(1_000 + SESSION_MS_MAX);
    expect(host.tick(SESSION_MS_MAX)).toEqual({ sends: [], events: [] });
    expect(host.seal(1, Uint8Array.of(1), 1_000 + SESSION_MS_MAX)).toBeNull();
    const { sends, events } = host.tick(1_000 + SESSION_MS_MAX);
    expect(events).toMatchObject([{ kind: 'closed', code: 'expired' }]);
    const [bye] = device.receive(sends[0]!.channel, sends[0]!.bytes, SESSION_MS_MAX).events;
    expect(bye?.kind === 'message' && decodeCbor(bye.bytes)).toEqual({ ok: true, value: [26, BYE_EXPIRED] });
    expect(host.deadlineMs).toBeNull();
  });

  test('a message that comes after the end opens nothing', () => {
    const { host, device } = meetReady('KK');
    const sealed = host.seal(1, Uint8Array.of(1), 0)!;
    expect(device.receive(1, sealed, SESSION_MS_MAX).events).toMatchObject([{ kind: 'closed', code: 'expired' }]);
  });

  test('closing here says nothing to the peer, once', () => {
    const { host } = meetReady('KK');
    expect(host.close()).toMatchObject({ sends: [], events: [{ kind: 'closed', code: 'closed-here' }] });
    expect(host.close()).toEqual({ sends: [], events: [] });
  });
});
