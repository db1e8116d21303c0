// The sleep core run over its verbs, with the weights it has or with those of a person left out written over them.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../shared-folder.ts';
import type { SleepInputRow } from './sleep-recordings.ts';

export interface LeftOut {
  readonly shipped: string;
  readonly withoutPerson: Readonly<Record<string, string>>;
}

interface LeftOutModel extends LeftOut {
  readonly model: string;
  readonly modes: readonly SleepMode[];
}

export interface JudgedEpoch {
  readonly wake: number;
  /** Of wake, light, deep and REM. */
  readonly probabilities: readonly number[];
  readonly stages: readonly number[];
  /** Bits: 1 activity, 2 spread of the heart rate, 4 RR intervals. */
  readonly used: number;
}

export type SleepMode = 'live' | 'morning';

interface Verbs {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  arena(): number;
  size(epochCountMax: number, mode: number): number;
  init(at: number, epochCountMax: number, mode: number): number;
  push(at: number, from: number, count: number): number;
  flush(at: number): number;
  poll(at: number, into: number, count: number): number;
}

interface WebAssemblyApi {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: unknown };
}

const INPUT_BYTES = 16;
const FINDING_BYTES = 32;
const PAGE_BYTES = 65_536;
const EPOCH_COUNT_MAX = 2880;

/** Weights that were trained without each person, by "model, mode"; firmware-wasm/train/sleep/train.py writes them. */
export function readLeftOut(): Readonly<Record<string, LeftOut>> {
  const path = join(ROOT, 'firmware-wasm', 'train', 'sleep', 'left-out-weights.json');
  const models = JSON.parse(readFileSync(path, 'utf8')) as readonly LeftOutModel[];
  return Object.fromEntries(models.flatMap((of) => of.modes.map((mode) => [`${of.model}, ${mode}`, of])));
}

/** Judges a recording; with `weights`, those of `person` left out take the place of the shipped ones in the core's memory. */
export function judge(
  module: Uint8Array,
  inputs: readonly SleepInputRow[],
  mode: SleepMode,
  weights?: { readonly of: LeftOut; readonly person: string },
): JudgedEpoch[] {
  const api = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
  const core = new api.Instance(new api.Module(module)).exports as Verbs;
  if (weights) exchangeWeights(Buffer.from(core.memory.buffer, 0, core.arena()), weights.of, weights.person);
  const at = core.arena();
  const modeNumber = mode === 'live' ? 0 : 1;
  const from = (at + core.size(EPOCH_COUNT_MAX, modeNumber) + 7) & ~7;
  const into = from + inputs.length * INPUT_BYTES;
  core.memory.grow(Math.ceil((into + EPOCH_COUNT_MAX * FINDING_BYTES) / PAGE_BYTES));
  expectOk(core.init(at, EPOCH_COUNT_MAX, modeNumber));
  writeInputs(new DataView(core.memory.buffer, from), inputs);
  const judged: JudgedEpoch[] = [];
  const poll = () => {
    const count = expectOk(core.poll(at, into, EPOCH_COUNT_MAX));
    for (let index = 0; index < count; index++)
      judged.push(findingAt(new DataView(core.memory.buffer, into + index * FINDING_BYTES, FINDING_BYTES)));
  };
  // Live, no more than a few epochs are taken before those that are ready have been polled.
  for (let taken = 0; taken < inputs.length; poll()) {
    taken += expectOk(core.push(at, from + taken * INPUT_BYTES, inputs.length - taken));
  }
  expectOk(core.flush(at));
  poll();
  return judged;
}

function exchangeWeights(memory: Buffer, { shipped, withoutPerson }: LeftOut, person: string): void {
  const place = memory.indexOf(Buffer.from(shipped, 'base64'));
  if (place < 0) throw new Error('the sleep core does not hold the weights of left-out-weights.json: train again');
  Buffer.from(withoutPerson[person]!, 'base64').copy(memory, place);
}

function expectOk(status: number): number {
  if (status < 0) throw new Error(`the sleep core answers ${status}`);
  return status;
}

function writeInputs(view: DataView, inputs: readonly SleepInputRow[]): void {
  for (const [index, { timeS, value, kind }] of inputs.entries()) {
    view.setFloat64(index * INPUT_BYTES, timeS, true);
    view.setFloat32(index * INPUT_BYTES + 8, value, true);
    view.setUint32(index * INPUT_BYTES + 12, kind, true);
  }
}

function findingAt(view: DataView): JudgedEpoch {
  const probabilities = [8, 12, 16, 20].map((place) => view.getFloat32(place, true));
  const stages = [24, 26, 28].map((place) => view.getUint16(place, true));
  return { wake: probabilities[0]!, probabilities, stages, used: view.getUint16(30, true) };
}
