// gateway.toml: read whole, checked whole, and every mistake told at once with its line.
//
// A road not taken is a validator from a package: their messages name a schema's place and not the file's, and twenty keys need none.
import { dirname, resolve } from 'node:path';
import { parse, TomlError } from 'smol-toml';
import { CLINIC_KINDS } from '../clinic/clinic-kinds.ts';
import { MaiboError } from '../errors.ts';
import { fromHex, toHex } from '../evidence/record-types.ts';
import { readTextFile } from '../world/node-text-file.ts';
import { Mistakes, TableCheck, type TextRule } from './config-check.ts';
import { checkCores, describeCores } from './config-cores.ts';
import { findConfigLines } from './config-lines.ts';
import type {
  BluetoothConfig,
  ClinicConfig,
  DeviceConfig,
  GatewayConfig,
  HttpConfig,
  PlatformConfig,
  SerialConfig,
  StoreConfig,
} from './config-types.ts';

/** Four thousand devices with every key are half of it. */
const CONFIG_BYTES_MAX = 1024 * 1024;
/** Entries of one list; what one box is measured for is a thousand. */
export const DEVICES_MAX = 4_096;
const TABLE_DEPTH_MAX = 8;
const RETENTION_DAYS_MAX = 36_500;
const STORE_BYTES_MIN = 1024 * 1024;
/** Minutes: from 12 hours behind UTC to 14 before it, where people live. */
const UTC_OFFSET_MIN = -720;
const UTC_OFFSET_MAX = 840;

const HTTP_DEFAULT: HttpConfig = { host: '127.0.0.1', port: 9464 };
const BAUD_RATE_DEFAULT = 115_200;
const KIND_NAMES = CLINIC_KINDS.map(({ name }) => name);

const LISTEN = /^(\[[0-9a-f:]+\]|[\w.-]+):(\d{1,5})$/i;
const LOOPBACK = /^(127\.\d+\.\d+\.\d+|\[?::1\]?|localhost)$/;

const rules = {
  folder: { expected: 'the path of a folder', isMet: (text) => text.length > 0 && !text.includes('\0') },
  label: { expected: '1..64 letters, digits, "-", "_" or "."', isMet: (text) => /^[\w.-]{1,64}$/.test(text) },
  listen: {
    expected: 'an address and a port like "127.0.0.1:9464"',
    isMet: (text) => Number(LISTEN.exec(text)?.[2] ?? 65_536) <= 65_535,
  },
  url: {
    expected: 'a URL like "https://platform.example"',
    isMet: (text) => /^https?:$/.test(urlOf(text)?.protocol ?? ''),
  },
  key: { expected: 'a public key of 64 hexadecimal digits', isMet: (text) => /^[0-9a-f]{64}$/i.test(text) },
  adapter: { expected: 'the name of an adapter like "hci0"', isMet: (text) => /^hci\d{1,3}$/.test(text) },
  device: { expected: 'an absolute path like "/dev/ttyACM0"', isMet: (text) => /^\/[^\0]+$/.test(text) },
  match: { expected: 'a piece of a name under /dev/serial/by-id', isMet: (text) => /^[^/\0]{1,128}$/.test(text) },
  address: {
    expected: 'a Bluetooth address like "C0:FF:EE:00:00:01"',
    isMet: (text) => /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(text),
  },
} satisfies Readonly<Record<string, TextRule>>;

/** Errors: `input-missing` when there is no such file, `config-bad` with all its mistakes, one a line. */
export function loadGatewayConfig(path: string): GatewayConfig {
  const config = readGatewayConfig(readTextFile(path, CONFIG_BYTES_MAX), path);
  const beside = (file: string) => resolve(dirname(path), file);
  const packages = config.cores.packages.map((core) => ({ ...core, path: beside(core.path) }));
  return { ...config, dataFolder: beside(config.dataFolder), cores: { ...config.cores, packages } };
}

/** The same for a text; `file` is how messages name it. */
export function readGatewayConfig(text: string, file: string): GatewayConfig {
  const mistakes = new Mistakes(file, findConfigLines(text));
  const config = check(new TableCheck(parseToml(text, file), '', mistakes));
  if (mistakes.all.length > 0) throw new MaiboError('config-bad', mistakes.all.join('\n'));
  return config;
}

function parseToml(text: string, file: string): unknown {
  try {
    return parse(text, { maxDepth: TABLE_DEPTH_MAX });
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause;
    const said = cause.message.split('\n')[0]!.replace(/^Invalid TOML document: /, '');
    throw new MaiboError('config-bad', `${file}, line ${cause.line}: this is no TOML: ${said}`, { cause });
  }
}

