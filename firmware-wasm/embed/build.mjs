#!/usr/bin/env node
// Makes C of signal cores, for any C99 compiler, and a static library where a compiler is named.
//
//   node firmware-wasm/embed/build.mjs --core ecg --core rr --out folder
//   node firmware-wasm/embed/build.mjs --core hrv:intervalCountMax=400,windowMs=300000 --target cortex-m4 --out folder
//
// Needs npm's wabt 1.0.39 for its wasm2c; the compiler is looked for, never installed.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measure } from './build/measure.mjs';
import { SETTINGS } from './build/settings.mjs';
import { translate } from './build/translate.mjs';
import { storageBytesOf, writeConfig, writeCore } from './build/write-core.mjs';

const EMBED = dirname(fileURLToPath(import.meta.url));
const GENERATED = join(EMBED, '..', 'generated');
const WABT_VERSION = '1.0.39';
/** A core's constants begin at 1024: up to 2 kB of them are copied. */
const CONSTANTS_END_MAX = 3072;

/** Files of ours that go into every library. */
const OWN_FILES = [
  'maibo.h',
  'maibo.c',
  'maibo_math.h',
  'maibo_math.c',
  'maibo_wasm.h',
  'maibo_self_test.h',
  'maibo_self_test.c',
];
const GENERATED_FILES = ['maibo_cores.h', 'maibo_embed.h'];

/** Without contraction: a fused multiply-add rounds once instead of twice. -O2: -Os is a tenth less flash for 2 to 25 % more instructions. */
export const FLAGS = [
  '-std=c99',
  '-O2',
  '-ffp-contract=off',
  '-fno-math-errno',
  '-ffunction-sections',
  '-fdata-sections',
];
const WARNINGS = ['-Wall', '-Wextra', '-Wconversion', '-Wsign-conversion', '-Werror'];
/** What wasm2c writes has a variable for every place of a stack; not all of them are used. */
const CORE_WARNINGS = ['-Wall', '-Wextra', '-Werror', '-Wno-unused', '-Wno-type-limits', '-Wno-maybe-uninitialized'];

export const TARGETS = {
  host: { gcc: 'gcc', ar: 'ar', flags: [] },
  'cortex-m4': {
    gcc: 'arm-none-eabi-gcc',
    ar: 'arm-none-eabi-ar',
    flags: ['-mcpu=cortex-m4', '-mthumb', '-mfpu=fpv4-sp-d16', '-mfloat-abi=hard'],
  },
  'cortex-m33': {
    gcc: 'arm-none-eabi-gcc',
    ar: 'arm-none-eabi-ar',
    flags: ['-mcpu=cortex-m33', '-mthumb', '-mfpu=fpv5-sp-d16', '-mfloat-abi=hard'],
  },
};

const USAGE = `node build.mjs --core NAME[:setting=number,...] [--core ...] --out FOLDER [--target ${Object.keys(TARGETS).join('|')}] [--constants auto|flash|ram]
cores: ${Object.keys(SETTINGS).join(' ')}`;

class BuildError extends Error {}

/** "hrv:intervalCountMax=400" */
function readChoice(text) {
  const [name, list = ''] = text.split(':');
  const facts = readFacts().find((core) => core.name === name);
  if (!facts) throw new BuildError(`there is no core "${name}"\n${USAGE}`);
  const settings = { ...SETTINGS[name] };
  for (const pair of list.split(',').filter(Boolean)) {
    const [key, value] = pair.split('=');
    if (!(key in settings))
      throw new BuildError(`core ${name} has no setting "${key}"; it has: ${Object.keys(settings).join(' ')}`);
    if (value === undefined || value.trim() === '' || !Number.isFinite(Number(value)))
      throw new BuildError(`${name}: ${key} must be a number`);
    settings[key] = Number(value);
  }
  return { facts, settings };
}

function readFacts() {
  return JSON.parse(readFileSync(join(GENERATED, 'embed.gen.json'), 'utf8')).cores;
}

function findWasm2c() {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('wabt'));
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    if (version !== WABT_VERSION)
      throw new BuildError(`wabt is ${version}; hint: npm install --save-dev wabt@${WABT_VERSION}`);
    return join(folder, 'bin', 'wasm2c');
  } catch (error) {
    if (error instanceof BuildError) throw error;
    throw new BuildError(`npm's wabt is not installed; hint: npm install --save-dev wabt@${WABT_VERSION}`);
  }
}

