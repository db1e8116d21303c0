// The cores of other makers that gateway.toml names: whether they would run, and whether there is what runs them.
import { allowPackage } from '../engine/allow-list.ts';
import { openCorePackage } from '../engine/core-package.ts';
import { PACKAGE_BYTES_MAX } from '../engine/core-seal.ts';
import { PYTHON_DEFAULT } from '../engine/wasmtime-engine.ts';
import { isMaiboError } from '../errors.ts';
import type { CoresConfig } from '../gateway/config-types.ts';
import type { Machine } from '../world/machine.ts';
import { bad, type Finding, ok } from './finding.ts';

const INSTALL = 'python3 -m venv wasmtime && wasmtime/bin/pip install wasmtime==50.0.1';

/** `beside`: where a path of the configuration lies. */
export async function checkCores(
  machine: Machine,
  cores: CoresConfig,
  beside: (path: string) => string,
): Promise<Finding[]> {
  const packages = cores.packages.map(({ path }) => checkPackage(machine, cores, beside(path)));
  if (!cores.packages.some(({ engine }) => engine === 'wasmtime')) return packages;
  const python = cores.python ?? PYTHON_DEFAULT;
  const said = await machine.run(python, '-I', '-c', 'import wasmtime');
  const finding = said?.code === 0 ? ok('engine-ok', { python }) : bad('engine-absent', INSTALL, { python });
  return [...packages, finding];
}

function checkPackage(machine: Machine, cores: CoresConfig, path: string): Finding {
  const bytes = machine.readBytes(path, PACKAGE_BYTES_MAX);
  if (bytes === null) return bad('core-missing', `ls -l ${path}`, { path });
  const refused = (detail: string) => bad('core-refused', `maibo core show ${path}`, { path, detail });
  const opened = openCorePackage(bytes);
  if (!opened.ok) return refused(`no core package: ${opened.fault.detail}`);
  try {
    const by = allowPackage(opened.value, { signers: cores.trustedKeys, hashes: cores.allowedHashes });
    const { name, version } = opened.value.manifest;
    return ok('core-ok', { name, version, by });
  } catch (failure) {
    if (!isMaiboError(failure, 'core-refused')) throw failure;
    return refused(failure.message);
  }
}
