// The few parts of the WebAssembly API that the host uses. The compiler's library for it comes with the browser's DOM, which
// this package does not want in its types.

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

export interface WasmModule {
  /** Marks the type; compiled modules are opaque. */
  readonly [Symbol.toStringTag]: string;
}

interface WasmApi {
  Module: {
    new (bytes: Uint8Array): WasmModule;
    imports(module: WasmModule): { module: string; name: string; kind: string }[];
    exports(module: WasmModule): { name: string; kind: string }[];
  };
  Instance: new (module: WasmModule) => { readonly exports: Readonly<Record<string, unknown>> };
}

export const wasm: WasmApi = (globalThis as unknown as { WebAssembly: WasmApi }).WebAssembly;

export const WASM_PAGE_BYTES = 65_536;
