export interface Translation {
  /** Prototypes and functions, for ../maibo_wasm.h. */
  readonly code: string;
  readonly segments: readonly { readonly at: number; readonly data: readonly number[] }[];
  readonly globals: readonly { readonly type: string; readonly name: string; readonly value: string }[];
}

/** Throws if the C has another form than wasm2c 1.0.39 gives it, or if a function calls itself. */
export declare function translate(
  source: string,
  header: string,
  options: { readonly constantsInFlash: boolean },
): Translation;
