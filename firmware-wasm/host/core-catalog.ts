// Which cores there are: name -> the build this package ships, hash -> the same, bytes -> a module from elsewhere. A result
// names the hash of the core that made it, so whoever checks it asks by hash and runs exactly those bytes.

import { GENERATED_MODULES } from '../generated/modules.gen.ts';
import { type CoreModule, CoreModuleError, compileCore } from './core-module.ts';
import { sha256Hex } from './sha256.ts';

let builtIn: readonly CoreModule[] | null = null;

/** Decoded at the first question: a program that never runs a core does not pay for one. */
function builtInModules(): readonly CoreModule[] {
  builtIn ??= GENERATED_MODULES.map(({ base64, ...identity }) => ({ ...identity, bytes: bytesFromBase64(base64) }));
  return builtIn;
}

export const coreCatalog = {
  /** Names of the cores in this package. */
  names(): string[] {
    return builtInModules().map((module) => module.name);
  },

  /** The build of core `name` that this package ships. */
  get(name: string): CoreModule {
    const module = builtInModules().find((candidate) => candidate.name === name);
    if (!module) throw new CoreModuleError('unknown-core', `there is no core called ${JSON.stringify(name)}`);
    return module;
  },

  /** The core with this SHA-256 (hex), or null when this package does not ship it. */
  byHash(sha256: string): CoreModule | null {
    return builtInModules().find((candidate) => candidate.sha256 === sha256.toLowerCase()) ?? null;
  },

  /** A module from elsewhere, such as the one a record was made with. Throws `CoreModuleError` if it does not follow the ABI. */
  fromBytes(name: string, version: string, bytes: Uint8Array): CoreModule {
    const copy = bytes.slice();
    const module: CoreModule = { name, version, sha256: sha256Hex(copy), bytes: copy };
    compileCore(module);
    return module;
  },
};

function bytesFromBase64(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
