// The host and what it ships: every module keeps the promises of ABI.md that can be seen from outside.

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type CoreModule, CoreModuleError, coreCatalog, EcgCore, type EcgFinding, ecgFlagNames } from '../index.ts';
import { instantiateCore } from './core-module.ts';
import { sha256Hex } from './sha256.ts';
import { VERBS } from './verbs.ts';
import { wasm } from './webassembly.ts';

const RATE_HZ = 250;
const ECG_INSTANCE_BYTES_MAX = 16 * 1024;

/** A narrow pulse every 0.8 s on a slow wave, with a lead that falls off in the middle. */
function pulses(seconds: number): Float32Array {
  return Float32Array.from({ length: seconds * RATE_HZ }, (_, i) => {
    if (i > 20 * RATE_HZ && i < 24 * RATE_HZ) return Number.NaN;
    const phase = (i % 200) - 100;
    return Math.exp((-phase * phase) / 8) + 0.1 * Math.sin(i / 180);
  });
}

function inBlocks(core: EcgCore, samples: Float32Array, blockCount: number): EcgFinding[] {
  const findings: EcgFinding[] = [];
  for (let i = 0; i < samples.length; i += blockCount) findings.push(...core.push(samples.subarray(i, i + blockCount)));
  return findings;
}

function reasonOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof CoreModuleError) return error.reason;
    throw error;
  }
  return 'accepted';
}

describe('coreCatalog', () => {
  it('finds a core by name and by hash', () => {
    for (const name of coreCatalog.names()) {
      const module = coreCatalog.get(name);
      expect(coreCatalog.byHash(module.sha256.toUpperCase())).toBe(module);
      expect(module.sha256).toBe(createHash('sha256').update(module.bytes).digest('hex'));
    }
    expect(coreCatalog.byHash('00'.repeat(32))).toBeNull();
    expect(reasonOf(() => coreCatalog.get('gait'))).toBe('unknown-core');
  });

  it('ships modules without imports, with memory and the verbs and nothing else', () => {
    for (const { bytes } of coreCatalog.names().map(coreCatalog.get)) {
      const module = new wasm.Module(bytes);
      expect(wasm.Module.imports(module)).toEqual([]);
      const names = wasm.Module.exports(module).map((entry) => entry.name);
      expect(names.sort()).toEqual([...VERBS, 'memory'].sort());
    }
  });

  it('ships cores that say their ABI, leave the first KiB alone and start with one page', () => {
    for (const module of coreCatalog.names().map(coreCatalog.get)) {
      const core = instantiateCore(module);
      expect(core.abi()).toBe(1);
      expect(core.arena() % 8).toBe(0);
      expect(core.arena()).toBeGreaterThanOrEqual(1024);
      expect(core.memory.buffer.byteLength).toBe(65_536);
    }
  });

  it('runs the bytes that a record names', () => {
    const { name, version, sha256, bytes } = coreCatalog.get('ecg');
    const module = coreCatalog.fromBytes(name, version, bytes);
    expect(module.sha256).toBe(sha256);
    const samples = pulses(30);
    expect(EcgCore.create({ rateHz: RATE_HZ, module }).push(samples)).toEqual(
      EcgCore.create({ rateHz: RATE_HZ }).push(samples),
    );
  });

  it('refuses bytes that are no module, import something, or lack a verb', () => {
    const fromBytes = (...bytes: number[]) =>
      reasonOf(() => coreCatalog.fromBytes('x', '1.0.0', Uint8Array.from(bytes)));
    const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
    expect(fromBytes()).toBe('not-wasm');
    expect(fromBytes(...header, 255)).toBe('not-wasm');
    expect(fromBytes(...header)).toBe('wrong-exports');
    // (module (import "e" "m" (memory 1)))
    expect(fromBytes(...header, 2, 8, 1, 1, 0x65, 1, 0x6d, 2, 0, 1)).toBe('has-imports');
  });

  it('refuses to run a module whose bytes do not have its hash', () => {
    const module: CoreModule = { ...coreCatalog.get('ecg'), sha256: '11'.repeat(32) };
    expect(reasonOf(() => EcgCore.create({ rateHz: RATE_HZ, module }))).toBe('wrong-hash');
  });
});

describe('EcgCore', () => {
  it('keeps an instance within 16 kB', () => {
    expect(EcgCore.create({ rateHz: RATE_HZ }).instanceBytes).toBeLessThanOrEqual(ECG_INSTANCE_BYTES_MAX);
  });

  it('gives the same findings whatever the size of the blocks', () => {
    const samples = pulses(40);
    const whole = EcgCore.create({ rateHz: RATE_HZ });
    const expected = whole.push(samples);
    expect(expected.filter((finding) => finding.kind === 'beat').length).toBeGreaterThan(20);
    for (const blockCount of [1, 7, 256, 5000]) {
      const core = EcgCore.create({ rateHz: RATE_HZ });
      expect(inBlocks(core, samples, blockCount)).toEqual(expected);
      expect(core.snapshot()).toEqual(whole.snapshot());
    }
  });

  it('continues from a snapshot bit for bit', () => {
    const samples = pulses(40);
    const first = EcgCore.create({ rateHz: RATE_HZ });
    first.push(samples.subarray(0, 5555));
    const second = EcgCore.create({ rateHz: 500 });
    second.restore(first.snapshot());
    expect(second.push(samples.subarray(5555))).toEqual(first.push(samples.subarray(5555)));
    expect(second.flush()).toEqual(first.flush());
    expect(second.snapshot()).toEqual(first.snapshot());
  });

  it('is after reset as it was when it was made', () => {
    const core = EcgCore.create({ rateHz: RATE_HZ });
    const fresh = core.snapshot();
    core.push(pulses(10));
    core.flush();
    expect(() => core.push(new Float32Array(1))).toThrow(/wrong-state/);
    core.reset();
    expect(core.snapshot()).toEqual(fresh);
  });

  it('names the reasons in flags', () => {
    expect(ecgFlagNames(0)).toEqual([]);
    expect(ecgFlagNames(0b1001)).toEqual(['missing', 'noise']);
  });
});

describe('sha256Hex', () => {
  it('agrees with the examples of FIPS 180-4', () => {
    const hash = (text: string) => sha256Hex(new TextEncoder().encode(text));
    expect(hash('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(hash('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq')).toBe(
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    );
  });

  it('agrees with the platform at every length around its blocks', () => {
    for (let length = 0; length < 200; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 37) & 255);
      expect(sha256Hex(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'));
    }
  });
});
