// A device in the air of a memory radio: who is connected to it, who listens to what, and how far away it is.
import { type Advertisement, type GattAddress, MaiboError, type PairingQuestion } from '@maibo/sdk';
import type { Feed } from './feed.ts';
import type { Central, GattAir, GattCharacteristicTable, GattDevice } from './gatt-device.ts';
import { turn } from './timing.ts';

const ATT_HEAD_BYTES = 3;
const RSSI_DBM = -55;

/** What a connection is to the device. */
export interface StationLink {
  readonly central: Central;
  lose(failure: MaiboError): void;
}

export class Station {
  readonly device: GattDevice;
  readonly address: string;
  readonly links = new Set<StationLink>();
  isInReach = true;
  isPaired = false;
  /** Connects it still turns down. */
  refusals = 0;
  /** What it asks while pairing. */
  pairing: PairingQuestion | 'refuse' = { kind: 'allow' };
  readonly #attMtu: number;
  readonly #characteristics = new Map<string, GattCharacteristicTable>();
  readonly #listeners = new Map<string, Set<Feed<Uint8Array>>>();

  constructor(device: GattDevice, address: string, attMtu: number) {
    this.device = device;
    this.address = address;
    this.#attMtu = attMtu;
    for (const { uuid: service, characteristics } of device.services)
      for (const one of characteristics) this.#characteristics.set(keyOf({ service, characteristic: one.uuid }), one);
  }

  get advertisement(): Advertisement {
    const { name, advertises: services } = this.device;
    return { address: this.address, name, rssiDbm: RSSI_DBM, services, isPaired: this.isPaired };
  }

  get serviceUuids(): readonly string[] {
    return [...new Set(this.device.services.map(({ uuid }) => uuid))];
  }

  get listenerCount(): number {
    return [...this.#listeners.values()].reduce((sum, feeds) => sum + feeds.size, 0);
  }

  characteristic(at: GattAddress): GattCharacteristicTable | undefined {
    return this.#characteristics.get(keyOf(at));
  }

  air(clock: GattAir['clock']): GattAir {
    return {
      clock,
      notify: async (at, bytes) => {
        const heard = bytes.slice(0, this.#attMtu - ATT_HEAD_BYTES);
        for (const feed of this.#listeners.get(keyOf(at)) ?? []) feed.push(heard.slice());
        // A turn of the event loop, as over a real bearer: nobody is kept from reading by somebody who sends.
        await turn();
      },
      hangUp: async () => this.drop(new MaiboError('link-lost', `${this.address} closed the connection`)),
    };
  }

  /** Gives what ends the listening. */
  listen(at: GattAddress, feed: Feed<Uint8Array>): () => void {
    const key = keyOf(at);
    const feeds = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, feeds.add(feed));
    if (feeds.size === 1) this.characteristic(at)?.subscribed?.(true);
    return () => {
      if (!feeds.delete(feed) || feeds.size > 0) return;
      this.#listeners.delete(key);
      this.characteristic(at)?.subscribed?.(false);
    };
  }

  drop(failure: MaiboError): void {
    for (const link of [...this.links]) link.lose(failure);
  }
}

function keyOf({ service, characteristic }: GattAddress): string {
  return `${service} ${characteristic}`;
}
