// The machine that a gateway runs on, as `maibo doctor` looks at it. `node-machine.ts` is the real one; tests make theirs. Nothing here throws:
// what cannot be seen is null.

export interface Ran {
  /** Exit code; null when it was ended because it took too long. */
  readonly code: number | null;
  readonly text: string;
}

export interface FileFacts {
  readonly kind: 'file' | 'folder' | 'device' | 'other';
  /** The low twelve bits. */
  readonly mode: number;
  /** Name of the owning group, or its number. */
  readonly group: string;
  /** This user may read and write it. */
  readonly isUsable: boolean;
}

export interface AdapterFacts {
  /** "hci0". */
  readonly name: string;
  readonly isPowered: boolean;
}

/** What the Bluetooth service says. 'no-bus': there is no system bus; 'absent': nobody answers to its name; 'denied': it may not be asked. */
export type BluezFacts =
  | { readonly answer: 'no-bus' | 'absent' | 'denied' | 'silent' }
  | {
      readonly answer: 'ok';
      readonly adapters: readonly AdapterFacts[];
      /** Most match rules that any one connection to the bus holds; null where the bus does not tell. */
      readonly matchRulesMax: number | null;
    };

export interface StoreFacts {
  /** Code of the error that opening it gave, null when it opened. */
  readonly failure: string | null;
  readonly detail: string;
  readonly streamCount: number;
  /** When its files last changed. */
  readonly changedUtcMs: number;
}

export interface Machine {
  /** "linux", "darwin", "win32". */
  readonly platform: string;
  /** "20.19.0". */
  readonly nodeVersion: string;
  readonly userName: string;
  readonly nowUtcMs: number;
  readText(path: string): string | null;
  /** At most so many bytes; null for a longer file. */
  readBytes(path: string, bytesMax: number): Uint8Array | null;
  list(folder: string): readonly string[] | null;
  facts(path: string): FileFacts | null;
  /** Null when there is no such program. */
  run(program: string, ...args: readonly string[]): Promise<Ran | null>;
  bluez(): Promise<BluezFacts>;
  freeBytes(folder: string): number | null;
  /** Milliseconds until a small write has reached the disk, several times; null where nothing can be written. */
  durableWritesMs(folder: string): readonly number[] | null;
  /** Null when there is no such file. */
  store(path: string): StoreFacts | null;
}
