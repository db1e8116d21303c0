// A device for tests: the production peer over a memory link, with a log that the test fills, and a way to say what no honest device says.
import {
  DeviceGate,
  DevicePeer,
  deviceIdOf,
  encodeItem,
  generateEd25519,
  type Item,
  MemoryLog,
  type Message,
  nodeSuite,
} from '@maibo/protocols';
import { createMemoryLinks } from '../link/memory-link.ts';
import { PeerDriver } from '../link/peer-driver.ts';
import { streamRecord, TICK_RATE_HZ } from '../pipeline/made-signals.testkit.ts';
import type { SampleBlock } from '../stream/sample-block.ts';
import { systemClock } from '../world/node-clock.ts';
import type { Clock, Link } from '../world/world.ts';
import type { SessionOptions } from './device-session.ts';

const deviceKeys = nodeSuite.keyPair(new Uint8Array(32).fill(21));
const hostKeys = nodeSuite.keyPair(new Uint8Array(32).fill(22));
const signer = generateEd25519(new Uint8Array(32).fill(23));
export const EPOCH: Uint8Array = new Uint8Array(4).fill(3);
export const LOG = 1;

/** What a host that was paired with the device opens a session with. */
export const PAIRED: SessionOptions = {
  keys: hostKeys,
  trust: { devices: [deviceKeys.publicKey], label: null, isPairing: false },
};

export interface ScriptedOptions {
  readonly signal?: 'ecg' | 'rr';
  /** Changes what the device sends, message by message; several for one, or none. */
  readonly say?: (message: Message) => readonly Message[];
  /** The log goes on: no end is said. */
  readonly goesOn?: boolean;
  /** Packets as on the air; a wire when left out. */
  readonly packetBytesMax?: number;
  /** A person has opened pairing: it shows six digits, and its person says yes. */
  readonly isPairing?: boolean;
  readonly boot?: number;
  readonly tickRateHz?: number;
  readonly stream?: Record<string, unknown>;
}

export class ScriptedDevice {
  /** The host's end. */
  readonly host: Link;
  readonly log: MemoryLog;
  /** Highest item acknowledged, -1 when none. */
  acked = -1;
  readonly #link: Link;
  readonly #driver: PeerDriver;
  readonly #peer: DevicePeer;
  readonly #running: Promise<void>;

  constructor(blocks: readonly SampleBlock[], options: ScriptedOptions = {}) {
    [this.host, this.#link] = createMemoryLinks(options.packetBytesMax ?? null);
    this.log = new MemoryLog({ log: LOG, epoch: EPOCH, stream: streamOf(options), itemsMax: 100_000, freeLevel: null });
    const acknowledged = this.log.acknowledged.bind(this.log);
    this.log.acknowledged = (upto, level, host) => {
      this.acked = Math.max(this.acked, upto);
      acknowledged(upto, level, host);
    };
    for (const block of blocks) this.log.append(itemBytes(block, options.boot));
    if (options.goesOn !== true) this.log.end();
    this.#peer = this.#newPeer(options);
    this.#driver = new PeerDriver(this.#peer, this.#link, hurriedClock, () => this.#react());
    this.#running = this.#driver.run().catch(() => undefined);
  }

  append(...blocks: readonly SampleBlock[]): void {
    for (const block of blocks) this.log.append(itemBytes(block));
    this.#driver.kick();
  }

  /** Says what was just measured to a host that wants to see it. */
  preview(block: SampleBlock): void {
    const { firstSample, ticks, format, bytes: samples } = block;
    this.#peer.preview(this.log, { type: 'sample-item', boot: 1, ticks, firstSample, format, samples });
    this.#driver.kick();
  }

  kick(): void {
    this.#driver.kick();
  }

  async close(): Promise<void> {
    this.#driver.stop();
    await this.#link.close();
    await this.#running;
  }

  #react(): void {
    for (const event of this.#peer.take())
      if (event.kind === 'sas') this.#peer.decideSas(true, hurriedClock.nowMonotonicMs());
  }

  #newPeer({ boot = 1, tickRateHz = TICK_RATE_HZ, say, isPairing }: ScriptedOptions): DevicePeer {
    const gate = new DeviceGate();
    if (isPairing) gate.openPairing(hurriedClock.nowMonotonicMs());
    let count = 0;
    // Nonces have to differ; that nobody can guess them does not matter here.
    const random = (size: number) => new Uint8Array(size).fill(++count);
    return new DevicePeer({
      packets: { packetBytesMax: 1_024, window: 32, entropy: random },
      session: {
        suite: nodeSuite,
        own: deviceKeys,
        trust: { hosts: [hostKeys.publicKey], psk: null },
        gate,
        random,
        versions: [2],
        capabilities: [],
      },
      identity: {
        device: deviceIdOf(nodeSuite, deviceKeys.publicKey),
        firmware: 'test',
        boot,
        tickRateHz,
        signer: signer.publicKey,
        sign: (bytes) => signer.sign(bytes),
      },
      logs: [this.log],
      nowTicks: () => 0,
      ...(say && { rewrite: say }),
    });
  }
}

export function itemBytes(block: SampleBlock, boot = 1): Uint8Array {
  const { firstSample, ticks, format, bytes: samples } = block;
  return encodeItem({ type: 'sample-item', boot, ticks, firstSample, format, samples } satisfies Item);
}

function streamOf({ signal = 'ecg', stream = {} }: ScriptedOptions) {
  const { rateHz, unit, gain, offset, bits, source } = streamRecord(signal);
  return { signal: source.signal, sensor: source.sensor, rateHz, unit, gain, offset, bits, ...stream };
}

/** Deadlines shrink with it, and the work does not: a handshake on a busy machine has to fit into twelve seconds of it. */
const HURRY = 10;

/** A clock whose waits are over much sooner, so that a test of deadlines does not last them out. */
export const hurriedClock: Clock = {
  source: 'lab',
  uncertaintyUs: 0,
  nowUtcUs: () => 1_767_225_600_000_000,
  nowMonotonicMs: () => systemClock.nowMonotonicMs() * HURRY,
  sleep: (ms, signal) => systemClock.sleep(ms / HURRY, signal),
};

let drawn = 0;
/** The same for every run of a test file, and never the same twice in one. */
export const fixedEntropy = {
  bytes: (count: number): Uint8Array =>
    Uint8Array.from({ length: count }, (_, index) => (++drawn * 31 + index * 7) & 0xff),
};
