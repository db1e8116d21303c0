// Checks decoded CBOR part by part and remembers the first thing that was wrong; the parts go on with harmless stand-ins.

import type { CborValue, Decoded } from '@maibo/protocols';

type Value = CborValue | undefined;

/** A decoded map with text keys. */
export type Members = { readonly [key: string]: CborValue };

export class ManifestReader {
  #fault: string | null = null;

  /** A map with exactly these keys, all text. */
  map(value: Value, where: string, keys: readonly string[]): Members {
    const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!isMap || value instanceof Uint8Array || value instanceof Map) {
      this.refuse(`${where}: expected a map with text keys`);
      return {};
    }
    const map = value as Members;
    const unknown = Object.keys(map).find((key) => !keys.includes(key));
    if (unknown !== undefined) this.refuse(`${where}: a key that does not belong there`);
    const missing = keys.find((key) => map[key] === undefined);
    if (missing !== undefined) this.refuse(`${where}: ${missing} is missing`);
    return map;
  }

  text(value: Value, where: string, lengthMax: number, pattern: RegExp): string {
    if (typeof value === 'string' && value.length <= lengthMax && pattern.test(value)) return value;
    this.refuse(`${where}: expected at most ${lengthMax} characters like ${pattern}`);
    return '';
  }

  int(value: Value, where: string, low: number, high: number): number {
    if (typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high) return value;
    this.refuse(`${where}: expected an integer ${low} to ${high}`);
    return low;
  }

  number(value: Value, where: string, low: number, high: number): number {
    if (typeof value === 'number' && value >= low && value <= high) return value;
    this.refuse(`${where}: expected a number ${low} to ${high}`);
    return low;
  }

  bytes(value: Value, where: string, size: number): Uint8Array {
    if (value instanceof Uint8Array && value.length === size) return value;
    this.refuse(`${where}: expected ${size} bytes`);
    return new Uint8Array(size);
  }

  list(value: Value, where: string, countMax: number): readonly CborValue[] {
    if (Array.isArray(value) && value.length <= countMax) return value as readonly CborValue[];
    this.refuse(`${where}: expected a list of at most ${countMax}`);
    return [];
  }

  oneOf<Word extends string>(value: Value, where: string, words: readonly Word[]): Word {
    const word = words.find((candidate) => candidate === value);
    if (word !== undefined) return word;
    this.refuse(`${where}: expected one of ${words.join(', ')}`);
    return words[0] as Word;
  }

  /** The first fault counts. */
  refuse(detail: string): void {
    this.#fault ??= detail;
  }

  done<T>(value: T): Decoded<T> {
    if (this.#fault === null) return { ok: true, value };
    return { ok: false, fault: { code: 'bad-shape', at: 0, detail: this.#fault } };
  }
}
