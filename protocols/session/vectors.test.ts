// protocols/vectors/noise-sessions.json: whole sessions, byte for byte, for those who write the other side in C.

import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../inspect/hex.ts';
import { concatBytes } from '../noise/crypto-suite.ts';
import { nodeSuite } from '../noise/node-suite.ts';
import type { PatternName } from '../noise/patterns.ts';
import { SUITES } from '../noise/suites.testkit.ts';
import { readVectors } from '../vectors/read-vectors.ts';
import { channelKeyOf } from './channel-ciphers.ts';
import { DeviceGate } from './device-gate.ts';
import type { HostTrust } from './host-handshake.ts';
import { Meeting, type Side } from './sessions.testkit.ts';

interface SessionVector {
  readonly pattern: PatternName;
  readonly hostSecret: string;
  readonly deviceSecret: string;
  readonly psk: string | null;
  /** What each side draws, in order: nonce or salt, ephemeral secret, in XX also the number for the digits. */
  readonly hostRandom: readonly string[];
  readonly deviceRandom: readonly string[];
  readonly capabilities: Readonly<Record<Side, readonly number[]>>;
  readonly messages: readonly { readonly from: Side; readonly bytes: string; readonly means: string }[];
  readonly handshakeHash: string;
  readonly digits: string | null;
  readonly sealed: readonly {
    readonly from: Side;
    readonly channel: number;
    readonly plain: string;
    readonly bytes: string;
  }[];
}

const { cases } = readVectors('noise-sessions.json') as { cases: SessionVector[] };

function drawing(list: readonly string[]) {
  const rest = list.map(fromHex);
  return (count: number) => {
    const next = rest.shift();
    if (next?.length !== count) throw new Error(`a draw of ${count} bytes is not in the vector`);
    return next;
  };
}

describe.each(SUITES)('sessions of suite %s', (_name, suite) => {
  test.each(cases.map((vector) => [vector.pattern, vector] as const))('%s', (pattern, vector) => {
    const own = {
      host: suite.keyPair(fromHex(vector.hostSecret)),
      device: suite.keyPair(fromHex(vector.deviceSecret)),
    };
    const psk = vector.psk === null ? null : fromHex(vector.psk);
    const trust: HostTrust = {
      devices: pattern === 'KK' ? [own.device.publicKey] : [],
      label: psk === null ? null : { publicKey: own.device.publicKey, psk },
      isPairing: pattern === 'XX',
    };
    const gate = new DeviceGate();
    if (pattern === 'XX') gate.openPairing(0);
    const spoken: { from: Side; bytes: string }[] = [];
    const [hostCapabilities, deviceCapabilities] = [vector.capabilities.host, vector.capabilities.device];
    const meeting = new Meeting(
      pattern,
      {
        host: { suite, own: own.host, trust, random: drawing(vector.hostRandom), capabilities: hostCapabilities },
        device: {
          suite,
          own: own.device,
          trust: { hosts: pattern === 'KK' ? [own.host.publicKey] : [], psk },
          gate,
          random: drawing(vector.deviceRandom),
          capabilities: deviceCapabilities,
        },
      },
      (message, from) => {
        spoken.push({ from, bytes: toHex(message.bytes) });
        return message;
      },
    );
    if (pattern === 'XX') meeting.accept();
    expect(meeting.isReady()).toBe(true);
    expect(spoken).toEqual(vector.messages.map(({ from, bytes }) => ({ from, bytes })));
    expect(toHex(meeting.find('host', 'handshake')!.handshakeHash)).toBe(vector.handshakeHash);
    expect(meeting.find('host', 'sas')?.digits ?? null).toBe(vector.digits);
    for (const { from, channel, plain, bytes } of vector.sealed)
      expect(toHex(meeting[from].seal(channel, fromHex(plain), 0)!)).toBe(bytes);
  });
});

test('the channel keys of the vector’s direction key', () => {
  const { directionKey, channelKeys } = readVectors('noise-sessions.json') as {
    directionKey: string;
    channelKeys: string[];
  };
  expect(channelKeys.map((_, channel) => toHex(channelKeyOf(nodeSuite, fromHex(directionKey), channel)))).toEqual(
    channelKeys,
  );
  expect(concatBytes(...channelKeys.map(fromHex)).length).toBe(3 * 32);
});
