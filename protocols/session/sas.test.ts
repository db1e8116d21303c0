import { describe, expect, test } from 'vitest';
import type { Sas } from '../generated/types.gen.ts';
import { nodeSuite } from '../noise/node-suite.ts';
import { ChannelCiphers } from './channel-ciphers.ts';
import { DeviceGate } from './device-gate.ts';
import { DeviceHandshake } from './device-handshake.ts';
import { decodeHandshakeMessage, encodeHandshakeMessage } from './handshake-codec.ts';
import { commitTo, DeviceSas, HostSas, sasDigits } from './sas.ts';
import { SecureSession } from './secure-session.ts';
import { PAIRING_MS_MAX, SAS_MS_MAX, SAS_TRIES_MAX } from './session-types.ts';
import { deviceOptions, hostOptions, Meeting, meetReady, randomOf } from './sessions.testkit.ts';

const HASH = randomOf('hash')(32);

/** The exchange by itself; `change` stands in the middle. */
function exchange(change: (message: Sas) => Sas) {
  const device = new DeviceSas(nodeSuite, HASH, randomOf('device'));
  const host = new HostSas(nodeSuite, HASH, randomOf('host'));
  const answer = host.receive(change(device.start()));
  if (answer.kind !== 'go-on') return { host: answer, device: null };
  const reveal = device.receive(answer.send);
  if (reveal.kind !== 'digits') return { host: answer, device: reveal };
  return { host: host.receive(change(reveal.send as Sas)), device: reveal };
}

describe('digits', () => {
  test('are the same on both sides, and six', () => {
    const { host, device } = exchange((message) => message);
    expect(host.kind === 'digits' && device?.kind === 'digits' && host.digits === device.digits).toBe(true);
    expect(host.kind === 'digits' && host.digits).toMatch(/^\d{6}$/);
  });

  test('depend on the handshake and on both random numbers', () => {
    const [one, two] = [randomOf('one')(16), randomOf('two')(16)];
    const all = [
      sasDigits(nodeSuite, HASH, one, two),
      sasDigits(nodeSuite, HASH, two, one),
      sasDigits(nodeSuite, randomOf('other')(32), one, two),
      sasDigits(nodeSuite, HASH, one, one),
    ];
    expect(new Set(all).size).toBe(4);
  });

  test('of 20,000 handshakes: each digit at each place as often as any other', () => {
    const counts = Array.from({ length: 60 }, () => 0);
    for (let turn = 0; turn < 20_000; turn++) {
      const digits = sasDigits(nodeSuite, HASH, Uint8Array.of(turn & 255, turn >> 8), HASH);
      for (let place = 0; place < 6; place++) counts[place * 10 + Number(digits[place])]! += 1;
    }
    // 2,000 each, standard deviation 42: five of them.
    for (const count of counts) expect(Math.abs(count - 2_000)).toBeLessThan(212);
  });
});

describe('what does not fit is refused', () => {
  test('a revealed number that was not committed to', () => {
    const { host } = exchange((message) =>
      message.step === 2 ? { ...message, data: randomOf('chosen later')(16) } : message,
    );
    expect(host).toEqual({ kind: 'refused', code: 'sas-mismatch' });
  });

  test('a commitment to something else', () => {
    const { host } = exchange((message) =>
      message.step === 0 ? { ...message, data: commitTo(nodeSuite, HASH) } : message,
    );
    expect(host).toEqual({ kind: 'refused', code: 'sas-mismatch' });
  });

  test('steps out of order, twice, or of another size', () => {
    const refused = { kind: 'refused', code: 'protocol' };
    const of = (step: number, size: number): Sas => ({ type: 'sas', step, data: new Uint8Array(size) });
    const device = new DeviceSas(nodeSuite, HASH, randomOf('d'));
    expect(device.receive(of(2, 16))).toEqual(refused);
    expect(device.receive(of(1, 17))).toEqual(refused);
    expect(device.receive(of(1, 16)).kind).toBe('digits');
    expect(device.receive(of(1, 16))).toEqual(refused); // a second host number would be a second chance
    const host = new HostSas(nodeSuite, HASH, randomOf('h'));
    expect(host.receive(of(2, 16))).toEqual(refused);
    expect(host.receive(of(0, 16))).toEqual(refused);
    expect(host.receive(of(0, 32)).kind).toBe('go-on');
    expect(host.receive(of(0, 32))).toEqual(refused);
    const late = new HostSas(nodeSuite, HASH, randomOf('h'));
    late.receive({ type: 'sas', step: 0, data: commitTo(nodeSuite, new Uint8Array(16)) });
    expect(late.receive(of(2, 16)).kind).toBe('digits');
    expect(late.receive(of(2, 16))).toEqual(refused); // other digits than those on show
  });
});

