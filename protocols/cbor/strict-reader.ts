// One pass over the bytes that checks every rule of the profile and builds the value as it goes (SPEC.md, "CBOR").
// A count is held against the bytes and items left before anything is made for it, so what a hostile input can cost is bounded by its
// own size; nothing is handed out before the last byte was accepted.

import type { WireFault, WireFaultCode } from '../wire-fault.ts';
import { BareObject } from './bare-object.ts';
import { ByteCopies } from './byte-pool.ts';
import type { CborLimits, CborValue } from './cbor-value.ts';
import { readName, readText } from './read-text.ts';
import { startsWithMark } from './utf8.ts';

/** What `item` answers after a fault: no value of the profile is undefined. */
type Found = CborValue | undefined;

const SAFE_HIGH_WORD = 0x1f_ffff; // 2^53-1 is 0x001fffff_ffffffff

const float = new DataView(new ArrayBuffer(8));

export class StrictReader {
  at = 0;
  fault: WireFault | null = null;
  private items = 0;
  private readonly bytes: Uint8Array;
  private copies: ByteCopies | null = null;
  private readonly end: number;
  private readonly itemsMax: number;
  private readonly depthMax: number;

  constructor(bytes: Uint8Array, limits: CborLimits) {
    this.bytes = bytes;
    this.end = bytes.length;
    this.itemsMax = limits.itemsMax;
    this.depthMax = limits.depthMax;
  }

  refuse(code: WireFaultCode, at: number, detail: string): undefined {
    this.fault ??= { code, at, detail };
  }

  /** The item at `at`; undefined as soon as anything is refused. */
  item(depth: number): Found {
    const start = this.at;
    if (start >= this.end) return this.refuse('torn', start, 'ends where an item should start');
    if (++this.items > this.itemsMax) return this.refuse('over-budget', start, `more than ${this.itemsMax} items`);
    const initial = this.bytes[start]!;
    const major = initial >> 5;
    if (major > 5) return major === 7 ? this.simpleOrFloat(start) : this.refuse('not-canonical', start, NO_TAGS);
    this.at = start + 1;
    const argument = (initial & 0x1f) < 24 ? initial & 0x1f : this.argument(start);
    if (argument < 0) return undefined;
    switch (major) {
      case 0:
        return argument <= Number.MAX_SAFE_INTEGER ? argument : this.refuse('not-canonical', start, TOO_FAR);
      case 1:
        // A negative integer is -1-argument, so its argument may reach 2^53-2 only.
        return argument < Number.MAX_SAFE_INTEGER ? -1 - argument : this.refuse('not-canonical', start, TOO_FAR);
      case 2:
        return this.content(start, argument) ? this.copyOf(this.at - argument) : undefined;
      case 3:
        return this.content(start, argument) ? this.text(this.at - argument, false) : undefined;
      case 4:
        return this.array(start, argument, depth + 1);
      default:
        return this.map(start, argument, depth + 1);
    }
  }

  /** The argument of the head at `start`, in its shortest form; -1 after a fault. Beyond 2^53-1 it is Infinity, which every use refuses. */
  private argument(start: number): number {
    const info = this.bytes[start]! & 0x1f;
    if (info > 27) return this.reserved(start, info);
    const size = 1 << (info - 24);
    this.at += size;
    if (this.at > this.end) return isNone(this.refuse('torn', start, 'ends inside an item head'));
    const argument = this.bigEndian(start + 1, size);
    const least = size === 1 ? 24 : size === 2 ? 0x100 : size === 4 ? 0x1_0000 : 0x1_0000_0000;
    if (argument >= least) return argument;
    return isNone(this.refuse('not-canonical', start, `${argument} in ${size} bytes, not the shortest`));
  }

  private reserved(start: number, info: number): number {
    if (info === 31) return isNone(this.refuse('not-canonical', start, 'indefinite length'));
    return isNone(this.refuse('bad-shape', start, `reserved additional information ${info}`));
  }

  private bigEndian(at: number, size: number): number {
    const { bytes } = this;
    if (size === 1) return bytes[at]!;
    if (size === 2) return (bytes[at]! << 8) | bytes[at + 1]!;
    return size === 4 ? this.uint32(at) : this.uint64(at);
  }

  private uint32(at: number): number {
    const { bytes } = this;
    return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
  }

  private uint64(at: number): number {
    const high = this.uint32(at);
    return high > SAFE_HIGH_WORD ? Number.POSITIVE_INFINITY : high * 0x1_0000_0000 + this.uint32(at + 4);
  }

  /** Steps over the `size` bytes of a string. */
  private content(start: number, size: number): boolean {
    const left = this.end - this.at;
    if (size > left) return isNot(this.refuse('torn', start, `${size} bytes announced, ${left} left`));
    this.at += size;
    return true;
  }

  private copyOf(from: number): Uint8Array {
    this.copies ??= new ByteCopies(this.bytes);
    return this.copies.take(from, this.at);
  }

