// The example of README.md, word for word, and the door that it names.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import * as kit from './index.ts';

const readme = readFileSync(new URL('./README.md', import.meta.url), 'utf8');

it('runs the example of README.md', async () => {
  const example = /```ts\n(import [\s\S]*?)```/.exec(readme)![1]!;
  const folder = mkdtempSync(join(tmpdir(), 'maibo-readme-'));
  const path = join(folder, 'example.ts');
  const here = (relative: string) => `'${fileURLToPath(new URL(relative, import.meta.url))}'`;
  const said = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  writeFileSync(
    path,
    example
      .replace("'@maibo/simulator/testing'", here('./index.ts'))
      .replace("'@maibo/sdk'", here('../../sdk/index.ts')),
  );
  try {
    await import(/* @vite-ignore */ path);
    expect(said.mock.calls).toEqual([[7500, 'of', 7500, 'samples;', expect.any(Number), 'packets came to harm']]);
    expect(said.mock.calls[0]![4]).toBeGreaterThan(0);
  } finally {
    rmSync(folder, { recursive: true });
    said.mockRestore();
  }
});

it('has everything that README.md names', () => {
  const table = readme.split('\n').filter((line) => line.startsWith('| `'));
  const named = table.flatMap((line) => [...line.matchAll(/`([A-Za-z]\w+)`/g)].map((match) => match[1]!));
  const types = ['LinkRig', 'Link', 'setFaults'];
  expect(named.length).toBeGreaterThan(25);
  expect(named.filter((name) => !types.includes(name) && !(name in kit))).toEqual([]);
});

it('has a clock that only moves when it is told to', async () => {
  const clock = kit.createManualClock();
  const woken: string[] = [];
  const stop = new AbortController();
  const sleepers = [
    clock.sleep(2_000).then(() => woken.push('second')),
    clock.sleep(1_000).then(async () => {
      woken.push('first');
      await clock.sleep(500);
      woken.push('nap');
    }),
    clock.sleep(60_000, stop.signal).then(() => woken.push('aborted')),
  ];
  await clock.advance(999);
  expect(woken).toEqual([]);
  await clock.advance(3_000);
  expect(woken).toEqual(['first', 'nap', 'second']);
  expect([clock.nowMonotonicMs(), clock.sleeperCount]).toEqual([3_999, 1]);
  stop.abort();
  await Promise.all(sleepers);
  expect(clock.sleeperCount).toBe(0);
});
