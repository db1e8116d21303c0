// The command line of the storm: what others script against is its exit code and its JSON.
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'maibo-storm-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const MAIN = fileURLToPath(new URL('../dist/storm/main.js', import.meta.url));

function sim(...args: string[]): { code: number | null; text: string } {
  const path = join(folder, 'out.txt');
  const output = openSync(path, 'w');
  const { status } = spawnSync(process.execPath, [MAIN, ...args], { stdio: ['ignore', output, 'ignore'] });
  closeSync(output);
  return { code: status, text: readFileSync(path, 'utf8') };
}

describe('npm run sim', () => {
  it('ends with 0 after worlds that held, and counts them', () => {
    const { code, text } = sim('--scenario', 'link-storm', '--from', '2', '--count', '2', '--json');
    expect(JSON.parse(text)).toMatchObject({
      worlds: 2,
      failedWorlds: 0,
      lost: 0,
      duplicated: 0,
      unnamedGaps: 0,
      failed: [],
    });
    expect(code).toBe(0);
  });

  it('ends with 1 when a checker found something, says how to see it again, and keeps a capture', () => {
    const capture = join(folder, 'failed.capture');
    const { code, text } = sim('--seed', '6', '--bug', 'ack-before-commit', '--capture', capture);
    expect(code).toBe(1);
    expect(text).toContain('again: npm run sim -- --scenario link-storm --seed 6 --bug ack-before-commit');
    expect(readFileSync(capture, 'utf8').split('\n').length).toBeGreaterThan(100);
  });

  it.each([
    ['--scenario', 'calm'],
    ['--seed', 'x'],
    ['--seed', '-1'],
    ['--seed', '1', '--from', '2'],
    ['--bug', 'none'],
    ['--what'],
  ])('ends with 2 after a mistake: %s %s', (...args) => {
    expect(sim(...args).code).toBe(2);
  });
});
