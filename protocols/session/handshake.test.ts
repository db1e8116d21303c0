import { describe, expect, test } from 'vitest';
import { decodeCbor, encodeCbor } from '../cbor/cbor.ts';
import { toHex } from '../inspect/hex.ts';
import type { CryptoSuite } from '../noise/crypto-suite.ts';
import { nodeSuite } from '../noise/node-suite.ts';
import { PATTERNS, type PatternName } from '../noise/patterns.ts';
import { nobleSuite, SUITES } from '../noise/suites.testkit.ts';
import { DeviceGate } from './device-gate.ts';
import { deviceIdOf } from './identity.ts';
import { SecureSession } from './secure-session.ts';
import { HANDSHAKE_MS_MAX } from './session-types.ts';
import {
  DEVICE,
  deviceOptions,
  HOST,
  hostOptions,
  Meeting,
  meetReady,
  PSK,
  randomOf,
  STRANGER,
} from './sessions.testkit.ts';

const NAMES = Object.keys(PATTERNS) as PatternName[];

describe.each(NAMES)('%s', (pattern) => {
  test.each(SUITES)('both sides end ready, with each other’s keys and what both can do (suite %s)', (_name, suite) => {
    const meeting = meetReady(pattern, {
      host: { suite },
      device: { suite: suite === nobleSuite ? nobleSuite : suite },
    });
    const ready = { version: 2, capabilities: [2, 7], pattern };
    expect(meeting.find('host', 'ready')).toMatchObject({ ...ready, peerKey: DEVICE.publicKey });
    expect(meeting.find('device', 'ready')).toMatchObject({ ...ready, peerKey: HOST.publicKey });
    const [one, other] = [meeting.find('host', 'handshake')!, meeting.find('device', 'handshake')!];
    expect(one.handshakeHash).toEqual(other.handshakeHash);
    expect(deviceIdOf(suite, one.peerKey)).toEqual(deviceIdOf(suite, DEVICE.publicKey));
  });

  test('a device of one suite and a host of the other understand each other', () => {
    const meeting = meetReady(pattern, { host: { suite: nobleSuite } });
    const sealed = meeting.host.seal(1, Uint8Array.of(1, 2, 3), 0)!;
    expect(meeting.device.receive(1, sealed, 0).events).toEqual([
      { kind: 'message', channel: 1, bytes: Uint8Array.of(1, 2, 3) },
    ]);
  });

  test('no bit of hello or hello-ok may change: nobody becomes ready', () => {
    const honest = meetReady(pattern);
    const sizes = { host: honest.sent.host[0]!.bytes.length, device: honest.sent.device[0]!.bytes.length };
    for (const side of ['host', 'device'] as const) {
      for (let bit = 0; bit < sizes[side] * 8; bit++) {
        const meeting = new Meeting(pattern, {}, (message, from, index) => {
          if (from !== side || index !== 0) return message;
          return {
            channel: 0,
            bytes: message.bytes.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)),
          };
        });
        meeting.accept();
        expect([meeting.find('host', 'ready'), meeting.find('device', 'ready')], `${side} bit ${bit}`).toEqual([
          undefined,
          undefined,
        ]);
      }
    }
  });

  test('a version, a capability or a pattern taken out on the way breaks the handshake, in both directions', () => {
    const cut = [
      { from: 'host', member: 1, items: [2] },
      { from: 'host', member: 4, items: [1, 2] },
      { from: 'device', member: 5, items: [2, 3] },
    ] as const;
    for (const { from, member, items } of cut) {
      const wish = { host: { versions: [3, 2] }, device: { versions: [3, 2] } };
      const meeting = new Meeting(pattern, wish, (message, side, index) => {
        if (side !== from || index !== 0) return message;
        const decoded = decodeCbor(message.bytes);
        if (!decoded.ok || !Array.isArray(decoded.value)) throw new Error('not a hello');
        return { channel: 0, bytes: encodeCbor(decoded.value.map((item, at) => (at === member ? [...items] : item))) };
      });
      meeting.accept();
      expect(meeting.isReady()).toBe(false);
      expect(
        [meeting.closeCode('host'), meeting.closeCode('device')].some(
          (code) => code === 'handshake-failed' || code === 'unknown-peer',
        ),
      ).toBe(true);
    }
  });

  test('without anybody in the way the highest common version is taken', () => {
    const meeting = meetReady(pattern, { host: { versions: [2, 3, 9] }, device: { versions: [3, 2, 5] } });
    expect(meeting.find('host', 'ready')?.version).toBe(3);
  });

  test('what the host said in one session opens nothing in the next', () => {
    const first = meetReady(pattern, { seed: 'first' });
    const device = SecureSession.device(deviceOptions(pattern, { seed: 'second' }));
    const outputs = first.sent.host.map(({ channel, bytes }) => device.receive(channel, bytes, 0));
    const events = outputs.flatMap((output) => output.events);
    expect(events.map(({ kind }) => kind)).toEqual(['closed']);
    expect(device.state).toBe('closed');
  });

  test('two sessions of the same pair share nothing a listener could match', () => {
    const [one, other] = [meetReady(pattern, { seed: 'a' }), meetReady(pattern, { seed: 'b' })];
    const strings = (meeting: Meeting) => meeting.sent.device.flatMap(({ bytes }) => windowsOf(bytes, 8));
    const seen = new Set(strings(one));
    expect(strings(other).filter((text) => seen.has(text))).toEqual([]);
    const all = [...one.sent.host, ...one.sent.device].map(({ bytes }) => toHex(bytes)).join(' ');
    expect(all).not.toContain(toHex(DEVICE.publicKey));
    expect(all).not.toContain(toHex(HOST.publicKey));
  });
});

