// The thread and the host take turns by a word in shared memory. A wake-up can come late, when the turn is over already: it must mean nothing.

import { Worker } from 'node:worker_threads';
import { coreCatalog, EcgCore, VERBS } from '@maibo/cores';
import { afterEach, expect, it } from 'vitest';
import { createChance, pick } from '../pipeline/made-signals.testkit.ts';
import { DATA_BYTES, NUMBERS_MAX } from './core-line.ts';
import { FAILED, HOST_TURN, serveCore, THREAD_TURN, type ThreadData, WORDS } from './core-thread.ts';
import { constant, makeModule } from './hostile-modules.testkit.ts';
import { ThreadEngine } from './thread-engine.ts';

const engine = new ThreadEngine();
let worker: Worker | null = null;
afterEach(async () => {
  engine.close();
  await worker?.terminate();
});

/** Answers how often it was pushed: counted at address 16, where nobody else writes. */
const COUNTS_PUSHES = makeModule({
  bodies: {
    push: [
      ...[...constant(16), ...constant(16), 0x28, 0x02, 0x00, ...constant(1), 0x6a, 0x36, 0x02, 0x00],
      ...[...constant(16), 0x28, 0x02, 0x00],
    ],
  },
});

it('does a step once, however often it is woken', () => {
  const control = new Int32Array(new SharedArrayBuffer(4 * Object.keys(WORDS).length));
  const numbers = new Float64Array(new SharedArrayBuffer(8 * (NUMBERS_MAX + 1)));
  const data = new Uint8Array(new SharedArrayBuffer(DATA_BYTES));
  const workerData: ThreadData = {
    ...{ control, numbers, data, bytes: COUNTS_PUSHES, verbs: VERBS },
    ...{ words: WORDS, failed: FAILED },
  };
  control[WORDS.turn] = THREAD_TURN;
  worker = new Worker(`(${serveCore.toString()})(require('node:worker_threads').workerData)`, {
    eval: true,
    workerData,
  });
  const answer = () => {
    while (Atomics.load(control, WORDS.turn) !== HOST_TURN) Atomics.wait(control, WORDS.turn, THREAD_TURN, 1_000);
    return numbers[NUMBERS_MAX];
  };
  answer();
  control[WORDS.verb] = VERBS.indexOf('push');
  for (let turn = 1; turn <= 5; turn++) {
    Atomics.store(control, WORDS.turn, THREAD_TURN);
    Atomics.notify(control, WORDS.turn);
    expect(answer()).toBe(turn);
    for (let stray = 0; stray < 5; stray++) {
      pause(2);
      Atomics.notify(control, WORDS.turn);
    }
  }
});

/** Long enough for a thread to fall asleep, with nobody there to wake this one. */
function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

it('answers every one of many small pushes as the same core does here', () => {
  const { name, version, bytes } = coreCatalog.get('ecg');
  const there = EcgCore.create({ rateHz: 250, module: engine.admit(name, version, bytes) });
  const here = EcgCore.create({ rateHz: 250 });
  const chance = createChance(5);
  for (let turn = 0; turn < 15_000; turn++) {
    const block = Float32Array.from({ length: 1 + pick(chance, 40) }, (_, i) => pick(chance, 100) + (i % 7));
    const [found, expected] = [there.push(block), here.push(block)];
    if (found.length > 0 || expected.length > 0) expect(found, `push ${turn}`).toEqual(expected);
  }
  expect(there.snapshot()).toEqual(here.snapshot());
});
