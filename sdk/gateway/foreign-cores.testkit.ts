// Cores of another maker for tests: one that keeps its promises, and some that do not, each in a package of its own.
import { coreCatalog } from '@maibo/cores';
import { constant, makeModule, OP, oneFinding } from '../engine/hostile-modules.testkit.ts';
import { madePackage, makerKey } from '../engine/made-package.testkit.ts';
import { NEEDS_WASMTIME, skipsWasmtime, wasmtimePython } from '../engine/wasmtime.testkit.ts';
import { MaiboError } from '../errors.ts';
import { type CoresConfig, NO_CORES } from './config-types.ts';
import { ForeignCores, GATEWAY_CORE_LIMITS } from './foreign-cores.ts';
import { createHeardLog } from './manual-clock.testkit.ts';

export type EngineName = CoresConfig['packages'][number]['engine'];

export const ENGINES: readonly { name: EngineName; skips: boolean; note: string }[] = [
  { name: 'v8', skips: false, note: '' },
  { name: 'wasmtime', skips: skipsWasmtime, note: NEEDS_WASMTIME },
];

const badly = (name: string, push: readonly number[], poll: readonly number[] = OP.return0) =>
  madePackage(makeModule({ bodies: { push, poll } }), { name });

/** Packages by the name of their core. What the hostile ones do, they do at the first push. */
export const PACKAGES: Readonly<Record<string, Uint8Array>> = {
  'maker-beats': madePackage(coreCatalog.get('ecg').bytes),
  loops: badly('loops', OP.loopForever),
  grows: badly('grows', OP.growByOne),
  traps: badly('traps', OP.trap),
  lies: badly('lies', constant(4_000)),
  'is-nan': badly('is-nan', OP.count, oneFinding(Number.NaN, 1)),
};

/** Why each of them is stopped, by the engine it runs on. */
export const REASONS: Readonly<Record<string, Readonly<Record<EngineName, string>>>> = {
  loops: { v8: 'deadline', wasmtime: 'fuel' },
  grows: { v8: 'memory', wasmtime: 'memory' },
  traps: { v8: 'trap', wasmtime: 'trap' },
  lies: { v8: 'answer', wasmtime: 'answer' },
  'is-nan': { v8: 'answer', wasmtime: 'answer' },
};

export function coresConfig(names: readonly string[], engine: EngineName, change: Partial<CoresConfig> = {}) {
  const packages = names.map((path) => ({ path, engine, device: null, signal: null }));
  return { ...NO_CORES, trustedKeys: [makerKey.publicKey], python: wasmtimePython, packages, ...change };
}

/** The cores that a gateway of this configuration has, and what its log heard. */
export function openCores(config: CoresConfig) {
  const log = createHeardLog();
  const readPackage = (path: string) => {
    const bytes = PACKAGES[path];
    if (bytes === undefined) throw new MaiboError('input-missing', 'no such file', { where: path });
    return bytes;
  };
  const cores = new ForeignCores(config, { readPackage, log }, { ...GATEWAY_CORE_LIMITS, callFuel: 20_000_000 });
  return { cores, log };
}
