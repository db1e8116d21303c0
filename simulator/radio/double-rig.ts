// The Bluetooth bearer for the link contract: the gateway's radio on hci0 and a Maibo peripheral on hci1, both clients of a double of the
// Bluetooth service on a private bus.
import { type BluezRadio, type Link, MaiboError, openBleLink, openBluezRadio, systemClock } from '@maibo/sdk';
import type { LinkAbility, LinkRig } from '../testing/link-rig.ts';
import { processCounts } from '../testing/process-counts.ts';
import { type BluezDouble, openBluezDouble } from './double/double.ts';
import { GattLinkDevice } from './gatt-link.ts';
import { type ServedDevice, serveDevice } from './peripheral/serve-device.ts';
import { openPrivateBus, type PrivateBus } from './private-bus.ts';

const PERIPHERAL = 'hci1';
/** Nobody answers while unplugged; this is how long that is tried. */
const UNPLUGGED_MS = 500;
const OPEN_MS = 15_000;

export interface DoubleRigOptions {
  readonly measured?: (what: string, ms: number) => void;
}

export async function openDoubleRig({ measured = () => {} }: DoubleRigOptions = {}): Promise<LinkRig> {
  const bus = await openPrivateBus();
  const double = await openBluezDouble({ busAddress: bus.address, settings: { lookMs: 50 } });
  const wearable = new GattLinkDevice({
    name: 'Maibo contract',
    info: () => ({ versions: [2], isPairingOpen: false, isBulkWaiting: false }),
  });
  const served = await serveDevice({
    busAddress: bus.address,
    adapter: PERIPHERAL,
    device: wearable,
    clock: systemClock,
  });
  const radio = await openBluezRadio({ busAddress: bus.address, adapter: 'hci0', clock: systemClock });
  return new DoubleRig({ bus, double, wearable, served, radio, measured });
}

interface Parts {
  readonly bus: PrivateBus;
  readonly double: BluezDouble;
  readonly wearable: GattLinkDevice;
  readonly served: ServedDevice;
  readonly radio: BluezRadio;
  readonly measured: (what: string, ms: number) => void;
}

class DoubleRig implements LinkRig {
  readonly name = 'bluez double';
  readonly carries = 'packets';
  /** No back-pressure: what a radio notifies while nobody reads is lost at last. */
  readonly can: readonly LinkAbility[] = ['unplug'];
  readonly measured: (what: string, ms: number) => void;
  readonly #parts: Parts;
  readonly #devices: AsyncIterator<Link>;
  #isPlugged = true;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.measured = parts.measured;
    this.#devices = parts.wearable.links[Symbol.asyncIterator]();
  }

  open(signal?: AbortSignal): Promise<Link> {
    const { radio, served } = this.#parts;
    const deadlineMs = this.#isPlugged ? OPEN_MS : UNPLUGGED_MS;
    return openBleLink(radio, served.address, { deadlineMs, ...(signal && { signal }) });
  }

  async device(): Promise<Link> {
    const next = await this.#devices.next();
    if (next.done) throw new MaiboError('link-lost', 'the peripheral has ended');
    return next.value;
  }

  async unplug(): Promise<void> {
    this.#isPlugged = false;
    await this.#parts.double.power(PERIPHERAL, false);
  }

  async plug(): Promise<void> {
    await this.#parts.double.power(PERIPHERAL, true);
    this.#isPlugged = true;
  }

  async counts(): Promise<Record<string, number>> {
    const { matchRules, listeners, callsInFlight, connections } = this.#parts.radio.counts;
    const daemonRules = (await this.#parts.radio.matchRulesOfDaemon()) ?? 0;
    return { ...(await processCounts()), matchRules, daemonRules, listeners, callsInFlight, connections };
  }

  async close(): Promise<void> {
    const { radio, served, double, bus } = this.#parts;
    await radio.close();
    await served.close();
    await double.close();
    await bus.close();
  }
}
