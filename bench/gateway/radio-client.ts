// A client of the Bluetooth service in a process of its own that counts notifications: by our radio, or by node-ble as it is. Started with a plan
// as JSON; says when it listens, and when all have come.
import { createRequire } from 'node:module';
import { openBluezRadio, systemClock } from '@maibo/sdk';

export interface ClientPlan {
  readonly kind: 'maibo' | 'node-ble';
  readonly busAddress: string;
  readonly address: string;
  readonly service: string;
  readonly characteristic: string;
  readonly count: number;
}

export type ClientNews =
  | { readonly type: 'listening' }
  | { readonly type: 'done'; readonly passedMs: number; readonly cpuMs: number; readonly received: number };

const LOOK_MS = 5;

/** What node-ble is asked for here. */
interface NodeBle {
  createBluetooth(): { bluetooth: { getAdapter(name: string): Promise<NodeBleAdapter> } };
}
interface NodeBleAdapter {
  startDiscovery(): Promise<void>;
  stopDiscovery(): Promise<void>;
  waitDevice(address: string): Promise<NodeBleDevice>;
}
interface NodeBleDevice {
  connect(): Promise<void>;
  gatt(): Promise<NodeBleServer>;
  readonly helper: { prop(name: string): Promise<unknown> };
}
interface NodeBleServer {
  getPrimaryService(uuid: string): Promise<{ getCharacteristic(uuid: string): Promise<NodeBleCharacteristic> }>;
}
interface NodeBleCharacteristic {
  on(event: 'valuechanged', take: (value: Uint8Array) => void): void;
  startNotifications(): Promise<void>;
}

type Listen = (plan: ClientPlan, take: () => void) => Promise<void>;

async function main(plan: ClientPlan): Promise<void> {
  let received = 0;
  let firstMs = 0;
  let cpuBefore = process.cpuUsage();
  const listen = plan.kind === 'maibo' ? listenByMaibo : listenByNodeBle;
  await listen(plan, () => {
    received++;
    if (received === 1) {
      firstMs = performance.now();
      cpuBefore = process.cpuUsage();
    }
    if (received < plan.count) return;
    const { user, system } = process.cpuUsage(cpuBefore);
    tell({ type: 'done', passedMs: performance.now() - firstMs, cpuMs: (user + system) / 1_000, received });
  });
  tell({ type: 'listening' });
}

const listenByMaibo: Listen = async ({ busAddress, address, service, characteristic }, take) => {
  const radio = await openBluezRadio({ busAddress, adapter: 'hci0', clock: systemClock });
  const peer = await radio.connect(address, { services: [service] });
  const values = await peer.listen({ service, characteristic });
  void (async () => {
    for await (const value of values) if (value.length > 0) take();
  })();
};

const listenByNodeBle: Listen = async ({ busAddress, address, service, characteristic }, take) => {
  process.env.DBUS_SYSTEM_BUS_ADDRESS = busAddress;
  const { createBluetooth } = createRequire(import.meta.url)('node-ble') as NodeBle;
  const adapter = await createBluetooth().bluetooth.getAdapter('hci0');
  await adapter.startDiscovery();
  const device = await adapter.waitDevice(address);
  await adapter.stopDiscovery();
  await device.connect();
  // It asks and then listens: what is resolved in between it waits for without end.
  while ((await device.helper.prop('ServicesResolved')) !== true) await systemClock.sleep(LOOK_MS);
  const server = await device.gatt();
  const found = await (await server.getPrimaryService(service)).getCharacteristic(characteristic);
  found.on('valuechanged', (value) => {
    if (value.length > 0) take();
  });
  await found.startNotifications();
};

function tell(news: ClientNews): void {
  process.send?.(news);
}

process.on('disconnect', () => process.exit());
await main(JSON.parse(process.argv[2] ?? '{}') as ClientPlan);
