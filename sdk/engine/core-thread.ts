// What runs inside the thread of a module: it waits for a step, does it, and answers. The function is handed over as its text, so it uses
// nothing but its argument and the language; so the same code runs from the sources in a test and from the build.

/** Places in `ThreadData.control`. */
export const WORDS = {
  /** HOST_TURN or THREAD_TURN. */
  turn: 0,
  /** Index in `verbs`, or -1 for a step that only moves bytes. */
  verb: 1,
  numberCount: 2,
  /** Pages that the memory is grown to before anything else. */
  pages: 3,
  putAt: 4,
  putSize: 5,
  fetchAt: 6,
  fetchSize: 7,
  /** Not 0: fetch as many elements of this size as the verb answers, at most `fetchSize` bytes. */
  fetchElement: 8,
  /** 0 done; else failed as one of FAILED, and `data` begins with why. */
  outcome: 9,
  whySize: 10,
} as const;

export const HOST_TURN = 0;
export const THREAD_TURN = 1;
/** By which reason a step failed. */
export const FAILED = { start: 1, memory: 2, answer: 3, trap: 4 } as const;

export interface ThreadData {
  readonly control: Int32Array;
  /** Arguments, and behind NUMBERS_MAX of them the answer. */
  readonly numbers: Float64Array;
  readonly data: Uint8Array;
  readonly bytes: Uint8Array;
  readonly verbs: readonly string[];
  readonly words: typeof WORDS;
  readonly failed: typeof FAILED;
}

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly [verb: string]: unknown;
}

export function serveCore({ control, numbers, data, bytes, verbs, words, failed }: ThreadData): void {
  // What the core did is told by its kind; what nobody foresaw is a trap.
  let kind: number = failed.start;
  const fail = (why: unknown) => {
    const text = new TextEncoder().encode(String((why as Error)?.message ?? why).slice(0, 200));
    data.set(text);
    control[words.whySize] = text.length;
    control[words.outcome] = kind;
  };
  const refuse = (as: number, why: string) => {
    kind = as;
    throw new Error(why);
  };
  const step = ({ memory, ...exports }: Exports) => {
    kind = failed.trap;
    const missing = control[words.pages]! - memory.buffer.byteLength / 65_536;
    if (missing > 0) memory.grow(missing);
    const size = memory.buffer.byteLength;
    new Uint8Array(memory.buffer).set(data.subarray(0, control[words.putSize]!), control[words.putAt]!);
    let fetchSize = control[words.fetchSize]!;
    if (control[words.verb]! >= 0) {
      const verb = exports[verbs[control[words.verb]!]!] as (...given: number[]) => unknown;
      const answer = verb(...numbers.subarray(0, control[words.numberCount]!));
      if (typeof answer !== 'number') return refuse(failed.answer, 'it answered no number');
      if (memory.buffer.byteLength !== size) return refuse(failed.memory, 'it grew its memory');
      numbers[8] = answer;
      const element = control[words.fetchElement]!;
      if (element > 0) fetchSize = answer > 0 ? Math.min(answer * element, fetchSize) : 0;
    }
    data.set(new Uint8Array(memory.buffer, control[words.fetchAt]!, fetchSize));
  };
  let exports: Exports | null = null;
  for (;;) {
    control[words.outcome] = 0;
    try {
      if (exports !== null) step(exports);
      else {
        // biome-ignore lint/suspicious/noExplicitAny: the types of WebAssembly come with the DOM only
        const { Module, Instance } = (globalThis as any).WebAssembly;
        exports = new Instance(new Module(bytes)).exports as Exports;
      }
    } catch (cause) {
      fail(cause);
    }
    Atomics.store(control, words.turn, 0);
    Atomics.notify(control, words.turn);
    // A wake-up that was meant for the turn before may come late: only the word says whose turn it is.
    while (Atomics.load(control, words.turn) === 0) Atomics.wait(control, words.turn, 0);
  }
}
