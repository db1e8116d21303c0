#!/usr/bin/env node
// Makes the firmware of the whole wearable for QEMU's mps2-an386 (a Cortex-M4F), and says what it takes.
//
//   node firmware-wasm/wearable/build.mjs --out folder
//
// Needs arm-none-eabi-gcc, npm's wabt, and once what protocols/c/fetch-crypto.mjs fetches.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fetchCrypto } from '../../protocols/c/fetch-crypto.mjs';
import { build as buildCores, TARGETS as PROCESSORS } from '../embed/build.mjs';

const WEARABLE = dirname(fileURLToPath(import.meta.url));
const LINK = join(WEARABLE, '..', '..', 'protocols', 'c');
/** What the issue of this firmware allows its cores. */
const CORES_BYTES_MAX = 65_536;

/**
 * A window of HRV of five minutes at up to 120 beats a minute; two hours of sleep (a whole night of 960 epochs takes 72 kB more).
 * Blocks of the log: a second of ECG, two of light.
 */
export const SETTINGS = { hrvIntervals: 600, sleepEpochs: 960, ecgBlock: 250, lightBlock: 128 };

const CORES = [
  'ecg',
  'ppg',
  'motion',
  'rr',
  `hrv:intervalCountMax=${SETTINGS.hrvIntervals}`,
  'stress',
  `sleep:epochCountMax=${SETTINGS.sleepEpochs}`,
  `wave-encode:blockFrames=${SETTINGS.ecgBlock}`,
];

const CONFIG = `/* Written by build.mjs. */
#ifndef WEARABLE_CONFIG_H
#define WEARABLE_CONFIG_H

#define WEARABLE_HRV_INTERVALS ${SETTINGS.hrvIntervals}
#define WEARABLE_SLEEP_EPOCHS ${SETTINGS.sleepEpochs}
#define WEARABLE_ECG_BLOCK ${SETTINGS.ecgBlock}u
#define WEARABLE_LIGHT_BLOCK ${SETTINGS.lightBlock}u

#endif
`;

const STRICT = ['-Wall', '-Wextra', '-Wconversion', '-Wsign-conversion', '-Wshadow', '-Wpedantic', '-Werror'];
/** Ours small, the cryptography fast: a handshake is some millions of cycles. */
const COMMON = ['-std=c99', '-ffp-contract=off', '-ffunction-sections', '-fdata-sections', '-fno-math-errno'];
/** The longest item is 564 bytes; a host has acknowledgements and pulls to say. */
const LINK_SIZES = ['-DML_PACKETS_OUT_BYTES=1024u', '-DML_PACKETS_IN_BYTES=512u'];

const SANITIZERS = ['-g', '-O1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'];

/** What the firmware is built for: QEMU's board, or this machine, where a test is the board (desk/desk.c). */
const TARGETS = {
  'mps2-an386': {
    ...{ cores: 'cortex-m4', part: 'board', program: 'wearable.elf' },
    ...{ gcc: PROCESSORS['cortex-m4'].gcc, processor: PROCESSORS['cortex-m4'].flags },
    takes: () => true,
    ours: ['-Os'],
    theirs: [],
    linking: (/** @type {string} */ out) => [
      ...['-nostartfiles', '--specs=nosys.specs', '-Wl,--gc-sections', `-Wl,-Map=${join(out, 'wearable.map')}`],
      `-T${join(WEARABLE, 'board', 'mps2-an386.ld')}`,
    ],
  },
  desk: {
    ...{ cores: 'host', part: 'desk', program: 'wearable' },
    ...{ gcc: PROCESSORS.host.gcc, processor: PROCESSORS.host.flags },
    takes: (/** @type {string} */ source) => basename(source) !== 'main.c' && basename(source) !== 'console.c',
    ours: ['-D_POSIX_C_SOURCE=200809L', ...SANITIZERS],
    theirs: SANITIZERS,
    linking: () => SANITIZERS,
  },
};

const USAGE = `node firmware-wasm/wearable/build.mjs --out FOLDER [--target ${Object.keys(TARGETS).join('|')}]`;

class BuildError extends Error {}

