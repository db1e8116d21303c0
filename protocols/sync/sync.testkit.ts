// A device with one log and a host, talking without a wire between them.
import type { Message } from '../generated/types.gen.ts';
import { generateEd25519 } from '../security/ed25519.ts';
import { MemoryLog, type MemoryLogOptions } from './device-log.ts';
import { DeviceSync } from './device-sync.ts';
import { type HostEvent, HostSync, LOG_START, type LogPosition } from './host-sync.ts';
import { encodeItem } from './item-codec.ts';

const signer = generateEd25519(new Uint8Array(32).fill(9));
export const HOST_KEY = new Uint8Array(32).fill(1);

export function numberItem(number: number): Uint8Array {
  return encodeItem({ type: 'number-item', boot: 1, ticks: number * 100, code: 1, number, scale: 0, quality: null });
}

export function logOf(options: Partial<MemoryLogOptions> = {}): MemoryLog {
  const stream = { signal: 'rr', sensor: 'test', rateHz: null, unit: 'us', gain: 1, offset: 0, bits: 32 } as const;
  return new MemoryLog({ log: 1, epoch: Uint8Array.of(1, 2, 3, 4), stream, itemsMax: 100_000, ...options });
}

export class Talk {
  readonly log: MemoryLog;
  readonly device: DeviceSync;
  readonly host = new HostSync();
  readonly events: HostEvent[] = [];

  constructor(log: MemoryLog, messageBytesMax = 2_000) {
    this.log = log;
    const identity = {
      device: new Uint8Array(16),
      firmware: 'test',
      boot: 1,
      tickRateHz: 1000,
      signer: signer.publicKey,
      sign: signer.sign,
    };
    this.device = new DeviceSync({ identity, logs: [log], host: HOST_KEY, nowTicks: () => 77, messageBytesMax });
    this.toHost(this.device.introduce().message);
  }

  toHost(message: Message): void {
    this.events.push(...this.host.take(message));
  }

  toDevice(message: Message): void {
    for (const answer of this.device.take(message)) this.toHost(answer.message);
  }

  pull(position: LogPosition = LOG_START, credit = 1024): void {
    this.toDevice(this.host.pull(this.host.info!.logs[0]!, position, credit));
  }

  /** Everything the device has to say by now. */
  run(): void {
    for (let said = this.device.next(); said !== null; said = this.device.next()) this.toHost(said.message);
  }

  of<K extends HostEvent['event']>(kind: K): Extract<HostEvent, { event: K }>[] {
    return this.events.filter((event): event is Extract<HostEvent, { event: K }> => event.event === kind);
  }

  get items(): Uint8Array[] {
    return this.of('items').flatMap(({ items }) => [...items]);
  }
}
