// [cores] and [[core]] of gateway.toml: the cores of other makers.
import { fromHex } from '../evidence/record-types.ts';
import type { TableCheck, TextRule } from './config-check.ts';
import { type CoresConfig, type DeviceConfig, NO_CORES } from './config-types.ts';

/** As many as an engine starts modules. */
const PACKAGES_MAX = 32;
const LIST_MAX = 256;

const HEX: TextRule = { expected: '64 hexadecimal digits', isMet: (text) => /^[0-9a-f]{64}$/i.test(text) };
const PATH: TextRule = { expected: 'the path of a file', isMet: (text) => text.length > 0 && !text.includes('\0') };
const LABEL: TextRule = { expected: 'the name of a [[device]]', isMet: (text) => /^[\w.-]{1,64}$/.test(text) };

export function checkCores(root: TableCheck, devices: readonly DeviceConfig[]): CoresConfig {
  const cores = root.table('cores');
  const hexList = (key: string) => cores.texts(key, HEX, LIST_MAX).map((text) => fromHex(text.toLowerCase()));
  const trustedKeys = hexList('trustedKeys');
  const allowedHashes = hexList('allowedHashes');
  const python = cores.text('python', PATH, NO_CORES.python);
  cores.done();
  const packages = root.tables('core', PACKAGES_MAX).map((core) => {
    const path = core.text('package', PATH, '');
    const engine = core.oneOf('engine', ['v8', 'wasmtime'], 'v8');
    const signal = core.has('signal') ? core.oneOf('signal', ['ecg', 'ppg'], 'ecg') : null;
    const label = core.text('device', LABEL, null);
    const device = devices.find((one) => one.label === label)?.publicKey ?? null;
    core.done();
    if (!core.has('package')) core.missing('package', 'a .mcore file');
    if (label !== null && device === null)
      core.mistake('device', `no [[device]] has the name ${JSON.stringify(label)}`);
    return { path, engine, device, signal };
  });
  if (packages.length > 0 && trustedKeys.length + allowedHashes.length === 0) {
    cores.missing('trustedKeys', 'without a key of a maker or allowedHashes, no [[core]] would run');
  }
  return { trustedKeys, allowedHashes, python, packages };
}

/** For people: `--check`. */
export function describeCores({ packages, trustedKeys, allowedHashes }: CoresConfig, devices: readonly DeviceConfig[]) {
  if (packages.length === 0) return [];
  const nameOf = (key: Uint8Array | null) =>
    key === null ? 'every device' : (devices.find(({ publicKey }) => publicKey === key)?.label ?? 'one device');
  return [
    `cores      ${trustedKeys.length} key(s) of makers, ${allowedHashes.length} hash(es) of modules`,
    ...packages.map(
      ({ path, engine, device, signal }) =>
        `core       ${path} on ${engine}, for ${signal ?? 'the signal of its manifest'} of ${nameOf(device)}`,
    ),
  ];
}
