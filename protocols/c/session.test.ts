// Sessions in C: the vectors byte for byte, and with the TypeScript host whatever is drawn and said.

import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { fromHex, toHex } from '../inspect/hex.ts';
import { nodeSuite } from '../noise/node-suite.ts';
import type { PatternName } from '../noise/patterns.ts';
import { REKEY_MESSAGES, SEALED_BYTES_MAX } from '../session/session-types.ts';
import { DEVICE, HOST, type Side } from '../session/sessions.testkit.ts';
import { readVectors } from '../vectors/read-vectors.ts';
import { removeFolders } from './c.testkit.ts';
import { isCryptoSkipped } from './crypto.testkit.ts';
import { CDevice, CMeeting, LABEL, meetReady } from './session.testkit.ts';

interface SessionVector {
  readonly pattern: PatternName;
  readonly hostSecret: string;
  readonly deviceSecret: string;
  readonly psk: string | null;
  readonly deviceRandom: readonly string[];
  readonly capabilities: Readonly<Record<Side, readonly number[]>>;
  readonly messages: readonly { readonly from: Side; readonly bytes: string; readonly means: string }[];
  readonly digits: string | null;
  readonly sealed: readonly {
    readonly from: Side;
    readonly channel: number;
    readonly plain: string;
    readonly bytes: string;
  }[];
}

const VECTORS = readVectors('noise-sessions.json') as {
  directionKey: string;
  channelKeys: string[];
  cases: SessionVector[];
};
const PATTERNS: readonly PatternName[] = ['XX', 'KK', 'IKpsk2'];

afterAll(removeFolders);

