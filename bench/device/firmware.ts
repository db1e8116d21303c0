// Builds a core into a program for a Cortex-M4F and runs it in QEMU, which counts instructions: one a nanosecond of its clock.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../shared-folder.ts';
import type { DeviceDriver } from './device-driver.ts';
import { fixMemory } from './fixed-memory.ts';
import { type Played, tapeOf } from './tape.ts';
import type { Toolchain } from './toolchain.ts';

export interface DeviceRun {
  readonly hash: number;
  readonly findingCount: number;
  /** Instructions. */
  readonly init: number;
  /** Pushes, polls and flush together. */
  readonly total: number;
  /** The most that one push and the polls after it took. */
  readonly most: number;
  readonly stackBytes: number;
  /** Code and constants of the core, and of the whole program: with soft doubles, start-up and the player of tapes. */
  readonly coreFlashBytes: number;
  readonly programFlashBytes: number;
}

const C_FOLDER = join(ROOT, 'bench', 'device', 'c');
const OWN_SOURCES = ['runtime.c', 'board.c', 'run-tape.c'];
const BOARD = 'mps2-an386';
const PROCESSOR = ['-mcpu=cortex-m4', '-mthumb', '-mfpu=fpv4-sp-d16', '-mfloat-abi=hard'];
/** Without contraction: a fused multiply-add rounds once instead of twice, and the bits were others than V8's. */
const CODE = ['-O2', '-std=gnu11', '-ffp-contract=off', '-fno-math-errno', '-ffunction-sections', '-fdata-sections'];
const LINKING = ['-nostartfiles', '--specs=nano.specs', '-Wl,--gc-sections', '-T', join(C_FOLDER, `${BOARD}.ld`)];
const QEMU_FLAGS = ['-nographic', '-monitor', 'none', '-serial', 'none', '-icount', 'shift=0'];
const SEMIHOSTING = ['-semihosting-config', 'enable=on,target=native'];
/** What c/board.c calls CALIBRATION_INSTRUCTIONS. */
const CALIBRATION_INSTRUCTIONS = 2_000_000;
const RUN_WAIT_MS = 10 * 60_000;

/** Throws, with what the program printed, if it cannot be built or run. */
export function runOnDevice(tools: Toolchain, wasmPath: string, driver: DeviceDriver, played: Played): DeviceRun {
  const folder = mkdtempSync(join(tmpdir(), 'maibo-device-'));
  try {
    const flash = build(tools, wasmPath, driver, played, folder);
    writeFileSync(join(folder, 'tape.bin'), tapeOf(driver));
    const flags = ['-M', BOARD, ...QEMU_FLAGS, ...SEMIHOSTING, '-kernel', 'program.elf'];
    return { ...readRun(run(tools.qemu, flags, folder)), ...flash };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function build(tools: Toolchain, wasmPath: string, driver: DeviceDriver, played: Played, folder: string) {
  run(process.execPath, [tools.wasm2c, '-n', 'core', wasmPath, '-o', 'core.c'], folder);
  writeFileSync(join(folder, 'core.c'), fixMemory(readFileSync(join(folder, 'core.c'), 'utf8')));
  writeFileSync(join(folder, 'driver.h'), headerOf(driver, played));
  const common = [...PROCESSOR, ...CODE, '-DNDEBUG', `-DLINEAR_BYTES=${played.linearBytes}u`, '-I.', `-I${C_FOLDER}`];
  run(tools.gcc, [...common, '-w', '-c', 'core.c', '-o', 'core.o'], folder);
  const sources = OWN_SOURCES.map((name) => join(C_FOLDER, name));
  const warnings = ['-Wall', '-Wextra', '-Werror'];
  run(tools.gcc, [...common, ...warnings, ...sources, 'core.o', ...LINKING, '-lm', '-o', 'program.elf'], folder);
  const [coreFlashBytes, programFlashBytes] = ['core.o', 'program.elf'].map((file) => {
    const [text, data] = run(tools.size, [file], folder).split('\n')[1]!.trim().split(/\s+/).map(Number);
    return text! + data!;
  }) as [number, number];
  return { coreFlashBytes, programFlashBytes };
}

function headerOf(driver: DeviceDriver, { inputBytes }: Played): string {
  const argumentsOf = (numbers: readonly number[]) => numbers.map((number) => `, ${number}`).join('');
  return [
    `#define DRIVER_SIZE(core) w2c_core_size(core${argumentsOf(driver.sizeNumbers)})`,
    `#define DRIVER_INIT(core, at) w2c_core_init(core, at${argumentsOf(driver.initNumbers)})`,
    `#define ELEMENT_BYTES ${driver.elementBytes}u`,
    `#define INPUT_BYTES ${inputBytes}u`,
    `#define FINDING_BYTES ${driver.findingBytes}u`,
    '',
  ].join('\n');
}

/** What the program printed. */
function run(program: string, args: readonly string[], folder: string): string {
  const done = spawnSync(program, args, { cwd: folder, encoding: 'utf8', timeout: RUN_WAIT_MS });
  const said = `${done.stdout}${done.stderr}`;
  if (done.status !== 0) throw new Error(`${program} ended with ${done.status ?? done.signal}:\n${said.slice(-2000)}`);
  return said;
}

function readRun(said: string): Omit<DeviceRun, 'coreFlashBytes' | 'programFlashBytes'> {
  const values = new Map(
    said.split('\n').flatMap((line) => {
      const found = /^([a-z]+) (\d+)$/.exec(line);
      return found === null ? [] : [[found[1]!, Number(found[2])] as const];
    }),
  );
  const numberOf = (name: string) => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`the program did not say "${name}":\n${said}`);
    return value;
  };
  const perTick = Math.round(CALIBRATION_INSTRUCTIONS / numberOf('calibration'));
  const instructions = (name: string) => numberOf(name) * perTick;
  return {
    hash: numberOf('hash'),
    findingCount: numberOf('findings'),
    init: instructions('init'),
    total: instructions('push') + instructions('poll') + instructions('flush'),
    most: instructions('most'),
    stackBytes: numberOf('stack'),
  };
}