function windowsOf(bytes: Uint8Array, size: number): string[] {
  return Array.from({ length: Math.max(0, bytes.length - size + 1) }, (_, at) => toHex(bytes.subarray(at, at + size)));
}

describe('who gets in', () => {
  test('KK: a host that is not allowed gets no answer and nothing is delivered', () => {
    const meeting = new Meeting('KK', {
      host: { own: STRANGER },
      device: { trust: { hosts: [HOST.publicKey], psk: null } },
    });
    expect(meeting.closeCode('device')).toBe('unknown-peer');
    expect(meeting.events.device.map(({ kind }) => kind)).toEqual(['closed']);
    expect(meeting.sent.device.length).toBe(1); // hello-ok only
  });

  test('KK: another device that is in the way is not talked to', () => {
    const meeting = new Meeting('KK', {
      device: { own: STRANGER },
      host: { trust: { devices: [DEVICE.publicKey], label: null, isPairing: false } },
    });
    expect(meeting.closeCode('host')).toBe('unknown-device');
    expect(meeting.sent.host.length).toBe(1);
  });

  test('KK: a device that copies the hint but lacks the key fails at the first message', () => {
    let hint: unknown = null;
    new Meeting('KK', {}, (message, from, index) => {
      if (from === 'device' && index === 0) hint = message.bytes;
      return message;
    });
    const meeting = new Meeting('KK', { device: { own: STRANGER } }, (message, from, index) =>
      from === 'device' && index === 0 ? { channel: 0, bytes: hint as Uint8Array } : message,
    );
    expect(meeting.closeCode('device')).toBe('unknown-peer');
    expect(meeting.isReady()).toBe(false);
  });

  test('KK: who has stolen the device’s key can begin in a host’s name, and gets no further', () => {
    // `ss` comes out of either private key; `se` in message 2 only out of the host's own.
    const forged = { publicKey: HOST.publicKey, secretKey: STRANGER.secretKey };
    const dh: CryptoSuite['dh'] = (own, peer) =>
      own === forged && toHex(peer) === toHex(DEVICE.publicKey)
        ? nodeSuite.dh(DEVICE, HOST.publicKey)
        : nodeSuite.dh(own, peer);
    const meeting = new Meeting('KK', { host: { own: forged, suite: { ...nodeSuite, dh } } });
    expect(meeting.closeCode('host')).toBe('handshake-failed');
    expect(meeting.device.state).toBe('confirm');
    expect(meeting.events.device.map(({ kind }) => kind)).toEqual(['handshake']);
    expect(meeting.device.seal(1, Uint8Array.of(1), 0)).toBeNull();
    expect(meeting.device.receive(0, randomOf('guess')(18), 0).events).toMatchObject([{ code: 'open-failed' }]);
  });

  test('IKpsk2: who has read the public key but not the psk gets no data', () => {
    const label = { publicKey: DEVICE.publicKey, psk: randomOf('guess')(32) };
    const meeting = new Meeting('IKpsk2', { host: { trust: { devices: [], label, isPairing: false } } });
    expect(meeting.closeCode('host')).toBe('handshake-failed');
    expect(meeting.device.state).toBe('confirm'); // and it will say nothing before it is confirmed
    expect(meeting.device.seal(1, Uint8Array.of(1), 0)).toBeNull();
    expect(meeting.device.tick(HANDSHAKE_MS_MAX).events).toMatchObject([{ kind: 'closed', code: 'timed-out' }]);
  });

  test('IKpsk2: the label of another device is told apart before anything is sent', () => {
    const label = { publicKey: STRANGER.publicKey, psk: PSK };
    const meeting = new Meeting('IKpsk2', { host: { trust: { devices: [], label, isPairing: false } } });
    expect(meeting.closeCode('host')).toBe('unknown-device');
  });

  test('XX only while the device is in pairing mode', () => {
    const meeting = new Meeting('XX', { device: { gate: new DeviceGate() } });
    expect(meeting.closeCode('host')).toBe('no-pattern');
  });

  test('XX sent to a device that did not offer it is refused', () => {
    const meeting = new Meeting('XX', { device: { gate: new DeviceGate() } }, (message, from, index) => {
      if (from !== 'device' || index !== 0) return message;
      const answer = decodeCbor(message.bytes);
      if (!answer.ok || !Array.isArray(answer.value)) throw new Error('not a hello-ok');
      return { channel: 0, bytes: encodeCbor(answer.value.map((item, at) => (at === 4 ? [1] : item))) };
    });
    expect(meeting.closeCode('device')).toBe('no-pattern');
  });

  test('a known device is reached by KK even in the middle of pairing another', () => {
    const meeting = new Meeting('KK', {
      host: { trust: { devices: [DEVICE.publicKey], label: null, isPairing: true } },
    });
    expect(meeting.find('host', 'ready')?.pattern).toBe('KK');
  });

  test('a host without any way to trust, and a device with too many hosts, are our bugs', () => {
    const trust = { devices: [], label: null, isPairing: false };
    expect(() => SecureSession.host({ ...hostOptions('KK'), trust }, 0)).toThrow(TypeError);
    const hosts = Array.from({ length: 9 }, () => HOST.publicKey);
    expect(() => SecureSession.device({ ...deviceOptions('KK'), trust: { hosts, psk: null } })).toThrow(TypeError);
  });
});

