// What the tests of the sleep core share: the core run over its verbs, and nights made by a formula.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { wasm } from '../../host/webassembly.ts';

export interface Input {
  readonly timeS: number;
  readonly value: number;
  /** 1 activity, 2 spread of the heart rate, 3 RR interval. */
  readonly kind: number;
}

export interface Finding {
  readonly timeS: number;
  readonly probabilities: readonly number[];
  readonly stages: readonly number[];
  readonly used: number;
}

interface Verbs {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  arena(): number;
  size(epochCountMax: number, mode: number): number;
  init(at: number, epochCountMax: number, mode: number): number;
  push(at: number, from: number, count: number): number;
  flush(at: number): number;
  reset(at: number): number;
  poll(at: number, into: number, count: number): number;
}

export const LIVE = 0;
export const MORNING = 1;

/** The module as it ships. */
export function sleepModule(): Uint8Array {
  return readFileSync(join(import.meta.dirname, '..', '..', 'generated', 'sleep.wasm'));
}

/** One instance with a buffer of its own; statuses below 0 come back as they are. */
export class Sleep {
  readonly core: Verbs;
  readonly at: number;
  readonly #buffer: number;
  readonly #epochCountMax: number;

  constructor(module: Uint8Array, mode: number, epochCountMax = 1200) {
    this.core = new wasm.Instance(new wasm.Module(module)).exports as unknown as Verbs;
    this.at = this.core.arena();
    this.#epochCountMax = epochCountMax;
    this.#buffer = (this.at + this.core.size(epochCountMax, mode) + 7) & ~7;
    this.core.memory.grow(64);
    this.core.init(this.at, epochCountMax, mode);
  }

  /** Returns how many were taken. */
  push(inputs: readonly Input[]): number {
    const view = new DataView(this.core.memory.buffer, this.#buffer);
    for (const [index, { timeS, value, kind }] of inputs.entries()) {
      view.setFloat64(16 * index, timeS, true);
      view.setFloat32(16 * index + 8, value, true);
      view.setUint32(16 * index + 12, kind, true);
    }
    return this.core.push(this.at, this.#buffer, inputs.length);
  }

  poll(): Finding[] {
    const count = this.core.poll(this.at, this.#buffer, this.#epochCountMax);
    return Array.from({ length: count }, (_, index) => {
      const view = new DataView(this.core.memory.buffer, this.#buffer + 32 * index, 32);
      return {
        timeS: view.getFloat64(0, true),
        probabilities: [8, 12, 16, 20].map((place) => view.getFloat32(place, true)),
        stages: [24, 26, 28].map((place) => view.getUint16(place, true)),
        used: view.getUint16(30, true),
      };
    });
  }

  /** Pushes all, polling whenever no more fits; returns what there was to poll. */
  feed(inputs: readonly Input[]): Finding[] {
    const findings: Finding[] = [];
    for (let taken = 0; taken < inputs.length; ) {
      const more = this.push(inputs.slice(taken));
      const judged = this.poll();
      if (more < 0 || (more === 0 && judged.length === 0))
        throw new Error(`the core answers ${more} and judges nothing`);
      findings.push(...judged);
      taken += more;
    }
    return [...findings, ...this.poll()];
  }

  run(inputs: readonly Input[]): Finding[] {
    const findings = this.feed(inputs);
    this.core.flush(this.at);
    return [...findings, ...this.poll()];
  }
}

/** Awake and moving for the first half hour and the last, still in between, with a turn of the body now and then. */
export function wristNight(epochCount: number, hasSpread = true): Input[] {
  return Array.from({ length: epochCount }, (_, epoch) => {
    const isAwake = epoch < 60 || epoch >= epochCount - 60;
    const activity = isAwake ? 60 + 40 * Math.sin(epoch) : epoch % 47 === 0 ? 8 : 0.2 + 0.1 * Math.sin(epoch);
    const spread = isAwake ? 0.9 + 0.2 * Math.cos(epoch) : 0.25 + 0.1 * Math.sin(epoch / 20);
    const own = [{ timeS: 30 * epoch, value: activity, kind: 1 }];
    return hasSpread ? [...own, { timeS: 30 * epoch, value: spread, kind: 2 }] : own;
  }).flat();
}

/** A heart that breathes at 0.25 Hz. */
export function heartNight(durationS: number, swingMs = 40): Input[] {
  const inputs: Input[] = [];
  for (let timeS = 0; ; ) {
    const rrMs = 900 + swingMs * Math.sin(2 * Math.PI * 0.25 * timeS) + swingMs * Math.sin(timeS / 300);
    timeS += rrMs / 1000;
    if (timeS >= durationS) return inputs;
    inputs.push({ timeS, value: rrMs, kind: 3 });
  }
}
