// One instance of a core in a memory of its own, and the loop that every caller would otherwise write: copy in, push what fits,
// poll what is ready, until all is taken. The generated classes give it types; the ABI is in ABI.md.
//
//  0             arena            inputAt                 findingsAt
//  | static data | instance | pad | input, inputCountMax  | findings, findingCountMax |
//
// The memory is grown once, here, so that the views below stay valid for the life of the instance.

import { CoreStatusError } from './core-errors.ts';
import { type CoreModule, instantiateCore } from './core-module.ts';
import { openSnapshot, sealSnapshot } from './snapshot.ts';
import type { ElementBytes, FarCore, RunningCore, Verb } from './verbs.ts';
import { WASM_PAGE_BYTES } from './webassembly.ts';

/** What the generated code knows about a core's input and findings. */
export interface CoreLayout<Finding> extends ElementBytes {
  readonly core: string;
  readonly readFinding: (view: DataView, at: number) => Finding;
}

const INPUT_COUNT_MAX = 4096;
const FINDINGS_BYTES_MAX = 4096;

export class CoreInstance<Finding> {
  readonly module: CoreModule;
  readonly instanceBytes: number;
  readonly #layout: CoreLayout<Finding>;
  readonly #exports: RunningCore;
  readonly #at: number;
  readonly #inputAt: number;
  readonly #findingsAt: number;
  readonly #findingCountMax: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #floats: Float32Array;

  constructor(module: CoreModule, layout: CoreLayout<Finding>, sizeNumbers: number[], initNumbers: number[]) {
    this.module = module;
    this.#layout = layout;
    this.#exports = instantiateCore(module, layout);
    this.#at = this.#checked('arena', this.#exports.arena());
    this.instanceBytes = this.#checked('size', this.#exports.size(...sizeNumbers));
    this.#inputAt = alignTo16(this.#at + this.instanceBytes);
    this.#findingsAt = this.#inputAt + INPUT_COUNT_MAX * layout.inputBytes;
    this.#findingCountMax = Math.max(1, Math.floor(FINDINGS_BYTES_MAX / layout.findingBytes));
    const { memory } = this.#exports;
    const missingBytes = this.#findingsAt + this.#findingCountMax * layout.findingBytes - memory.buffer.byteLength;
    if (missingBytes > 0) memory.grow(Math.ceil(missingBytes / WASM_PAGE_BYTES));
    this.#bytes = new Uint8Array(memory.buffer);
    this.#view = new DataView(memory.buffer);
    this.#floats = new Float32Array(memory.buffer, this.#inputAt, INPUT_COUNT_MAX);
    this.#checked('init', this.#exports.init(this.#at, ...initNumbers));
  }

  /** Push f32 samples; returns the findings that came of them. */
  pushFloats(samples: Float32Array): Finding[] {
    const findings: Finding[] = [];
    for (let start = 0; start < samples.length; start += INPUT_COUNT_MAX) {
      // A short block is copied as it is: a subarray would cost more than its copy.
      const chunk = samples.length <= INPUT_COUNT_MAX ? samples : samples.subarray(start, start + INPUT_COUNT_MAX);
      this.#floats.set(chunk);
      this.#pushAll(chunk.length, findings);
    }
    return findings;
  }

