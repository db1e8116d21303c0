// Who runs a module. This program's own modules run in its own thread, as fast as they can. A module that came with a store, a package or a
// maker runs under an engine: what it does there can fail, and only it fails.

import { type CoreModule, coreCatalog } from '@maibo/cores';

/** A module that was ended, and why. */
export interface StoppedCore {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  readonly why: string;
}

/** What a package asks for itself; an engine never gives more than its own limits. */
export interface OwnLimits {
  readonly pagesMax: number;
  readonly callMs: number;
}

export interface Engine {
  /**
   * The module, to be given to a core's class like any other; its instances live in the engine. Errors: `core-refused` for bytes that are not
   * run at all. Using an instance: `core-stopped` once the module did what no core does. `own`: less than the engine would allow.
   */
  admit(name: string, version: string, bytes: Uint8Array, own?: OwnLimits): CoreModule;
  /** Modules that were ended so far. */
  readonly stopped: readonly StoppedCore[];
  /** Ends what still runs. Instances of the engine's modules cannot be used any more. */
  close(): void;
}

/** No limits, no thread: for modules that were made by whoever made this program. Throws `CoreModuleError`. */
export const trustingEngine: Engine = {
  admit: (name, version, bytes) => coreCatalog.fromBytes(name, version, bytes),
  stopped: [],
  close: () => {},
};
