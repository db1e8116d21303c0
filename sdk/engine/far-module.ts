// One module in its thread or process, and the instances of it that hosts hold.
//
// There is one memory there. An instance is plain bytes (ABI.md), so each host keeps its own in its copy of the memory, and the other side holds
// those of whoever called last: an instance that nobody holds any more is nothing but garbage here, and the other side never grows by it.

import { type CoreModule, type ElementBytes, type RunningCore, VERBS, type Verb } from '@maibo/cores';
import { answerFault } from './core-answers.ts';
import { type CoreLine, DATA_BYTES, type Step } from './core-line.ts';
import { CoreStoppedError, type StoppedCore, type StopReason } from './engine.ts';
import { FarInstance } from './far-instance.ts';
import { type EngineLimits, PAGE_BYTES } from './limits.ts';
import type { ModuleOutline } from './module-outline.ts';

type Identity = Pick<CoreModule, 'name' | 'version' | 'sha256'>;

/** Starts a thread or a process for a module with its memory capped. */
export type OpenLine = (outline: ModuleOutline, limits: EngineLimits) => CoreLine;

export class FarModule {
  readonly #identity: Identity;
  readonly #outline: ModuleOutline;
  readonly #limits: EngineLimits;
  readonly #open: OpenLine;
  #line: CoreLine | null = null;
  #holder: FarInstance | null = null;
  #stopped: StoppedCore | null = null;
  /** Why the process before this one was replaced. */
  #lost: StoppedCore | null = null;
  /** Instances of a generation before are gone with the process that held them. */
  #generation = 0;
  #spentMs = 0;
  #callCount = 0;
  #findingCount = 0;
  #pushCount = 0;

  constructor(identity: Identity, outline: ModuleOutline, limits: EngineLimits, open: OpenLine) {
    this.#identity = identity;
    this.#outline = outline;
    this.#limits = limits;
    this.#open = open;
  }

  get stopped(): StoppedCore | null {
    return this.#stopped;
  }

  get pagesMin(): number {
    return this.#outline.pagesMin;
  }

  get pagesMax(): number {
    return this.#outline.pagesMax;
  }

  /** A fresh instance. A process that was lost, which is no fault of the module, is replaced some times. Errors: `core-stopped`. */
  open(elements: ElementBytes): RunningCore {
    if (this.#stopped?.reason === 'lost' && this.#generation < this.#limits.replacedMax) {
      this.#generation++;
      this.#lost = this.#stopped;
      this.#stopped = null;
    }
    const instance = new FarInstance(this, elements, this.#generation);
    const core = instance.asCore();
    core.abi();
    return core;
  }

  close(): void {
    this.#line?.end();
    this.#line = null;
    this.#stopped ??= { ...this.#identity, reason: 'closed', why: 'its engine was closed' };
  }

  /** One verb for this instance. Errors: `core-stopped`. */
  call(instance: FarInstance, verb: Verb, numbers: readonly number[], moves: Pick<Step, 'put' | 'fetch'>): number {
    if (instance.generation !== this.#generation && this.#lost !== null) throw new CoreStoppedError(this.#lost);
    this.#callCount++;
    if (instance.size > 0) this.#hold(instance);
    const step = { verb: VERBS.indexOf(verb), numbers, pages: instance.pages, ...moves };
    const answer = this.#step(step, `${verb} `);
    const count = numbers[2] ?? 0;
    const fault = answerFault(verb, answer, this.pagesMax * PAGE_BYTES, count);
    if (fault !== null) this.stop('answer', fault);
    this.#countFindings(verb, answer);
    return answer;
  }

  /** What was fetched by the last call. */
  fetched(size: number): Uint8Array {
    return this.#line!.data.subarray(0, size);
  }

  /** Brings bytes of the instance's memory up to date on the host's side. */
  fetch(instance: FarInstance, at: number, size: number): void {
    if (this.#holder !== instance) return;
    for (let from = at; from < at + size; from += DATA_BYTES) {
      const part = Math.min(DATA_BYTES, at + size - from);
      const fetch = { at: from, size: part, element: 0 };
      this.#step({ verb: -1, numbers: [], pages: instance.pages, put: null, fetch }, 'the instance ');
      instance.bytes.set(this.fetched(part), from);
    }
  }

  /** Brings bytes of the host's side to where the module runs. */
  put(instance: FarInstance, at: number, size: number): void {
    if (this.#holder !== instance) return;
    for (let from = at; from < at + size; from += DATA_BYTES) {
      const bytes = instance.bytes.subarray(from, Math.min(from + DATA_BYTES, at + size));
      this.#step(
        { verb: -1, numbers: [], pages: instance.pages, put: { at: from, bytes }, fetch: null },
        'the instance ',
      );
    }
  }

  /** Ends the module for good. */
  stop(reason: StopReason, why: string): never {
    if (this.#stopped === null) {
      this.#stopped = { ...this.#identity, reason, why: printable(why) };
      this.#line?.end();
      this.#line = null;
      this.#holder = null;
    }
    throw new CoreStoppedError(this.#stopped);
  }

  /** The other side has the bytes of this instance from here on; those of the one before go back to its host. */
  #hold(instance: FarInstance): void {
    if (this.#holder === instance) return;
    if (this.#holder !== null) this.fetch(this.#holder, this.#holder.at, this.#holder.size);
    this.#holder = instance;
    this.put(instance, instance.at, instance.size);
  }

  #step(step: Step, what: string): number {
    const line = this.#running();
    const startMs = performance.now();
    const outcome = line.step(step, this.#limits.callMs);
    this.#spentMs += performance.now() - startMs;
    if (!outcome.ok) this.stop(outcome.reason, `${what}${outcome.why}`);
    const { totalMs, averageMs } = this.#limits;
    if (this.#spentMs > totalMs + averageMs * this.#callCount) {
      this.stop('deadline', `${this.#callCount} calls took ${Math.round(this.#spentMs / 1000)} s`);
    }
    return outcome.answer;
  }

  #running(): CoreLine {
    if (this.#stopped !== null) throw new CoreStoppedError(this.#stopped);
    if (this.#line !== null) return this.#line;
    const line = this.#open(this.#outline, this.#limits);
    try {
      const outcome = line.ready(this.#limits.startMs);
      if (!outcome.ok) this.stop(outcome.reason, `starting: ${outcome.why}`);
    } catch (failure) {
      line.end();
      throw failure;
    }
    this.#line = line;
    return line;
  }

  /** A core that gives findings for ever would fill the host's memory. */
  #countFindings(verb: Verb, answer: number): void {
    if (verb === 'poll') this.#findingCount += Math.max(0, answer);
    if (verb === 'push' && answer > 0) this.#pushCount++;
    const { findingsMax, findingsPerPush } = this.#limits;
    const countMax = findingsMax + findingsPerPush * this.#pushCount;
    if (this.#findingCount > countMax)
      this.stop('answer', `more than ${countMax} findings in ${this.#pushCount} pushes`);
  }
}

/** What a module says of itself can hold anything: a terminal gets letters. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 200);
}
