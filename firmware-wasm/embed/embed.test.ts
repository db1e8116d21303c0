// The C library on this machine: the same bytes as V8, right answers to wrong use, no byte touched outside the storage.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { translate } from './build/translate.mjs';
import { storageBytesOf, writeCore } from './build/write-core.mjs';
import {
  buildLibrary,
  compileLibrary,
  compileProgram,
  EMBED,
  findOnV8,
  hasProgram,
  isSkipped,
  longInput,
  makeFolder,
  removeFolders,
  run,
  SANITIZERS,
  STRICT,
  selfTestFlag,
} from './embed.testkit.ts';

const CORES = ['ecg', 'ppg', 'rr', 'hrv', 'motion', 'sleep', 'stress'];
/** One of few constants, one of many, one in f64. Building all takes half a minute; wearable/board.test.ts plays the self-tests of all. */
const SOME_CORES = ['ecg', 'sleep', 'hrv-spectrum'];
const OWN_SOURCES = ['maibo.c', 'maibo_math.c', 'maibo_self_test.c'];
const WABT = join(EMBED, '..', '..', 'node_modules', 'wabt', 'bin');
const SLOW = { timeout: 300_000 };

let sanitizedFolder = '';
/** The library under the sanitizers, built once. */
function sanitized(): string {
  if (sanitizedFolder === '') {
    sanitizedFolder = buildLibrary(CORES);
    compileLibrary(sanitizedFolder, SANITIZERS);
  }
  return sanitizedFolder;
}

afterAll(removeFolders);

describe.skipIf(isSkipped('gcc'))('the library on this machine', () => {
  it.each(['flash', 'ram'])('gives V8 its own findings in every self-test, constants in %s', SLOW, (constants) => {
    const cores = SOME_CORES;
    const folder = buildLibrary(cores, '--constants', constants);
    compileLibrary(folder, ['-O1']);
    const source = join(EMBED, 'test', 'self-test.c');
    const program = compileProgram(folder, 'self-test', source, [selfTestFlag(cores)]);
    expect(run(program, [], folder).toString().trim().split('\n')).toHaveLength(cores.length);
  });

  it('passes blocks as long as the settings ask for', SLOW, () => {
    const cores = ['wave-encode', 'wave-decode'];
    const folder = buildLibrary(cores.map((core) => `${core}:channelCount=3,blockFrames=512`));
    compileLibrary(folder, ['-O1']);
    const source = join(EMBED, 'test', 'self-test.c');
    const program = compileProgram(folder, 'self-test', source, [selfTestFlag(cores)]);
    expect(run(program, [], folder).toString().trim().split('\n')).toHaveLength(cores.length);
  });

  it('finds the bytes that V8 finds, however input is cut, under the sanitizers', SLOW, () => {
    const folder = sanitized();
    for (const core of CORES) {
      const flags = [`-DCORE=${core}`, `-DMACRO=${core.toUpperCase()}`, '-DPUSH_COUNT=37', ...SANITIZERS];
      const program = compileProgram(folder, `play-${core}`, join(EMBED, 'test', 'play.c'), flags);
      const input = longInput(core, 3);
      const found = run(program, [], folder, input);
      expect(found.length, core).toBeGreaterThan(100);
      expect(Buffer.compare(found, findOnV8(core, input, 500)), core).toBe(0);
    }
  });

  it('touches nothing outside of its memory, whatever a forged snapshot says', SLOW, () => {
    const folder = sanitized();
    const flags = ['-D_GNU_SOURCE', '-DROUNDS=40', selfTestFlag(CORES), ...SANITIZERS];
    const program = compileProgram(folder, 'forged', join(EMBED, 'test', 'forged.c'), flags);
    const lines = run(program, [], folder).toString().trim().split('\n');
    expect(lines).toHaveLength(CORES.length);
    const trapped = lines.map((line) => Number(/(\d+) trapped/.exec(line)?.[1]));
    expect(trapped.reduce((sum, count) => sum + count)).toBeGreaterThan(10);
  });

  it('answers wrong use with a status and touches nothing around its storage', SLOW, () => {
    const folder = buildLibrary(['ecg', 'rr', 'hrv']);
    writeFileSync(join(folder, 'faulty.c'), makeFaultyCore());
    compileLibrary(folder, SANITIZERS);
    const program = compileProgram(folder, 'faults', join(EMBED, 'test', 'faults.c'), SANITIZERS);
    expect(run(program, [], folder).toString()).toBe('all answers as they should be\n');
  });

  it('rounds and takes roots as libm does', SLOW, () => {
    const folder = makeFolder();
    const sources = ['test/math.c', 'maibo_math.c'].map((file) => join(EMBED, file));
    run('gcc', ['-std=c99', ...STRICT, ...SANITIZERS, `-I${EMBED}`, ...sources, '-lm', '-o', 'math'], folder);
    expect(run(join(folder, 'math'), [], folder).toString()).toBe('');
  });

  it('is strict C99, as are its programs and the example, which runs', SLOW, () => {
    const folder = buildLibrary(['ecg', 'rr'], '--target', 'host');
    for (const file of OWN_SOURCES) run('gcc', ['-std=c99', '-pedantic-errors', ...STRICT, '-c', file], folder);
    const example = join(EMBED, 'examples', 'heart.c');
    run('gcc', ['-std=c99', ...STRICT, '-I.', example, 'libmaibo.a', '-o', 'heart'], folder);
    expect(run(join(folder, 'heart'), [], folder).toString()).toMatch(/interval 800 ms\n/);
    expect(readFileSync(join(EMBED, 'README.md'), 'utf8')).toContain(readFileSync(example, 'utf8').trim());
  });

  it('refuses flags that give other bits', () => {
    const flags = ['-std=c99', '-ffast-math', '-fsyntax-only', join(EMBED, 'maibo_math.c')];
    expect(() => run('gcc', flags, EMBED)).toThrow('-ffast-math gives other bits');
  });
});

