// The engine beside V8: wasmtime in a Python process for each module. It counts operations, so a module that loops is ended after the same work
// on every machine; and what breaks out of it is in another process.

import { VERBS } from '@maibo/cores';
import { FarEngine } from './far-engine.ts';
import type { EngineLimits } from './limits.ts';
import { WasmtimeLine } from './wasmtime-line.ts';

export interface WasmtimeOptions {
  /** A Python 3 with the package `wasmtime`. */
  readonly python?: string;
  readonly limits?: Partial<EngineLimits>;
}

export const PYTHON_DEFAULT = 'python3';

export class WasmtimeEngine extends FarEngine {
  readonly #lines: WasmtimeLine[];

  constructor({ python = PYTHON_DEFAULT, limits = {} }: WasmtimeOptions = {}) {
    const lines: WasmtimeLine[] = [];
    super('wasmtime', limits, ({ bytes, pagesMax }, { callFuel, callMs }) => {
      const line = new WasmtimeLine(python, { callFuel, callMs, pagesMax, verbs: VERBS, bytes });
      lines.push(line);
      return line;
    });
    this.#lines = lines;
  }

  /** Of the processes that run. */
  get pids(): readonly number[] {
    return this.#lines.map(({ pid }) => pid).filter((pid) => pid > 0);
  }

  /** Operations that all modules together took: the same on every machine. */
  get fuelSpent(): number {
    return this.#lines.reduce((sum, line) => sum + line.fuelSpent, 0);
  }
}
