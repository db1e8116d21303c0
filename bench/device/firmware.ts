// Builds a core into a program by way of C: for two boards that QEMU has, where it counts instructions (one a nanosecond of its clock),
// and for this machine.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../shared-folder.ts';
import type { DeviceDriver } from './device-driver.ts';
import { fixMemory } from './fixed-memory.ts';
import { generatedPath } from './generated-module.ts';
import { type Bits, bitsOf, numbersOf, runProgram } from './platform-run.ts';
import type { Played } from './tape.ts';
import { ARM_GCC, ARM_SIZE, HOST_GCC, QEMU } from './toolchain.ts';

export interface BoardRun extends Bits {
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

export type BoardName = 'm4f' | 'm33';

interface Board {
  readonly machine: string;
  readonly processor: readonly string[];
}

export const BOARDS: Readonly<Record<BoardName, Board>> = {
  m4f: { machine: 'mps2-an386', processor: ['-mcpu=cortex-m4', '-mthumb', '-mfpu=fpv4-sp-d16', '-mfloat-abi=hard'] },
  m33: { machine: 'mps2-an505', processor: ['-mcpu=cortex-m33', '-mthumb', '-mfpu=fpv5-sp-d16', '-mfloat-abi=hard'] },
};

const C_FOLDER = join(ROOT, 'bench', 'device', 'c');
const SHARED_SOURCES = ['runtime.c', 'run-tape.c'];
/** Without contraction: a fused multiply-add rounds once instead of twice, and the bits were others than V8's. */
const CODE = ['-O2', '-std=gnu11', '-ffp-contract=off', '-fno-math-errno', '-ffunction-sections', '-fdata-sections'];
const WARNINGS = ['-Wall', '-Wextra', '-Werror'];
const QEMU_FLAGS = ['-nographic', '-monitor', 'none', '-serial', 'none', '-icount', 'shift=0'];
const SEMIHOSTING = ['-semihosting-config', 'enable=on,target=native'];
/** What c/board.c calls CALIBRATION_INSTRUCTIONS. */
const CALIBRATION_INSTRUCTIONS = 2_000_000;

/** Writes core.c and driver.h into the folder. */
export function writeC(wasm2c: string, driver: DeviceDriver, played: Played, folder: string): void {
  runProgram(process.execPath, [wasm2c, '-n', 'core', generatedPath(driver.core), '-o', 'core.c'], folder);
  writeFileSync(join(folder, 'core.c'), fixMemory(readFileSync(join(folder, 'core.c'), 'utf8')));
  writeFileSync(join(folder, 'driver.h'), headerOf(driver, played));
}

function headerOf(driver: DeviceDriver, { inputBytes, linearBytes }: Played): string {
  const argumentsOf = (numbers: readonly number[]) => numbers.map((number) => `, ${number}`).join('');
  return [
    `#define DRIVER_SIZE(core) w2c_core_size(core${argumentsOf(driver.sizeNumbers)})`,
    `#define DRIVER_INIT(core, at) w2c_core_init(core, at${argumentsOf(driver.initNumbers)})`,
    `#define ELEMENT_BYTES ${driver.elementBytes}u`,
    `#define INPUT_BYTES ${inputBytes}u`,
    `#define FINDING_BYTES ${driver.findingBytes}u`,
    `#define POLL_COUNT ${driver.pollCount}u`,
    `#define LINEAR_BYTES ${linearBytes}u`,
    '',
  ].join('\n');
}

/** Expects what `writeC` wrote, and tape.bin. Throws, with what the program printed, if it cannot be built or run. */
export function runOnBoard(name: BoardName, folder: string): BoardRun {
  const { machine, processor } = BOARDS[name];
  const linking = ['-nostartfiles', '--specs=nano.specs', '-Wl,--gc-sections', '-T', join(C_FOLDER, `${machine}.ld`)];
  compile(ARM_GCC, [...processor], 'board.c', linking, folder);
  const [coreFlashBytes, programFlashBytes] = ['core.o', 'program.elf'].map((file) => flashOf(file, folder));
  const flags = ['-M', machine, ...QEMU_FLAGS, ...SEMIHOSTING, '-kernel', 'program.elf'];
  const costs = readCosts(runProgram(QEMU, flags, folder));
  return { ...costs, coreFlashBytes: coreFlashBytes!, programFlashBytes: programFlashBytes! };
}

/** Likewise, on this machine. */
export function runOnHost(folder: string): Bits {
  compile(HOST_GCC, [], 'host.c', [], folder);
  return bitsOf(numbersOf(runProgram(join(folder, 'program.elf'), [], folder)));
}

function compile(gcc: string, processor: string[], board: string, linking: string[], folder: string): void {
  const common = [...processor, ...CODE, '-DNDEBUG', '-include', 'driver.h', '-I.', `-I${C_FOLDER}`];
  runProgram(gcc, [...common, '-w', '-c', 'core.c', '-o', 'core.o'], folder);
  const sources = [...SHARED_SOURCES, board].map((source) => join(C_FOLDER, source));
  runProgram(gcc, [...common, ...WARNINGS, ...sources, 'core.o', ...linking, '-lm', '-o', 'program.elf'], folder);
}

function flashOf(file: string, folder: string): number {
  const [text, data] = runProgram(ARM_SIZE, [file], folder).split('\n')[1]!.trim().split(/\s+/).map(Number);
  return text! + data!;
}

function readCosts(said: string): Omit<BoardRun, 'coreFlashBytes' | 'programFlashBytes'> {
  const numberOf = numbersOf(said);
  const perTick = Math.round(CALIBRATION_INSTRUCTIONS / numberOf('calibration'));
  const instructions = (name: string) => numberOf(name) * perTick;
  return {
    ...bitsOf(numberOf),
    init: instructions('init'),
    total: instructions('push') + instructions('poll') + instructions('flush'),
    most: instructions('most'),
    stackBytes: numberOf('stack'),
  };
}
