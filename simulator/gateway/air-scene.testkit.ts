// Everything a clinic has on the air, over a private bus and the double of the Bluetooth service, and the built gateway in front of it as a process.
// hci0 is the gateway's; every device has an adapter of its own, and the last one belongs to somebody else.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deviceIdOf, type EvidenceRecord, nodeSuite, sameBytes } from '@maibo/protocols';
import {
  type ClinicKindName,
  loadOrCreateLinkKey,
  openStoreFile,
  pseudonymOf,
  readRecord,
  type Store,
  systemClock,
  systemEntropy,
  toHex,
} from '@maibo/sdk';
import { createWearerSource } from '../device/wearer-source.ts';
import { createCuff } from '../radio/clinic-devices/blood-pressure-cuff.ts';
import { createGlucoseMeter } from '../radio/clinic-devices/glucose-meter.ts';
import { createStrap } from '../radio/clinic-devices/heart-rate-strap.ts';
import { createOximeter } from '../radio/clinic-devices/pulse-oximeter.ts';
import { createScale } from '../radio/clinic-devices/scale.ts';
import { createThermometer } from '../radio/clinic-devices/thermometer.ts';
import { type BluezDouble, openBluezDouble } from '../radio/double/double.ts';
import type { GattDevice } from '../radio/gatt-device.ts';
import { type ServedDevice, serveDevice } from '../radio/peripheral/serve-device.ts';
import { openPrivateBus, type PrivateBus } from '../radio/private-bus.ts';
import { createWearableDevice } from '../radio/wearable-device.ts';
import { createWearer } from '../wearer/wearer.ts';
import { type GatewayProcess, startGateway } from './gateway-process.testkit.ts';

const MAIBO = join(import.meta.dirname, '../../sdk/bin/maibo.js');
const RUN_MS = 60_000;

export const METER_RECORDS = 12;
/** Of the thermometer's clock, which the gateway sets. */
export const ZONE_MINUTES = 480;
/** What stands in gateway.toml as [[clinic]]. The cuff has to be bonded. */
const CLINIC = {
  strap: { kinds: ['heart-rate'], device: createStrap({ seed: 1 }) },
  cuff: { kinds: ['blood-pressure'], device: createCuff({ seed: 2, speed: 8, intervalS: 12 }) },
  oximeter: { kinds: ['pulse-oximeter'], device: createOximeter({ seed: 3 }) },
  meter: { kinds: ['glucose'], device: createGlucoseMeter({ seed: 4, speed: 100, recordCount: METER_RECORDS }) },
  thermometer: { kinds: ['thermometer'], device: createThermometer({ seed: 5, speed: 8, intervalS: 12 }) },
  scale: { kinds: ['weight-scale', 'body-composition'], device: createScale({ seed: 6, speed: 8, intervalS: 12 }) },
} as const satisfies Record<string, { kinds: readonly ClinicKindName[]; device: GattDevice }>;

export type AirName = keyof typeof CLINIC | 'wearable';
export const CLINIC_NAMES = Object.keys(CLINIC) as (keyof typeof CLINIC)[];
const STRANGER = createStrap({ seed: 99, name: 'Ward 9 Bed 3' });

export interface AirScene extends AsyncDisposable {
  readonly bus: PrivateBus;
  readonly double: BluezDouble;
  readonly store: string;
  readonly addressOf: (name: AirName) => string;
  /** Texts by which somebody who is not allowed would be known. */
  readonly stranger: readonly string[];
  /** How often a central has connected to this device. */
  connections(name: AirName | 'stranger'): number;
  start(): GatewayProcess;
  /** Runs another `maibo` on the same air. */
  maibo(...argv: string[]): Promise<{ code: number; out: string; err: string }>;
  /** Items that the store holds of this device; 0 where it has no stream. */
  items(name: AirName): number;
  /** What the device's own clock showed with its newest measurement, as milliseconds of a clock in UTC. */
  deviceTimeMs(name: AirName): number;
  /** Devices that have a stream. */
  devices(): string[];
  /** Everything that any of its gateways has logged. */
  logs(): string;
}

