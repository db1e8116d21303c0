// How fast notifications come through our radio, and through node-ble for comparison: the same peripheral, the same link, one after the
// other. Both ends run in this process and on this one emulated core, so only the two rates beside each other mean something.
import { type GattAddress, type RadioPeer, systemClock } from '@maibo/sdk';
import type { GattServiceTable } from '../gatt-device.ts';
import { type NodeBlePeer, serverOf } from '../node-ble-server.ts';
import type { Peripheral } from '../peripheral/peripheral.ts';
import { pause, within } from '../timing.ts';

const AT: GattAddress = {
  service: '7d1a0001-52f3-4c47-8f43-0a3f2f8f5b10',
  characteristic: '7d1a0002-52f3-4c47-8f43-0a3f2f8f5b10',
};
/** What a heart-rate measurement with a few RR intervals takes. */
const VALUE_BYTES = 20;
const ONE_BY_ONE_PAUSE_MS = 20;
const ARRIVE_MS = 20_000;
const FIND_MS = 20_000;
const LOOK_MS = 200;

export const PACE_TABLE: GattServiceTable = {
  uuid: AT.service,
  characteristics: [{ uuid: AT.characteristic, flags: ['notify'] }],
};

/** From the peripheral's notify to the value in our hands, for `count` values one after the other. */
export async function notificationDelaysMs(peripheral: Peripheral, peer: RadioPeer, count: number): Promise<number[]> {
  await using heard = await peer.listen(AT);
  const values = heard[Symbol.asyncIterator]();
  const delaysMs: number[] = [];
  for (let number = 0; number < count; number++) {
    const startMs = systemClock.nowMonotonicMs();
    await peripheral.notify(AT, valueWith(number));
    await within(ARRIVE_MS, values.next(), () => new Error(`notification ${number} did not come`));
    delaysMs.push(systemClock.nowMonotonicMs() - startMs);
    await pause(ONE_BY_ONE_PAUSE_MS);
  }
  return delaysMs;
}

export interface Pace {
  readonly perSecond: number;
  readonly arrived: number;
  /** Values that came after one with a higher number. */
  readonly outOfOrder: number;
}

/** `count` values as fast as they go, heard by our radio. */
export async function ourPace(peripheral: Peripheral, peer: RadioPeer, count: number): Promise<Pace> {
  await using heard = await peer.listen(AT);
  // Awaited here: whoever listens is closed at the end of this function.
  return await paceOf(peripheral, count, (onValue) => {
    void (async () => {
      for await (const value of heard) onValue(value);
    })().catch(() => undefined);
  });
}

/** As much of node-ble as is called here. It is no dependency: the guest brings it as a yardstick. */
interface NodeBle {
  createBluetooth(): { bluetooth: { getAdapter(name: string): Promise<NodeBleAdapter> }; destroy(): void };
}
interface NodeBleAdapter {
  isDiscovering(): Promise<boolean>;
  startDiscovery(): Promise<void>;
  stopDiscovery(): Promise<void>;
  waitDevice(address: string, timeoutMs: number, lookMs: number): Promise<NodeBleDevice>;
}
interface NodeBleDevice extends NodeBlePeer<{ getPrimaryService(uuid: string): Promise<NodeBleService> }> {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
}
interface NodeBleService {
  getCharacteristic(uuid: string): Promise<NodeBleCharacteristic>;
}
interface NodeBleCharacteristic {
  startNotifications(): Promise<void>;
  on(event: 'valuechanged', listener: (value: Buffer) => void): void;
}

/** The same heard by node-ble; null where it is not installed. */
export async function nodeBlePace(peripheral: Peripheral, adapterName: string, count: number): Promise<Pace | null> {
  const packageName: string = 'node-ble';
  const nodeBle = (await import(packageName).catch(() => null)) as NodeBle | null;
  if (nodeBle === null) return null;
  const { bluetooth, destroy } = nodeBle.createBluetooth();
  try {
    const adapter = await bluetooth.getAdapter(adapterName);
    if (!(await adapter.isDiscovering())) await adapter.startDiscovery();
    const device = await adapter.waitDevice(peripheral.address, FIND_MS, LOOK_MS);
    await adapter.stopDiscovery();
    await device.connect();
    const service = await (await serverOf(device)).getPrimaryService(AT.service);
    const characteristic = await service.getCharacteristic(AT.characteristic);
    await characteristic.startNotifications();
    const pace = await paceOf(peripheral, count, (onValue) => characteristic.on('valuechanged', onValue));
    await device.disconnect();
    return pace;
  } finally {
    destroy();
  }
}

async function paceOf(
  peripheral: Peripheral,
  count: number,
  hear: (onValue: (value: Uint8Array) => void) => void,
): Promise<Pace> {
  let arrived = 0;
  let highest = -1;
  let outOfOrder = 0;
  const startMs = systemClock.nowMonotonicMs();
  const all = new Promise<void>((resolve) => {
    hear((value) => {
      const number = new DataView(value.buffer, value.byteOffset).getUint32(0, true);
      if (number < highest) outOfOrder++;
      highest = Math.max(highest, number);
      arrived++;
      if (arrived === count) resolve();
    });
  });
  for (let number = 0; number < count; number++) await peripheral.notify(AT, valueWith(number));
  await within(ARRIVE_MS, all, () => new Error(`${arrived} of ${count} notifications came`));
  const seconds = (systemClock.nowMonotonicMs() - startMs) / 1_000;
  return { perSecond: Math.round(count / seconds), arrived, outOfOrder };
}

function valueWith(number: number): Uint8Array {
  const value = new Uint8Array(VALUE_BYTES);
  new DataView(value.buffer).setUint32(0, number, true);
  return value;
}
