// `session`: handshakes per second and bytes per second of the session layer, on node:crypto and on noble (what a browser has).

import {
  CipherState,
  type CryptoSuite,
  DeviceGate,
  makeNobleSuite,
  nodeSuite,
  type PatternName,
  SecureSession,
  type SessionOutput,
} from '@maibo/protocols';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { x25519 } from '@noble/curves/ed25519.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { type Bench, type BenchReport, table } from '../bench.ts';
import { compare } from '../timing.ts';

const ROUNDS = 7;
const HANDSHAKES = { node: 50, noble: 5 };
const MESSAGES = 2_000;
const SIZES_BYTES = [64, 244, 1_500];
const PATTERNS: readonly PatternName[] = ['XX', 'KK', 'IKpsk2'];

const nobleSuite = makeNobleSuite({
  x25519,
  chacha20poly1305,
  sha256,
  hmacSha256: (key, bytes) => hmac(sha256, key, bytes),
});

export const sessionBench: Bench = {
  name: 'session',
  about: 'handshakes, sealing and opening of Maibo Link, on node:crypto and on noble',
  run: runSession,
};

async function runSession(): Promise<BenchReport> {
  const handshakes: Record<string, { node: number; noble: number }> = {};
  for (const pattern of PATTERNS) handshakes[pattern] = await handshakeMs(pattern);
  const sealed: Record<string, { node: number; noble: number }> = {};
  for (const size of SIZES_BYTES) sealed[`${size} B`] = await sealAndOpenUs(size);
  const row = (name: string, { node, noble }: { node: number; noble: number }, of: (value: number) => string) => {
    return [name, of(node), of(noble), `${(noble / node).toFixed(1)}x`];
  };
  return {
    lines: [
      `handshake: both sides in one thread, from hello to ready; median of ${ROUNDS} rounds`,
      ...table([
        ['', 'node ms', 'noble ms', ''],
        ...Object.entries(handshakes).map(([name, both]) => row(name, both, (ms) => ms.toFixed(2))),
      ]),
      ...table([
        ['', 'node /s', 'noble /s'],
        ...Object.entries(handshakes).map(([name, { node, noble }]) => [name, perSecond(node), perSecond(noble)]),
      ]),
      `seal, then open: ${MESSAGES} messages a round`,
      ...table([
        ['', 'node us', 'noble us', ''],
        ...Object.entries(sealed).map(([name, both]) => row(name, both, (us) => us.toFixed(1))),
      ]),
      ...table([
        ['', 'node MB/s', 'noble MB/s'],
        ...Object.entries(sealed).map(([name, { node, noble }]) => {
          return [name, ...[node, noble].map((us) => (Number.parseInt(name, 10) / us).toFixed(1))];
        }),
      ]),
    ],
    numbers: { handshakeMs: handshakes, sealAndOpenUs: sealed },
    overBudget: [],
    skipped: null,
  };
}

function perSecond(ms: number): string {
  return (1_000 / ms).toFixed(0);
}

async function handshakeMs(pattern: PatternName): Promise<{ node: number; noble: number }> {
  const [node, noble] = await compare(
    ROUNDS,
    () => repeatHandshake(pattern, nodeSuite, HANDSHAKES.node),
    () => repeatHandshake(pattern, nobleSuite, HANDSHAKES.noble),
  );
  return { node: node.medianMs / HANDSHAKES.node, noble: noble.medianMs / HANDSHAKES.noble };
}

function repeatHandshake(pattern: PatternName, suite: CryptoSuite, count: number): void {
  const [host, device] = [1, 2].map((fill) => suite.keyPair(new Uint8Array(32).fill(fill)));
  for (let turn = 0; turn < count; turn++) {
    const psk = pattern === 'IKpsk2' ? new Uint8Array(32).fill(3) : null;
    const gate = new DeviceGate();
    if (pattern === 'XX') gate.openPairing(0);
    const common = { suite, versions: [2], capabilities: [], random: randomFrom(turn) };
    const trust = {
      devices: pattern === 'KK' ? [device!.publicKey] : [],
      label: psk === null ? null : { publicKey: device!.publicKey, psk },
      isPairing: pattern === 'XX',
    };
    const allowed = { hosts: pattern === 'KK' ? [host!.publicKey] : [], psk };
    const responder = SecureSession.device({ ...common, own: device!, trust: allowed, gate });
    const { session, output } = SecureSession.host({ ...common, own: host!, trust }, 0);
    carry(output, responder, session);
    if (pattern === 'XX') {
      carry(session.decideSas(true, 0), responder, session);
      carry(responder.decideSas(true, 0), session, responder);
    }
    if (session.state !== 'ready' || responder.state !== 'ready') throw new Error(`${pattern} did not get ready`);
  }
}

function carry(output: SessionOutput, to: SecureSession, from: SecureSession): void {
  for (const { channel, bytes } of output.sends) carry(to.receive(channel, bytes, 0), from, to);
}

/** Different bytes each time; a bench needs no secrets. */
function randomFrom(seed: number): (count: number) => Uint8Array {
  let turn = seed * 1_000;
  return (count) => {
    turn += 1;
    return Uint8Array.from({ length: count }, (_, at) => (turn * 31 + at * 7) & 255);
  };
}

/** Microseconds for sealing and opening one message. */
async function sealAndOpenUs(sizeBytes: number): Promise<{ node: number; noble: number }> {
  const plain = new Uint8Array(sizeBytes).fill(5);
  const additional = Uint8Array.of(1);
  const once = (suite: CryptoSuite) => () => {
    const [sending, receiving] = [0, 1].map(() => new CipherState(suite, new Uint8Array(32).fill(9)));
    for (let turn = 0; turn < MESSAGES; turn++) {
      const sealed = sending!.encryptWithAd(additional, plain);
      if (receiving!.decryptWithAd(additional, sealed) === null) throw new Error('did not open');
    }
  };
  const [node, noble] = await compare(ROUNDS, once(nodeSuite), once(nobleSuite));
  return { node: (node.medianMs * 1_000) / MESSAGES, noble: (noble.medianMs * 1_000) / MESSAGES };
}
