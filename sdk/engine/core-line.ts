// The way to where a module runs, a thread or a process: one step there and back, within a time.

import type { StopReason } from './engine.ts';

export interface Step {
  /** Index of the verb, or -1 to move bytes only. */
  readonly verb: number;
  readonly numbers: readonly number[];
  /** Pages that the module's memory must have. */
  readonly pages: number;
  readonly put: { readonly at: number; readonly bytes: Uint8Array } | null;
  /** `element`: as many of this size as the verb answers; 0: all of `size`. */
  readonly fetch: { readonly at: number; readonly size: number; readonly element: number } | null;
}

export type StepOutcome =
  | { readonly ok: true; readonly answer: number }
  | { readonly ok: false; readonly reason: StopReason; readonly why: string };

/** Holds one module. Whoever does not answer in time is ended by `end`, and there is no way back. */
export interface CoreLine {
  /** Waits until the module is compiled. */
  ready(timeoutMs: number): StepOutcome;
  /** Does one step. What it fetched is then the beginning of `data`. */
  step(step: Step, timeoutMs: number): StepOutcome;
  readonly data: Uint8Array;
  end(): void;
}

/** A step that does not fit in memory shared with the other side is cut into several. */
export const DATA_BYTES = 512 * 1024;
/** Arguments of a verb at most. */
export const NUMBERS_MAX = 8;
