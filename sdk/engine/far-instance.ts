// A host's side of an instance that runs elsewhere: a copy of the memory, and the verbs. Pushes carry their elements along and polls bring
// their findings back, so the host works on its copy as on a memory of its own.

import type { ElementBytes, RunningCore } from '@maibo/cores';
import type { FarModule } from './far-module.ts';
import { PAGE_BYTES } from './limits.ts';

export class FarInstance {
  /** Where the instance lies; 0 bytes of it before `init`. */
  at = 0;
  size = 0;
  bytes: Uint8Array<ArrayBuffer>;
  /** Which of the module's processes it was made in. */
  readonly generation: number;
  readonly #module: FarModule;
  readonly #elements: ElementBytes;
  #instanceBytes = 0;

  constructor(module: FarModule, elements: ElementBytes, generation: number) {
    this.generation = generation;
    this.#module = module;
    this.#elements = elements;
    this.bytes = new Uint8Array(module.pagesMin * PAGE_BYTES);
  }

  get pages(): number {
    return this.bytes.length / PAGE_BYTES;
  }

  asCore(): RunningCore {
    const module = this.#module;
    const ask = (verb: 'abi' | 'arena' | 'flush' | 'reset', numbers: number[]) =>
      module.call(this, verb, numbers, NOTHING_MOVES);
    const instance = this;
    return {
      memory: {
        get buffer() {
          return instance.bytes.buffer;
        },
        grow: (pages) => this.#grow(pages),
      },
      far: {
        fetch: (at, size) => module.fetch(this, at, size),
        put: (at, size) => module.put(this, at, size),
        refuse: (what) => module.stop('answer', what),
      },
      abi: () => ask('abi', []),
      arena: () => ask('arena', []),
      size: (...numbers) => this.#sizeOf(numbers),
      init: (...numbers) => this.#init(numbers),
      push: (at = 0, from = 0, count = 0) => this.#push(at, from, count),
      poll: (at = 0, into = 0, count = 0) => this.#poll(at, into, count),
      flush: (...numbers) => ask('flush', numbers),
      reset: (...numbers) => ask('reset', numbers),
    };
  }

  #grow(pages: number): number {
    const before = this.pages;
    const after = before + pages;
    const { pagesMax } = this.#module;
    if (after > pagesMax) this.#module.stop('memory', `it needs ${after} pages of memory, at most ${pagesMax}`);
    const grown = new Uint8Array(after * PAGE_BYTES);
    grown.set(this.bytes);
    this.bytes = grown;
    return before;
  }

  #sizeOf(numbers: number[]): number {
    const answer = this.#module.call(this, 'size', numbers, NOTHING_MOVES);
    this.#instanceBytes = Math.max(0, answer);
    return answer;
  }

  #init(numbers: number[]): number {
    this.at = numbers[0] ?? 0;
    this.size = this.#instanceBytes;
    return this.#module.call(this, 'init', numbers, NOTHING_MOVES);
  }

  #push(at: number, from: number, count: number): number {
    const put = { at: from, bytes: this.bytes.subarray(from, from + count * this.#elements.inputBytes) };
    return this.#module.call(this, 'push', [at, from, count], { put, fetch: null });
  }

  #poll(at: number, into: number, count: number): number {
    const element = this.#elements.findingBytes;
    const fetch = { at: into, size: count * element, element };
    const written = this.#module.call(this, 'poll', [at, into, count], { put: null, fetch });
    if (written > 0) this.bytes.set(this.#module.fetched(written * element), into);
    return written;
  }
}

const NOTHING_MOVES = { put: null, fetch: null };
