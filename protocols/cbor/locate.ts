// Byte offset of an item inside CBOR that the scan has passed. Runs only when a fault is being reported.

/** An array position or a map key. */
export type Step = number | string;

/** Offset of the item reached by `steps`; where a step leads nowhere, the offset of the last item that was there. */
export function offsetOf(bytes: Uint8Array, steps: readonly Step[]): number {
  const walker = new Walker(bytes);
  for (const step of steps) {
    const start = walker.at;
    if (!walker.enter(step)) return start;
  }
  return walker.at;
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

class Walker {
  at = 0;
  private argument = 0;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  enter(step: Step): boolean {
    const major = this.head();
    const count = this.argument;
    if (major === 4 && typeof step === 'number' && step < count) {
      for (let index = 0; index < step; index++) this.skip();
      return true;
    }
    if (major !== 5) return false;
    for (let index = 0; index < count; index++) {
      if (this.key() === step) return true;
      this.skip();
    }
    return false;
  }

  private key(): Step {
    const major = this.head();
    if (major === 0) return this.argument;
    if (major === 1) return -1 - this.argument;
    const from = this.at;
    this.at += this.argument;
    return utf8.decode(this.bytes.subarray(from, this.at));
  }

  private skip(): void {
    const major = this.head();
    const count = this.argument;
    if (major === 2 || major === 3) this.at += count;
    if (major === 4) for (let index = 0; index < count; index++) this.skip();
    if (major === 5) for (let index = 0; index < count * 2; index++) this.skip();
  }

  /** Steps over the head, keeps its argument and returns the major type. */
  private head(): number {
    const initial = this.bytes[this.at++]!;
    const info = initial & 0x1f;
    const size = info < 24 ? 0 : 1 << (info - 24);
    this.argument = size === 0 ? info : 0;
    for (let index = 0; index < size; index++) this.argument = this.argument * 256 + this.bytes[this.at++]!;
    return initial >> 5;
  }
}