function check(root: TableCheck): GatewayConfig {
  const gateway = root.table('gateway');
  const devices = checkDevices(root);
  const config = {
    name: gateway.text('name', rules.label, null),
    dataFolder: gateway.text('data', rules.folder, ''),
    http: checkHttp(root.table('http')),
    platform: root.has('platform') ? checkPlatform(root.table('platform')) : null,
    store: checkStore(root.table('store')),
    bluetooth: checkBluetooth(root.table('bluetooth')),
    serial: checkSerials(root),
    devices,
    clinic: checkClinics(root),
    cores: checkCores(root, devices),
    logLevel: checkLog(root.table('log')),
  };
  if (!gateway.has('data')) gateway.missing('data', 'a folder for the store and the keys');
  gateway.done();
  root.done();
  checkTogether(root, config);
  return config;
}

function checkHttp(http: TableCheck): HttpConfig {
  const listen = http.text('listen', rules.listen, null);
  const mayBeRemote = http.flag('allowRemote', false);
  http.done();
  if (listen === null) return HTTP_DEFAULT;
  const [, host, port] = LISTEN.exec(listen)!;
  if (!LOOPBACK.test(host!) && !mayBeRemote) {
    http.mistake(
      'listen',
      `${JSON.stringify(listen)} can be reached from other machines; say allowRemote = true if that is wanted`,
    );
  }
  return { host: host!.replace(/^\[|\]$/g, ''), port: Number(port) };
}

function checkPlatform(platform: TableCheck): PlatformConfig {
  const url = platform.text('url', rules.url, '');
  const publicKey = platform.text('publicKey', rules.key, '');
  platform.done();
  if (!platform.has('url')) platform.missing('url', 'where the platform is');
  if (!platform.has('publicKey')) platform.missing('publicKey', 'the key that its receipts are signed with');
  const parsed = urlOf(url);
  if (parsed?.protocol === 'http:' && !LOOPBACK.test(parsed.hostname)) {
    platform.mistake('url', `expected https:// for another machine, got ${JSON.stringify(url)}`);
  }
  return { url: url.replace(/\/+$/, ''), publicKey: fromHex(publicKey) };
}

function checkStore(store: TableCheck): StoreConfig {
  const retentionDays = store.whole('retentionDays', 1, RETENTION_DAYS_MAX, null);
  const bytesMax = store.whole('maxBytes', STORE_BYTES_MIN, Number.MAX_SAFE_INTEGER, null);
  store.done();
  return { retentionDays, bytesMax };
}

function checkBluetooth(bluetooth: TableCheck): BluetoothConfig {
  const isEnabled = bluetooth.flag('enabled', true);
  const adapter = bluetooth.text('adapter', rules.adapter, null);
  bluetooth.done();
  return { isEnabled, adapter };
}

function checkSerials(root: TableCheck): SerialConfig[] {
  const seen = new Set<string>();
  return root.tables('serial', DEVICES_MAX).map((serial) => {
    const path = serial.text('path', rules.device, null);
    const match = serial.text('match', rules.match, null);
    const baudRate = serial.whole('baudRate', 300, 4_000_000, BAUD_RATE_DEFAULT);
    const [dtr, rts] = [serial.flag('dtr', null), serial.flag('rts', null)];
    serial.done();
    if (serial.has('path') === serial.has('match')) {
      serial.mistake(serial.has('path') ? 'match' : 'path', 'expected either path or match, and one of them');
    }
    if (serial.has('dtr') !== serial.has('rts')) {
      serial.mistake(serial.has('dtr') ? 'dtr' : 'rts', 'expected dtr and rts together: drivers set both in one call');
    }
    refuseTwice(serial, path === null ? 'match' : 'path', path ?? match, seen);
    return { path, match, baudRate, dtr, rts };
  });
}

function checkDevices(root: TableCheck): DeviceConfig[] {
  const keys = new Set<string>();
  return root.tables('device', DEVICES_MAX).map((device) => {
    const key = device.text('key', rules.key, '').toLowerCase();
    const label = device.text('name', rules.label, null);
    const address = device.text('address', rules.address, null)?.toUpperCase() ?? null;
    const bearer = device.oneOf('bearer', ['serial', 'ble', 'any'], 'any');
    device.done();
    if (!device.has('key')) device.missing('key', 'the public key of the device, from its label or from pairing');
    if (bearer === 'ble' && !device.has('address')) {
      device.missing('address', 'a device with bearer "ble" is found by its address');
    }
    if (bearer === 'serial' && device.has('address')) {
      device.mistake('address', 'a device with bearer "serial" has none; leave it out, or say bearer = "any"');
    }
    refuseTwice(device, 'key', key, keys);
    return { publicKey: fromHex(key), label, bearer, address };
  });
}

