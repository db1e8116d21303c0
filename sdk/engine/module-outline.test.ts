// The outline against the engine of the language: what it lets through is what it says, whatever the bytes.

import { coreCatalog, VERBS } from '@maibo/cores';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeModule } from './hostile-modules.testkit.ts';
import { outlineModule } from './module-outline.ts';

const LIMITS = { moduleBytesMax: 1 << 20, pagesMax: 16 };
// biome-ignore lint/suspicious/noExplicitAny: the types of WebAssembly come with the DOM only
const { Module, Instance } = (globalThis as any).WebAssembly;

describe('outlineModule', () => {
  it('lets every core of ours through, with a memory that ends at the limit', () => {
    for (const name of coreCatalog.names()) {
      const outline = outlineModule(coreCatalog.get(name).bytes, LIMITS);
      if (typeof outline === 'string') throw new Error(`${name}: ${outline}`);
      const { memory } = new Instance(new Module(outline.bytes)).exports;
      memory.grow(15);
      expect(() => memory.grow(1)).toThrow();
    }
  });

  it('keeps a maximum of the module that is below the limit', () => {
    const outline = outlineModule(makeModule({ memory: [1, 1, 1, 3] }), LIMITS);
    expect(outline).toMatchObject({ pagesMin: 1, pagesMax: 3 });
  });

  it('is the same again when it is asked about what it gave', () => {
    const once = outlineModule(makeModule(), LIMITS);
    expect(outlineModule((once as { bytes: Uint8Array }).bytes, LIMITS)).toEqual(once);
  });

  it('never throws, and what it lets through that compiles at all has no imports, the verbs, and the capped memory', () => {
    const seeds = [
      makeModule(),
      makeModule({ hasImport: true }),
      makeModule({ hasStart: true }),
      coreCatalog.get('rr').bytes,
    ];
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 });
    let passed = 0;
    fc.assert(
      fc.property(fc.constantFrom(...seeds), changes, fc.nat(200), (seed, flips, cut) => {
        const bytes = seed.slice(0, cut < 20 ? seed.length - cut : seed.length);
        // Most of the meaning lies in the first bytes.
        for (const [at, byte] of flips) bytes[at % (at % 2 === 0 ? 200 : bytes.length)] = byte;
        const outline = outlineModule(bytes, LIMITS);
        if (typeof outline === 'string') return;
        const module = compiled(outline.bytes);
        if (module === null) return;
        passed++;
        expect(Module.imports(module)).toEqual([]);
        const names = (Module.exports(module) as { name: string; kind: string }[]).map(
          ({ name, kind }) => `${kind} ${name}`,
        );
        expect(names.sort()).toEqual(['memory memory', ...VERBS.map((verb) => `function ${verb}`)].sort());
      }),
      { numRuns: 3_000 },
    );
    expect(passed).toBeGreaterThan(20);
  });

  it('never throws for any bytes behind the magic', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (tail) => {
        expect(typeof outlineModule(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...tail), LIMITS)).toBe('string');
      }),
    );
  });
});

function compiled(bytes: Uint8Array): unknown {
  try {
    return new Module(bytes);
  } catch {
    return null;
  }
}
