// 100,000 inputs to sessions in every state before ready: whatever comes, nothing throws, and nobody gets in who should not.

import { expect, test } from 'vitest';
import type { CryptoSuite, KeyPair } from '../noise/crypto-suite.ts';
import { nodeSuite } from '../noise/node-suite.ts';
import { PATTERNS, type PatternName } from '../noise/patterns.ts';
import { hollowSuite } from './hollow-suite.testkit.ts';
import { SecureSession } from './secure-session.ts';
import {
  deviceOptions,
  hostOptions,
  keysOf,
  Meeting,
  meetReady,
  PSK,
  randomOf,
  type Wish,
} from './sessions.testkit.ts';

const SEED = Number(process.env.MAIBO_FUZZ_SEED ?? Date.now() & 0x7fff_ffff);
const NAMES = Object.keys(PATTERNS) as PatternName[];

interface Cast {
  readonly suite: CryptoSuite;
  readonly host: KeyPair;
  readonly device: KeyPair;
}

/** 10^5 inputs through the state machines, 1,500 of them through real cryptography, which is what takes the time. */
test.each([
  ['hollow', hollowSuite, 98_500],
  ['node', nodeSuite, 1_500],
] as const)(`sessions stand any input, suite %s (MAIBO_FUZZ_SEED=${SEED})`, (_name, suite, runs) => {
  const random = mulberry32(SEED);
  const below = (count: number) => Math.floor(random() * count);
  const cast = { suite, host: keysOf('host', suite), device: keysOf('device', suite) };
  const recorded = NAMES.flatMap((name) => recordOf(name, cast));
  let session = freshSession(cast, below);
  let inputs = 0;
  let closes = 0;
  for (let turn = 0; turn < runs; turn++) {
    const output = session.receive(random() < 0.95 ? 0 : below(20) - 2, inputOf(recorded, below), inputs);
    for (const { kind } of output.events) {
      if (kind === 'ready' || kind === 'message' || kind === 'sas') throw new Error(`${kind} in turn ${turn}`);
      if (kind === 'closed') closes += 1;
    }
    inputs += 1;
    if (session.state === 'closed' || inputs > 5) [session, inputs] = [freshSession(cast, below), 0];
  }
  expect(closes).toBeGreaterThan(runs / 10);
});

/** Both sides of a handshake of this pattern. */
function wishOf(name: PatternName, { suite, host, device }: Cast, seed: string): Wish {
  const trust = {
    devices: name === 'KK' ? [device.publicKey] : [],
    label: name === 'IKpsk2' ? { publicKey: device.publicKey, psk: PSK } : null,
    isPairing: name === 'XX',
  };
  const allowed = { hosts: [host.publicKey], psk: PSK };
  return { host: { suite, own: host, trust }, device: { suite, own: device, trust: allowed }, seed };
}

/** Every message of an honest handshake: what a listener has. */
function recordOf(name: PatternName, cast: Cast): Uint8Array[] {
  const { sent } = meetReady(name, wishOf(name, cast, 'recorded'));
  return [...sent.host, ...sent.device].map(({ bytes }) => bytes);
}

/** A device that has heard nothing, a host that waits, or (one in eight) a device in the middle of a handshake. */
function freshSession(cast: Cast, below: (count: number) => number): SecureSession {
  const name = NAMES[below(NAMES.length)]!;
  const wish = wishOf(name, cast, `${below(50)}`);
  if (below(8) === 0) {
    const stopAt = below(3);
    const { device } = new Meeting(name, wish, (message, from, index) =>
      from === 'host' && index > stopAt ? null : message,
    );
    if (device.state !== 'ready') return device;
  }
  if (below(2) === 0) return SecureSession.host(hostOptions(name, wish), 0).session;
  return SecureSession.device(deviceOptions(name, wish));
}

/** A recorded message as it was or with one to three edits, or plain noise. */
function inputOf(recorded: readonly Uint8Array[], below: (count: number) => number): Uint8Array {
  const original = recorded[below(recorded.length)]!;
  if (below(10) === 0) return randomOf(`${below(1e9)}`)(32).slice(0, below(33));
  let bytes = original.slice();
  for (let edits = below(4); edits > 0; edits--) {
    const at = below(bytes.length);
    const kind = below(4);
    if (kind < 2) bytes[at] = below(256);
    else if (kind === 2) bytes = bytes.slice(0, at + 1);
    else bytes = Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(Math.max(0, at - 4))]);
  }
  return bytes;
}

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