describe.skipIf(isSkipped('gcc', 'cppcheck'))('under cppcheck', () => {
  it('has nothing to say', SLOW, () => {
    const folder = buildLibrary(['ecg']);
    const flags = [
      '--std=c99',
      '--enable=warning,portability,performance',
      '--error-exitcode=1',
      '--inline-suppr',
      '-I.',
    ];
    run('cppcheck', [...flags, ...OWN_SOURCES], folder);
  });
});

describe.skipIf(isSkipped('gcc', 'clang-tidy'))('under clang-tidy', () => {
  // Of all its families; what is left out is a matter of taste: the arguments of `maibo_push` are an address and a count, as in every C library.
  const CHECKS =
    'bugprone-*,cert-*,clang-analyzer-*,misc-*,performance-*,portability-*,-bugprone-easily-swappable-parameters';

  it('has nothing to say', SLOW, () => {
    const folder = buildLibrary(['ecg']);
    const flags = ['--quiet', '--warnings-as-errors=*', `--checks=-*,${CHECKS}`];
    run('clang-tidy', [...flags, ...OWN_SOURCES, '--', '-std=c99', '-I.'], folder);
  });
});

describe.skipIf(isSkipped('arm-none-eabi-gcc'))('the library for a Cortex-M', () => {
  const ALLOWED = /^(maibo_\w+|__aeabi_\w+|mem(cmp|cpy|move|set))$/;

  it.each([
    ['cortex-m4', CORES],
    ['cortex-m33', SOME_CORES],
  ])('asks for soft doubles and mem... on a %s: no libm, no heap, no OS', SLOW, (target, cores) => {
    const folder = buildLibrary(cores, '--target', target);
    const wanted = run('arm-none-eabi-nm', ['-u', 'libmaibo.a'], folder)
      .toString()
      .split('\n')
      .flatMap((line) => /^ +U (\S+)$/.exec(line)?.[1] ?? []);
    expect(wanted.filter((name) => !ALLOWED.test(name))).toEqual([]);
    expect(run('arm-none-eabi-size', ['-t', 'libmaibo.a'], folder).toString()).toMatch(/ 0\t +0\t.*\(TOTALS\)/);
  });

  it.skipIf(!hasProgram('arm-none-eabi-gcc'))('fuses no multiply-add, though the flags would allow it', SLOW, () => {
    const folder = buildLibrary(['ecg']);
    const flags = ['-std=gnu11', '-O2', '-mcpu=cortex-m4', '-mthumb', '-mfpu=fpv4-sp-d16', '-mfloat-abi=hard'];
    run('arm-none-eabi-gcc', [...flags, '-S', 'maibo_core_ecg.c', '-o', 'ecg.s'], folder);
    const code = readFileSync(join(folder, 'ecg.s'), 'utf8');
    expect(code).toContain('vmul.f32');
    expect(code).not.toMatch(/\bvf(n?m[as])/);
  });
});

/** A core of 16 bytes that traps when its input says so. */
function makeFaultyCore(): string {
  const scratch = makeFolder();
  run(process.execPath, [join(WABT, 'wat2wasm'), join(EMBED, 'test', 'faulty.wat'), '-o', 'faulty.wasm'], scratch);
  run(process.execPath, [join(WABT, 'wasm2c'), '-n', 'core', 'faulty.wasm', '-o', 'core.c'], scratch);
  const [source, header] = ['core.c', 'core.h'].map((file) => readFileSync(join(scratch, file), 'utf8'));
  const translation = translate(source!, header!, { constantsInFlash: true });
  const element = { c: 'int32_t', bytes: 4 };
  const name = { name: 'faulty', version: '1.0.0', sha256: '00'.repeat(32) };
  const facts = { ...name, input: element, finding: element, size: [], settings: [] };
  const known = {
    settings: {},
    elements: new Uint8Array(0),
    repeats: 0,
    pushCount: 1,
    clockStepS: 0,
    hash: 0,
    findingCount: 0,
  };
  const place = { arena: 40, instanceBytes: 16, stagingAt: 56, stagingBytes: 256, linearBytes: 312 };
  const measured = { ...place, hasScratch: false, known };
  const bytes = storageBytesOf(translation, measured, true);
  return `#include "maibo_embed.h"
typedef struct { uint32_t none; } maibo_faulty_settings;
#define MAIBO_FAULTY_STORAGE_BYTES ${bytes}u
${writeCore(facts, translation, measured, { constantsInFlash: true })}`;
}
