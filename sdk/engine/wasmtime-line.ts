// A process that holds one module in wasmtime, and a call into it that waits for the answer. The host's thread sleeps meanwhile, so another
// thread (process-relay.ts) passes the bytes on. What does not answer is killed; nothing of it keeps this process alive.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { MaiboError } from '../errors.ts';
import { type CoreLine, DATA_BYTES, type Step, type StepOutcome } from './core-line.ts';
import { RELAY_WORDS, type RelayData, readAnswers, relayProcess } from './process-relay.ts';
import {
  ABSENT,
  ANSWER_HEAD_BYTES,
  decodeAnswer,
  encodeStart,
  encodeStep,
  type ProcessAnswer,
  type StartFrame,
} from './wasmtime-frames.ts';

/** The process watches its time itself; one that does not is given this much more before it is killed. */
const GRACE_MS = 1_000;
/** Isolated: no environment, no user's packages, nothing of the folder it is started in. */
const PYTHON_OPTIONS = ['-I', '-B'];

/** Beside this file in the sources, two folders up and back down where this file is built. */
function hostScript(): string {
  const places = ['./wasmtime-host.py', '../../engine/wasmtime-host.py'];
  const paths = places.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  return paths.find((path) => existsSync(path)) ?? paths[0]!;
}

export class WasmtimeLine implements CoreLine {
  /** Operations that all verbs together took. */
  fuelSpent = 0;
  readonly #python: string;
  readonly #worker: Worker;
  readonly #control = new Int32Array(new SharedArrayBuffer(4 * Object.keys(RELAY_WORDS).length));
  readonly #shared = new Uint8Array(new SharedArrayBuffer(ANSWER_HEAD_BYTES + DATA_BYTES));
  readonly #start: Uint8Array;
  #data = new Uint8Array(0);

  constructor(python: string, start: StartFrame) {
    this.#python = python;
    this.#start = encodeStart(start);
    const workerData: RelayData = {
      control: this.#control,
      data: this.#shared,
      program: python,
      args: [...PYTHON_OPTIONS, hostScript()],
      words: RELAY_WORDS,
    };
    const code = `const { workerData, parentPort } = require('node:worker_threads');
      (${relayProcess.toString()})(workerData, parentPort, require('node:child_process'), ${readAnswers.toString()});`;
    this.#worker = new Worker(code, { eval: true, workerData, env: {}, execArgv: [] });
    this.#worker.on('error', () => {});
    this.#worker.unref();
  }

  /** Of the process; 0 before it is started and after it ended. */
  get pid(): number {
    return this.#control[RELAY_WORDS.pid]!;
  }

  get data(): Uint8Array {
    return this.#data;
  }

  /** Errors: `engine-absent` when there is no such Python, or none with wasmtime. */
  ready(timeoutMs: number): StepOutcome {
    return this.#ask(this.#start, null, timeoutMs);
  }

  step(step: Step, timeoutMs: number): StepOutcome {
    return this.#ask(encodeStep(step), step.fetch, timeoutMs + GRACE_MS);
  }

  end(): void {
    this.#worker.postMessage(null);
  }

  #ask(frame: Uint8Array, fetch: Step['fetch'], timeoutMs: number): StepOutcome {
    Atomics.store(this.#control, RELAY_WORDS.isAsked, 1);
    this.#worker.postMessage(frame);
    const answer = this.#answer(fetch, timeoutMs);
    if (!answer.ok) {
      if (answer.reason === ABSENT) throw engineAbsent(this.#python, answer.why);
      return { ok: false, reason: answer.reason, why: answer.why };
    }
    this.#data = answer.bytes.slice();
    this.fuelSpent += answer.fuel;
    return { ok: true, answer: answer.answer };
  }

  #answer(fetch: Step['fetch'], timeoutMs: number): ProcessAnswer {
    const endMs = performance.now() + timeoutMs;
    while (Atomics.load(this.#control, RELAY_WORDS.isAsked) === 1) {
      const leftMs = endMs - performance.now();
      if (leftMs <= 0) return { ok: false, reason: 'deadline', why: `did not answer within ${timeoutMs / 1000} s` };
      Atomics.wait(this.#control, RELAY_WORDS.isAsked, 1, leftMs);
    }
    const frame = this.#shared.slice(0, this.#control[RELAY_WORDS.size]);
    if (this.#control[RELAY_WORDS.isLost] === 0) return decodeAnswer(frame, fetch);
    const reason = this.#control[RELAY_WORDS.isAbsent] === 0 ? 'lost' : ABSENT;
    return { ok: false, reason, why: new TextDecoder().decode(frame) };
  }
}

function engineAbsent(python: string, why: string): MaiboError {
  return new MaiboError('engine-absent', `the wasmtime engine cannot be started: ${why}`, {
    where: python,
    hint: 'python3 -m venv wasmtime && wasmtime/bin/pip install wasmtime==50.0.1, then name wasmtime/bin/python; or use the engine "v8"',
  });
}
