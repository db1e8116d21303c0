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
    const chain = new Uint8Array(32).fill(9);
    openFreedState(folder, a!).save({ firstBlock: 12, chain: new Uint8Array(32) });
    openFreedState(folder, a!).save({ firstBlock: 30, chain });
    expect(openFreedState(folder, a!)).toMatchObject({ firstBlock: 30, chain });
    expect(openFreedState(folder, b!).firstBlock).toBe(0);
  });

  it('is nothing when the file cannot be read as such', () => {
    const identity = new Uint8Array(20).fill(3);
    openFreedState(folder, identity).save({ firstBlock: 5, chain: new Uint8Array(32) });
    const path = join(folder, readdirSync(folder).find((name) => name.startsWith('0303'))!);
    const chain = '00'.repeat(32);
    const numbers = ['-1', '"7"', '1e99'].map((value) => `{"firstBlock":${value},"chain":"${chain}"}`);
    for (const text of ['', '{', 'null', '{"firstBlock":3}', '{"firstBlock":3,"chain":"00"}', ...numbers]) {
      writeFileSync(path, text);
      expect(openFreedState(folder, identity).firstBlock, text).toBe(0);
    }
  });
});
