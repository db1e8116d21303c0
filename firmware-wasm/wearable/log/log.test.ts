// The flash log: power lost in every step of every write, flash that forgets, wears and dies, and wrong use. The work is done by programs in C
// (test/), each under the sanitizers; here they are built, run, and what they measured is held against the budgets.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import {
  isSkipped,
  makeFolder,
  removeFolders,
  run as runIn,
  SANITIZERS,
  STRICT as WARNINGS,
} from '../../embed/embed.testkit.ts';

const LOG = fileURLToPath(new URL('./', import.meta.url));
/** The link in C: the chain, CRC-32C and little endian are its. */
const LINK_C = fileURLToPath(new URL('../../../protocols/c/', import.meta.url));
const STRICT = ['-std=c99', '-Wpedantic', ...WARNINGS];
const CORTEX_M4 = ['-mcpu=cortex-m4', '-mthumb', '-mfloat-abi=soft', '-ffreestanding'];
const OWN = readdirSync(LOG)
  .filter((file) => file.endsWith('.c'))
  .map((file) => join(LOG, file));
const SEED = Number(process.env.MAIBO_FUZZ_SEED ?? Date.now() & 0x7fff_ffff);
/** MAIBO_FLASH_ROUNDS=10 does ten times as much, by night. */
const ROUNDS = Number(process.env.MAIBO_FLASH_ROUNDS ?? 1);
const SLOW = { timeout: 300_000 * ROUNDS };
/** A small flash is full soon, and quick to copy for every cut. */
const SMALL = ['-DSIM_BYTES_MAX=8192', '-DMODEL_ITEMS_MAX=1024u'];

afterAll(removeFolders);

function run(program: string, args: readonly string[], input?: string): Buffer {
  return runIn(program, args, LOG, input === undefined ? undefined : Buffer.from(input));
}

function build(name: string, flags: readonly string[] = SMALL): string {
  const sources = [name, 'flash_sim', 'model'].map((part) => join(LOG, 'test', `${part}.c`));
  const link = ['ml_crc32c.c', 'ml_chain.c'].map((file) => join(LINK_C, file));
  const includes = [LOG, join(LOG, 'test'), LINK_C, join(LINK_C, 'test')].map((folder) => `-I${folder}`);
  const program = join(makeFolder(), name);
  run('gcc', [...STRICT, ...SANITIZERS, ...includes, ...flags, ...sources, ...OWN, ...link, '-o', program]);
  return program;
}

function say(program: string, ...args: number[]): string {
  return run(program, args.map(String)).toString();
}

describe.skipIf(isSkipped('gcc'))('the flash log', () => {
  let cuts = '';
  let damage = '';
  beforeAll(() => {
    cuts = build('cuts');
    damage = build('damage');
  }, 120_000);

  it('answers right and wrong use as its header says', SLOW, () => {
    expect(say(build('use'))).toBe('');
  });

  test.each([
    [1024, 6, 200 * ROUNDS],
    [1024, 4, 100 * ROUNDS],
    [2048, 4, 100 * ROUNDS],
  ])(
    `holds what it said it holds, whichever step of a write or of a recovery power goes in: pages of %i, %i of them, %i operations (MAIBO_FUZZ_SEED=${SEED})`,
    SLOW,
    (pageBytes, pages, operations) => {
      const said = say(cuts, SEED, operations, 1, pageBytes, pages);
      const [, , cutCount, nestedCount, , begun] =
        /(\d+) operations, (\d+) cuts, (\d+) in the recovery, (\d+) found done; (\d+) pages/
          .exec(said)!
          .map(Number) as [number, ...number[]];
      expect(Math.min(cutCount! / 2, nestedCount!)).toBeGreaterThan(operations);
      expect(begun).toBeGreaterThan(pages);
    },
  );

  it(
    `keeps what lies beside flipped bits, noise and lost pages, names what does not, and tells no host two stories (MAIBO_FUZZ_SEED=${SEED})`,
    SLOW,
    () => {
      const said = say(damage, SEED, 400 * ROUNDS);
      const [, , kept, lost, skipped] = /(\d+) rounds: (\d+) items .* kept, (\d+) reads .* loss, (\d+) numbers/
        .exec(said)!
        .map(Number) as [number, ...number[]];
      expect(Math.min(kept!, lost!, skipped!)).toBeGreaterThan(400);
    },
  );

  it('wears all pages alike, and programs little more than it keeps', SLOW, () => {
    const wear = build('wear', []);
    const plain = measure(wear, 4096, 64, 20_000, 330, 0);
    expect(plain.erasedMost - plain.erasedLeast).toBeLessThanOrEqual(2);
    expect(plain.erasedLeast).toBeGreaterThan(30);
    expect(plain.amplification).toBeLessThan(1.35);
    expect(plain.stepsMax).toBeLessThan(60);
    const long = measure(wear, 4096, 64, 10_000, 1000, 0);
    expect(long.amplification).toBeLessThan(1.2);
    for (const bad of [1, 2, 4]) {
      const worn = measure(wear, 4096, 16, 5_000, 330, bad);
      expect(worn.erasedMost - worn.erasedLeast).toBeLessThanOrEqual(2);
      expect(worn.keptItems).toBeGreaterThan((16 - bad - 2) * 8);
    }
  });
});

interface Wear {
  readonly erasedLeast: number;
  readonly erasedMost: number;
  readonly amplification: number;
  readonly stepsMax: number;
  readonly keptItems: number;
}

function measure(program: string, ...args: number[]): Wear {
  return JSON.parse(say(program, ...args)) as Wear;
}

describe.skipIf(isSkipped('arm-none-eabi-gcc'))('the flash log on a Cortex-M4', () => {
  const includes = [`-I${LOG}`, `-I${LINK_C}`];

  it('compiles without a warning, has no memory of its own, and takes little', SLOW, () => {
    const folder = makeFolder();
    let codeBytes = 0;
    for (const source of OWN) {
      const object = join(folder, 'one.o');
      run('arm-none-eabi-gcc', [...STRICT, ...CORTEX_M4, '-Os', ...includes, '-c', source, '-o', object]);
      const sizes = run('arm-none-eabi-size', [object]).toString().split('\n')[1]!.trim().split(/\s+/).map(Number);
      expect(sizes.slice(1, 3), source).toEqual([0, 0]);
      codeBytes += sizes[0]!;
    }
    expect(codeBytes).toBeLessThan(8_192);
  });

  it('needs less than a kilobyte', SLOW, () => {
    const check = ['-include', join(LOG, 'fl_log.h'), '-x', 'c', '-fsyntax-only', '-'];
    const flags = [...STRICT, ...CORTEX_M4, ...includes, ...check];
    run('arm-none-eabi-gcc', flags, 'typedef char log_fits[sizeof(fl_log) <= 1024u ? 1 : -1];\n');
    expect(() => run('arm-none-eabi-gcc', flags, 'typedef char log_fits[sizeof(fl_log) <= 512u ? 1 : -1];\n')).toThrow(
      'negative',
    );
  });
});

describe.skipIf(isSkipped('cppcheck'))('the flash log under cppcheck', () => {
  it('has nothing to answer for', SLOW, () => {
    const flags = ['--std=c99', '--enable=warning,performance,portability', '--error-exitcode=1', '--quiet'];
    expect(run('cppcheck', [...flags, `-I${LOG}`, `-I${LINK_C}`, ...OWN]).toString()).toBe('');
  });
});
