// A core's module: its bytes and who it is. Every module that is about to run comes through here, a built-in one and one that
// arrived with a record alike: no imports, memory and verbs only.

import { ABI_VERSION } from '../generated/abi.gen.ts';
import { sha256Hex } from './sha256.ts';
import { type CoreExports, type ElementBytes, type RunningCore, VERBS } from './verbs.ts';
import { type WasmModule, wasm } from './webassembly.ts';

export interface CoreModule {
  readonly name: string;
  readonly version: string;
  /** SHA-256 of `bytes`, lower-case hex: the identity of the core. */
  readonly sha256: string;
  readonly bytes: Uint8Array;
  /** Makes an instance somewhere else, under limits. Left out: this thread runs the bytes, and trusts them to come back. */
  readonly start?: (elements: ElementBytes) => RunningCore;
}

/** The module is not one that this host runs. */
export class CoreModuleError extends Error {
  override readonly name = 'CoreModuleError';
  readonly reason: 'not-wasm' | 'has-imports' | 'wrong-exports' | 'wrong-hash' | 'wrong-abi' | 'unknown-core';

  constructor(reason: CoreModuleError['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

const compiled = new WeakMap<CoreModule, WasmModule>();

/** The compiled module; checked and compiled once per `CoreModule`, so that further instances cost microseconds. */
export function compileCore(module: CoreModule): WasmModule {
  const known = compiled.get(module);
  if (known) return known;
  if (sha256Hex(module.bytes) !== module.sha256) {
    throw new CoreModuleError('wrong-hash', `core ${module.name}: the bytes do not have the hash ${module.sha256}`);
  }
  const fresh = compile(module.name, module.bytes);
  compiled.set(module, fresh);
  return fresh;
}

/** Compile `bytes` and check that they follow the ABI as far as the module's outside shows. */
function compile(name: string, bytes: Uint8Array): WasmModule {
  let module: WasmModule;
  try {
    module = new wasm.Module(bytes);
  } catch (cause) {
    throw new CoreModuleError('not-wasm', `core ${name}: not a WebAssembly module (${(cause as Error).message})`);
  }
  const imports = wasm.Module.imports(module).map((entry) => `${entry.module}.${entry.name}`);
  if (imports.length > 0) throw new CoreModuleError('has-imports', `core ${name} imports ${imports.join(', ')}`);
  const exports = wasm.Module.exports(module).map((entry) => `${entry.kind} ${entry.name}`);
  const expected = ['memory memory', ...VERBS.map((verb) => `function ${verb}`)];
  if (exports.toSorted().join() !== expected.toSorted().join()) {
    throw new CoreModuleError('wrong-exports', `core ${name} exports ${exports.join(', ')}`);
  }
  return module;
}

/** A fresh instance of the module, with its own memory. `elements` matters to a module that runs elsewhere. */
export function instantiateCore(module: CoreModule, elements: ElementBytes = SINGLE_BYTES): RunningCore {
  const exports = module.start?.(elements) ?? (new wasm.Instance(compileCore(module)).exports as CoreExports);
  const version = exports.abi();
  if (version !== ABI_VERSION) {
    throw new CoreModuleError('wrong-abi', `core ${module.name} follows ABI ${version}, this host ABI ${ABI_VERSION}`);
  }
  return exports;
}

const SINGLE_BYTES: ElementBytes = { inputBytes: 1, findingBytes: 1 };
