// The gate in front of cbor-x: walks the bytes once, allocates nothing, and refuses whatever is outside the profile
// (SPEC.md, "CBOR"). cbor-x alone accepts duplicate keys, tags, its private records and lengths far beyond the input.

import type { WireFault, WireFaultCode } from '../wire-fault.ts';
import type { CborLimits } from './cbor-value.ts';
import { startsWithMark, utf8FaultAt } from './utf8.ts';

/** The first fault in `bytes`, or null when they hold exactly one item of the profile. */
export function scan(bytes: Uint8Array, limits: CborLimits): WireFault | null {
  if (bytes.length > limits.bytesMax) {
    return { code: 'over-budget', at: 0, detail: `${bytes.length} bytes, at most ${limits.bytesMax}` };
  }
  const scanner = new Scanner(bytes, limits);
  if (scanner.item(0) && scanner.at < bytes.length) {
    scanner.refuse('bad-shape', scanner.at, `${bytes.length - scanner.at} bytes after the end of the item`);
  }
  return scanner.fault;
}

const SAFE_HIGH_WORD = 0x1f_ffff; // 2^53-1 is 0x001fffff_ffffffff

class Scanner {
  at = 0;
  fault: WireFault | null = null;
  private items = 0;
  private argument = 0;
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly limits: CborLimits;

