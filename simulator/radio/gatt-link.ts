// A Maibo wearable's end of the air: the GATT service of Maibo Link as a device, and a `Link` of packets for each central that subscribes.
// `Wearable` runs over it unchanged.
//
//     const radio = new GattLinkDevice({ name: 'Maibo 0001', info: () => ({ versions: [2], isPairingOpen: false, isBulkWaiting: true }) });
//     await using served = await serveDevice({ busAddress, adapter: 'hci1', device: radio, clock });
//     for await (const link of radio.links) await new Wearable({ link, ... }).run();
import {
  encodeMaiboInfo,
  MAIBO_INFO_UUID,
  MAIBO_RX_UUID,
  MAIBO_SERVICE_UUID,
  MAIBO_TX_UUID,
  type MaiboInfo,
  packetBytesOfMtu,
} from '@maibo/protocols';
import { ByteQueue, type GattAddress, type Link, MaiboError } from '@maibo/sdk';
import type { Central, GattAir, GattDevice, GattServiceTable } from './gatt-device.ts';

const TX: GattAddress = { service: MAIBO_SERVICE_UUID, characteristic: MAIBO_TX_UUID };

export interface GattLinkOptions {
  readonly name: string;
  readonly info: () => MaiboInfo;
}

export class GattLinkDevice implements GattDevice {
  readonly name: string;
  readonly advertises = [MAIBO_SERVICE_UUID];
  readonly services: readonly GattServiceTable[];
  #air: GattAir | null = null;
  #link: PeripheralLink | null = null;
  /** Nobody has taken it yet. */
  #fresh: PeripheralLink | null = null;
  #wake: (() => void) | null = null;
  #isOver = false;

  constructor({ name, info }: GattLinkOptions) {
    this.name = name;
    const characteristics = [
      {
        uuid: MAIBO_RX_UUID,
        flags: ['write', 'write-without-response'] as const,
        write: (bytes: Uint8Array, central: Central) => this.#link?.take(bytes, central),
      },
      { uuid: MAIBO_TX_UUID, flags: ['notify'] as const, subscribed: (isOn: boolean) => this.#subscribed(isOn) },
      { uuid: MAIBO_INFO_UUID, flags: ['read'] as const, read: () => encodeMaiboInfo(info()) },
    ];
    this.services = [{ uuid: MAIBO_SERVICE_UUID, characteristics }];
  }

  async run(air: GattAir, signal: AbortSignal): Promise<void> {
    this.#air = air;
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    this.#isOver = true;
    this.#subscribed(false);
    this.#wake?.();
  }

  /** One after the other, as centrals subscribe; what was lost before it was taken is not among them. Ends with the device. For one reader. */
  get links(): AsyncIterable<Link> {
    return { [Symbol.asyncIterator]: () => ({ next: () => this.#nextLink() }) };
  }

  async #nextLink(): Promise<IteratorResult<Link>> {
    while (this.#fresh === null && !this.#isOver) await new Promise<void>((resolve) => (this.#wake = resolve));
    const link = this.#fresh;
    this.#fresh = null;
    return link ? { done: false, value: link } : { done: true, value: undefined };
  }

  /** Each subscription is a link of its own: the service may not have said that the one before has ended. */
  #subscribed(isOn: boolean): void {
    this.#link?.lose();
    this.#link = this.#fresh = isOn && this.#air ? new PeripheralLink(this.name, this.#air) : null;
    this.#wake?.();
  }
}

class PeripheralLink implements Link {
  readonly name: string;
  readonly carries = 'packets';
  readonly #air: GattAir;
  readonly #incoming = new ByteQueue();
  #central: Central | null = null;
  #isOpen = true;

  constructor(name: string, air: GattAir) {
    this.name = `peripheral ${name}`;
    this.#air = air;
  }

  /** The air tells the MTU with the first packet; until then nobody has anything to answer. */
  get packetBytesMax(): number {
    return packetBytesOfMtu(this.#central?.mtu ?? null);
  }

  get chunks(): AsyncIterable<Uint8Array> {
    return this.#incoming;
  }

  /** A packet of the central this link belongs to: the first that wrote. Another one is not heard. */
  take(bytes: Uint8Array, central: Central): void {
    if (this.#central !== null && this.#central.id !== central.id) return;
    this.#central = central;
    this.#incoming.push(bytes);
  }

  lose(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#incoming.end(new MaiboError('link-lost', `${this.name}: the central has gone`));
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (!this.#isOpen) throw new MaiboError('link-lost', `${this.name} is closed`);
    await this.#air.notify(TX, bytes);
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#incoming.end();
    await this.#air.hangUp();
  }
}