function run(program, args, cwd) {
  const done = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (done.error?.code === 'ENOENT')
    throw new BuildError(
      `${program} is not installed; hint: on Debian, apt-get install ${program.startsWith('arm') ? 'gcc-arm-none-eabi libnewlib-arm-none-eabi' : 'gcc'}`,
    );
  if (done.status !== 0)
    throw new BuildError(
      `${program} ended with ${done.status ?? done.signal}:\n${`${done.stdout}${done.stderr}`.slice(0, 4000)}`,
    );
  return done.stdout;
}

/** Each access to constants in flash costs code; a few of them are cheaper copied into the storage. */
function areInFlash(constants, { arena, hasScratch }) {
  if (hasScratch || constants === 'ram') return false;
  return constants === 'flash' || arena > CONSTANTS_END_MAX;
}

/** Writes the C of one core into `out`; what it costs. */
function makeCore({ facts, settings }, constants, wasm2c, out) {
  const wasmPath = join(GENERATED, `${facts.name}.wasm`);
  const wasm = readFileSync(wasmPath);
  if (createHash('sha256').update(wasm).digest('hex') !== facts.sha256) {
    throw new BuildError(`${facts.name}.wasm is not the module that embed.gen.json tells of; hint: npm run generate`);
  }
  const scratch = mkdtempSync(join(tmpdir(), 'maibo-embed-'));
  try {
    run(process.execPath, [wasm2c, '-n', 'core', wasmPath, '-o', 'core.c'], scratch);
    const measured = measure(facts, wasm, settings);
    const constantsInFlash = areInFlash(constants, measured);
    const translation = translate(
      readFileSync(join(scratch, 'core.c'), 'utf8'),
      readFileSync(join(scratch, 'core.h'), 'utf8'),
      { constantsInFlash },
    );
    const file = `maibo_core_${facts.name.replaceAll('-', '_')}.c`;
    writeFileSync(
      join(out, file),
      `#include "maibo_config.h"\n${writeCore(facts, translation, measured, { constantsInFlash })}`,
    );
    return { facts, settings, measured, file, storageBytes: storageBytesOf(translation, measured, constantsInFlash) };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function compile(target, cores, out) {
  const { gcc, ar, flags } = TARGETS[target];
  const own = OWN_FILES.filter((file) => file.endsWith('.c')).map((file) => [file, WARNINGS]);
  const made = cores.map(({ file }) => [file, CORE_WARNINGS]);
  const objects = [...own, ...made].map(([file, warnings]) => {
    const object = file.replace(/\.c$/, '.o');
    run(gcc, [...flags, ...FLAGS, ...warnings, '-c', file, '-o', object], out);
    return object;
  });
  rmSync(join(out, 'libmaibo.a'), { force: true });
  run(ar, ['rcs', 'libmaibo.a', ...objects], out);
}

/**
 * @param {string[]} args of the command line
 * @returns what was made, as text
 */
export function build(args) {
  const { values } = parseArgs({
    args,
    options: {
      core: { type: 'string', multiple: true, default: [] },
      out: { type: 'string' },
      target: { type: 'string' },
      constants: { type: 'string', default: 'auto' },
    },
  });
  const { out, target, constants } = values;
  if (values.core.length === 0 || !out || !['auto', 'flash', 'ram'].includes(constants)) throw new BuildError(USAGE);
  if (target !== undefined && !(target in TARGETS)) throw new BuildError(`there is no target "${target}"\n${USAGE}`);
  const wasm2c = findWasm2c();
  const choices = values.core.map(readChoice);
  if (new Set(choices.map(({ facts }) => facts.name)).size < choices.length)
    throw new BuildError('a core is named twice; several instances share one');
  mkdirSync(out, { recursive: true });
  for (const file of OWN_FILES) copyFileSync(join(EMBED, file), join(out, file));
  for (const file of GENERATED_FILES) copyFileSync(join(GENERATED, file), join(out, file));
  const cores = choices.map((choice) => makeCore(choice, constants, wasm2c, out));
  writeFileSync(join(out, 'maibo_config.h'), writeConfig(cores));
  if (target !== undefined) compile(target, cores, out);
  return [
    ...cores.map(({ facts, storageBytes }) => `${facts.name} ${facts.version}: ${storageBytes} bytes of storage`),
    target === undefined ? `C in ${out}` : `${join(out, 'libmaibo.a')} for ${target}`,
  ].join('\n');
}

if (
  process.argv[1] !== undefined &&
  existsSync(process.argv[1]) &&
  fileURLToPath(import.meta.url) === process.argv[1]
) {
  try {
    console.log(build(process.argv.slice(2)));
  } catch (error) {
    if (!(error instanceof BuildError) && !String(error?.code).startsWith('ERR_PARSE_ARGS')) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
