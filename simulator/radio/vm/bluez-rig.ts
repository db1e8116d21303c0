// The Bluetooth bearer for the link contract, over real bluetoothd: the gateway's radio on one virtual controller, a Maibo wearable on
// another. The plug is the wearable's controller: switched off, it is gone from the air in the middle of whatever was going on.
import { type BluezRadio, type Link, MaiboError, openBleLink, openBluezRadio, systemClock } from '@maibo/sdk';
import type { LinkAbility, LinkLimits, LinkRig } from '../../testing/link-rig.ts';
import { processCounts } from '../../testing/process-counts.ts';
import { Bus } from '../dbus/bus.ts';
import { GattLinkDevice } from '../gatt-link.ts';
import { type ServedDevice, serveDevice } from '../peripheral/serve-device.ts';
import { adapterThere, setPowered } from './virtual-adapters.ts';

const HOST = 'hci0';
const WEARABLE = 'hci1';
const OPEN_MS = 30_000;
/** Nobody answers while unplugged; this is how long that is tried. */
const UNPLUGGED_MS = 3_000;

export interface BluezRigOptions {
  readonly busAddress: string;
  readonly limits: Partial<LinkLimits>;
  measured(what: string, ms: number): void;
}

interface OnAir {
  readonly links: AsyncIterator<Link>;
  readonly served: ServedDevice;
}

export class BluezRig implements LinkRig {
  readonly name = 'bluetoothd';
  readonly carries = 'packets';
  /** No back-pressure: what a radio notifies while nobody reads is lost at last. */
  readonly can: readonly LinkAbility[] = ['unplug'];
  readonly limits: Partial<LinkLimits>;
  readonly measured: (what: string, ms: number) => void;
  readonly radio: BluezRadio;
  readonly #options: BluezRigOptions;
  readonly #bus: Bus;
  #onAir: OnAir | null = null;
  #address = '';

  private constructor(options: BluezRigOptions, bus: Bus, radio: BluezRadio) {
    this.#options = options;
    this.#bus = bus;
    this.limits = options.limits;
    this.measured = options.measured;
    this.radio = radio;
  }

  static async open(options: BluezRigOptions): Promise<BluezRig> {
    const bus = await Bus.open(options.busAddress);
    await adapterThere(bus, HOST);
    await adapterThere(bus, WEARABLE);
    await setPowered(bus, HOST, true);
    const radio = await openBluezRadio({ busAddress: options.busAddress, adapter: HOST, clock: systemClock });
    const rig = new BluezRig(options, bus, radio);
    await rig.plug();
    return rig;
  }

  open(signal?: AbortSignal): Promise<Link> {
    const deadlineMs = this.#onAir ? OPEN_MS : UNPLUGGED_MS;
    return openBleLink(this.radio, this.#address, { deadlineMs, ...(signal && { signal }) });
  }

  async device(): Promise<Link> {
    const next = await this.#onAir?.links.next();
    if (!next || next.done) throw new MaiboError('link-lost', 'the wearable is not on the air');
    return next.value;
  }

  /** The advertisement goes first: a controller switched off in the middle of one goes on taking connections, and answers none. */
  async unplug(): Promise<void> {
    const onAir = this.#onAir;
    this.#onAir = null;
    const closing = onAir?.served.close();
    await setPowered(this.#bus, WEARABLE, false);
    await closing;
  }

  async plug(): Promise<void> {
    if (this.#onAir) return;
    await setPowered(this.#bus, WEARABLE, true);
    const wearable = new GattLinkDevice({
      name: 'Maibo contract',
      info: () => ({ versions: [2], isPairingOpen: false, isBulkWaiting: false }),
    });
    const { busAddress } = this.#options;
    const served = await serveDevice({ busAddress, adapter: WEARABLE, device: wearable, clock: systemClock });
    this.#address = served.address;
    this.#onAir = { served, links: wearable.links[Symbol.asyncIterator]() };
  }

  async counts(): Promise<Record<string, number>> {
    const { matchRules, listeners, callsInFlight, connections } = this.radio.counts;
    const daemonRules = (await this.radio.matchRulesOfDaemon()) ?? 0;
    return { ...(await processCounts()), matchRules, daemonRules, listeners, callsInFlight, connections };
  }

  async close(): Promise<void> {
    await this.radio.close();
    await this.#onAir?.served.close();
    this.#bus.close();
  }
}
