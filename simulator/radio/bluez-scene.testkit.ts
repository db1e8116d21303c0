// A gateway's radio in front of peripherals, on a private bus with the double of the Bluetooth service: what the tests of the BlueZ radio
// begin with. The radio is on hci0, peripherals on hci1 and up.
import { type BluezRadio, openBluezRadio, systemClock } from '@maibo/sdk';
import { vi } from 'vitest';
import { type BluezDouble, openBluezDouble } from './double/double.ts';
import type { Settings } from './double/ground.ts';
import type { GattServiceTable } from './gatt-device.ts';
import { openPeripheral, type Peripheral } from './peripheral/peripheral.ts';
import { hasDbusDaemon, openPrivateBus, type PrivateBus } from './private-bus.ts';

const isAllRequired = process.env.MAIBO_REQUIRE_ALL === '1';
/** Without dbus-daemon the tests skip by name; with MAIBO_REQUIRE_ALL=1 they fail. */
export const skips = !hasDbusDaemon() && !isAllRequired;

export const SERVICE = '5a7e0001-93c1-4f0d-8f5b-3d8b6e6f0a11';
const characteristic = (number: string) => ({
  service: SERVICE,
  characteristic: `5a7e${number}-93c1-4f0d-8f5b-3d8b6e6f0a11`,
});
export const OUT = characteristic('0002');
export const IN = characteristic('0003');
export const VALUE = characteristic('0004');

export interface Scene extends AsyncDisposable {
  readonly bus: PrivateBus;
  readonly double: BluezDouble;
  readonly radio: BluezRadio;
  /** On hci1; what it was written, oldest first. */
  readonly strap: Peripheral;
  readonly written: Uint8Array[];
  readonly log: string[];
  /** Another one; after a restart of the service or the bus, the same one anew. */
  addPeripheral(adapter: string, name: string): Promise<Peripheral>;
}

export interface SceneOptions {
  readonly adapterCount?: number;
  readonly settings?: Partial<Settings>;
}

export async function openScene(options: SceneOptions = {}): Promise<Scene> {
  const bus = await openPrivateBus();
  const double = await openBluezDouble({ busAddress: bus.address, settings: { lookMs: 20 }, ...options });
  const written: Uint8Array[] = [];
  const log: string[] = [];
  const peripherals: Peripheral[] = [];
  const addPeripheral = async (adapter: string, name: string) => {
    const services = [service((bytes) => written.push(bytes))];
    const peripheral = await openPeripheral({
      busAddress: bus.address,
      adapter,
      name,
      advertises: [SERVICE],
      services,
    });
    peripherals.push(peripheral);
    return peripheral;
  };
  const strap = await addPeripheral('hci1', 'Strap');
  const radio = await openBluezRadio({
    adapter: 'hci0',
    busAddress: bus.address,
    clock: systemClock,
    log: (what) => log.push(what),
  });
  const close = async () => {
    await radio.close();
    for (const peripheral of peripherals) await peripheral.close().catch(() => undefined);
    await double.close();
    await bus.close();
  };
  return { bus, double, radio, strap, written, log, addPeripheral, [Symbol.asyncDispose]: close };
}

function service(onWrite: (bytes: Uint8Array) => void): GattServiceTable {
  return {
    uuid: SERVICE,
    characteristics: [
      { uuid: OUT.characteristic, flags: ['notify'] },
      { uuid: IN.characteristic, flags: ['write', 'write-without-response'], write: onWrite },
      { uuid: VALUE.characteristic, flags: ['read', 'notify'], read: () => Uint8Array.of(42) },
    ],
  };
}

/** The next `count` values. */
export async function take(values: AsyncIterable<Uint8Array>, count: number): Promise<number[][]> {
  const taken: number[][] = [];
  for await (const value of values) {
    taken.push([...value]);
    if (taken.length === count) break;
  }
  return taken;
}

/** Until the radio is in this state. */
export async function stateOf(radio: BluezRadio, wanted: string): Promise<void> {
  for await (const state of radio.states()) if (state === wanted) return;
}

/** Looks again until it holds: other processes take their time. */
export const eventually = (look: () => void | Promise<void>) => vi.waitFor(look, { timeout: 10_000 });