  constructor(bytes: Uint8Array, limits: CborLimits) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.limits = limits;
  }

  refuse(code: WireFaultCode, at: number, detail: string): false {
    this.fault ??= { code, at, detail };
    return false;
  }

  /** Steps over one item; false as soon as anything is refused. */
  item(depth: number): boolean {
    const start = this.at;
    if (start >= this.bytes.length) return this.refuse('torn', start, 'ends where an item should start');
    if (++this.items > this.limits.itemsMax) {
      return this.refuse('over-budget', start, `more than ${this.limits.itemsMax} items`);
    }
    const major = this.bytes[start]! >> 5;
    if (major === 7) return this.simpleOrFloat(start);
    if (major === 6) return this.refuse('not-canonical', start, 'tags are not in the profile');
    if (!this.head(start)) return false;
    switch (major) {
      case 0:
      case 1:
        return this.integer(start, major);
      case 2:
        return this.content(start);
      case 3:
        return this.text(start);
      case 4:
        return this.array(start, depth + 1);
      default:
        return this.map(start, depth + 1);
    }
  }

  /** Reads the argument of the head at `start` into `argument`, insisting on the shortest form. */
  private head(start: number): boolean {
    const info = this.bytes[start]! & 0x1f;
    if (info < 24) {
      this.argument = info;
      this.at = start + 1;
      return true;
    }
    if (info === 31) return this.refuse('not-canonical', start, 'indefinite length');
    if (info > 27) return this.refuse('bad-shape', start, `reserved additional information ${info}`);
    const size = 1 << (info - 24);
    if (start + 1 + size > this.bytes.length) return this.refuse('torn', start, 'ends inside an item head');
    this.argument = this.readArgument(start + 1, size);
    this.at = start + 1 + size;
    const least = size === 1 ? 24 : size === 2 ? 0x100 : size === 4 ? 0x1_0000 : 0x1_0000_0000;
    if (this.argument < least)
      return this.refuse('not-canonical', start, `${this.argument} in ${size} bytes, not the shortest`);
    return true;
  }

  private readArgument(at: number, size: number): number {
    if (size === 1) return this.bytes[at]!;
    if (size === 2) return this.view.getUint16(at);
    if (size === 4) return this.view.getUint32(at);
    const high = this.view.getUint32(at);
    // Beyond 2^53-1 the exact value no longer matters: every use of it refuses.
    return high > SAFE_HIGH_WORD ? Number.POSITIVE_INFINITY : high * 0x1_0000_0000 + this.view.getUint32(at + 4);
  }

  private integer(start: number, major: number): boolean {
    // A negative integer is -1-argument, so its argument may reach 2^53-2 only.
    const most = major === 0 ? Number.MAX_SAFE_INTEGER : Number.MAX_SAFE_INTEGER - 1;
    return this.argument <= most || this.refuse('not-canonical', start, 'integer beyond +-(2^53-1)');
  }

  private content(start: number): boolean {
    const left = this.bytes.length - this.at;
    if (this.argument > left) return this.refuse('torn', start, `${this.argument} bytes announced, ${left} left`);
    this.at += this.argument;
    return true;
  }

  private text(start: number): boolean {
    const from = this.at;
    if (!this.content(start)) return false;
    if (startsWithMark(this.bytes, from, this.at)) {
      return this.refuse('not-canonical', from, 'text starts with a byte order mark');
    }
    const wrong = utf8FaultAt(this.bytes, from, this.at);
    return wrong < 0 || this.refuse('not-canonical', wrong, 'text is not valid UTF-8');
  }

  private array(start: number, depth: number): boolean {
    const count = this.argument;
    if (!this.mayHold(start, count, depth)) return false;
    for (let index = 0; index < count; index++) if (!this.item(depth)) return false;
    return true;
  }

  private map(start: number, depth: number): boolean {
    const count = this.argument;
    if (!this.mayHold(start, count * 2, depth)) return false;
    let before = -1;
    let beforeEnd = -1;
    for (let index = 0; index < count; index++) {
      const key = this.at;
      if (!this.key(depth)) return false;
      if (before >= 0 && !this.isAfter(before, beforeEnd, key)) return false;
      before = key;
      beforeEnd = this.at;
      if (!this.item(depth)) return false;
    }
    return true;
  }

  /** A count that cannot fit is refused before the first element is looked at. */
  private mayHold(start: number, count: number, depth: number): boolean {
    if (depth > this.limits.depthMax) return this.refuse('over-budget', start, `deeper than ${this.limits.depthMax}`);
    if (count > this.limits.itemsMax - this.items) {
      return this.refuse('over-budget', start, `more than ${this.limits.itemsMax} items`);
    }
    const left = this.bytes.length - this.at;
    return count <= left || this.refuse('torn', start, `${count} items announced, ${left} bytes left`);
  }

  private key(depth: number): boolean {
    const major = this.at < this.bytes.length ? this.bytes[this.at]! >> 5 : 0;
    if (major === 0 || major === 1 || major === 3) return this.item(depth);
    return this.refuse('not-canonical', this.at, 'a map key is neither text nor an integer');
  }

  /** RFC 8949 4.2.1: keys in bytewise order of their encodings. Equal keys are not after each other either. */
  private isAfter(before: number, beforeEnd: number, key: number): boolean {
    const length = Math.min(beforeEnd - before, this.at - key);
    for (let index = 0; index < length; index++) {
      const step = this.bytes[key + index]! - this.bytes[before + index]!;
      if (step > 0) return true;
      if (step < 0) return this.refuse('not-canonical', key, 'map keys are not sorted');
    }
    // One encoding can be the prefix of another only when they are the same: the head fixes the length.
    return this.refuse('not-canonical', key, 'map key appears twice');
  }

  private simpleOrFloat(start: number): boolean {
    const initial = this.bytes[start]!;
    if (initial === 0xf4 || initial === 0xf5 || initial === 0xf6) {
      this.at = start + 1;
      return true;
    }
    if (initial !== 0xfb) return this.refuse('not-canonical', start, simpleDetail(initial));
    if (start + 9 > this.bytes.length) return this.refuse('torn', start, 'ends inside a float64');
    const value = this.view.getFloat64(start + 1);
    this.at = start + 9;
    if (!Number.isFinite(value)) return this.refuse('not-canonical', start, `${value} is not in the profile`);
    if (Number.isSafeInteger(value)) return this.refuse('not-canonical', start, 'whole number written as float64');
    return true;
  }
}

function simpleDetail(initial: number): string {
  if (initial === 0xf7) return 'undefined is not in the profile';
  if (initial === 0xf9 || initial === 0xfa) return 'only float64 is in the profile';
  if (initial === 0xff) return 'break outside an indefinite length';
  return 'simple value other than false, true, null';
}
