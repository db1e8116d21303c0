// A device and a host that were paired, on the harmful wire of the packet tests.
import { nodeSuite } from '../noise/node-suite.ts';
import { entropyOf, type Harm, randomOf } from '../packet/wire.testkit.ts';
import { generateEd25519 } from '../security/ed25519.ts';
import { DeviceGate } from '../session/device-gate.ts';
import { deviceIdOf } from '../session/identity.ts';
import type { MemoryLog } from '../sync/device-log.ts';
import { DevicePeer } from './device-peer.ts';
import { HostPeer, type HostPeerEvent } from './host-peer.ts';

const suite = nodeSuite;
const signer = generateEd25519(new Uint8Array(32).fill(9));
export const deviceKeys = suite.keyPair(new Uint8Array(32).fill(11));
export const hostKeys = suite.keyPair(new Uint8Array(32).fill(12));

interface Flying {
  readonly atMs: number;
  readonly to: 'host' | 'device';
  readonly packet: Uint8Array;
}

export class Pair {
  readonly random: () => number;
  readonly harm: Harm;
  readonly log: MemoryLog;
  readonly events: HostPeerEvent[] = [];
  host: HostPeer;
  device: DevicePeer;
  nowMs = 0;
  #flying: Flying[] = [];

  constructor(seed: number, log: MemoryLog, harm: Harm = {}) {
    this.random = randomOf(seed);
    this.harm = harm;
    this.log = log;
    this.host = this.newHost();
    this.device = this.newDevice();
  }

  newHost(known = true): HostPeer {
    const random = entropyOf(this.random);
    const trust = { devices: known ? [deviceKeys.publicKey] : [], label: null, isPairing: !known };
    const session = { suite, own: hostKeys, trust, random, versions: [2], capabilities: [] };
    return new HostPeer({ packetBytesMax: 244, entropy: random }, session);
  }

  newDevice(known = true): DevicePeer {
    const random = entropyOf(this.random);
    const gate = new DeviceGate();
    if (!known) gate.openPairing(this.nowMs);
    const session = {
      suite,
      own: deviceKeys,
      trust: { hosts: known ? [hostKeys.publicKey] : [], psk: null },
      gate,
      random,
      versions: [2],
      capabilities: [],
    };
    const identity = {
      device: deviceIdOf(suite, deviceKeys.publicKey),
      firmware: 'test',
      boot: 1,
      tickRateHz: 1000,
      signer: signer.publicKey,
      sign: signer.sign,
    };
    const packets = { packetBytesMax: 244, entropy: random };
    return new DevicePeer({ packets, session, identity, logs: [this.log], nowTicks: () => Math.floor(this.nowMs) });
  }

  until(isDone: () => boolean, limitMs = this.nowMs + 120_000): void {
    for (;;) {
      this.events.push(...this.host.take());
      if (isDone()) return;
      for (const end of ['host', 'device'] as const) this.#pump(end);
      const times = [this.#flying[0]?.atMs, this.host.deadlineMs, this.device.deadlineMs].filter(
        (time) => time != null,
      );
      if (times.length === 0) throw new Error(`nothing moves at ${this.nowMs} ms`);
      this.nowMs = Math.max(this.nowMs, Math.min(...times));
      if (this.nowMs > limitMs) throw new Error(`not done at ${limitMs} ms`);
      while (this.#flying[0] !== undefined && this.#flying[0].atMs <= this.nowMs) {
        const { to, packet } = this.#flying.shift()!;
        this[to].receive(packet, this.nowMs);
      }
    }
  }

  #pump(from: 'host' | 'device'): void {
    for (let packet = this[from].next(this.nowMs); packet !== null; packet = this[from].next(this.nowMs)) {
      if (this.random() < (this.harm.drop ?? 0)) continue;
      const bytes = packet.slice();
      if (this.random() < (this.harm.corrupt ?? 0)) bytes[Math.floor(this.random() * bytes.length)]! ^= 1;
      this.#flying.push({ atMs: this.nowMs + 10, to: from === 'host' ? 'device' : 'host', packet: bytes });
    }
  }

  /** Everything the host has of the log, as device events. */
  items(): Uint8Array[] {
    return this.events.flatMap((event) =>
      event.kind === 'device' && event.event.event === 'items' ? [...event.event.items] : [],
    );
  }

  has(kind: string): boolean {
    return this.events.some((event) => (event.kind === 'device' ? event.event.event : event.kind) === kind);
  }
}
