// Who runs a module. This program's own modules run in its own thread, as fast as they can. A module that came with a store, a package or a
// maker runs under an engine: what it does there can fail, and only it fails.

import { type CoreModule, coreCatalog } from '@maibo/cores';
import { MaiboError } from '../errors.ts';

/** What a module was ended for. */
export const STOP_REASONS = [
  'start', // it could not be compiled or instantiated
  'fuel', // it used up the operations of one verb
  'deadline', // it did not answer in time, or took too long in all
  'memory', // it grew its memory, or needs more than there is
  'trap',
  'answer', // counts, statuses or findings that no core gives
  'lost', // the process or thread that ran it ended, or said what none of ours says
  'closed', // its engine was closed
] as const;

export type StopReason = (typeof STOP_REASONS)[number];

/** A module that was ended, and why. */
export interface StoppedCore {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  readonly reason: StopReason;
  readonly why: string;
}

/** Where it is not its maker who can do something about it. */
const HINTS: Partial<Readonly<Record<StopReason, string>>> = {
  lost: 'something on this machine ended the process; look for one that ran out of memory',
  closed: 'open another engine',
};

/** `core-stopped`, with what was ended and why. */
export class CoreStoppedError extends MaiboError {
  readonly stopped: StoppedCore;

  constructor(stopped: StoppedCore) {
    const { name, version, sha256, reason, why } = stopped;
    super('core-stopped', `core ${name} ${version} (${sha256.slice(0, 16)}) was stopped: ${why}`, {
      hint: HINTS[reason] ?? 'ask its maker; modules that come with Maibo are not concerned',
    });
    this.stopped = stopped;
  }
}

export type EngineKind = 'trusting' | 'v8' | 'wasmtime';

/** What a package asks for itself; an engine never gives more than its own limits. */
export interface OwnLimits {
  readonly pagesMax: number;
  readonly callMs: number;
}

export interface Engine {
  /** As configurations and records call it. */
  readonly kind: EngineKind;
  /**
   * The module, to be given to a core's class like any other; its instances live in the engine. Errors: `core-refused` for bytes that are not
   * run at all. Using an instance: `core-stopped` once the module did what no core does. `own`: less than the engine would allow.
   */
  admit(name: string, version: string, bytes: Uint8Array, own?: OwnLimits): CoreModule;
  /** Operations of WebAssembly that all modules together took; absent where they are not counted. */
  readonly fuelSpent?: number;
  /** Modules that were ended so far. */
  readonly stopped: readonly StoppedCore[];
  /** Ends what still runs. Instances of the engine's modules cannot be used any more. */
  close(): void;
}

/** No limits, no thread: for modules that were made by whoever made this program. Throws `CoreModuleError`. */
export const trustingEngine: Engine = {
  kind: 'trusting',
  admit: (name, version, bytes) => coreCatalog.fromBytes(name, version, bytes),
  stopped: [],
  close: () => {},
};
