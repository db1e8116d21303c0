// Reads the few shapes of a WebAssembly binary that an outline needs. Bytes that end early give zeros and are remembered: nothing throws.

export class WasmReader {
  isTorn = false;
  at: number;
  readonly end: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, from: number, end = bytes.length) {
    this.#bytes = bytes;
    this.at = from;
    this.end = end;
  }

  get isAtEnd(): boolean {
    return this.isTorn || this.at >= this.end;
  }

  byte(): number {
    if (this.at < this.end) return this.#bytes[this.at++]!;
    this.isTorn = true;
    return 0;
  }

  /** LEB128 of at most five bytes. */
  u32(): number {
    let value = 0;
    for (let index = 0; index < 5; index++) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** (7 * index);
      if (byte < 0x80 && value <= 0xffff_ffff) return value;
    }
    this.isTorn = true;
    return 0;
  }

  name(): string {
    const size = this.u32();
    if (size > this.end - this.at) {
      this.isTorn = true;
      return '';
    }
    this.at += size;
    return new TextDecoder().decode(this.#bytes.subarray(this.at - size, this.at));
  }

  /** Sizes of a memory or table; null for shared, 64-bit and unknown kinds. */
  limits(): { min: number; max: number | null } | null {
    const kind = this.byte();
    if (kind > 1) return null;
    const min = this.u32();
    const max = kind === 1 ? this.u32() : null;
    return this.isTorn ? null : { min, max };
  }

  /** The next `size` bytes as a reader of their own; this one goes on behind them. */
  part(size: number): WasmReader {
    const from = this.at;
    this.at += size;
    return new WasmReader(this.#bytes, from, from + size);
  }
}
