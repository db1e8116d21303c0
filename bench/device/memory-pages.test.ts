import { describe, expect, it } from 'vitest';
import { generatedModule } from './generated-module.ts';
import { withPages } from './memory-pages.ts';

interface Api {
  Instance: new (module: object) => { readonly exports: { readonly memory: { readonly buffer: ArrayBuffer } } };
  Module: new (bytes: Uint8Array) => object;
}

function bytesOfMemory(module: Uint8Array): number {
  const { Instance, Module } = (globalThis as unknown as { WebAssembly: Api }).WebAssembly;
  return new Instance(new Module(module)).exports.memory.buffer.byteLength;
}

describe('a module with more memory', () => {
  it.each([1, 3, 200])('begins with %i pages', (pages) => {
    expect(bytesOfMemory(withPages(generatedModule('rr'), pages))).toBe(pages * 65_536);
  });

  it('is the same module where the pages are', () => {
    const module = generatedModule('ecg');
    expect(withPages(module, 1)).toEqual(Buffer.from(module));
  });

  it('is refused where there is no memory', () => {
    expect(() => withPages(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0), 1)).toThrow('a core has a memory');
  });
});