  /** Push structs, each written by `writeInput`; returns the findings that came of them. */
  pushStructs<Input>(
    inputs: readonly Input[],
    writeInput: (view: DataView, at: number, input: Input) => void,
  ): Finding[] {
    const findings: Finding[] = [];
    for (let start = 0; start < inputs.length; start += INPUT_COUNT_MAX) {
      const count = Math.min(INPUT_COUNT_MAX, inputs.length - start);
      for (let i = 0; i < count; i++) {
        writeInput(this.#view, this.#inputAt + i * this.#layout.inputBytes, inputs[start + i]!);
      }
      this.#pushAll(count, findings);
    }
    return findings;
  }

  /** No more input; returns the last findings. */
  flush(): Finding[] {
    const findings: Finding[] = [];
    this.#checked('flush', this.#exports.flush(this.#at));
    this.#pollAll(findings);
    return findings;
  }

  reset(): void {
    this.#checked('reset', this.#exports.reset(this.#at));
  }

  /** The instance as bytes, marked with the core they belong to. */
  snapshot(): Uint8Array {
    this.#exports.far?.fetch(this.#at, this.instanceBytes);
    return sealSnapshot(this.module, this.#bytes.subarray(this.#at, this.#at + this.instanceBytes));
  }

  /** Continue from a snapshot of the same core; throws `CoreSnapshotError` and changes nothing if it is of another. */
  restore(snapshot: Uint8Array): void {
    this.#bytes.set(openSnapshot(this.module, this.instanceBytes, snapshot), this.#at);
    this.#exports.far?.put(this.#at, this.instanceBytes);
  }

  #pushAll(count: number, findings: Finding[]): void {
    for (let taken = 0; taken < count; ) {
      const from = this.#inputAt + taken * this.#layout.inputBytes;
      const more = this.#checked('push', this.#exports.push(this.#at, from, count - taken));
      const polled = this.#pollAll(findings);
      if (more === 0 && polled === 0) {
        this.#exports.far?.refuse('it takes no more input and gives no findings');
        throw new RangeError(`core ${this.#layout.core} is full: it takes no more input`);
      }
      taken += more;
    }
  }

  #pollAll(findings: Finding[]): number {
    const { findingBytes } = this.#layout;
    const { far } = this.#exports;
    const readFinding = far === undefined ? this.#layout.readFinding : suspicious(this.#layout.readFinding, far);
    let total = 0;
    let written = 0;
    do {
      written = this.#checked('poll', this.#exports.poll(this.#at, this.#findingsAt, this.#findingCountMax));
      for (let i = 0; i < written; i++) findings.push(readFinding(this.#view, this.#findingsAt + i * findingBytes));
      total += written;
    } while (written === this.#findingCountMax);
    return total;
  }

  #checked(verb: Verb, answer: number): number {
    if (answer < 0) throw new CoreStatusError(this.module.name, verb, answer);
    return answer;
  }
}

/** Reads findings of a core that nobody vouches for: one that cannot be read, or holds a number that is none, ends the core. */
function suspicious<Finding>(
  read: CoreLayout<Finding>['readFinding'],
  far: FarCore,
): CoreLayout<Finding>['readFinding'] {
  return (view, at) => {
    let finding: Finding;
    try {
      finding = read(view, at);
    } catch (cause) {
      return far.refuse(`a finding cannot be read: ${(cause as Error).message}`);
    }
    if (!isAllFinite(finding)) far.refuse('a finding holds a number that is not finite');
    return finding;
  };
}

/** Whether all numbers in the value, however deep, are finite. */
function isAllFinite(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(isAllFinite);
}

/** The word for a number that a core gave; a number without one means that module and generated code do not belong together. */
export function nameOf<Name>(names: Readonly<Record<number, Name>>, value: number): Name {
  const name = names[value];
  if (name === undefined) throw new Error(`the core gave ${value}, which has no name`);
  return name;
}

/** Values at `from` by name; null where the value's bit, counted from the words at `at`, is clear. */
export function readValues<Name extends string>(
  view: DataView,
  at: number,
  from: number,
  names: readonly Name[],
): Record<Name, number | null> {
  const values = {} as Record<Name, number | null>;
  for (let i = 0; i < names.length; i++) {
    const isThere = (view.getUint32(at + 4 * (i >>> 5), true) >>> (i & 31)) & 1;
    values[names[i]!] = isThere ? view.getFloat64(from + 8 * i, true) : null;
  }
  return values;
}

function alignTo16(address: number): number {
  return (address + 15) & ~15;
}
