// One core: AssemblyScript in, the module out, with the promises of ABI.md that a compiler can break checked on the spot.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VERBS } from '../host/verbs.ts';
import { wasm } from '../host/webassembly.ts';
import { loadAsc } from './asc.ts';

/** Compile core `name` with its target in asconfig.json. Nothing is written to disk. */
export async function compileCoreSource(root: string, name: string): Promise<Uint8Array> {
  const written = new Map<string, string | Uint8Array>();
  const complaints: string[] = [];
  const entry = `firmware-wasm/cores/${name}/core.ts`;
  const options = ['--config', 'asconfig.json', '--target', name, '--baseDir', root, '--textFile', 'core.wat'];
  const asc = await loadAsc();
  const { error } = await asc.main([entry, ...options], {
    stdout: { write: () => undefined },
    stderr: { write: (chunk) => complaints.push(String(chunk)) },
    readFile: (file, baseDir) => readIfThere(join(baseDir, file)),
    writeFile: (file, contents) => {
      written.set(file, contents);
    },
    listFiles: () => null,
  });
  if (error) throw new Error(`asc failed on core ${name}:\n${complaints.join('')}`);
  const module = [...written].find(([file]) => file.endsWith('.wasm'))?.[1] as Uint8Array;
  checkModule(name, module, written.get('core.wat') as string);
  return Uint8Array.from(module);
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** Stop the build if the module could not run on every host: on a device there is nothing to import and no table. */
function checkModule(name: string, bytes: Uint8Array, text: string): void {
  const module = new wasm.Module(bytes);
  const imports = wasm.Module.imports(module).map((entry) => `${entry.module}.${entry.name}`);
  if (imports.length > 0) throw new Error(`core ${name} imports ${imports.join(', ')}`);
  const exports = wasm.Module.exports(module).map((entry) => entry.name);
  const wrong = exports.filter((entry) => entry !== 'memory' && !VERBS.some((verb) => verb === entry));
  const absent = ['memory', ...VERBS].filter((entry) => !exports.includes(entry));
  if (wrong.length > 0) throw new Error(`core ${name} exports more than memory and verbs: ${wrong.join(', ')}`);
  if (absent.length > 0) throw new Error(`core ${name} does not export ${absent.join(', ')}`);
  const forbidden = ['memory.grow', 'call_indirect', 'v128.'].filter((instruction) => text.includes(instruction));
  if (forbidden.length > 0) throw new Error(`core ${name} contains ${forbidden.join(', ')}`);
}
