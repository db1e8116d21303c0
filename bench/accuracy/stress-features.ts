// The features behind the probabilities of the stress core, as its own code computes them: the core compiled with one more export.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StressInput } from '@maibo/cores';
import { ROOT } from '../shared-folder.ts';
import { STEP_S } from './stress-recordings.ts';

/** In the order of the core's features.ts. */
export const FEATURE_NAMES = [
  'rate',
  'rateAbove',
  'change',
  'changeSlow',
  'fast',
  'middle',
  'slow',
  'edaRange',
  'edaRise',
  'temperature',
] as const;

export interface FeatureWindow {
  readonly endS: number;
  /** Would the core give a probability? */
  readonly isUsable: boolean;
  /** NaN where one does not exist. */
  readonly features: readonly number[];
}

interface FeatureExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  arena(): number;
  size(): number;
  init(at: number, sensors: number): number;
  push(at: number, from: number, count: number): number;
  poll(at: number, into: number, count: number): number;
  flush(at: number): number;
  feature(at: number, index: number): number;
}

/** The part of WebAssembly that is used here; its types come with a browser's, which this package does without. */
const wasm = (
  globalThis as unknown as {
    WebAssembly: {
      Module: new (bytes: Uint8Array) => object;
      Instance: new (module: object) => { readonly exports: unknown };
    };
  }
).WebAssembly;

const ENTRY = 'feature-core.ts';
const SOURCE = `export * from './firmware-wasm/cores/stress/core';
import { featureOf } from './firmware-wasm/cores/stress/state';
export function feature(at: usize, index: i32): f64 { return featureOf(at, index); }`;
const INPUT_KINDS = { interval: 1, acceleration: 2, eda: 3, temperature: 4 } as const;
const INPUT_BYTES = 24;
const STEP_INPUTS_MAX = 2000;
const BITS_PROBABILITY = 1;

/** Gives the features of every window of a recording. */
export async function featureCore(): Promise<(inputs: readonly StressInput[], sensors: number) => FeatureWindow[]> {
  const module = await compile();
  return (inputs, sensors) => windowsOf(module, inputs, sensors);
}

function windowsOf(module: object, inputs: readonly StressInput[], sensors: number): FeatureWindow[] {
  const core = new wasm.Instance(module).exports as FeatureExports;
  const at = core.arena();
  const inputAt = at + core.size();
  const findingAt = inputAt + INPUT_BYTES * STEP_INPUTS_MAX;
  const view = new DataView(core.memory.buffer);
  if (core.init(at, sensors) !== 0) throw new Error(`the core does not take the sensors ${sensors}`);
  const windows: FeatureWindow[] = [];
  const collect = () => {
    while (core.poll(at, findingAt, 1) === 1) {
      windows.push({
        endS: view.getFloat64(findingAt + 8, true),
        isUsable: (view.getUint32(findingAt, true) & BITS_PROBABILITY) !== 0,
        features: FEATURE_NAMES.map((_, index) => core.feature(at, index)),
      });
    }
  };
  for (const step of stepsOf(inputs)) {
    for (const [index, input] of step.entries()) writeInput(view, inputAt + INPUT_BYTES * index, input);
    // A window ends with the first input behind it, so a step brings one finding at most, and the features are still its own.
    for (let taken = 0; taken < step.length; collect()) {
      taken += core.push(at, inputAt + INPUT_BYTES * taken, step.length - taken);
    }
  }
  core.flush(at);
  collect();
  return windows;
}

/** The inputs of every 30 s. */
function stepsOf(inputs: readonly StressInput[]): StressInput[][] {
  const steps: StressInput[][] = [];
  let number = -1;
  for (const input of inputs) {
    const own = Math.floor(input.timeS / STEP_S);
    if (own !== number || steps.at(-1)!.length === STEP_INPUTS_MAX) steps.push([]);
    number = own;
    steps.at(-1)!.push(input);
  }
  return steps;
}

function writeInput(view: DataView, at: number, { timeS, x, y, z, kind, afterGap }: StressInput): void {
  view.setFloat64(at, timeS, true);
  for (const [index, value] of [x, y, z].entries()) view.setFloat32(at + 8 + 4 * index, value, true);
  view.setUint16(at + 20, INPUT_KINDS[kind], true);
  view.setUint16(at + 22, afterGap ? 1 : 0, true);
}

async function compile(): Promise<object> {
  const name: string = 'assemblyscript/asc';
  const asc = (await import(name)) as {
    main(args: string[], host: unknown): Promise<{ error: Error | null; stderr: { toString(): string } }>;
  };
  let bytes: Uint8Array | null = null;
  const options = ['--config', 'asconfig.json', '--target', 'stress', '--baseDir', ROOT];
  const { error, stderr } = await asc.main(
    [ENTRY, ...options, '--outFile', 'feature-core.wasm', '--initialMemory', '2'],
    {
      readFile: (file: string, folder: string) => (file === ENTRY ? SOURCE : readIfThere(join(folder, file))),
      writeFile: (file: string, contents: Uint8Array) => {
        if (file.endsWith('.wasm')) bytes = contents;
      },
      listFiles: () => null,
    },
  );
  if (error || bytes === null) throw new Error(`the stress core does not compile: ${stderr}`);
  return new wasm.Module(bytes);
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
