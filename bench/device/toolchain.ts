// The programs that a run on the device's processor needs. They are looked for, never installed.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export interface Toolchain {
  readonly wasm2c: string;
  readonly gcc: string;
  readonly size: string;
  readonly qemu: string;
  readonly versions: Readonly<Record<string, string>>;
}

/** The C that another version writes has other names: c/wasm-rt.h and fixed-memory.ts are made for this one. */
const WABT_VERSION = '1.0.39';
const [GCC, SIZE, QEMU] = ['arm-none-eabi-gcc', 'arm-none-eabi-size', 'qemu-system-arm'];
const APT_HINT = 'on Debian: apt-get install gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm';

/** A sentence that says what is missing, with a hint, or the toolchain. */
export function findToolchain(): Toolchain | string {
  const wabt = findWabt();
  if (wabt === null) return 'npm package wabt is not installed; hint: npm ci in the root of the repository';
  if (wabt.version !== WABT_VERSION) return `wabt is ${wabt.version}; hint: npm install wabt@${WABT_VERSION}`;
  const versions: Record<string, string> = { wabt: wabt.version };
  for (const program of [GCC, SIZE, QEMU] as const) {
    const version = versionOf(program!);
    if (version === null) return `${program} is not here; hint: ${APT_HINT}`;
    versions[program!] = version;
  }
  return { wasm2c: join(wabt.folder, 'bin', 'wasm2c'), gcc: GCC!, size: SIZE!, qemu: QEMU!, versions };
}

function findWabt(): { folder: string; version: string } | null {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('wabt'));
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    return existsSync(join(folder, 'bin', 'wasm2c')) ? { folder, version } : null;
  } catch {
    return null;
  }
}

/** Of the first line, without what a distribution says in brackets. */
function versionOf(program: string): string | null {
  const { status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  if (status !== 0) return null;
  const line = (stdout.split('\n')[0] ?? '').replace(/\(.*?\)/g, '');
  return /\d+\.\d+(\.\d+)?/.exec(line)?.[0] ?? 'unknown';
}