describe('in a session', () => {
  test('both show the same digits and are ready when both people agree, in either order', () => {
    for (const order of [
      ['host', 'device'],
      ['device', 'host'],
    ] as const) {
      const meeting = new Meeting('XX');
      expect(meeting.find('host', 'sas')?.digits).toBe(meeting.find('device', 'sas')?.digits);
      for (const side of order) {
        expect(meeting.isReady()).toBe(false);
        expect(meeting.host.seal(1, Uint8Array.of(1), 0)).toBeNull();
        meeting.carry(side, meeting[side].decideSas(true, 0));
      }
      expect(meeting.isReady()).toBe(true);
      const afterwards = [...meeting.sent.host.slice(3), ...meeting.sent.device.slice(2)];
      expect(afterwards.some(({ bytes }) => decodeHandshakeMessage(bytes).ok)).toBe(false);
    }
  });

  test.each(['host', 'device'] as const)('a no at the %s ends it on both sides, and nobody is ready', (side) => {
    const meeting = new Meeting('XX');
    meeting.carry(side, meeting[side].decideSas(false, 0));
    expect([meeting.closeCode('host'), meeting.closeCode('device')]).toEqual(['sas-refused', 'sas-refused']);
    meeting.accept();
    expect(meeting.isReady()).toBe(false);
  });

  test('one yes is not enough, and a decision before the digits has no effect', () => {
    const meeting = new Meeting('XX', {}, (message, from, index) =>
      from === 'device' && index === 3 ? null : message,
    );
    expect(meeting.find('host', 'sas')).toBeUndefined();
    expect(meeting.host.decideSas(true, 0)).toEqual({ sends: [], events: [] });
    expect(meeting.host.tick(SAS_MS_MAX).events).toMatchObject([{ code: 'timed-out' }]);
  });

  test('somebody in the middle with a handshake to each side shows two different numbers', () => {
    // The middle relays the random numbers unchanged; what differs is the handshake.
    const [one, other] = [new Meeting('XX', { seed: 'left' }), new Meeting('XX', { seed: 'right' })];
    const hashes = [one, other].map((meeting) => meeting.find('host', 'handshake')!.handshakeHash);
    const [hostRandom, deviceRandom] = [randomOf('h')(16), randomOf('d')(16)];
    const digits = hashes.map((hash) => sasDigits(nodeSuite, hash, hostRandom, deviceRandom));
    expect(digits[0]).not.toBe(digits[1]);
  });
});

/** A host in the SAS with a device that can seal whatever it likes. */
function hostAndLiar() {
  const liar = new DeviceHandshake(deviceOptions('XX'));
  const { session, output } = SecureSession.host(hostOptions('XX'), 0);
  const answer = liar.receive(output.sends[0]!.bytes, 0);
  const second = liar.receive(session.receive(0, answer.send!, 0).sends[0]!.bytes, 0);
  const third = session.receive(0, second.send!, 0);
  const done = liar.receive(third.sends[0]!.bytes, 0);
  if (done.kind !== 'done') throw new Error(done.kind);
  const sending = new ChannelCiphers(nodeSuite, done.established.sendKey);
  return {
    host: session,
    say: (bytes: Uint8Array, channel = 0) => session.receive(channel, sending.seal(channel, bytes), 0),
  };
}

