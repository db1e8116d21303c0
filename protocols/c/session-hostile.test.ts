// What a session in C does with wrong bytes: it ends, silent, delivers nothing and keeps no secret; and it judges every message as the
// TypeScript device does.

import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { encodeCbor } from '../cbor/cbor.ts';
import { fromHex, toHex } from '../inspect/hex.ts';
import { nodeSuite } from '../noise/node-suite.ts';
import { PATTERNS, type PatternName } from '../noise/patterns.ts';
import { randomOf as seeded } from '../packet/wire.testkit.ts';
import { encodeHandshakeMessage } from '../session/handshake-codec.ts';
import { PATTERN_NUMBERS } from '../session/pattern-number.ts';
import { SecureSession } from '../session/secure-session.ts';
import type { CloseCode, Outgoing } from '../session/session-types.ts';
import { DEVICE, deviceOptions, HOST, keysOf, PSK, randomOf, type Side } from '../session/sessions.testkit.ts';
import { mutate } from '../vectors/mutate.testkit.ts';
import { removeFolders } from './c.testkit.ts';
import { isCryptoSkipped } from './crypto.testkit.ts';
import { CDevice, CMeeting, LABEL, meetReady } from './session.testkit.ts';

const SEED = Number(process.env.MAIBO_FUZZ_SEED ?? Date.now() & 0x7fff_ffff);
const NAMES = Object.keys(PATTERNS) as PatternName[];
/** What of the TypeScript device's reasons the C device's may be. */
const SAME_REASON: Readonly<Partial<Record<CloseCode, readonly string[]>>> = {
  'unsupported-version': ['no-version'],
  'no-pattern': ['no-pattern', 'not-pairing'],
  'unknown-peer': ['unknown-host', 'low-order', 'handshake-failed'],
  'handshake-failed': ['handshake-failed', 'low-order'],
  protocol: ['out-of-place'],
  'open-failed': ['not-opened'],
  'sas-refused': ['sas-refused'],
};

afterAll(removeFolders);

