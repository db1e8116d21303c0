// Memory for decoded byte strings, which must neither change with nor keep the receive buffer. An allocation for each costs more than the
// rest of the decoding, so the bytes of short inputs are copied once, one input behind the other into a chunk, and the strings are views.

/** What one byte string kept for long may hold back, and no more. */
const CHUNK_BYTES = 32_768;
/** Inputs longer than this give each of their byte strings memory of its own. */
const SHARED_INPUT_MAX = 4_096;

let chunk = new Uint8Array(CHUNK_BYTES);
let used = 0;

/** The copies taken from one input. */
export class ByteCopies {
  private readonly input: Uint8Array;
  /** Where the input lies in `memory`; -1 before the first copy. */
  private base = -1;
  private memory: ArrayBuffer = chunk.buffer;

  constructor(input: Uint8Array) {
    this.input = input;
  }

  /** A copy of input[from..to), a plain Uint8Array whatever the class of the input. */
  take(from: number, to: number): Uint8Array {
    const { input } = this;
    if (input.length > SHARED_INPUT_MAX) {
      const copy = new Uint8Array(to - from);
      copy.set(input.subarray(from, to));
      return copy;
    }
    if (this.base < 0) this.place();
    return new Uint8Array(this.memory, this.base + from, to - from);
  }

  private place(): void {
    if (used + this.input.length > CHUNK_BYTES) {
      chunk = new Uint8Array(CHUNK_BYTES);
      used = 0;
    }
    chunk.set(this.input, used);
    this.memory = chunk.buffer;
    this.base = used;
    used += this.input.length;
  }
}
