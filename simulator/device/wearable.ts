// The virtual wearable: a device peer whose log plays a recording or a simulated wearer, over a link.
import {
  DeviceGate,
  DevicePeer,
  decodeItem,
  deviceIdOf,
  type Ed25519Signer,
  generateEd25519,
  type KeyPair,
  nodeSuite,
  sha256,
} from '@maibo/protocols';
import { type Clock, createLabLinkKey, type Entropy, isMaiboError, type Link, PeerDriver, toHex } from '@maibo/sdk';
import { type BlockSource, TICK_RATE_HZ } from './block-source.ts';
import { type Freed, NOTHING_FREED } from './freed-state.ts';
import { SourceLog } from './source-log.ts';

export const WEARABLE_FIRMWARE = 'maibo-virtual-wearable 2';
const LINK_VERSION = 2;
const BOOT = 1;
/** Between looks at a log that is full, or at its end. */
const LOOK_MS = 20;
/** Nobody is kept waiting longer than this for the end. */
const LOOK_MS_MAX = 250;
const PACKET_BYTES = 1_024;
const WINDOW_PACKETS = 32;

export interface WearableOptions {
  readonly link: Link;
  readonly source: BlockSource;
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** Public keys of the hosts it was paired with. */
  readonly hosts: readonly Uint8Array[];
  /** A person has opened pairing at it, and says yes to the digits. */
  readonly isPairing?: boolean;
  /** 1 is real time, Infinity as fast as the link takes it. */
  readonly speed: number;
  /** Where its log begins; what came before was acknowledged in an earlier session. */
  readonly freed?: Freed;
  /** Called when the host has acknowledged more. */
  readonly onFreed?: (freed: Freed) => void;
}

/** The keys of the device that plays this: the same input is the same device. Anybody can derive them, so they prove nothing. */
export function wearableKeys(source: BlockSource): { readonly link: KeyPair; readonly signer: Ed25519Signer } {
  const name = toHex(source.identity);
  return {
    link: createLabLinkKey('wearable', name),
    signer: generateEd25519(sha256(new TextEncoder().encode(`maibo-lab-wearable-signer ${name}`))),
  };
}

export class Wearable {
  readonly #options: WearableOptions;
  readonly #log: SourceLog;
  readonly #driver: PeerDriver;
  readonly #peer: DevicePeer;
  readonly #startedMs: number;
  #startTicks = 0;
  #isOver = false;

  constructor(options: WearableOptions) {
    this.#options = options;
    this.#startedMs = options.clock.nowMonotonicMs();
    this.#log = new SourceLog(options.source, options.freed ?? NOTHING_FREED, (freed) => options.onFreed?.(freed));
    this.#peer = this.#newPeer();
    this.#driver = new PeerDriver(this.#peer, options.link, options.clock, () => this.#react());
  }

  /** Serves one host until it says bye or the line goes away. */
  async run(): Promise<void> {
    const { source, speed } = this.#options;
    const start = await source.read(Number.isFinite(speed) ? this.#log.first : 0);
    this.#startTicks = start?.ticks ?? 0;
    const playing = this.#play();
    try {
      await this.#driver.run();
    } catch (failure) {
      if (!isMaiboError(failure, 'link-lost')) throw failure;
    } finally {
      this.#isOver = true;
      await playing;
    }
  }

  #newPeer(): DevicePeer {
    const { source, entropy, hosts, isPairing = false, clock } = this.#options;
    const gate = new DeviceGate();
    if (isPairing) gate.openPairing(clock.nowMonotonicMs());
    const { link, signer } = wearableKeys(source);
    const random = (count: number) => entropy.bytes(count);
    return new DevicePeer({
      packets: {
        packetBytesMax: this.#options.link.packetBytesMax ?? PACKET_BYTES,
        window: WINDOW_PACKETS,
        entropy: random,
      },
      session: {
        suite: nodeSuite,
        own: link,
        trust: { hosts, psk: null },
        gate,
        random,
        versions: [LINK_VERSION],
        capabilities: [],
      },
      identity: {
        device: deviceIdOf(nodeSuite, link.publicKey),
        firmware: WEARABLE_FIRMWARE,
        boot: BOOT,
        tickRateHz: TICK_RATE_HZ,
        signer: signer.publicKey,
        sign: (bytes) => signer.sign(bytes),
      },
      logs: [this.#log],
      nowTicks: () => this.#nowTicks(),
    });
  }

  #react(): void {
    const { packetBytesMax } = this.#options.link;
    if (packetBytesMax !== null) this.#peer.packetBytesMax = packetBytesMax; // a radio agrees on more with time
    for (const event of this.#peer.take()) {
      if (event.kind === 'bye') this.#driver.stop();
      if (event.kind === 'sas') this.#peer.decideSas(true, this.#options.clock.nowMonotonicMs());
    }
  }

  /** Reads the source as its time comes, or as fast as it is acknowledged. */
  async #play(): Promise<void> {
    const { clock, speed } = this.#options;
    while (!this.#isOver) {
      const ticks = Number.isFinite(speed) ? this.#nowTicks() : Number.POSITIVE_INFINITY;
      let count = 0;
      for (; count < 64 && (await this.#log.readOn(ticks)); count++) if (Number.isFinite(speed)) this.#preview();
      if (count > 0) this.#driver.kick();
      await clock.sleep(count > 0 ? 0 : this.#waitMs());
    }
  }

  /** Until the block that is measured now is complete. */
  #waitMs(): number {
    const { speed } = this.#options;
    const dueTicks = this.#log.dueTicks;
    if (dueTicks === null || !Number.isFinite(speed)) return LOOK_MS;
    const dueMs = ((dueTicks - this.#nowTicks()) / TICK_RATE_HZ / speed) * 1_000;
    return Math.min(LOOK_MS_MAX, Math.max(1, dueMs));
  }

  /** What was just measured, for a host that wants to see it. */
  #preview(): void {
    const item = decodeItem(this.#log.read(this.#log.ready - 1)!);
    if (item.ok && item.value.type === 'sample-item') this.#peer.preview(this.#log, item.value);
  }

  #nowTicks(): number {
    const { speed, clock } = this.#options;
    // Played as fast as the link takes it, the device's clock stands at the start of its log: the same in every session.
    if (!Number.isFinite(speed)) return this.#startTicks;
    const elapsedS = (clock.nowMonotonicMs() - this.#startedMs) / 1000;
    return this.#startTicks + Math.round(elapsedS * speed * TICK_RATE_HZ);
  }
}
