import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MaiboError } from '../errors.ts';
import { systemEntropy } from './node-clock.ts';
import { createLabKey, loadOrCreateKey } from './node-keys.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'maibo-keys-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const codeOf = (work: () => unknown) => {
  try {
    work();
    return 'nothing thrown';
  } catch (failure) {
    return failure instanceof MaiboError ? failure.code : String(failure);
  }
};

describe('a key file', () => {
  it('is made once, for its owner alone, and gives the same key again', () => {
    const path = join(folder, 'deeper', 'gateway.key');
    const made = loadOrCreateKey(path, systemEntropy);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
    expect(loadOrCreateKey(path, systemEntropy).publicKey).toEqual(made.publicKey);
    expect(readdirSync(join(folder, 'deeper'))).toEqual(['gateway.key']);
  });

  it('is refused when others can read it', () => {
    const path = join(folder, 'open.key');
    loadOrCreateKey(path, systemEntropy);
    chmodSync(path, 0o644);
    expect(codeOf(() => loadOrCreateKey(path, systemEntropy))).toBe('key-unsafe');
  });

  it('is refused when it holds something else', () => {
    const path = join(folder, 'short.key');
    writeFileSync(path, 'abc\n', { mode: 0o600 });
    expect(codeOf(() => loadOrCreateKey(path, systemEntropy))).toBe('input-format');
  });
});

describe('a lab key', () => {
  it('follows from role and seed alone', () => {
    expect(createLabKey('gateway', 1).publicKey).toEqual(createLabKey('gateway', 1).publicKey);
    expect(createLabKey('gateway', 1).publicKey).not.toEqual(createLabKey('gateway', 2).publicKey);
    expect(createLabKey('gateway', 1).publicKey).not.toEqual(createLabKey('platform', 1).publicKey);
  });
});
