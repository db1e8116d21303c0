// Hosts and devices for the tests of a session, with chance and time under control.

import { createHash } from 'node:crypto';
import type { CryptoSuite, KeyPair } from '../noise/crypto-suite.ts';
import { nodeSuite } from '../noise/node-suite.ts';
import type { PatternName } from '../noise/patterns.ts';
import { DeviceGate } from './device-gate.ts';
import type { DeviceOptions } from './device-handshake.ts';
import type { HostOptions } from './host-handshake.ts';
import { SecureSession } from './secure-session.ts';
import type { Outgoing, RandomBytes, SessionEvent, SessionOutput } from './session-types.ts';

/** The same bytes for the same seed: SHA-256 of seed and counter. */
export function randomOf(seed: string): RandomBytes {
  let turn = 0;
  return (count) => {
    const bytes = new Uint8Array(createHash('sha256').update(`${seed} ${turn++}`).digest());
    return bytes.slice(0, count);
  };
}

export function keysOf(name: string, suite: CryptoSuite = nodeSuite): KeyPair {
  return suite.keyPair(randomOf(`key ${name}`)(32));
}

export const HOST = keysOf('host');
export const DEVICE = keysOf('device');
export const STRANGER = keysOf('stranger');
export const PSK = randomOf('psk')(32);

export interface Wish {
  readonly host?: Partial<HostOptions>;
  readonly device?: Partial<DeviceOptions>;
  readonly seed?: string;
  readonly nowMs?: number;
}

export function hostOptions(pattern: PatternName, { host, seed = '' }: Wish = {}): HostOptions {
  const suite = host?.suite ?? nodeSuite;
  return {
    suite,
    own: host?.own ?? keysOf('host', suite),
    trust: {
      devices: pattern === 'KK' ? [STRANGER.publicKey, DEVICE.publicKey] : [],
      label: pattern === 'IKpsk2' ? { publicKey: DEVICE.publicKey, psk: PSK } : null,
      isPairing: pattern === 'XX',
    },
    random: randomOf(`host ${seed}`),
    versions: [2],
    capabilities: [1, 2, 7],
    ...host,
  };
}

export function deviceOptions(pattern: PatternName, { device, seed = '', nowMs = 0 }: Wish = {}): DeviceOptions {
  const suite = device?.suite ?? nodeSuite;
  const gate = new DeviceGate();
  if (pattern === 'XX') gate.openPairing(nowMs);
  return {
    suite,
    own: device?.own ?? keysOf('device', suite),
    trust: {
      hosts: pattern === 'KK' ? [STRANGER.publicKey, HOST.publicKey] : [],
      psk: pattern === 'IKpsk2' ? PSK : null,
    },
    gate,
    random: randomOf(`device ${seed}`),
    versions: [2],
    capabilities: [2, 3, 7],
    ...device,
  };
}

export type Side = 'host' | 'device';

/** What a test may do to a message between the two; `null` loses it. */
export type Tamper = (message: Outgoing, from: Side, index: number) => Outgoing | null;

/** Two sessions and the wire between them. Everything sent is carried at once, in order. */
export class Meeting {
  readonly host: SecureSession;
  readonly device: SecureSession;
  readonly events: Record<Side, SessionEvent[]> = { host: [], device: [] };
  readonly sent: Record<Side, Outgoing[]> = { host: [], device: [] };
  readonly #tamper: Tamper;
  nowMs: number;

  constructor(pattern: PatternName, wish: Wish = {}, tamper: Tamper = (message) => message) {
    this.nowMs = wish.nowMs ?? 0;
    this.#tamper = tamper;
    this.device = SecureSession.device(deviceOptions(pattern, wish));
    const { session, output } = SecureSession.host(hostOptions(pattern, wish), this.nowMs);
    this.host = session;
    this.carry('host', output);
  }

  carry(from: Side, output: SessionOutput): void {
    this.events[from].push(...output.events);
    const to = from === 'host' ? 'device' : 'host';
    for (const message of output.sends) {
      this.sent[from].push(message);
      const arrives = this.#tamper(message, from, this.sent[from].length - 1);
      if (arrives !== null) this.carry(to, this[to].receive(arrives.channel, arrives.bytes, this.nowMs));
    }
  }

  /** Both people say that the digits match. */
  accept(): void {
    this.carry('device', this.device.decideSas(true, this.nowMs));
    this.carry('host', this.host.decideSas(true, this.nowMs));
  }

  find<Kind extends SessionEvent['kind']>(side: Side, kind: Kind): Extract<SessionEvent, { kind: Kind }> | undefined {
    return this.events[side].find((event) => event.kind === kind) as Extract<SessionEvent, { kind: Kind }> | undefined;
  }

  closeCode(side: Side): string | undefined {
    return this.find(side, 'closed')?.code;
  }

  isReady(): boolean {
    return this.host.state === 'ready' && this.device.state === 'ready';
  }
}

export function meetReady(pattern: PatternName, wish: Wish = {}): Meeting {
  const meeting = new Meeting(pattern, wish);
  if (pattern === 'XX') meeting.accept();
  if (!meeting.isReady()) throw new Error(`${pattern}: ${meeting.closeCode('host')} ${meeting.closeCode('device')}`);
  return meeting;
}
