// Builds a core into a program by way of the C library of firmware-wasm/embed: for two boards that QEMU has, where it counts instructions
// (one a nanosecond of its clock), and for this machine.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../shared-folder.ts';
import type { DeviceDriver } from './device-driver.ts';
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
  /** The RAM that the library asks for: constants it copies, instance, staging. */
  readonly storageBytes: number;
  /** Code and constants of the core, and of the whole program: with soft doubles, start-up and the player of tapes. */
  readonly coreFlashBytes: number;
  readonly programFlashBytes: number;
}

export type BoardName = 'm4f' | 'm33';

interface Board {
  readonly machine: string;
  /** Of the library's build. */
  readonly target: string;
  readonly processor: readonly string[];
}

export const BOARDS: Readonly<Record<BoardName, Board>> = {
  m4f: {
    machine: 'mps2-an386',
    target: 'cortex-m4',
    processor: ['-mcpu=cortex-m4', '-mthumb', '-mfpu=fpv4-sp-d16', '-mfloat-abi=hard'],
  },
  m33: {
    machine: 'mps2-an505',
    target: 'cortex-m33',
    processor: ['-mcpu=cortex-m33', '-mthumb', '-mfpu=fpv5-sp-d16', '-mfloat-abi=hard'],
  },
};

const C_FOLDER = join(ROOT, 'bench', 'device', 'c');
const EMBED = join(ROOT, 'firmware-wasm', 'embed', 'build.mjs');
const CORE_FACTS = join(ROOT, 'firmware-wasm', 'generated', 'embed.gen.json');
/** Of the player of tapes; the library has its own. */
const CODE = ['-Os', '-std=gnu99', '-ffunction-sections', '-fdata-sections'];
const WARNINGS = ['-Wall', '-Wextra', '-Werror'];
const QEMU_FLAGS = ['-nographic', '-monitor', 'none', '-serial', 'none', '-icount', 'shift=0'];
const SEMIHOSTING = ['-semihosting-config', 'enable=on,target=native'];
/** What c/board.c calls CALIBRATION_INSTRUCTIONS. */
const CALIBRATION_INSTRUCTIONS = 2_000_000;

interface CoreFacts {
  readonly name: string;
  readonly settings: readonly { readonly name: string }[];
}

/** Writes driver.h into the folder. */
export function writeDriver(driver: DeviceDriver, { inputBytes }: Played, folder: string): void {
  writeFileSync(join(folder, 'driver.h'), headerOf(driver, inputBytes));
}

function headerOf(driver: DeviceDriver, inputBytes: number): string {
  const id = driver.core.replaceAll('-', '_');
  return [
    `#define DRIVER_CORE maibo_${id}`,
    `#define DRIVER_SETTINGS_TYPE maibo_${id}_settings`,
    `#define DRIVER_SETTINGS {${driver.initNumbers.join(', ') || '0'}}`,
    `#define STORAGE_BYTES MAIBO_${id.toUpperCase()}_STORAGE_BYTES`,
    `#define ELEMENT_BYTES ${driver.elementBytes}u`,
    `#define INPUT_BYTES ${inputBytes}u`,
    `#define FINDING_BYTES ${driver.findingBytes}u`,
    `#define POLL_COUNT ${driver.pollCount}u`,
    '',
  ].join('\n');
}

/** Expects what `writeDriver` wrote, and tape.bin. Throws, with what the program printed, if it cannot be built or run. */
export function runOnBoard(name: BoardName, driver: DeviceDriver, folder: string): BoardRun {
  const { machine, target, processor } = BOARDS[name];
  const linking = ['-nostartfiles', '--specs=nano.specs', '-Wl,--gc-sections', '-T', join(C_FOLDER, `${machine}.ld`)];
  build(ARM_GCC, target, driver, [...processor, ...linking], 'board.c', folder);
  const flags = ['-M', machine, ...QEMU_FLAGS, ...SEMIHOSTING, '-kernel', 'program.elf'];
  const costs = readCosts(runProgram(QEMU, flags, folder));
  const [coreFlashBytes, programFlashBytes] = [objectOf(driver), 'program.elf'].map((file) => flashOf(file, folder));
  return { ...costs, coreFlashBytes: coreFlashBytes!, programFlashBytes: programFlashBytes! };
}

/** Likewise, on this machine. */
export function runOnHost(driver: DeviceDriver, folder: string): Bits {
  build(HOST_GCC, 'host', driver, [], 'host.c', folder);
  return bitsOf(numbersOf(runProgram(join(folder, 'program.elf'), [], folder)));
}

/** The library with this one core and the driver's settings, and program.elf that plays to it. */
function build(
  gcc: string,
  target: string,
  driver: DeviceDriver,
  flags: string[],
  board: string,
  folder: string,
): void {
  const library = ['--core', `${driver.core}:${settingsOf(driver)}`, '--target', target, '--out', '.'];
  runProgram(process.execPath, [EMBED, ...library], folder);
  const sources = ['run-tape.c', board].map((source) => join(C_FOLDER, source));
  const output = ['libmaibo.a', '-o', 'program.elf'];
  runProgram(gcc, [...CODE, ...WARNINGS, '-I.', `-I${C_FOLDER}`, ...flags, ...sources, ...output], folder);
}

function settingsOf({ core, initNumbers }: DeviceDriver): string {
  const { cores } = JSON.parse(readFileSync(CORE_FACTS, 'utf8')) as { cores: CoreFacts[] };
  const { settings } = cores.find(({ name }) => name === core)!;
  return settings.map(({ name }, index) => `${name}=${initNumbers[index]}`).join(',');
}

function objectOf({ core }: DeviceDriver): string {
  return `maibo_core_${core.replaceAll('-', '_')}.o`;
}

/** Code and constants that a program gets which does not call the self-test: its known input is left out by the linker. */
function flashOf(file: string, folder: string): number {
  const rows = runProgram(ARM_SIZE, ['-A', '-d', file], folder)
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  const inFlash = rows.filter(([section = '']) => /^\.(text|rodata|data)/.test(section) && !section.includes('known_'));
  return inFlash.reduce((sum, [, bytes]) => sum + Number(bytes), 0);
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
    storageBytes: numberOf('storage'),
  };
}
