// The programs that the platforms need. They are looked for, never installed; what is missing is named, and its platforms are skipped.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ROOT } from '../shared-folder.ts';

export interface Toolchain {
  /** npm's wabt, whose wasm2c makes C of a module; without it there are neither boards nor x86-64. */
  readonly hasWabt: boolean;
  readonly hasBoards: boolean;
  readonly hasHostCompiler: boolean;
  /** The Python that has them, or null. */
  readonly wasmtime: string | null;
  readonly wasm3: string | null;
  readonly versions: Readonly<Record<string, string>>;
  /** What is missing, with a hint, a sentence each. */
  readonly skipped: readonly string[];
}

export const HOST_GCC = 'gcc';
export const ARM_GCC = 'arm-none-eabi-gcc';
export const ARM_SIZE = 'arm-none-eabi-size';
export const QEMU = 'qemu-system-arm';

/** The C that another version writes has other names: firmware-wasm/embed is made for this one. */
const WABT_VERSION = '1.0.39';
const APT_HINT = 'on Debian: apt-get install gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm';
const VENV = join('bench', 'device', '.venv');
const PIP_HINT = `python3 -m venv ${VENV} && ${VENV}/bin/pip install wasmtime==50.0.1 pywasm3==0.5.0`;
/** Distribution and module. */
const WASMTIME = ['wasmtime', 'wasmtime'] as const;
const WASM3 = ['pywasm3', 'wasm3'] as const;

export function findToolchain(): Toolchain {
  const versions: Record<string, string> = {};
  const skipped: string[] = [];
  const has = (program: string) => {
    const version = versionOf(program);
    if (version !== null) versions[program] = version;
    return version !== null;
  };
  const hasWabt = findWabtOf(WABT_VERSION, versions, skipped);
  const missing = [ARM_GCC, ARM_SIZE, QEMU].filter((program) => !has(program));
  if (missing.length > 0) skipped.push(`boards: ${missing.join(', ')} not here; hint: ${APT_HINT}`);
  const hasHostCompiler = process.arch === 'x64' && has(HOST_GCC);
  if (!hasHostCompiler) skipped.push(`x86-64: no ${HOST_GCC} for it; hint: on Debian: apt-get install gcc`);
  const [wasmtime, wasm3] = [WASMTIME, WASM3].map(([distribution, module]) => {
    const python = findPython(distribution, module, versions);
    if (python === null) skipped.push(`${module}: no Python with it; hint: ${PIP_HINT}`);
    return python;
  }) as [string | null, string | null];
  return { hasWabt, hasBoards: missing.length === 0, hasHostCompiler, wasmtime, wasm3, versions, skipped };
}

function findWabtOf(wanted: string, versions: Record<string, string>, skipped: string[]): boolean {
  const version = wabtVersion();
  if (version === wanted) {
    versions.wabt = version;
    return true;
  }
  const found = version === null ? 'is not installed' : `is ${version}`;
  skipped.push(`boards and x86-64: npm package wabt ${found}; hint: npm install wabt@${wanted}`);
  return false;
}

function wabtVersion(): string | null {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('wabt'));
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    return existsSync(join(folder, 'bin', 'wasm2c')) ? version : null;
  } catch {
    return null;
  }
}

/** MAIBO_PYTHON names one; else the virtual environment in this folder, else the system's. */
function findPython(distribution: string, module: string, versions: Record<string, string>): string | null {
  const question = `import ${module}, importlib.metadata; print(importlib.metadata.version('${distribution}'))`;
  for (const python of [process.env.MAIBO_PYTHON, join(ROOT, VENV, 'bin', 'python'), 'python3']) {
    if (python === undefined) continue;
    const { status, stdout } = spawnSync(python, ['-c', question], { encoding: 'utf8' });
    if (status !== 0) continue;
    versions[module] = stdout.trim();
    return python;
  }
  return null;
}

/** Of the first line, without what a distribution says in brackets. */
function versionOf(program: string): string | null {
  const { status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  if (status !== 0) return null;
  const line = (stdout.split('\n')[0] ?? '').replace(/\(.*?\)/g, '');
  return /\d+\.\d+(\.\d+)?/.exec(line)?.[0] ?? 'unknown';
}