function checkClinics(root: TableCheck): ClinicConfig[] {
  return root.tables('clinic', DEVICES_MAX).map((clinic) => {
    const address = clinic.text('address', rules.address, '').toUpperCase();
    const label = clinic.text('name', rules.label, null);
    const kinds = clinic.someOf('kinds', KIND_NAMES, []);
    const needsBond = clinic.flag('needsBond', true);
    const setTimeUtcOffsetMinutes = clinic.whole('setTimeUtcOffsetMinutes', UTC_OFFSET_MIN, UTC_OFFSET_MAX, null);
    clinic.done();
    if (!clinic.has('address')) clinic.missing('address', 'a standard device is known by its address alone');
    if (!clinic.has('kinds')) clinic.missing('kinds', `what it measures: some of ${KIND_NAMES.join(', ')}`);
    return { address, label, kinds, needsBond, setTimeUtcOffsetMinutes };
  });
}

function checkLog(log: TableCheck): GatewayConfig['logLevel'] {
  const level = log.oneOf('level', ['debug', 'info', 'warn', 'error'], 'info');
  log.done();
  return level;
}

/** What fits by itself and not with the rest. */
function checkTogether(root: TableCheck, config: GatewayConfig): void {
  const addresses = new Set<string>();
  const onAir = [
    ...config.devices.map(({ address }, index) => ({ address, path: `device[${index}]` })),
    ...config.clinic.map(({ address }, index) => ({ address, path: `clinic[${index}]` })),
  ].filter(({ address }) => address !== null && address !== '');
  for (const { address, path } of onAir) {
    if (addresses.has(address!)) root.mistake(`${path}.address`, `${address} stands here twice`);
    addresses.add(address!);
    if (!config.bluetooth.isEnabled) root.mistake(`${path}.address`, 'is on the air, and bluetooth.enabled is false');
  }
}

function refuseTwice(table: TableCheck, key: string, value: string | null, seen: Set<string>): void {
  if (value === null || value === '') return;
  if (seen.has(value)) table.mistake(key, `${JSON.stringify(value)} stands here twice`);
  seen.add(value);
}

function urlOf(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

/** What a gateway would do with it, for people: `--check`. */
export function describeGatewayConfig(config: GatewayConfig): string[] {
  const { http, platform, store, serial, devices, clinic } = config;
  const radioCount = devices.filter(({ address }) => address !== null).length + clinic.length;
  const age =
    store.retentionDays === null ? 'records are kept for good' : `records are kept ${store.retentionDays} days`;
  const size = store.bytesMax === null ? '' : `, at most ${Math.round(store.bytesMax / 1024 / 1024)} MiB`;
  return [
    `data       ${config.dataFolder} (${age}${size})`,
    `http       http://${http.host.includes(':') ? `[${http.host}]` : http.host}:${http.port}/metrics, /healthz, /readyz`,
    platform === null
      ? 'platform   none: everything stays in the store'
      : `platform   ${platform.url}, key ${toHex(platform.publicKey).slice(0, 8)}`,
    ...serial.map((port) => `serial     ${port.path ?? `/dev/serial/by-id/*${port.match}*`} at ${port.baudRate} baud`),
    radioCount === 0
      ? 'bluetooth  not used'
      : `bluetooth  ${config.bluetooth.adapter ?? 'the first adapter'}, ${radioCount} device(s) on the air`,
    ...devices.map(
      ({ publicKey, label, bearer }) =>
        `device     ${label ?? '(no name)'}, key ${toHex(publicKey).slice(0, 8)}, by ${bearer}`,
    ),
    ...clinic.map((device) => `clinic     ${describeClinic(device)}`),
    ...describeCores(config.cores, devices),
    ...(devices.length + clinic.length === 0 ? ['warning    no device is allowed: nothing will be collected'] : []),
  ];
}

function describeClinic({ label, kinds, needsBond, setTimeUtcOffsetMinutes: offset }: ClinicConfig): string {
  const bond = needsBond ? ', bonded' : '';
  const time = offset === null ? '' : `, its clock is set to UTC ${offset < 0 ? '-' : '+'} ${Math.abs(offset)} min`;
  return `${label ?? '(no name)'}, ${kinds.join(', ')}${bond}${time}`;
}
