// A device in the storm: writes its logs, forgets what RAM held when it restarts, and serves whoever is connected.
import {
  type DeviceGate,
  DevicePeer,
  deviceIdOf,
  encodeItem,
  generateEd25519,
  MemoryLog,
  nodeSuite,
} from '@maibo/protocols';
import type { Rng } from '../world/rng.ts';
import type { DevicePlan } from './storm-plan.ts';
import { logName, type Truth } from './truth.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface StormDeviceOptions {
  readonly plan: DevicePlan;
  readonly rng: Rng;
  readonly time: VirtualTime;
  readonly truth: Truth;
  readonly healMs: number;
  /** Public keys of the gateways, in their order. */
  readonly gatewayKeys: readonly Uint8Array[];
  readonly makeGate: () => DeviceGate;
  readonly onAck: (gateway: number, log: string, upto: number) => void;
  readonly isStorming: boolean;
}

const STREAM = { signal: 'rr', sensor: 'storm', rateHz: null, unit: 'us', gain: 1, offset: 0, bits: 32 } as const;
const TICK_RATE_HZ = 1_000;

export class StormDevice {
  readonly publicKey: Uint8Array;
  readonly id: Uint8Array;
  readonly logs: MemoryLog[];
  readonly #options: StormDeviceOptions;
  readonly #keys;
  readonly #signer;
  readonly #peers = new Set<{ readonly peer: DevicePeer; readonly wake: () => void; readonly cut: () => void }>();
  #gate: DeviceGate;
  #boot = 1;
  #bootMs = 0;
  #written = 0;

  constructor(options: StormDeviceOptions) {
    this.#options = options;
    const { rng, plan, gatewayKeys } = options;
    this.#keys = nodeSuite.keyPair(bytesOf(rng, 32));
    this.#signer = generateEd25519(bytesOf(rng, 32));
    this.publicKey = this.#keys.publicKey;
    this.id = deviceIdOf(nodeSuite, this.publicKey);
    this.#gate = options.makeGate();
    this.logs = Array.from(
      { length: plan.logCount },
      (_, index) =>
        new MemoryLog({
          log: index + 1,
          epoch: bytesOf(rng, 4),
          stream: STREAM,
          itemsMax: plan.itemsMax,
          freeLevel: plan.freeLevel,
          hosts: gatewayKeys,
        }),
    );
    for (const log of this.logs) this.#listen(log);
    this.#schedule();
  }

  /** Milliseconds of its own clock since it started. */
  ticks(): number {
    const { plan, time } = this.#options;
    return Math.floor((time.nowMs - this.#bootMs) * (1 + plan.driftPpm / 1e6));
  }

  get boot(): number {
    return this.#boot;
  }

  nameOf(log: MemoryLog): string {
    return logName(this.id, log.log, log.epoch);
  }

  /** An end for one connection; `wake` is called when there is something to say, `cut` when the device restarts. */
  connect(
    packetBytesMax: number,
    window: number,
    wake: () => void,
    cut: () => void,
  ): { peer: DevicePeer; drop: () => void } {
    const { rng, gatewayKeys, isStorming } = this.#options;
    const random = (count: number) => bytesOf(rng, count);
    const peer = new DevicePeer({
      packets: { packetBytesMax, window, entropy: random, isStorming },
      session: {
        suite: nodeSuite,
        own: this.#keys,
        trust: { hosts: gatewayKeys, psk: null },
        gate: this.#gate,
        random,
        versions: [2],
        capabilities: [],
      },
      identity: {
        device: this.id,
        firmware: 'storm',
        boot: this.#boot,
        tickRateHz: TICK_RATE_HZ,
        signer: this.#signer.publicKey,
        sign: (bytes) => this.#signer.sign(bytes),
      },
      logs: this.logs,
      nowTicks: () => this.ticks(),
    });
    const entry = { peer, wake, cut };
    this.#peers.add(entry);
    return { peer, drop: () => this.#peers.delete(entry) };
  }

  /** What a checker counts as acknowledged is what reached the device. */
  #listen(log: MemoryLog): void {
    const acknowledged = log.acknowledged.bind(log);
    log.acknowledged = (upto, level, host) => {
      const gateway = this.#options.gatewayKeys.findIndex((key) => Buffer.compare(key, host) === 0);
      this.#options.onAck(gateway, this.nameOf(log), Math.min(upto, log.head - 1));
      acknowledged(upto, level, host);
    };
  }

  #schedule(): void {
    const { plan, time, healMs } = this.#options;
    const every = (waitMs: number | null, act: () => void) => {
      if (waitMs === null) return;
      const again = () => {
        if (time.nowMs >= healMs) return;
        act();
        time.after(waitMs, again);
      };
      time.after(waitMs, again);
    };
    every(plan.writeEveryMs, () => this.#write());
    every(plan.rebootEveryMs, () => this.#reboot());
    every(plan.eraseEveryMs, () => this.#erase());
    every(plan.spoilEveryMs, () => this.#spoil());
    if (plan.restoreAtMs !== null) time.after(plan.restoreAtMs, () => this.#restore());
    time.at(healMs, () => {
      for (const log of this.logs) log.end();
      this.#wakeAll();
    });
  }

  #write(): void {
    const { rng, plan } = this.#options;
    const log = this.logs[rng.nextBelow(this.logs.length)]!;
    this.#append(log, 1 + rng.nextBelow(plan.itemBytesMax));
    this.#wakeAll();
  }

  #append(log: MemoryLog, size: number): void {
    const { truth, rng } = this.#options;
    const common = { boot: this.#boot, ticks: this.ticks() };
    const item =
      size < 24
        ? encodeItem({ type: 'number-item', ...common, code: 1, number: this.#written++, scale: 0, quality: null })
        : encodeItem({
            type: 'sample-item',
            ...common,
            firstSample: this.#written++,
            format: 1,
            samples: bytesOf(rng, 2 * (size >> 1)),
          });
    const name = this.nameOf(log);
    const { first } = log;
    truth.wrote(name, log.head, item);
    log.append(item);
    for (let seq = first; seq < log.first; seq++) truth.lost(name, seq);
  }

  #reboot(): void {
    const { time, makeGate } = this.#options;
    this.#boot++;
    this.#bootMs = time.nowMs;
    this.#gate = makeGate();
    for (const { cut } of [...this.#peers]) cut();
  }

  #erase(): void {
    const { rng } = this.#options;
    this.logs[rng.nextBelow(this.logs.length)]!.erase(bytesOf(rng, 4));
    this.#wakeAll();
  }

  #spoil(): void {
    const { rng, truth } = this.#options;
    const log = this.logs[rng.nextBelow(this.logs.length)]!;
    if (log.head === log.first) return;
    const seq = log.first + rng.nextBelow(log.head - log.first);
    log.spoil(seq);
    truth.lost(this.nameOf(log), seq);
  }

  /** Its newest items are gone, and others get their numbers. */
  #restore(): void {
    const { rng, truth } = this.#options;
    const log = this.logs[0]!;
    const count = Math.min(log.head - log.first, 1 + rng.nextBelow(20));
    if (count === 0) return;
    truth.restored(this.nameOf(log));
    log.restore(log.head - count);
    this.#reboot();
  }

  #wakeAll(): void {
    for (const { wake } of [...this.#peers]) wake();
  }
}

export function bytesOf(rng: Rng, count: number): Uint8Array {
  return Uint8Array.from({ length: count }, () => rng.nextBelow(256));
}
