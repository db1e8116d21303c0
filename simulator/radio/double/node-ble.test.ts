// The double is held against a client that knows nothing of it: node-ble, unmodified, as it would talk to the real service.
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { describeOnAir, until } from '../air.testkit.ts';
import type { GattServiceTable } from '../gatt-device.ts';
import { type NodeBlePeer, serverOf } from '../node-ble-server.ts';
import { openPeripheral, type Peripheral } from '../peripheral/peripheral.ts';

interface BleCharacteristic {
  getFlags(): Promise<string[]>;
  readValue(): Promise<Buffer>;
  writeValueWithResponse(value: Buffer): Promise<void>;
  writeValueWithoutResponse(value: Buffer): Promise<void>;
  startNotifications(): Promise<void>;
  stopNotifications(): Promise<void>;
  isNotifying(): Promise<boolean>;
  on(event: 'valuechanged', listener: (value: Buffer) => void): void;
  readonly helper: { prop(name: string): Promise<unknown> };
}
interface BleDevice extends NodeBlePeer<BleServer> {
  getName(): Promise<string>;
  getRSSI(): Promise<number>;
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  isConnected(): Promise<boolean>;
  pair(): Promise<void>;
  isPaired(): Promise<boolean>;
}
interface BleServer {
  services(): Promise<string[]>;
  getPrimaryService(uuid: string): Promise<{ getCharacteristic(uuid: string): Promise<BleCharacteristic> }>;
}
interface BleAdapter {
  isPowered(): Promise<boolean>;
  startDiscovery(): Promise<void>;
  stopDiscovery(): Promise<void>;
  isDiscovering(): Promise<boolean>;
  waitDevice(address: string, timeoutMs: number, lookMs: number): Promise<BleDevice>;
}
interface NodeBle {
  createBluetooth(): {
    bluetooth: { adapters(): Promise<string[]>; getAdapter(name: string): Promise<BleAdapter> };
    destroy(): void;
  };
}

const SERVICE = '0000fff0-0000-1000-8000-00805f9b34fb';
const TX = '0000fff1-0000-1000-8000-00805f9b34fb';
const RX = '0000fff2-0000-1000-8000-00805f9b34fb';

async function openEcho(busAddress: string): Promise<Peripheral> {
  const services: GattServiceTable[] = [
    {
      uuid: SERVICE,
      characteristics: [
        { uuid: TX, flags: ['read', 'notify'], read: () => Buffer.from('battery=87') },
        {
          uuid: RX,
          flags: ['write', 'write-without-response'],
          write: (bytes) => void echo.notify({ service: SERVICE, characteristic: TX }, bytes.subarray(0, 20)),
        },
      ],
    },
  ];
  const echo = await openPeripheral({ busAddress, adapter: 'hci1', name: 'Echo', advertises: [SERVICE], services });
  return echo;
}

describeOnAir('node-ble on the double', {}, (air) => {
  it('finds, connects, reads, writes, is notified and disconnects', async () => {
    await using echo = await openEcho(air.bus.address);
    process.env.DBUS_SYSTEM_BUS_ADDRESS = air.bus.address;
    const { createBluetooth } = createRequire(import.meta.url)('node-ble') as NodeBle;
    const { bluetooth, destroy } = createBluetooth();
    try {
      expect(await bluetooth.adapters()).toEqual(['hci0', 'hci1']);
      const adapter = await bluetooth.getAdapter('hci0');
      expect(await adapter.isPowered()).toBe(true);
      await adapter.startDiscovery();
      expect(await adapter.isDiscovering()).toBe(true);
      const device = await adapter.waitDevice(echo.address, 5_000, 20);
      expect(await device.getName()).toBe('Echo');
      expect(await device.getRSSI()).toBeLessThan(0);
      await adapter.stopDiscovery();
      await device.connect();
      expect(await device.isConnected()).toBe(true);

      const gatt = await serverOf(device);
      expect((await gatt.services()).map((uuid) => uuid.slice(4, 8))).toEqual(['1801', '180a', 'fff0']);
      const service = await gatt.getPrimaryService(SERVICE);
      const tx = await service.getCharacteristic(TX);
      const rx = await service.getCharacteristic(RX);
      expect(await tx.getFlags()).toEqual(['read', 'notify']);
      expect(await rx.helper.prop('MTU')).toBe(517);
      expect((await tx.readValue()).toString()).toBe('battery=87');

      const heard: string[] = [];
      tx.on('valuechanged', (value) => heard.push(value.toString()));
      await tx.startNotifications();
      expect(await tx.isNotifying()).toBe(true);
      await rx.writeValueWithResponse(Buffer.from('request'));
      await rx.writeValueWithoutResponse(Buffer.from('command'));
      await until(() => heard.length === 2);
      expect(heard).toEqual(['request', 'command']);
      await tx.stopNotifications();
      expect(await tx.isNotifying()).toBe(false);

      await device.pair();
      expect(await device.isPaired()).toBe(true);
      await device.disconnect();
      expect(await device.isConnected()).toBe(false);
    } finally {
      destroy();
    }
  });
});
