import type { WasmMemory } from './webassembly.ts';

/** The verbs of ABI.md; a module exports these and its memory, and nothing else. */
export const VERBS = ['abi', 'arena', 'size', 'init', 'push', 'poll', 'flush', 'reset'] as const;

export type Verb = (typeof VERBS)[number];

export type CoreExports = Readonly<Record<Verb, (...numbers: number[]) => number>> & { readonly memory: WasmMemory };