describe.skipIf(isCryptoSkipped('gcc'))('sessions in C', () => {
  let device: CDevice;
  beforeAll(() => {
    device = new CDevice();
  }, 120_000);
  afterAll(() => device?.program.close());

  test.each(VECTORS.cases.map((vector) => [vector.pattern, vector] as const))(
    '%s of the vectors',
    (pattern, vector) => {
      const host = nodeSuite.keyPair(fromHex(vector.hostSecret));
      device.start({
        secret: fromHex(vector.deviceSecret),
        ...(vector.psk !== null && { psk: fromHex(vector.psk) }),
        label: pattern === 'IKpsk2' ? LABEL.always : LABEL.off,
        hosts: pattern === 'KK' ? [host.publicKey] : [],
        draws: fromHex(vector.deviceRandom.join('')),
        isPairing: pattern === 'XX',
      });
      device.begin(vector.capabilities.device);
      for (const { from, bytes, means } of vector.messages) {
        if (means.includes('confirm of the device')) device.answer(true);
        if (from === 'host') expect(device.take(0, fromHex(bytes)), means).toBe(null);
        else expect(device.giveOne(), means).toEqual({ channel: 0, bytes: fromHex(bytes) });
        if (means.includes('reveal')) expect(device.state().digits).toBe(vector.digits);
      }
      expect(device.state()).toMatchObject({ state: 'ready', isReady: true, peer: Uint8Array.from(host.publicKey) });
      for (const { from, channel, plain, bytes } of vector.sealed) {
        if (from === 'device') expect(toHex(device.seal(channel, fromHex(plain)) as Uint8Array)).toBe(bytes);
        else expect(toHex(device.take(channel, fromHex(bytes)) as Uint8Array)).toBe(plain);
      }
    },
  );

  test('the channel keys of the vectors', () => {
    for (const [channel, key] of VECTORS.channelKeys.entries())
      expect(toHex(device.channelKey(fromHex(VECTORS.directionKey), channel))).toBe(key);
  });

  const arbSaid = fc.record({
    from: fc.constantFrom<Side>('host', 'device'),
    channel: fc.nat(15),
    bytes: fc.uint8Array({ maxLength: 3000, size: 'max' }),
  });
  const arbNumbers = fc.uniqueArray(fc.nat(65_535), { maxLength: 8 });
  const arbOften = fc.uniqueArray(fc.nat(30), { maxLength: 32 });

  it('understands the TypeScript host, and is understood', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...PATTERNS),
        fc.string({ maxLength: 9 }),
        fc.oneof(
          arbNumbers,
          arbOften.map((list) => list.slice(0, 8)),
        ),
        fc.oneof(arbNumbers, arbOften),
        fc.array(arbSaid, { maxLength: 12 }),
        (pattern, seed, here, there, said) => {
          const meeting = meetReady(device, pattern, {
            wish: { seed, host: { capabilities: there } },
            capabilities: here,
          });
          expect(meeting.find('ready')?.capabilities).toEqual(there.filter((number) => here.includes(number)));
          for (const number of [...here, ...there])
            expect(device.has(number)).toBe(here.includes(number) && there.includes(number));
          if (pattern === 'XX') expect(meeting.find('sas')?.digits).toMatch(/^[0-9]{6}$/);
          for (const { from, channel, bytes } of said) exchange(meeting, from, channel, bytes);
        },
      ),
      { numRuns: 60 },
    );
  });

  function exchange(meeting: CMeeting, from: Side, channel: number, bytes: Uint8Array): void {
    if (from === 'host') {
      expect(device.take(channel, meeting.host.seal(channel, bytes, 0)!)).toEqual(Uint8Array.from(bytes));
      return;
    }
    const { events } = meeting.host.receive(channel, device.seal(channel, bytes) as Uint8Array, 0);
    expect(events).toEqual([{ kind: 'message', channel, bytes: Uint8Array.from(bytes) }]);
  }

  test('both show the same digits', () => {
    for (let seed = 0; seed < 20; seed++) {
      const meeting = new CMeeting(device, 'XX', { wish: { seed: `digits ${seed}` } });
      expect(meeting.state).toMatchObject({ state: 'sas', digits: meeting.find('sas')?.digits });
      meeting.accept();
      expect(meeting.isReady).toBe(true);
      expect(device.stored).toEqual([Uint8Array.from(HOST.publicKey)]);
      expect(toHex(meeting.find('ready')!.peerKey)).toBe(toHex(DEVICE.publicKey));
    }
  });

  test('people may say yes in either order', () => {
    const meeting = new CMeeting(device, 'XX');
    meeting.carryFromHost(meeting.host.decideSas(true, 0));
    expect(meeting.state).toMatchObject({ state: 'sas', isReady: false });
    expect(device.stored).toEqual([]);
    device.answer(true);
    expect(meeting.state, 'the host has not been told yet').toMatchObject({ state: 'sas', isReady: false });
    meeting.carryFromDevice();
    expect(meeting.isReady).toBe(true);
  });

  test('takes a new key every 2^14 messages, of each channel and direction by itself', { timeout: 120_000 }, () => {
    const meeting = meetReady(device, 'KK');
    const past = (turns: number, from: Side, channel: number) => {
      for (let index = 0; index < turns; index++) exchange(meeting, from, channel, Uint8Array.of(index & 255));
    };
    past(REKEY_MESSAGES - 1, 'device', 2);
    exchange(meeting, 'host', 2, Uint8Array.of(1));
    past(3, 'device', 2);
    exchange(meeting, 'device', 1, Uint8Array.of(2));
    past(2 * REKEY_MESSAGES + 2, 'host', 0);
    exchange(meeting, 'device', 2, new Uint8Array(SEALED_BYTES_MAX - 16));
  });

  it('seals and opens up to the longest message, and no longer', () => {
    const meeting = meetReady(device, 'KK');
    const longest = new Uint8Array(SEALED_BYTES_MAX - 16).fill(7);
    exchange(meeting, 'device', 3, longest);
    exchange(meeting, 'host', 3, longest);
    expect(device.seal(3, new Uint8Array(SEALED_BYTES_MAX - 15))).toBe(-10);
    expect(device.seal(16, longest)).toBe(-10);
    expect(device.seal(3, longest, 0, longest.length + 15)).toBe(-11);
    exchange(meeting, 'device', 3, longest);
    expect(device.take(3, new Uint8Array(SEALED_BYTES_MAX + 1))).toBe('not-opened');
  });

  it('seals nothing before it is ready, or while it has something to say itself', () => {
    device.start({ hosts: [HOST.publicKey] });
    device.begin();
    expect(device.seal(0, Uint8Array.of(1))).toBe(-13);
    const meeting = new CMeeting(device, 'XX');
    device.answer(true);
    expect(device.seal(0, Uint8Array.of(1))).toBe(-13);
    meeting.carryFromDevice();
    expect(device.seal(0, Uint8Array.of(1)), 'the host has not said yes').toBe(-13);
  });

  it('is nothing before it is begun', () => {
    device.start({ hosts: [HOST.publicKey] });
    device.answer(true);
    device.end();
    expect(device.take(0, Uint8Array.of(1))).toBe('status -13');
    expect(device.giveOne()).toBe(-13);
    expect(device.seal(0, Uint8Array.of(1))).toBe(-13);
    expect(device.state()).toMatchObject({ state: 'hello', waitMs: 0xffff_ffff, isReady: false });
  });

  it.each([
    [Array.from({ length: 9 }, (_, at) => at), -10],
    [[65_536], -10],
    [Array.from({ length: 8 }, (_, at) => 65_535 - at), 0],
    [[], 0],
  ])('with capabilities %j begins as %i', (capabilities, status) => {
    device.start();
    expect(device.begin(capabilities)).toBe(status);
  });

  it('asks for room before it says anything, and says it then', () => {
    device.start({ hosts: [HOST.publicKey] });
    device.begin();
    const meeting = new CMeeting(device, 'KK', { tamper: (message, from) => (from === 'host' ? null : message) });
    device.take(0, meeting.sent.host[0]!.bytes);
    expect(device.giveOne(0, 0, 127)).toBe(-11);
    expect(device.giveOne(0, 0, 128)).toMatchObject({ channel: 0 });
  });
});
