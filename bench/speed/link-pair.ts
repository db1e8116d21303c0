// A device and a host that were paired, and what the device logs: the parts of the bench `link`.
import {
  DeviceGate,
  DevicePeer,
  type DevicePeerOptions,
  deviceIdOf,
  encodeItem,
  generateEd25519,
  HostPeer,
  type HostPeerEvent,
  type LogInfo,
  MemoryLog,
  nodeSuite,
  type SampleFormat,
} from '@maibo/protocols';
import { Random } from '../fuzz/random.ts';
import { LinkWire, type WireOptions } from './link-wire.ts';

const deviceKeys = nodeSuite.keyPair(new Uint8Array(32).fill(11));
const hostKeys = nodeSuite.keyPair(new Uint8Array(32).fill(12));
const signer = generateEd25519(new Uint8Array(32).fill(13));
const BOOT = 0x5eed_0001;
const TICK_RATE_HZ = 32_768;
const LINK_VERSION = 2;
const SETTLE_MS = 1_000;
const DAY_TICKS = 24 * 3_600 * TICK_RATE_HZ;

/** What a host opens a session with. */
export const HOST_SESSION = {
  keys: hostKeys,
  trust: { devices: [deviceKeys.publicKey], label: null, isPairing: false },
};

/** An RR interval in microseconds: 22 bytes in the first 36 hours of the device's counter, 26 later. */
export function numberItem(seq: number, uptimeDays = 1): Uint8Array {
  const ticks = uptimeDays * DAY_TICKS + seq;
  const number = 600_000 + ((seq * 3_701) % 400_000);
  return encodeItem({ type: 'number-item', boot: BOOT, ticks, code: 0x0102, number, scale: 0, quality: null });
}

/** A second of samples, or so: `format` says how they are written. */
export function sampleItem(seq: number, samples: Uint8Array, frames: number, format: SampleFormat = 1): Uint8Array {
  const ticks = DAY_TICKS + seq * TICK_RATE_HZ;
  return encodeItem({ type: 'sample-item', boot: BOOT, ticks, firstSample: seq * frames, format, samples });
}

export function newLog(signal: 'ecg' | 'rr', items: readonly Uint8Array[] = []): MemoryLog {
  const scale =
    signal === 'ecg'
      ? { rateHz: 250, unit: 'mV', gain: 200, offset: 1024, bits: 12 }
      : { rateHz: null, unit: 'us', gain: 1, offset: 0, bits: 32 };
  const stream = { signal, sensor: 'bench', ...scale };
  const epoch = Uint8Array.of(0x9a, 2, 3, 4);
  const log = new MemoryLog({ log: 1, epoch, stream, itemsMax: 1_000_000, freeLevel: null });
  for (const item of items) log.append(item);
  return log;
}

export interface PairOptions {
  readonly packetBytesMax: number;
  readonly window?: number;
  readonly rewrite?: NonNullable<DevicePeerOptions['rewrite']>;
}

export function newDevice(log: MemoryLog, random: Random, options: PairOptions): DevicePeer {
  const { packetBytesMax, window = 16, rewrite } = options;
  const entropy = (count: number) => random.bytes(count);
  const trust = { hosts: [hostKeys.publicKey], psk: null };
  return new DevicePeer({
    packets: { packetBytesMax, window, entropy },
    session: {
      suite: nodeSuite,
      own: deviceKeys,
      trust,
      gate: new DeviceGate(),
      random: entropy,
      versions: [LINK_VERSION],
      capabilities: [],
    },
    identity: {
      device: deviceIdOf(nodeSuite, deviceKeys.publicKey),
      firmware: 'bench 1.0',
      boot: BOOT,
      tickRateHz: TICK_RATE_HZ,
      signer: signer.publicKey,
      sign: (bytes) => signer.sign(bytes),
    },
    logs: [log],
    nowTicks: () => DAY_TICKS,
    ...(rewrite && { rewrite }),
  });
}

function newHost(random: Random, { packetBytesMax, window = 16 }: PairOptions): HostPeer {
  const entropy = (count: number) => random.bytes(count);
  const { keys: own, trust } = HOST_SESSION;
  const session = { suite: nodeSuite, own, trust, random: entropy, versions: [LINK_VERSION], capabilities: [] };
  return new HostPeer({ packetBytesMax, window, entropy }, session);
}

/** Both on a wire in made time: side a is the device, b the host. */
export class LinkPair {
  readonly host: HostPeer;
  readonly device: DevicePeer;
  readonly wire: LinkWire;
  readonly events: HostPeerEvent[] = [];

  constructor(log: MemoryLog, options: PairOptions, wire: Omit<WireOptions, 'random'>) {
    const random = new Random(1, 2);
    this.host = newHost(random, options);
    this.device = newDevice(log, random, options);
    this.wire = new LinkWire(this.device, this.host, { ...wire, random });
  }

  /** Until the host has heard that. */
  until(isDone: () => boolean): void {
    this.wire.until(() => {
      this.device.take();
      this.events.push(...this.host.take());
      return isDone();
    });
  }

  /** Until everything was acknowledged, and well before anybody says a word to keep the link alive. */
  settle(): void {
    this.wire.at(this.wire.nowMs + SETTLE_MS);
    this.events.push(...this.host.take());
  }

  has(kind: string): boolean {
    return this.events.some((event) => (event.kind === 'device' ? event.event.event : event.kind) === kind);
  }

  /** As the device described it; throws before it has. */
  get firstLog(): LogInfo {
    const infos = this.events.flatMap((event) =>
      event.kind === 'device' && event.event.event === 'info' ? [event.event.info] : [],
    );
    return infos.at(-1)!.logs[0]!;
  }

  get itemCount(): number {
    return this.events.reduce((sum, event) => {
      return sum + (event.kind === 'device' && event.event.event === 'items' ? event.event.items.length : 0);
    }, 0);
  }
}
