// Programs on QEMU's boards: every core finds there what V8 finds, and the board comes back from a hang and a fault and says which it was.

import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import {
  buildLibrary,
  isSkipped,
  makeFolder,
  removeFolders,
  run,
  STRICT,
  selfTestFlag,
} from '../embed/embed.testkit.ts';

const WEARABLE = fileURLToPath(new URL('./', import.meta.url));
const BOARD = join(WEARABLE, 'board');
const LINK = join(WEARABLE, '..', '..', 'protocols', 'c');
const ALL_CORES = readdirSync(join(WEARABLE, '..', 'generated'))
  .filter((file) => file.endsWith('.wasm'))
  .map((file) => file.replace('.wasm', ''));
/** On the second board: one of few constants, one of many, one in f64; `npm run bench:device -- --check` plays more than this to all of them. */
const SOME_CORES = ['ecg', 'hrv-spectrum', 'sleep'];
const SLOW = { timeout: 300_000 };

interface Machine {
  readonly name: string;
  readonly target: string;
  readonly flags: readonly string[];
}

const M4F: Machine = {
  name: 'mps2-an386',
  target: 'cortex-m4',
  flags: ['-mcpu=cortex-m4', '-mthumb', '-mfpu=fpv4-sp-d16', '-mfloat-abi=hard'],
};
const M33: Machine = {
  name: 'mps2-an505',
  target: 'cortex-m33',
  flags: ['-mcpu=cortex-m33', '-mthumb', '-mfpu=fpv5-sp-d16', '-mfloat-abi=hard'],
};

afterAll(removeFolders);

/** Compiles a program of test/ with these files of board/, and gives what it said and its exit code. */
function play({ name, flags }: Machine, program: string, board: readonly string[], more: readonly string[]) {
  const folder = makeFolder();
  const sources = [join(WEARABLE, 'test', program), ...board.map((file) => join(BOARD, file))];
  const language = ['-std=c99', '-O2', '-ffp-contract=off', '-ffunction-sections', '-fdata-sections', ...STRICT];
  const linking = ['-nostartfiles', '--specs=nosys.specs', '-Wl,--gc-sections', `-T${join(BOARD, `${name}.ld`)}`];
  const includes = [BOARD, LINK, join(WEARABLE, 'log')].map((include) => `-I${include}`);
  run(
    'arm-none-eabi-gcc',
    [...flags, ...language, ...includes, ...sources, ...more, ...linking, '-o', 'it.elf'],
    folder,
  );
  const semihosting = ['-semihosting-config', 'enable=on,target=native'];
  const machine = ['-M', name, '-nographic', '-monitor', 'none', '-serial', 'none'];
  const done = spawnSync('qemu-system-arm', [...machine, ...semihosting, '-kernel', 'it.elf'], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 120_000,
  });
  return { status: done.status, said: done.stderr.trim().split('\n') };
}

describe.skipIf(isSkipped('qemu-system-arm', 'arm-none-eabi-gcc'))('a board of QEMU', () => {
  it.each([
    [M4F.name, M4F, ALL_CORES],
    [M33.name, M33, SOME_CORES],
  ])('finds with its cores what V8 finds (%s)', SLOW, (_, machine, cores) => {
    const library = buildLibrary(cores, '--target', machine.target);
    const more = [selfTestFlag(cores), `-I${library}`, join(library, 'libmaibo.a')];
    const { status, said } = play(machine, 'self-test.c', ['start.c', 'semihost.c'], more);
    expect(said).toEqual(cores.map((core) => `${core} 0`));
    expect(status).toBe(0);
  });

  it('is started anew by its watchdog, and by a fault, and knows which it was', SLOW, () => {
    const board = ['start.c', 'semihost.c', 'clock.c', 'watchdog.c'];
    expect(play(M4F, 'watchdog.c', board, [])).toEqual({ status: 0, said: ['reset 0', 'reset 1', 'reset 2'] });
  });
});