describe.skipIf(isCryptoSkipped('gcc'))('a session in C', () => {
  let device: CDevice;
  beforeAll(() => {
    device = new CDevice();
  }, 120_000);
  afterAll(() => device?.program.close());

  /** A whole meeting in which `harm` may change what travels; then the TypeScript device hears the same. */
  function meetHarmed(pattern: PatternName, harm: (message: Outgoing, from: Side, index: number) => Outgoing | null) {
    const heard: (Outgoing | 'yes')[] = [];
    const meeting = new CMeeting(device, pattern, {
      tamper: (message, from, index) => {
        const arrives = harm(message, from, index);
        if (from === 'host' && arrives !== null) heard.push(arrives);
        return arrives;
      },
    });
    if (pattern === 'XX') {
      heard.push('yes');
      meeting.accept();
    }
    compareWithTypeScript(pattern, meeting, heard);
    return meeting;
  }

  function compareWithTypeScript(pattern: PatternName, meeting: CMeeting, heard: readonly (Outgoing | 'yes')[]): void {
    const twin = SecureSession.device(deviceOptions(pattern));
    const outputs = heard.map((message) =>
      message === 'yes' ? twin.decideSas(true, 0) : twin.receive(message.channel, message.bytes, 0),
    );
    const said = outputs.flatMap(({ sends }) => sends).map(({ bytes }) => toHex(bytes));
    expect(meeting.sent.device.map(({ bytes }) => toHex(bytes))).toEqual(said);
    const { state, reason } = meeting.state;
    expect(state).toBe(twin.state);
    const events = outputs.flatMap((output) => output.events);
    const closed = events.find(({ kind }) => kind === 'closed') as { code: CloseCode } | undefined;
    if (closed !== undefined) expect(SAME_REASON[closed.code] ?? [closed.code]).toContain(reason);
    const delivered = events.flatMap((event) => (event.kind === 'message' ? [toHex(event.bytes)] : []));
    expect(meeting.delivered.map(({ bytes }) => toHex(bytes))).toEqual(delivered);
  }

  function expectNothing(meeting: CMeeting): void {
    expect(meeting.state).toMatchObject({ isReady: false, peer: new Uint8Array(0) });
    expect(meeting.delivered).toEqual([]);
    expect(device.stored.length).toBe(device.counts.hostCount);
    meeting.nowMs = 130_000;
    device.give(meeting.nowMs);
    expect(meeting.state.state).toBe('closed');
  }

  describe.each(NAMES)('%s', (pattern) => {
    it('ends with any byte of any message changed', { timeout: 120_000 }, () => {
      const whole = meetReady(device, pattern);
      const [flips] = fc.sample(fc.infiniteStream(fc.integer({ min: 1, max: 255 })), { numRuns: 1, seed: SEED });
      for (const from of ['host', 'device'] as const) {
        for (const [index, { bytes }] of whole.sent[from].entries()) {
          for (let at = 0; at < bytes.length; at++) {
            const flip = flips!.next().value as number;
            const meeting = meetHarmed(pattern, (message, side, turn) =>
              side === from && turn === index ? flipped(message, at, flip) : message,
            );
            expectNothing(meeting);
          }
        }
      }
    });

    it('judges mutated messages, repeats, losses and other channels as the TypeScript device does', {
      timeout: 120_000,
    }, () => {
      const { sent } = meetReady(device, pattern);
      const arbHarm = fc.record({
        turn: fc.nat(sent.host.length - 1),
        kind: fc.constantFrom('mutate', 'random', 'repeat', 'channel', 'other', 'lose'),
        seed: fc.nat(),
        bytes: fc.uint8Array({ maxLength: 300, size: 'max' }),
        channel: fc.integer({ min: 1, max: 20 }),
      });
      fc.assert(
        fc.property(arbHarm, ({ turn, kind, seed, bytes, channel }) => {
          let turns = 0;
          const meeting = meetHarmed(pattern, (message, from) => {
            if (from === 'device' || turns++ !== turn) return message;
            if (kind === 'lose') return null;
            if (kind === 'channel') return { ...message, channel };
            if (kind === 'random') return { ...message, bytes };
            if (kind === 'other') return { ...message, bytes: sent.host[seed % sent.host.length]!.bytes };
            if (kind === 'mutate') return { ...message, bytes: mutate(message.bytes, seeded(seed)) };
            return { ...message, bytes: sent.host[Math.max(0, turn - 1)]!.bytes };
          });
          expect(meeting.delivered).toEqual([]);
        }),
        { numRuns: 150, seed: SEED },
      );
    });

    it('answers nothing but hello to whoever does not know the keys', () => {
      const stranger = keysOf('stranger of all');
      const label = { publicKey: DEVICE.publicKey, psk: new Uint8Array(32).fill(1) };
      const trust = {
        devices: pattern === 'KK' ? [DEVICE.publicKey] : [],
        label: pattern === 'IKpsk2' ? label : null,
        isPairing: pattern === 'XX',
      };
      const meeting = new CMeeting(device, pattern, { wish: { host: { own: stranger, trust } } });
      if (pattern === 'XX') {
        // XX is for strangers: its people say no.
        meeting.carryFromHost(meeting.host.decideSas(false, 0));
        expect(meeting.state).toMatchObject({ state: 'closed', reason: 'sas-refused' });
      } else if (pattern === 'KK') {
        expect(meeting.sent.device).toHaveLength(1);
        expect(meeting.state).toMatchObject({ state: 'closed', reason: 'unknown-host' });
      } else {
        // The psk goes in with message 2: the host cannot open that.
        expect(meeting.find('closed')).toMatchObject({ code: 'handshake-failed' });
        expect(meeting.state.state).toBe('confirm');
      }
      expectNothing(meeting);
      expect(device.counts.failedInRow).toBe(1);
    });

    it('keeps no secret of the handshake once there are keys, and none at all when it is over', () => {
      const meeting = meetReady(device, pattern);
      const [hostDraws, deviceDraws] = [randomOf('host '), randomOf('device ')];
      const [, hostEphemeral, , deviceEphemeral] = [hostDraws(8), hostDraws(32), deviceDraws(8), deviceDraws(32)];
      const [own, theirs] = [nodeSuite.keyPair(deviceEphemeral!), nodeSuite.keyPair(hostEphemeral!)];
      const numberForDigits = deviceDraws(16);
      const secrets = [
        deviceEphemeral!,
        DEVICE.secretKey,
        PSK,
        nodeSuite.dh(own, theirs.publicKey)!,
        nodeSuite.dh(DEVICE, theirs.publicKey)!,
        nodeSuite.dh(own, HOST.publicKey)!,
        nodeSuite.dh(DEVICE, HOST.publicKey)!,
      ];
      const alive = device.memory();
      for (const secret of secrets) expect(holds(alive, secret)).toBe(false);
      expect(holds(alive, HOST.publicKey), 'the search finds what is there').toBe(true);
      if (pattern === 'XX') expect(holds(alive, numberForDigits)).toBe(true);
      device.take(5, new Uint8Array(40));
      expect(meeting.state).toMatchObject({ state: 'closed', reason: 'not-opened' });
      const over = device.memory();
      for (const secret of [...secrets, numberForDigits]) expect(holds(over, secret)).toBe(false);
      const keyBytes = 2 * 16 * 36;
      expect(alive.subarray(-keyBytes).equals(Buffer.alloc(keyBytes))).toBe(false);
      expect(over.subarray(-keyBytes).equals(Buffer.alloc(keyBytes))).toBe(true);
    });
  });

  test.each(NAMES)('%s: a host key of low order ends it', (pattern) => {
    for (const key of [new Uint8Array(32), Uint8Array.from({ length: 32 }, (_, at) => (at === 0 ? 1 : 0))]) {
      const meeting = new CMeeting(device, pattern, {
        tamper: (message, from, index) => {
          if (from === 'device' || index !== 1) return message;
          const bytes = message.bytes.slice();
          bytes.set(key, bytes.length - PATTERNS[pattern].messageBytes[0]!);
          return { ...message, bytes };
        },
      });
      expect(meeting.state).toMatchObject({ state: 'closed', reason: 'low-order' });
      expect(meeting.sent.device, 'only hello-ok').toHaveLength(1);
    }
  });

  it('says only that there is no version in common', () => {
    device.start({ hosts: [HOST.publicKey] });
    device.begin();
    device.take(0, encodeHandshakeMessage({ ...HELLO, versions: [1, 3, 65_535] }));
    expect(device.state().state).toBe('ending');
    expect(device.take(0, encodeHandshakeMessage(HELLO)), 'too late').toBe(null);
    const failure = encodeHandshakeMessage({ type: 'failure', code: 1, detail: '' });
    expect(device.give()).toEqual([{ channel: 0, bytes: failure }]);
    expect(device.state()).toMatchObject({ state: 'closed', reason: 'no-version' });
    expect(device.counts).toMatchObject({ started: 0, failedInRow: 0 });
  });

  it('takes a hello of any size and any numbers that the schema allows', () => {
    const versions = [9, 8, 7, 6, 5, 4, 3, 2];
    const capabilities = Array.from({ length: 32 }, (_, at) => at + 1000);
    device.start({ hosts: [HOST.publicKey] });
    device.begin([1031, 5]);
    expect(device.take(0, encodeHandshakeMessage({ ...HELLO, versions, patterns: [2, 9, 0], capabilities }))).toBe(
      null,
    );
    expect(device.give()).toHaveLength(1);
    expect(device.has(1031)).toBe(true);
    expect(device.has(5)).toBe(false);
  });

  it('passes over extensions it does not know, and ends at a critical one', () => {
    const hello = [0, [2], new Uint8Array(8), [2], []];
    const extended = (value: unknown) => encodeCbor([...hello, value] as never);
    for (const [extensions, isTaken] of [
      [new Map([[0, 1]]), true],
      [
        new Map<number, unknown>([
          [3, 'x'],
          [4096, new Uint8Array(40)],
        ]),
        true,
      ],
      [new Map([[-1, 1]]), false],
      [
        new Map([
          [0, 1],
          [-5, null],
        ]),
        false,
      ],
      [new Map(), false],
      [new Map([['a', 1]]), false],
      [new Map([[1, [1]]]), false],
      [7, false],
    ] as const) {
      device.start({ hosts: [HOST.publicKey] });
      device.begin();
      expect(device.take(0, extended(extensions))).toBe(isTaken ? null : 'out-of-place');
    }
  });

  it('goes only ways that it offered', () => {
    for (const [offered, wanted, reason] of [
      ['KK', 1, 'no-pattern'],
      ['KK', 3, 'no-pattern'],
      ['KK', 0, 'no-pattern'],
      ['KK', 4, 'no-pattern'],
      ['KK', 65_535, 'no-pattern'],
      ['IKpsk2', 2, 'no-pattern'],
    ] as const) {
      startWith(offered, { ...HELLO, patterns: [1, 2, 3] });
      const noise = { type: 'noise', pattern: wanted, step: 0, data: new Uint8Array(48).fill(7) } as const;
      expect(device.take(0, encodeHandshakeMessage(noise))).toBe(reason);
    }
  });

  it('takes a handshake message only of its step, size and pattern', () => {
    for (const [step, size, reason] of [
      [1, 48, 'out-of-place'],
      [2, 48, 'out-of-place'],
      [0, 47, 'handshake-failed'],
      [0, 49, 'handshake-failed'],
      [0, 96, 'handshake-failed'],
      [0, 48, 'unknown-host'],
    ] as const) {
      startWith('KK', HELLO);
      const noise = { type: 'noise', pattern: PATTERN_NUMBERS.KK, step, data: new Uint8Array(size).fill(7) } as const;
      expect(device.take(0, encodeHandshakeMessage(noise))).toBe(reason);
    }
  });

  it('wants its answers waited for', () => {
    device.start({ hosts: [HOST.publicKey] });
    device.begin();
    device.take(0, encodeHandshakeMessage(HELLO));
    const noise = { type: 'noise', pattern: 2, step: 0, data: new Uint8Array(48) } as const;
    expect(device.take(0, encodeHandshakeMessage(noise))).toBe('out-of-place');
    expect(device.give()).toEqual([]);
  });

  it('takes no more than 256 bytes in clear, and only on channel 0', () => {
    for (const [channel, bytes] of [
      [1, encodeHandshakeMessage(HELLO)],
      [0, new Uint8Array(257)],
    ] as const) {
      device.start({ hosts: [HOST.publicKey] });
      device.begin();
      expect(device.take(channel, bytes)).toBe('out-of-place');
    }
  });

  function startWith(pattern: PatternName, hello: typeof HELLO): void {
    device.start({
      hosts: pattern === 'KK' ? [HOST.publicKey] : [],
      label: pattern === 'IKpsk2' ? LABEL.always : LABEL.off,
    });
    device.begin();
    expect(device.take(0, encodeHandshakeMessage(hello))).toBe(null);
    expect(device.give()).toHaveLength(1);
  }
});

const HELLO = {
  type: 'hello' as const,
  versions: [2] as readonly number[],
  nonce: fromHex('0102030405060708'),
  patterns: [2] as readonly number[],
  capabilities: [] as readonly number[],
};

function holds(memory: Buffer, secret: Uint8Array): boolean {
  return memory.includes(Buffer.from(secret));
}

function flipped(message: Outgoing, at: number, flip: number): Outgoing {
  const bytes = message.bytes.slice();
  bytes[at]! ^= flip;
  return { ...message, bytes };
}
