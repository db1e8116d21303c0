// The virtual wearable as a device on the air: the GATT service of Maibo Link, and behind it, for one central after the other, a `Wearable`.
import type { Clock, Entropy, Link } from '@maibo/sdk';
import type { BlockSource } from '../device/block-source.ts';
import { type Freed, NOTHING_FREED } from '../device/freed-state.ts';
import { Wearable, wearableKeys } from '../device/wearable.ts';
import type { GattDevice } from './gatt-device.ts';
import { GattLinkDevice } from './gatt-link.ts';

const LINK_VERSION = 2;

export interface WearableDeviceOptions {
  readonly name: string;
  readonly source: BlockSource;
  readonly entropy: Entropy;
  /** Public keys of the hosts it was paired with. */
  readonly hosts: readonly Uint8Array[];
  /** 1 is real time, Infinity as fast as the link takes it. */
  readonly speed: number;
  /** A person has opened pairing at it, and says yes to the digits. */
  readonly isPairing?: boolean;
}

export interface WearableDevice extends GattDevice {
  /** Its public key, as on a label. */
  readonly publicKey: Uint8Array;
}

export function createWearableDevice(options: WearableDeviceOptions): WearableDevice {
  const { name, source, isPairing = false } = options;
  const info = () => ({ versions: [LINK_VERSION], isPairingOpen: isPairing, isBulkWaiting: true });
  const radio = new GattLinkDevice({ name, info });
  let freed: Freed = NOTHING_FREED;
  const onFreed = (more: Freed) => {
    freed = more;
  };
  const serve = async (link: Link, clock: Clock) => {
    await new Wearable({ ...options, link, clock, freed, onFreed }).run();
    await link.close();
  };
  return {
    name,
    advertises: radio.advertises,
    services: radio.services,
    publicKey: wearableKeys(source).link.publicKey,
    run: async (air, signal) => {
      const served = radio.run(air, signal);
      for await (const link of radio.links) await serve(link, air.clock);
      await served;
    },
  };
}
