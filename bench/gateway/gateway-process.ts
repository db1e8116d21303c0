// The production gateway as a process of its own, with unix sockets where a box has serial ports. Started with a plan as JSON; says when it runs.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createLabKey,
  createLabLinkKey,
  fromHex,
  Gateway,
  type GatewayConfig,
  openSocketLink,
  openStoreFile,
  systemClock,
  systemEntropy,
} from '@maibo/sdk';

export interface GatewayPlan {
  /** Where the sockets are, and the store goes. */
  readonly folder: string;
  /** Public keys (hex) of the devices, in the order of their sockets. */
  readonly keys: readonly string[];
}

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

async function main({ folder, keys }: GatewayPlan): Promise<void> {
  const { store } = openStoreFile(join(folder, 'data', 'store.sqlite'));
  const gateway = new Gateway(configOf(folder, keys), {
    clock: systemClock,
    entropy: systemEntropy,
    signer: createLabKey('gateway', 1),
    linkKeys: createLabLinkKey('gateway', 1),
    pseudonymSecret: new Uint8Array(32),
    store,
    serial: { list: (folder) => readdir(folder), open: (path) => openSocketLink(path) },
    openRadio: null,
    uplink: null,
    openHttp: async () => ({ url: '', close: async () => undefined }),
    log: quiet,
    disk: () => null,
  });
  await gateway.start();
  process.send?.({ type: 'running' });
}

function configOf(folder: string, keys: readonly string[]): GatewayConfig {
  return {
    name: null,
    dataFolder: join(folder, 'data'),
    http: { host: '127.0.0.1', port: 0 },
    platform: null,
    store: { retentionDays: null, bytesMax: null },
    bluetooth: { isEnabled: false, adapter: null },
    serial: keys.map((_, index) => ({
      ...{ path: join(folder, `${index}.sock`), match: null, baudRate: 115_200, dtr: null, rts: null },
    })),
    devices: keys.map((key) => ({ publicKey: fromHex(key), label: null, bearer: 'serial', address: null })),
    clinic: [],
    cores: { trustedKeys: [], allowedHashes: [], python: null, packages: [] },
    logLevel: 'error',
  };
}

process.on('disconnect', () => process.exit());
await main(JSON.parse(process.argv[2] ?? '{}') as GatewayPlan);