  private text(from: number, isKey: boolean): string | undefined {
    const { bytes, at } = this;
    const text = isKey ? readName(bytes, from, at) : readText(bytes, from, at);
    if (typeof text === 'number') return this.refuse('not-canonical', text, 'text is not valid UTF-8');
    if (!startsWithMark(bytes, from, at)) return text;
    return this.refuse('not-canonical', from, 'text starts with a byte order mark');
  }

  private array(start: number, count: number, depth: number): CborValue[] | undefined {
    if (!this.mayHold(start, count, depth)) return undefined;
    const values = new Array<CborValue>(count);
    for (let index = 0; index < count; index++) {
      const value = this.item(depth);
      if (value === undefined) return undefined;
      values[index] = value;
    }
    return values;
  }

  /** Integers sort before texts, so the first key tells whether there are any. */
  private map(start: number, count: number, depth: number): Found {
    if (!this.mayHold(start, count * 2, depth)) return undefined;
    const isText = count === 0 || this.bytes[this.at]! >> 5 === 3;
    const object = new BareObject();
    const map = isText ? null : new Map<number | string, CborValue>();
    let before = -1;
    let beforeEnd = -1;
    for (let index = 0; index < count; index++) {
      const keyAt = this.at;
      const key = this.key(depth);
      if (key === undefined || (before >= 0 && !this.isAfter(before, beforeEnd, keyAt))) return undefined;
      before = keyAt;
      beforeEnd = this.at;
      const value = this.item(depth);
      if (value === undefined) return undefined;
      if (map === null) object[key] = value;
      else map.set(key, value);
    }
    return map ?? object;
  }

  /** A count that cannot fit is refused before the first element is looked at. */
  private mayHold(start: number, count: number, depth: number): boolean {
    if (depth > this.depthMax) return isNot(this.refuse('over-budget', start, `deeper than ${this.depthMax}`));
    if (count > this.itemsMax - this.items) {
      return isNot(this.refuse('over-budget', start, `more than ${this.itemsMax} items`));
    }
    const left = this.end - this.at;
    return count <= left || isNot(this.refuse('torn', start, `${count} items announced, ${left} bytes left`));
  }

  private key(depth: number): number | string | undefined {
    const initial = this.at < this.end ? this.bytes[this.at]! : 0;
    if (initial > 0x60 && initial < 0x78 && this.items < this.itemsMax) return this.shortName(initial - 0x60);
    const major = initial >> 5;
    if (major === 0 || major === 1 || major === 3) return this.item(depth) as number | string | undefined;
    return this.refuse('not-canonical', this.at, 'a map key is neither text nor an integer');
  }

  private shortName(size: number): string | undefined {
    const start = this.at++;
    this.items++;
    return this.content(start, size) ? this.text(start + 1, true) : undefined;
  }

  /** RFC 8949 4.2.1: keys in bytewise order of their encodings. Equal keys are not after each other either. */
  private isAfter(before: number, beforeEnd: number, key: number): boolean {
    const { bytes } = this;
    const length = Math.min(beforeEnd - before, this.at - key);
    for (let index = 0; index < length; index++) {
      const step = bytes[key + index]! - bytes[before + index]!;
      if (step > 0) return true;
      if (step < 0) return isNot(this.refuse('not-canonical', key, 'map keys are not sorted'));
    }
    // One encoding can be the prefix of another only when they are the same: the head fixes the length.
    return isNot(this.refuse('not-canonical', key, 'map key appears twice'));
  }

  private simpleOrFloat(start: number): Found {
    const initial = this.bytes[start]!;
    this.at = start + 1;
    if (initial === 0xf6) return null;
    if (initial === 0xf5) return true;
    if (initial === 0xf4) return false;
    if (initial !== 0xfb) return this.refuse('not-canonical', start, simpleDetail(initial));
    if (start + 9 > this.end) return this.refuse('torn', start, 'ends inside a float64');
    float.setInt32(0, this.uint32(start + 1));
    float.setInt32(4, this.uint32(start + 5));
    const value = float.getFloat64(0);
    this.at = start + 9;
    if (!Number.isFinite(value)) return this.refuse('not-canonical', start, `${value} is not in the profile`);
    if (Number.isSafeInteger(value)) return this.refuse('not-canonical', start, 'whole number written as float64');
    return value;
  }
}

const NO_TAGS = 'tags are not in the profile';
const TOO_FAR = 'integer beyond +-(2^53-1)';

/** `refuse` gives undefined, for readers of values; checks say false. */
function isNot(_: undefined): false {
  return false;
}

function isNone(_: undefined): -1 {
  return -1;
}

function simpleDetail(initial: number): string {
  if (initial === 0xf7) return 'undefined is not in the profile';
  if (initial === 0xf9 || initial === 0xfa) return 'only float64 is in the profile';
  if (initial === 0xff) return 'break outside an indefinite length';
  return 'simple value other than false, true, null';
}