/** @param {string} program @param {readonly string[]} args @param {string} [cwd] */
function run(program, args, cwd) {
  const done = spawnSync(program, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (done.error && 'code' in done.error && done.error.code === 'ENOENT')
    throw new BuildError(
      `${program} is not installed; hint: on Debian, apt-get install gcc-arm-none-eabi libnewlib-arm-none-eabi`,
    );
  if (done.status !== 0)
    throw new BuildError(
      `${program} ended with ${done.status ?? done.signal}:\n${`${done.stdout}${done.stderr}`.slice(0, 4000)}`,
    );
  return done.stdout;
}

/** @param {string} folder */
const sourcesOf = (folder) =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.c'))
    .map((file) => join(folder, file));

/**
 * Objects of a part, in a folder of its name.
 * @param {{ gcc: string, processor: readonly string[] }} target @param {string} folder
 * @param {readonly string[]} sources @param {readonly string[]} flags
 */
function compile({ gcc, processor }, folder, sources, flags) {
  mkdirSync(folder, { recursive: true });
  return sources.map((source) => {
    const object = join(folder, basename(source).replace(/\.c$/, '.o'));
    run(gcc, [...processor, ...COMMON, ...flags, '-c', source, '-o', object]);
    return object;
  });
}

/** @typedef {{ flash: number, ram: number }} Size */

/**
 * Bytes of each part by the linker's map: the folder an object lies in is its part.
 * @param {string} map @param {string} out
 */
function sizesOf(map, out) {
  /** @type {Map<string, Size>} */
  const sizes = new Map();
  const text = map.slice(map.indexOf('Linker script and memory map'));
  for (const [, section, at, size, file] of text.matchAll(/^ (\.[\w.]+)\s+0x([0-9a-f]+)\s+0x([0-9a-f]+) (\S+)$/gm)) {
    if (!/^\.(text|rodata|data|bss|vectors|ARM)/.test(section)) continue;
    const part = file.startsWith(out) ? basename(dirname(file)) : 'compiler';
    const of = sizes.get(part) ?? { flash: 0, ram: 0 };
    sizes.set(part, of);
    if (Number.parseInt(at, 16) >= 0x2000_0000) of.ram += Number.parseInt(size, 16);
    if (!section.startsWith('.bss')) of.flash += Number.parseInt(size, 16);
  }
  return sizes;
}

/** @param {string} elf @returns {Map<string, number>} sizes of its symbols */
function symbolsOf(elf) {
  const lines = run('arm-none-eabi-nm', ['--print-size', elf]).matchAll(/^\w+ (\w+) \w (\S+)$/gm);
  return new Map([...lines].map(([, size, name]) => [name, Number.parseInt(size, 16)]));
}

/** @param {string} out @param {string} cores what their build said */
function reportSizes(out, cores) {
  const number = (/** @type {number} */ value) => value.toLocaleString('en').padStart(9);
  const sizes = sizesOf(readFileSync(join(out, 'wearable.map'), 'utf8'), out);
  const memory = symbolsOf(join(out, 'wearable.elf')).get('core_memory') ?? 0;
  const app = sizes.get('app');
  if (app !== undefined) app.ram -= memory;
  sizes.set("cores' linear memory", { flash: 0, ram: memory });
  const total = [...sizes.values()].reduce((sum, { flash, ram }) => ({ flash: sum.flash + flash, ram: sum.ram + ram }));
  const row = (/** @type {string} */ name, /** @type {Size} */ { flash, ram }) =>
    `${name.padEnd(20)}${number(flash)} ${number(ram)}`;
  const over = memory - CORES_BYTES_MAX;
  const verdict = over > 0 ? `${over.toLocaleString('en')} more than a page of 65,536` : 'within a page of 65,536';
  return [
    '                        flash       RAM (the stack has 4,096 more)',
    ...[...sizes].map(([part, size]) => row(part, size)),
    row('together', total),
    `linear memory of all cores, one block: ${memory.toLocaleString('en')} bytes, ${verdict}`,
    ...cores
      .split('\n')
      .filter((line) => line.endsWith('of storage'))
      .map((line) => `  ${line}`),
  ].join('\n');
}

/**
 * Builds into a folder and gives what there is to say; the program is wearable.elf in it, or `wearable`.
 * @param {string} folderName @param {keyof typeof TARGETS} name
 */
export function build(folderName, name) {
  const target = TARGETS[name];
  const out = resolve(folderName);
  const folder = join(out, 'cores');
  mkdirSync(out, { recursive: true });
  const cores = buildCores([...CORES.flatMap((core) => ['--core', core]), '--target', target.cores, '--out', folder]);
  writeFileSync(join(out, 'wearable_config.h'), CONFIG);
  const crypto = fetchCrypto();
  const parts = ['app', 'log', target.part].map((part) => join(WEARABLE, part));
  const includes = [out, folder, LINK, ...parts].map((include) => `-I${include}`);
  const system = crypto.includes.map((include) => `-isystem${include}`);
  const theirs = ['-O2', '-w', ...target.theirs, ...crypto.defines, ...crypto.includes.map((path) => `-I${path}`)];
  const ours = [...STRICT, ...target.ours, ...LINK_SIZES, ...crypto.defines, ...includes, ...system];
  const compileAll = (/** @type {string} */ part, /** @type {string[]} */ sources, /** @type {string[]} */ flags) =>
    compile(target, join(out, part), sources, flags);
  const objects = [
    ...compileAll('crypto', crypto.sources, theirs),
    ...compileAll('link', sourcesOf(LINK), ours),
    ...parts.flatMap((part) => compileAll(basename(part), sourcesOf(part).filter(target.takes), ours)),
  ];
  const program = join(out, target.program);
  const linking = target.linking(out);
  run(target.gcc, [...target.processor, ...objects, join(folder, 'libmaibo.a'), ...linking, '-o', program]);
  return target.part === 'board' ? `${program}\n${reportSizes(out, cores)}` : program;
}

if (
  process.argv[1] !== undefined &&
  existsSync(process.argv[1]) &&
  fileURLToPath(import.meta.url) === process.argv[1]
) {
  try {
    const { values } = parseArgs({
      options: { out: { type: 'string' }, target: { type: 'string', default: 'mps2-an386' } },
    });
    if (!values.out || !(values.target in TARGETS)) throw new BuildError(USAGE);
    console.log(build(values.out, /** @type {keyof typeof TARGETS} */ (values.target)));
  } catch (error) {
    const isKnown =
      error instanceof BuildError || String(/** @type {any} */ (error)?.code).startsWith('ERR_PARSE_ARGS');
    if (!isKnown && !(error instanceof Error)) throw error;
    console.error(/** @type {Error} */ (error).message);
    process.exitCode = 1;
  }
}
