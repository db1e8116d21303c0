// A thread that holds one module, and a call into it that waits for the answer: the pipeline stays synchronous, and whoever does not answer in
// time is ended. Nothing of a thread keeps the process alive.

import { Worker } from 'node:worker_threads';
import { type CoreLine, DATA_BYTES, NUMBERS_MAX, type Step, type StepOutcome } from './core-line.ts';
import { FAILED, HOST_TURN, serveCore, THREAD_TURN, type ThreadData, WORDS } from './core-thread.ts';
import type { StopReason } from './engine.ts';

/** V8's own heap of a thread; a core keeps its things in linear memory. */
const RESOURCES = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 8, codeRangeSizeMb: 16, stackSizeMb: 2 };

export class ThreadLine implements CoreLine {
  readonly #worker: Worker;
  readonly #shared: Omit<ThreadData, 'bytes' | 'verbs' | 'words' | 'failed'>;

  constructor(bytes: Uint8Array, verbs: readonly string[]) {
    this.#shared = {
      control: new Int32Array(new SharedArrayBuffer(4 * Object.keys(WORDS).length)),
      numbers: new Float64Array(new SharedArrayBuffer(8 * (NUMBERS_MAX + 1))),
      data: new Uint8Array(new SharedArrayBuffer(DATA_BYTES)),
    };
    this.#shared.control[WORDS.turn] = THREAD_TURN;
    const workerData: ThreadData = { ...this.#shared, bytes, verbs, words: WORDS, failed: FAILED };
    this.#worker = new Worker(`(${serveCore.toString()})(require('node:worker_threads').workerData)`, {
      eval: true,
      workerData,
      env: {},
      execArgv: [],
      resourceLimits: RESOURCES,
    });
    // A thread that runs out of memory ends with an error; to us it is one that does not answer.
    this.#worker.on('error', () => {});
    this.#worker.unref();
  }

  ready(timeoutMs: number): StepOutcome {
    return this.#answer(timeoutMs);
  }

  step({ verb, numbers, pages, put, fetch }: Step, timeoutMs: number): StepOutcome {
    const { control, data } = this.#shared;
    this.#shared.numbers.set(numbers);
    if (put !== null) data.set(put.bytes);
    control[WORDS.verb] = verb;
    control[WORDS.numberCount] = numbers.length;
    control[WORDS.pages] = pages;
    control[WORDS.putAt] = put?.at ?? 0;
    control[WORDS.putSize] = put?.bytes.length ?? 0;
    control[WORDS.fetchAt] = fetch?.at ?? 0;
    control[WORDS.fetchSize] = fetch?.size ?? 0;
    control[WORDS.fetchElement] = fetch?.element ?? 0;
    Atomics.store(control, WORDS.turn, THREAD_TURN);
    Atomics.notify(control, WORDS.turn);
    return this.#answer(timeoutMs);
  }

  get data(): Uint8Array {
    return this.#shared.data;
  }

  end(): void {
    void this.#worker.terminate();
  }

  #answer(timeoutMs: number): StepOutcome {
    const { control, data } = this.#shared;
    const endMs = performance.now() + timeoutMs;
    // As in the thread: a late wake-up of the turn before is no answer.
    while (Atomics.load(control, WORDS.turn) !== HOST_TURN) {
      const leftMs = endMs - performance.now();
      if (leftMs <= 0) return { ok: false, reason: 'deadline', why: `did not answer within ${timeoutMs / 1000} s` };
      Atomics.wait(control, WORDS.turn, THREAD_TURN, leftMs);
    }
    if (control[WORDS.outcome] === 0) return { ok: true, answer: this.#shared.numbers[NUMBERS_MAX]! };
    // TextDecoder takes no shared memory.
    const why = new TextDecoder().decode(data.slice(0, control[WORDS.whySize]));
    return { ok: false, reason: REASONS[control[WORDS.outcome]!] ?? 'lost', why };
  }
}

const REASONS: Readonly<Record<number, StopReason>> = Object.fromEntries(
  Object.entries(FAILED).map(([reason, number]) => [number, reason as StopReason]),
);
