import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openFreedState } from './freed-state.ts';

const folder = mkdtempSync(join(tmpdir(), 'maibo-freed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('what a device remembers', () => {
  it('is where its log was freed up to, for each log of its own', () => {
    const [a, b] = [1, 2].map((byte) => new Uint8Array(20).fill(byte));
    openFreedState(folder, a!).save(12);
    openFreedState(folder, a!).save(30);
    expect(openFreedState(folder, a!).firstBlock).toBe(30);
    expect(openFreedState(folder, b!).firstBlock).toBe(0);
  });

  it('is nothing when the file cannot be read as such', () => {
    const identity = new Uint8Array(20).fill(3);
    openFreedState(folder, identity).save(5);
    const path = join(folder, readdirSync(folder).find((name) => name.startsWith('0303'))!);
    for (const text of ['', '{', '{"firstBlock":-1}', '{"firstBlock":"7"}', '{"firstBlock":1e99}', 'null']) {
      writeFileSync(path, text);
      expect(openFreedState(folder, identity).firstBlock, text).toBe(0);
    }
  });
});
