// A gateway for tests: in memory but for its store, in a hurry, with ports that the test fills.
import { Registry } from 'prom-client';
import { fixedEntropy, hurriedClock, PAIRED } from '../device/scripted-device.testkit.ts';
import { MaiboError } from '../errors.ts';
import { Store } from '../store/store.ts';
import { openSqlite } from '../world/node-sqlite.ts';
import type { Link, SqlDatabase, SqlStatement, Uplink } from '../world/world.ts';
import { type GatewayConfig, NO_CORES } from './config-types.ts';
import type { ForeignCores } from './foreign-cores.ts';
import { Gateway } from './gateway.ts';
import type { DiskSpace, GatewayWorld, HttpAnswer, HttpAnswerer } from './gateway-world.ts';
import { gatewayKey } from './made-store.testkit.ts';
import { createHeardLog } from './manual-clock.testkit.ts';

/** In a hurry deadlines are short: on a machine that is busy with other things some are missed, and tried again. */
export const PATIENT = { timeout: 120_000 };

export const DEVICE_KEY: Uint8Array = PAIRED.trust.devices[0]!;

export const BARE_CONFIG: GatewayConfig = {
  name: null,
  dataFolder: '',
  http: { host: '127.0.0.1', port: 0 },
  platform: null,
  store: { retentionDays: null, bytesMax: null },
  bluetooth: { isEnabled: true, adapter: null },
  serial: [],
  devices: [],
  clinic: [],
  cores: NO_CORES,
  logLevel: 'debug',
};

/** Ports /dev/0, /dev/1 … and one device that is allowed on them. */
export function wiredConfig(portCount = 1, publicKey: Uint8Array = DEVICE_KEY): GatewayConfig {
  const port = { match: null, baudRate: 115_200, dtr: null, rts: null };
  return {
    ...BARE_CONFIG,
    serial: Array.from({ length: portCount }, (_, index) => ({ ...port, path: `/dev/${index}` })),
    devices: [{ publicKey, label: 'one', bearer: 'serial', address: null }],
  };
}

export interface MadeGatewayOptions {
  readonly config?: GatewayConfig;
  readonly db: SqlDatabase;
  /** What is plugged in at a path; absent: nothing ever is. */
  readonly plug?: (path: string) => Link;
  readonly uplink?: Uplink;
  readonly disk?: () => DiskSpace | null;
  readonly openRadio?: GatewayWorld['openRadio'];
  readonly cores?: ForeignCores;
}

export async function startMadeGateway(options: MadeGatewayOptions) {
  const { plug, config = wiredConfig() } = options;
  const log = createHeardLog();
  const store = Store.openForWriting(options.db);
  let answer: HttpAnswerer = async () => null;
  const gateway = new Gateway(
    config,
    {
      clock: hurriedClock,
      entropy: fixedEntropy,
      signer: gatewayKey,
      linkKeys: PAIRED.keys,
      pseudonymSecret: new Uint8Array(32).fill(5),
      store,
      serial: {
        list: async () => (plug === undefined ? [] : config.serial.map(({ path }) => path!.split('/').at(-1)!)),
        open: async (path) => plug!(path),
      },
      openRadio: options.openRadio ?? null,
      uplink: options.uplink ?? null,
      openHttp: async (_host, _port, given) => {
        answer = given;
        return { url: 'http://made', close: async () => undefined };
      },
      log,
      disk: options.disk ?? (() => null),
      ...(options.cores && { cores: options.cores }),
    },
    new Registry(),
  );
  await gateway.start();
  return { gateway, store, log, get: (path: string): Promise<HttpAnswer | null> => answer(path) };
}

/** A metric's value in what /metrics says. */
export async function metricOf(get: (path: string) => Promise<HttpAnswer | null>, name: string): Promise<number> {
  const text = (await get('/metrics'))?.body ?? '';
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return line === undefined ? Number.NaN : Number(line.slice(name.length));
}

/** Until it holds, or for half a minute. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<boolean> {
  for (let attempt = 0; attempt < 3_000; attempt++) {
    if (await holds()) return true;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return false;
}

/** A database of which every transaction fails while `isBroken` says so. */
export function breakableDatabase(
  path: string,
  isBroken: () => boolean,
  code: 'store-full' | 'store-busy',
): SqlDatabase {
  const db = openSqlite(path);
  const step = <T>(work: () => T): T => {
    if (isBroken()) throw new MaiboError(code, 'said the test');
    return work();
  };
  const wrap = (statement: SqlStatement): SqlStatement => ({
    ...statement,
    run: (...values) => step(() => statement.run(...values)),
  });
  return { prepare: (sql) => wrap(db.prepare(sql)), exec: (sql) => db.exec(sql), close: () => db.close() };
}
