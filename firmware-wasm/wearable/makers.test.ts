// The examples for other builds compile: the Zephyr module and its sample, and the Arduino library and its sketch. Neither Zephyr nor Arduino
// is here; small stand-ins (test/stand-in) are, so this finds wrong names and missing files, and nothing about how they run.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { isSkipped, makeFolder, removeFolders, run, STRICT } from '../embed/embed.testkit.ts';

const WEARABLE = fileURLToPath(new URL('./', import.meta.url));
const LINK = join(WEARABLE, '..', '..', 'protocols', 'c');
const STAND_IN = join(WEARABLE, 'test', 'stand-in');
const SAMPLE = join(WEARABLE, 'zephyr', 'sample');
const SLOW = { timeout: 300_000 };
const CORTEX_M4 = ['-mcpu=cortex-m4', '-mthumb'];

afterAll(removeFolders);

/** Everything that the sample includes of Zephyr is the one stand-in. */
function makeZephyrHeaders(): string {
  const folder = makeFolder();
  const source = readFileSync(join(SAMPLE, 'src', 'main.c'), 'utf8');
  for (const [, header] of source.matchAll(/#include <(zephyr\/.*)>/g)) {
    mkdirSync(dirname(join(folder, header!)), { recursive: true });
    writeFileSync(join(folder, header!), `#include "${join(STAND_IN, 'zephyr', 'zephyr.h')}"\n`);
  }
  return folder;
}

describe.skipIf(isSkipped('cmake', 'gcc'))('the Zephyr module', () => {
  it('configures and compiles: link, log, cores, cryptography', SLOW, () => {
    const folder = makeFolder();
    const settings = { PACKET_BYTES: 244, MESSAGE_OUT_BYTES: 1024, MESSAGE_IN_BYTES: 512, LOG: 'y', CORES: 'ecg rr' };
    const defines = Object.entries(settings).map(([name, value]) => `-DCONFIG_MAIBO_${name}=${value}`);
    run(
      'cmake',
      [`-DMODULE=${WEARABLE}`, '-DCONFIG_MAIBO=y', ...defines, '-S', join(STAND_IN, 'zephyr'), '-B', folder],
      folder,
    );
    expect(run('cmake', ['--build', folder], folder).toString()).toMatch(/Built target maibo|libmaibo\.a/);
  });

  it('has a sample that compiles, with the settings that its cores are built for', SLOW, () => {
    const cores = /CONFIG_MAIBO_CORES="(.*)"/.exec(readFileSync(join(SAMPLE, 'prj.conf'), 'utf8'))![1]!.split(' ');
    const library = makeFolder();
    const build = join(WEARABLE, '..', 'embed', 'build.mjs');
    run(process.execPath, [build, ...cores.flatMap((core) => ['--core', core]), '--out', library], library);
    const includes = [
      library,
      LINK,
      makeZephyrHeaders(),
      join(SAMPLE, 'src'),
      join(WEARABLE, 'app'),
      join(WEARABLE, 'log'),
    ];
    const flags = ['-std=c99', '-D_POSIX_C_SOURCE=200809L', ...STRICT, ...includes.map((include) => `-I${include}`)];
    run('gcc', [...flags, '-fsyntax-only', join(SAMPLE, 'src', 'main.c')], library);
    expect(cores).toContain(`hrv:intervalCountMax=${numberOf('WEARABLE_HRV_INTERVALS')}`);
    expect(cores).toContain(`sleep:epochCountMax=${numberOf('WEARABLE_SLEEP_EPOCHS')}`);
    expect(cores).toContain(`wave-encode:blockFrames=${numberOf('WEARABLE_ECG_BLOCK')}`);
  });
});

function numberOf(name: string): string {
  const config = readFileSync(join(SAMPLE, 'src', 'wearable_config.h'), 'utf8');
  return new RegExp(`#define ${name} (\\d+)`).exec(config)![1]!;
}

describe.skipIf(isSkipped('arm-none-eabi-gcc', 'arm-none-eabi-g++'))('the Arduino library', () => {
  it('is laid out flat, and its sketch compiles with it', SLOW, () => {
    const out = makeFolder();
    run(process.execPath, [join(WEARABLE, 'arduino', 'make.mjs'), '--out', out], out);
    const sketch = join(out, 'examples', 'Heart', 'Heart.ino');
    const flags = [...CORTEX_M4, '-std=gnu++17', '-fno-exceptions', '-Wall', '-Wextra', '-Werror'];
    const board = ['-DARDUINO_ARCH_ESP32', '-include', 'Arduino.h', `-I${STAND_IN}`, `-I${join(out, 'src')}`];
    run('arm-none-eabi-g++', [...flags, ...board, '-x', 'c++', '-c', sketch, '-o', 'sketch.o'], out);
    expect(() =>
      run('arm-none-eabi-g++', [...flags, ...board.slice(1), '-x', 'c++', '-fsyntax-only', sketch], out),
    ).toThrow("Name your board's source of random bytes");
    const wanted = run('arm-none-eabi-nm', ['-u', 'sketch.o'], out).toString();
    expect(wanted).toMatch(/ U ml_wire_give\n/);
    expect(readFileSync(join(out, 'library.properties'), 'utf8')).toContain('includes=MaiboLink.h\n');
  });
});
