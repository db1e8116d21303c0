// One adapter during one run of bluetoothd, powered: whoever wants to scan, connect or pair comes through here. It is down when the power,
// the adapter or bluetoothd goes; what is under way then fails.
import type { MaiboError } from '../../errors.ts';
import type { Advertisement } from '../../world/radio.ts';
import type { Clock } from '../../world/world.ts';
import { Slots } from '../slots.ts';
import { BluezDiscovery } from './bluez-discovery.ts';
import { ADAPTER, DEVICE } from './bluez-names.ts';
import type { BluezService } from './bluez-service.ts';
import { listOf, numberOf, type Properties, textOf } from './object-mirror.ts';

/** What BlueZ writes where it does not know (include/net/bluetooth/mgmt.h, HCI_RSSI_INVALID). */
const RSSI_UNKNOWN = 127;

export class BluezAdapter {
  readonly service: BluezService;
  readonly path: string;
  readonly discovery: BluezDiscovery;
  /** One connect or pairing at a time. */
  readonly turn = new Slots(1);
  readonly #down = new AbortController();

  constructor(service: BluezService, path: string, clock: Clock) {
    this.service = service;
    this.path = path;
    this.discovery = new BluezDiscovery(service, path, clock);
  }

  /** Aborts when the adapter is not usable any more; its reason is `radio-off` or `radio-absent`. */
  get down(): AbortSignal {
    return this.#down.signal;
  }

  end(reason: MaiboError): void {
    this.#down.abort(reason);
    this.discovery.fail(reason);
  }

  /** Object path of the device, as far as BlueZ knows it. Names do not matter: two devices may share one. */
  deviceAt(address: string): string | null {
    const path = `${this.path}/dev_${address.toUpperCase().replaceAll(':', '_')}`;
    return this.service.mirror.get(path, DEVICE) === null ? null : path;
  }

  /** Scans for the device if BlueZ does not know it: it forgets unpaired ones after 30 s. */
  async find(address: string, stop: AbortSignal): Promise<string> {
    stop.throwIfAborted();
    const known = this.deviceAt(address);
    if (known !== null) return known;
    const search = new AbortController();
    const onStop = () => search.abort(stop.reason);
    stop.addEventListener('abort', onStop, { once: true });
    const end = this.discovery.seek((failure) => search.abort(failure));
    try {
      return await this.service.until(() => this.deviceAt(address), search.signal);
    } finally {
      end();
      stop.removeEventListener('abort', onStop);
    }
  }

  /** With our own scan out of the way. */
  async quietly<T>(act: () => Promise<T>): Promise<T> {
    const resume = await this.discovery.pause();
    try {
      return await act();
    } finally {
      resume();
    }
  }

  /** Without it, BlueZ reads the services of the device anew at the next connection. Forgets its bond as well. */
  async removeDevice(path: string, signal?: AbortSignal): Promise<void> {
    const call = { path: this.path, interface: ADAPTER, member: 'RemoveDevice', signature: 'o', body: [path] };
    await this.service.call(call, signal === undefined ? {} : { signal });
  }
}

export function advertisementOf(device: Properties): Advertisement | null {
  const address = textOf(device.Address);
  if (address === null) return null;
  const rssiDbm = numberOf(device.RSSI);
  return {
    address,
    name: textOf(device.Name),
    rssiDbm: rssiDbm === RSSI_UNKNOWN ? null : rssiDbm,
    services: listOf(device.UUIDs).map((uuid) => uuid.toLowerCase()),
    isPaired: device.Paired === true,
  };
}
