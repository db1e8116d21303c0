import type { KnownInput } from './settings.mjs';

/** A core of ../../generated/embed.gen.json. */
export interface CoreFacts {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  readonly input: { readonly c: string; readonly bytes: number };
  readonly finding: { readonly c: string; readonly bytes: number };
  readonly size: readonly string[];
  readonly settings: readonly { readonly name: string; readonly c: string }[];
}

export interface Measured {
  readonly arena: number;
  readonly instanceBytes: number;
  readonly stagingAt: number;
  readonly stagingBytes: number;
  readonly linearBytes: number;
  readonly hasScratch: boolean;
  readonly known: KnownInput & {
    readonly settings: Readonly<Record<string, number>>;
    readonly hash: number;
    readonly findingCount: number;
  };
}

export declare function measure(
  facts: CoreFacts,
  wasm: Uint8Array,
  settings: Readonly<Record<string, number>>,
): Measured;