describe('a lying device', () => {
  const closed = (code: string) => ({ sends: [], events: [{ kind: 'closed', code }] });
  const commit = encodeHandshakeMessage({ type: 'sas', step: 0, data: commitTo(nodeSuite, new Uint8Array(16)) });
  const reveal = encodeHandshakeMessage({ type: 'sas', step: 2, data: new Uint8Array(16) });
  const other = encodeHandshakeMessage({ type: 'sas', step: 2, data: new Uint8Array(16).fill(1) });
  const confirm = encodeHandshakeMessage({ type: 'confirm', accepted: true });

  test('may not say yes before there are digits', () => {
    const { host, say } = hostAndLiar();
    expect(host.state).toBe('sas');
    expect(say(confirm)).toMatchObject(closed('protocol'));
  });

  test('may not say yes twice, nor change its number', () => {
    for (const [last, code] of [
      [confirm, 'protocol'],
      [reveal, 'protocol'],
    ] as const) {
      const { say } = hostAndLiar();
      expect(say(commit).sends.length).toBe(1);
      expect(say(reveal).events).toMatchObject([{ kind: 'sas' }]);
      expect(say(confirm).events).toEqual([]);
      expect(say(last)).toMatchObject(closed(code));
    }
    const { say } = hostAndLiar();
    say(commit);
    expect(say(other)).toMatchObject(closed('sas-mismatch'));
  });

  test('may not send data, or the proof on another channel, before both people agreed', () => {
    for (const [bytes, channel] of [
      [Uint8Array.of(0x81, 0x18, 0x1a), 0],
      [confirm, 1],
      [new Uint8Array(0), 2],
    ] as const) {
      expect(hostAndLiar().say(bytes, channel)).toMatchObject(closed('protocol'));
    }
  });
});

describe('pairing mode', () => {
  test('allows three reveals, also when each session breaks off in silence', () => {
    const gate = new DeviceGate();
    gate.openPairing(0);
    for (let turn = 0; turn < SAS_TRIES_MAX; turn++) {
      const meeting = new Meeting('XX', { device: { gate }, seed: `${turn}` });
      expect(meeting.find('device', 'sas')).toBeDefined();
      meeting.device.close();
    }
    expect(gate.isPairing(0)).toBe(false);
    expect(new Meeting('XX', { device: { gate } }).closeCode('host')).toBe('no-pattern');
    gate.openPairing(1);
    expect(gate.isPairing(1)).toBe(true);
  });

  test('success ends it', () => {
    const gate = new DeviceGate();
    gate.openPairing(0);
    const meeting = new Meeting('XX', { device: { gate } });
    expect(gate.isPairing(0)).toBe(true);
    meeting.accept();
    expect([meeting.isReady(), gate.isPairing(0)]).toEqual([true, false]);
  });

  test('the third try may still succeed', () => {
    const gate = new DeviceGate();
    gate.openPairing(0);
    for (let turn = 0; turn < SAS_TRIES_MAX; turn++) {
      const meeting = new Meeting('XX', { device: { gate }, seed: `${turn}` });
      if (turn < SAS_TRIES_MAX - 1) meeting.carry('host', meeting.host.decideSas(false, 0));
      else meeting.accept();
      expect(meeting.isReady()).toBe(turn === SAS_TRIES_MAX - 1);
    }
    expect(gate.isPairing(0)).toBe(false);
  });

  test('three handshakes prepared at once give three reveals, not more', () => {
    const gate = new DeviceGate();
    gate.openPairing(0);
    const hold = (message: { channel: number; bytes: Uint8Array }, from: string, index: number) =>
      from === 'host' && index === 3 ? null : message; // the host's random number waits
    const meetings = Array.from({ length: 5 }, (_, turn) => {
      const meeting = new Meeting('XX', { device: { gate }, seed: `${turn}`, nowMs: turn * 10_000 }, hold);
      return meeting;
    });
    const nowMs = 50_000;
    const shown = meetings.map((meeting) => {
      const { channel, bytes } = meeting.sent.host[3]!;
      return meeting.device.receive(channel, bytes, nowMs).events.some(({ kind }) => kind === 'sas');
    });
    expect(shown).toEqual([true, true, true, false, false]);
  });

  test.each(['XX', 'IKpsk2'] as const)('ends with the first success, by %s', (pattern) => {
    const gate = new DeviceGate();
    gate.openPairing(0);
    meetReady(pattern, { device: { gate } });
    expect(gate.isPairing(1)).toBe(false);
  });

  test('ends by itself', () => {
    const gate = new DeviceGate();
    gate.openPairing(0);
    expect([gate.isPairing(PAIRING_MS_MAX - 1), gate.isPairing(PAIRING_MS_MAX)]).toEqual([true, false]);
    gate.openPairing(0);
    gate.closePairing();
    expect(gate.isPairing(1)).toBe(false);
  });
});