describe('limits of a handshake', () => {
  test('no common version: the device says so, both close', () => {
    const meeting = new Meeting('KK', { host: { versions: [3] } });
    expect(toHex(meeting.sent.device[0]!.bytes)).toBe('83120160');
    expect([meeting.closeCode('host'), meeting.closeCode('device')]).toEqual([
      'unsupported-version',
      'unsupported-version',
    ]);
  });

  test('a version that the host did not offer, such as the one without security, ends it at once', () => {
    const meeting = new Meeting('KK', {}, (message, from, index) => {
      if (from !== 'device' || index !== 0) return message;
      const answer = decodeCbor(message.bytes);
      if (!answer.ok || !Array.isArray(answer.value)) throw new Error('not a hello-ok');
      return { channel: 0, bytes: encodeCbor(answer.value.map((item, at) => (at === 1 ? 1 : item))) };
    });
    expect(meeting.closeCode('host')).toBe('unsupported-version');
    expect(meeting.sent.host.length).toBe(1);
  });

  test('a hello-ok to another hello is refused', () => {
    const old = new Meeting('KK', { seed: 'old' }).sent.device[0]!;
    const meeting = new Meeting('KK', {}, (message, from, index) => (from === 'device' && index === 0 ? old : message));
    expect(meeting.closeCode('host')).toBe('protocol');
  });

  test('a second hello, a message on another channel and a message that is too long end it', () => {
    const hello = new Meeting('KK').sent.host[0]!.bytes;
    const endings = [[0, hello] as const, [1, hello] as const, [0, new Uint8Array(257)] as const];
    for (const [channel, bytes] of endings) {
      const device = SecureSession.device(deviceOptions('KK'));
      expect(device.receive(0, hello, 0).sends.length).toBe(1);
      expect(device.receive(channel, bytes, 0)).toMatchObject({
        sends: [],
        events: [{ kind: 'closed', code: 'protocol' }],
      });
      expect(device.receive(0, hello, 0)).toEqual({ sends: [], events: [] });
    }
  });

  test('a hello on any channel but control is refused', () => {
    const hello = new Meeting('KK').sent.host[0]!.bytes;
    const device = SecureSession.device(deviceOptions('KK'));
    expect(device.receive(1, hello, 0)).toMatchObject({ sends: [], events: [{ kind: 'closed', code: 'protocol' }] });
  });

  test('one handshake at a time, over all links of a device; a forgotten one blocks for ten seconds', () => {
    const hello = new Meeting('KK').sent.host[0]!.bytes;
    const options = deviceOptions('KK');
    const [one, two, three] = [0, 1, 2].map(() => SecureSession.device(options));
    expect(one!.receive(0, hello, 0).sends.length).toBe(1);
    expect(two!.receive(0, hello, 5).events).toMatchObject([{ code: 'busy' }]);
    expect(three!.receive(0, hello, HANDSHAKE_MS_MAX).sends.length).toBe(1);
  });

  test('attempts are counted, and a success clears the row of failures', () => {
    const { gate, ...rest } = deviceOptions('KK');
    for (let turn = 0; turn < 3; turn++)
      new Meeting('KK', {
        host: { own: STRANGER },
        device: { ...rest, trust: { hosts: [HOST.publicKey], psk: null }, gate },
      });
    expect(gate.counts).toEqual({ started: 3, completed: 0, failedInRow: 3 });
    meetReady('KK', { device: { gate } });
    expect(gate.counts).toEqual({ started: 4, completed: 1, failedInRow: 0 });
  });

  test('a handshake that stands still times out on both sides', () => {
    const meeting = new Meeting('KK', {}, (message, from, index) => (from === 'host' && index === 1 ? null : message));
    expect([meeting.host.deadlineMs, meeting.device.deadlineMs]).toEqual([HANDSHAKE_MS_MAX, HANDSHAKE_MS_MAX]);
    expect(meeting.host.tick(HANDSHAKE_MS_MAX - 1).events).toEqual([]);
    for (const side of [meeting.host, meeting.device])
      expect(side.tick(HANDSHAKE_MS_MAX).events).toMatchObject([{ kind: 'closed', code: 'timed-out' }]);
  });
});
