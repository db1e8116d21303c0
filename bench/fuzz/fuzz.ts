// The runner: makes inputs, feeds them, and watches for what must never happen: an uncaught throw, an input that takes longer than 50 ms, memory that grows.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { editBytes } from './byte-edits.ts';
import { editCbor, wildItem } from './cbor-edits.ts';
import { Random } from './random.ts';
import { type Fed, TARGETS, type Target } from './targets.ts';

export const INPUT_MS_MAX = 50;
/** What may be held more at the end of a target than after its first fifth, by when caches and compiled code are there. */
export const GROWTH_BYTES_MAX = 4 * 1024 * 1024;
/** Inputs one state lives for; replay begins at the first of them. */
const EPISODE = 64;
const FAILURES_MAX = 3;
const EDITS_MAX = 3;
/** How many more times a good input is among those to begin with. */
const GOOD_SHARE = 9;

export interface FuzzOptions {
  readonly count: number;
  readonly seed: number;
  /** Only this one. */
  readonly target?: string;
  /** The first input; with a target only. */
  readonly from?: number;
}

export interface Failure {
  readonly target: string;
  readonly index: number;
  readonly what: string;
  readonly hex: string;
  readonly replay: string;
}

export interface TargetReport {
  readonly target: string;
  readonly inputs: number;
  /** How many were let in, not refused. */
  readonly letIn: number;
  readonly seconds: number;
  readonly slowestMs: number;
  /** Null for runs too short to say. */
  readonly growthBytes: number | null;
}

export interface FuzzReport {
  readonly seed: number;
  readonly inputs: number;
  readonly seconds: number;
  readonly targets: readonly TargetReport[];
  readonly failures: readonly Failure[];
}

/** Throws RangeError when there is no such target. */
export function fuzz({ count, seed, target, from = 0 }: FuzzOptions): FuzzReport {
  const chosen = target === undefined ? TARGETS : TARGETS.filter(({ name }) => name === target);
  if (chosen.length === 0) throw new RangeError(`no target ${target}: ${TARGETS.map(({ name }) => name).join(', ')}`);
  const weights = chosen.reduce((sum, { weight }) => sum + weight, 0);
  const runs = chosen.map((one) => new TargetRun(one, seed, from, Math.ceil((count * one.weight) / weights)));
  const targets = runs.map((run) => run.run());
  return {
    seed,
    inputs: targets.reduce((sum, { inputs }) => sum + inputs, 0),
    seconds: targets.reduce((sum, { seconds }) => sum + seconds, 0),
    targets,
    failures: runs.flatMap(({ failures }) => failures),
  };
}

class TargetRun {
  readonly failures: Failure[] = [];
  readonly #target: Target;
  readonly #corpus: readonly Uint8Array[];
  readonly #seed: number;
  readonly #first: number;
  readonly #end: number;
  #slowestMs = 0;
  #letIn = 0;

  constructor(target: Target, seed: number, from: number, count: number) {
    this.#target = target;
    const all = target.corpus();
    const good = all.filter((bytes) => isLetInAlone(target, bytes));
    // The vectors also hold keys, hashes and what must be refused: mostly begin with what is right.
    this.#corpus = [...all, ...Array.from({ length: GOOD_SHARE }, () => good).flat()];
    this.#seed = seed;
    this.#first = from - (from % EPISODE);
    this.#end = from + count;
  }

  run(): TargetReport {
    const startMs = performance.now();
    const count = this.#end - this.#first;
    const warm = this.#first + Math.ceil(count / 5 / EPISODE) * EPISODE;
    let before: number | null = null;
    let done = this.#first;
    for (let at = this.#first; at < this.#end && this.failures.length < FAILURES_MAX; at += EPISODE) {
      if (at === warm && count > 50 * EPISODE) before = heldBytes();
      done = Math.min(at + EPISODE, this.#end);
      this.#episode(at, done, INPUT_MS_MAX);
    }
    const growthBytes = before === null ? null : heldBytes() - before;
    if (growthBytes !== null && growthBytes > GROWTH_BYTES_MAX) {
      this.#fail(
        this.#first,
        `held ${growthBytes} bytes more at the end, at most ${GROWTH_BYTES_MAX}`,
        new Uint8Array(0),
      );
    }
    const seconds = (performance.now() - startMs) / 1000;
    const counts = { inputs: done - this.#first, letIn: this.#letIn };
    return { target: this.#target.name, ...counts, seconds, slowestMs: this.#slowestMs, growthBytes };
  }

  #episode(from: number, to: number, msMax: number): void {
    const state = this.#target.open(new Random(this.#seed, -from - 2));
    for (let index = from; index < to; index++) {
      const random = new Random(this.#seed, index);
      const input = inputOf(this.#target, this.#corpus, random);
      const ms = this.#feed(state, input, random, index);
      if (ms === null) return;
      // A machine with other work to do stops any program for longer than that; it does not do so at the same input every time.
      if (ms > msMax && Math.min(ms, this.#again(index), this.#again(index)) > msMax) {
        this.#fail(index, `took ${ms.toFixed(0)} ms, at most ${msMax}`, input);
      } else if (ms <= msMax) this.#slowestMs = Math.max(this.#slowestMs, ms);
    }
  }

  /** Null after a throw: the state is not to be trusted any more. */
  #feed(state: Fed, input: Uint8Array, random: Random, index: number): number | null {
    const startMs = performance.now();
    let ms = 0;
    try {
      if (state.feed(input, random)) this.#letIn++;
      ms = performance.now() - startMs;
      state.mend?.(random);
    } catch (thrown) {
      this.#fail(index, thrown instanceof Error ? `threw ${thrown.name}: ${thrown.message}` : `threw ${thrown}`, input);
      return null;
    }
    return ms;
  }

  /** The time of one input once more, its episode from the start. */
  #again(index: number): number {
    const from = index - (index % EPISODE);
    const state = this.#target.open(new Random(this.#seed, -from - 2));
    let ms = 0;
    for (let at = from; at <= index; at++) {
      const random = new Random(this.#seed, at);
      ms = this.#feed(state, inputOf(this.#target, this.#corpus, random), random, at) ?? 0;
    }
    return ms;
  }

  #fail(index: number, what: string, input: Uint8Array): void {
    const { name } = this.#target;
    const replay = `npm run fuzz -- --target ${name} --seed ${this.#seed} --from ${index} --count 1`;
    this.failures.push({ target: name, index, what, hex: Buffer.from(input).toString('hex'), replay });
  }
}

function isLetInAlone(target: Target, bytes: Uint8Array): boolean {
  try {
    return target.open(new Random(0, 0)).feed(bytes, new Random(0, 1));
  } catch {
    // It will be found again, where it is reported.
    return false;
  }
}

function inputOf({ isCbor, wrap }: Target, corpus: readonly Uint8Array[], random: Random): Uint8Array {
  const kind = random.below(40);
  if (kind === 0) return random.pick(corpus);
  if (kind === 1) return random.bytes(random.below(80));
  if (kind === 2 && isCbor) return wildItem(random, 0);
  let bytes = random.pick(corpus);
  const isGentle = random.below(2) === 0;
  for (let edits = isGentle ? 1 : 1 + random.below(EDITS_MAX); edits > 0; edits--) {
    const edit = isCbor && random.below(5) > 1 ? editCbor : editBytes;
    bytes = edit(bytes, random, random.pick(corpus));
  }
  return wrap !== undefined && random.below(2) === 0 ? wrap(bytes) : bytes;
}

let collect: (() => void) | null = null;

function heldBytes(): number {
  if (collect === null) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
