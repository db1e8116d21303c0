import type { WasmMemory } from './webassembly.ts';

/** The verbs of ABI.md; a module exports these and its memory, and nothing else. */
export const VERBS = ['abi', 'arena', 'size', 'init', 'push', 'poll', 'flush', 'reset'] as const;

export type Verb = (typeof VERBS)[number];

export type CoreExports = Readonly<Record<Verb, (...numbers: number[]) => number>> & { readonly memory: WasmMemory };

/** What one element of a push and of a poll takes in memory. */
export interface ElementBytes {
  readonly inputBytes: number;
  readonly findingBytes: number;
}

/**
 * A core that another thread runs. The host's `memory` is a copy then: pushes and polls carry their elements along, and for the
 * instance itself the host says when.
 */
export interface FarCore {
  /** Brings bytes of the core's memory into the host's copy. */
  fetch(at: number, size: number): void;
  /** Brings bytes of the host's copy into the core's memory. */
  put(at: number, size: number): void;
  /** The core gave what no core gives: ends it, and throws. */
  refuse(what: string): never;
}

export type RunningCore = CoreExports & { readonly far?: FarCore };