export async function openAirScene(folder: string): Promise<AirScene> {
  const data = join(folder, 'data');
  const { publicKey } = loadOrCreateLinkKey(join(data, 'gateway-link.key'), systemEntropy);
  const secret = loadOrCreateLinkKey(join(data, 'pseudonyms.key'), systemEntropy).secretKey;
  const wearer = createWearer({ seed: 7, durationS: 3_600, rateHz: 250 });
  const source = createWearerSource(wearer, 'on the air');
  const wearable = createWearableDevice({
    ...{ name: 'Maibo 0007', source, entropy: systemEntropy, hosts: [publicKey], speed: 1 },
  });
  const allowed: [AirName, GattDevice][] = [
    ...CLINIC_NAMES.map((name): [AirName, GattDevice] => [name, CLINIC[name].device]),
    ['wearable', wearable],
  ];
  const bus = await openPrivateBus();
  const double = await openBluezDouble({
    busAddress: bus.address,
    adapterCount: allowed.length + 2,
    settings: { areObjectsLate: true },
  });
  const { served, connections } = await serveAll(bus.address, [...allowed, ['stranger', STRANGER]]);
  const addressOf = (name: string) => served.get(name)!.address;
  const environment = { DBUS_SYSTEM_BUS_ADDRESS: bus.address };
  const store = join(data, 'store.sqlite');
  const toml = tomlOf(addressOf, toHex(wearable.publicKey));
  const deviceOf = (name: AirName) =>
    name === 'wearable' ? deviceIdOf(nodeSuite, wearable.publicKey) : pseudonymOf(secret, addressOf(name));
  const close = async () => {
    for (const device of served.values()) await device.close();
    await double.close();
    await bus.close();
  };
  return {
    ...{ bus, double, store, addressOf },
    stranger: [addressOf('stranger'), STRANGER.name, STRANGER.serialNumber],
    connections: (name) => connections.get(name) ?? 0,
    start: () => startGateway(folder, toml, environment),
    maibo: (...argv) => runMaibo(argv, environment),
    items: (name) => recordsOf(store, deviceOf(name)).filter(({ kind }) => kind === 'item').length,
    deviceTimeMs: (name) => {
      const result = recordsOf(store, deviceOf(name)).findLast(({ kind }) => kind === 'result');
      return Date.parse(`${result?.kind === 'result' ? result.values.deviceTime : ''}Z`);
    },
    devices: () => devicesIn(store),
    logs: () =>
      readdirSync(folder)
        .filter((name) => /^gateway-\d+\.(log|err)$/.test(name))
        .map((name) => readFileSync(join(folder, name), 'utf8'))
        .join(''),
    [Symbol.asyncDispose]: close,
  };
}

/** Each on an adapter of its own, in this order; and how often centrals have come to each. */
async function serveAll(busAddress: string, devices: readonly (readonly [string, GattDevice])[]) {
  const served = new Map<string, ServedDevice>();
  const connections = new Map<string, number>();
  for (const [name, device] of devices) {
    const adapter = `hci${served.size + 1}`;
    const onCentral = (_: string, isConnected: boolean) => {
      if (isConnected) connections.set(name, (connections.get(name) ?? 0) + 1);
    };
    served.set(name, await serveDevice({ busAddress, adapter, device, clock: systemClock, onCentral }));
  }
  return { served, connections };
}

function tomlOf(addressOf: (name: AirName) => string, key: string): string {
  const clinic = CLINIC_NAMES.map((name) => {
    const kinds = JSON.stringify(CLINIC[name].kinds);
    const more = name === 'thermometer' ? `setTimeUtcOffsetMinutes = ${ZONE_MINUTES}\n` : '';
    return `[[clinic]]\naddress = "${addressOf(name)}"\nname = "${name}"\nkinds = ${kinds}\nneedsBond = ${name === 'cuff'}\n${more}`;
  });
  return [
    '[gateway]\ndata = "data"\n[bluetooth]\nadapter = "hci0"\n[log]\nlevel = "debug"\n',
    `[[device]]\nkey = "${key}"\nbearer = "ble"\naddress = "${addressOf('wearable')}"\n`,
    ...clinic,
  ].join('');
}

function runMaibo(argv: readonly string[], environment: Readonly<Record<string, string>>) {
  return new Promise<{ code: number; out: string; err: string }>((resolve) => {
    const options = { env: { ...process.env, ...environment }, timeout: RUN_MS };
    const child = execFile(process.execPath, [MAIBO, ...argv], options, (_, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
}

function read<T>(path: string, look: (store: Store) => T): T {
  const { store, close } = openStoreFile(path, { readOnly: true });
  try {
    return look(store);
  } finally {
    close();
  }
}

function recordsOf(path: string, device: Uint8Array): EvidenceRecord[] {
  return read(path, (store) => {
    const own = store.streams().filter((stream) => sameBytes(stream.device, device));
    return own.flatMap(({ id }) => [...store.records(id)].map(({ bytes }) => readRecord(bytes).record));
  });
}

function devicesIn(path: string): string[] {
  return read(path, (store) => [...new Set(store.streams().map(({ device }) => toHex(device)))]);
}
