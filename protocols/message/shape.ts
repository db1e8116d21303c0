// Checks decoded CBOR against the schema for the generated readers, and remembers the first thing that was wrong.
// Nothing throws: after a fault the readers run on with harmless stand-ins and the caller looks at `fault`.

import type { CborMap, CborObject, CborValue } from '../cbor/cbor-value.ts';
import type { WireFaultCode } from '../wire-fault.ts';

/** Where an item stands: linked upwards, so that the text of a path is built only when something is wrong. */
export interface Where {
  readonly up: Where | null;
  /** Field name or map key; empty for list elements. */
  readonly name: string;
  /** Position in the array on the wire; -1 for map members and roots. */
  readonly index: number;
}

export interface ShapeFault {
  readonly code: Extract<WireFaultCode, 'bad-shape' | 'unknown-number'>;
  readonly detail: string;
  readonly where: Where;
}

type Wire = CborValue | undefined;
const NO_ITEMS: readonly CborValue[] = [];
const NO_MEMBERS: CborObject = Object.create(null);

export class Shape {
  fault: ShapeFault | null = null;

  int(value: Wire, up: Where | null, name: string, index: number, low: number, high: number): number {
    if (typeof value === 'number' && value >= low && value <= high && Number.isSafeInteger(value)) return value;
    const found = typeof value === 'number' ? `${value}` : kindOf(value);
    return this.refuse(up, name, index, `${found}, expected an integer ${low}..${high}`, 0);
  }

  number(value: Wire, up: Where | null, name: string, index: number): number {
    if (typeof value === 'number') return value;
    return this.refuse(up, name, index, `${kindOf(value)}, expected a number`, 0);
  }

  bool(value: Wire, up: Where | null, name: string, index: number): boolean {
    if (typeof value === 'boolean') return value;
    return this.refuse(up, name, index, `${kindOf(value)}, expected a bool`, false);
  }

  /** `low` and `high` count UTF-8 bytes, as `.size` on a tstr does. */
  text(value: Wire, up: Where | null, name: string, index: number, low: number, high: number): string {
    if (typeof value !== 'string') return this.refuse(up, name, index, `${kindOf(value)}, expected text`, '');
    const size = utf8Size(value);
    if (size >= low && size <= high) return value;
    return this.refuse(up, name, index, sizeDetail(size, 'bytes of text', low, high), '');
  }

  bytes(value: Wire, up: Where | null, name: string, index: number, low: number, high: number): Uint8Array {
    if (!(value instanceof Uint8Array)) {
      return this.refuse(up, name, index, `${kindOf(value)}, expected bytes`, new Uint8Array(0));
    }
    if (value.length >= low && value.length <= high) return value;
    return this.refuse(up, name, index, sizeDetail(value.length, 'bytes', low, high), value);
  }

  oneOf<T extends number | string>(
    value: Wire,
    up: Where | null,
    name: string,
    index: number,
    allowed: readonly T[],
  ): T {
    if (allowed.includes(value as T)) return value as T;
    const found = typeof value === 'number' || typeof value === 'string' ? JSON.stringify(value) : kindOf(value);
    return this.refuse(
      up,
      name,
      index,
      `${found}, expected ${allowed.map((one) => JSON.stringify(one)).join(' or ')}`,
      allowed[0]!,
    );
  }

  /** The items of an array with low..high of them; none after a fault. */
  items(value: Wire, up: Where | null, name: string, index: number, low: number, high: number): readonly CborValue[] {
    if (!Array.isArray(value)) return this.refuse(up, name, index, `${kindOf(value)}, expected an array`, NO_ITEMS);
    if (value.length >= low && value.length <= high) return value;
    return this.refuse(up, name, index, sizeDetail(value.length, 'items', low, high), NO_ITEMS);
  }

  /**
   * The items of a numbered message: `count` of them, and behind them at most a map of low..high extensions. They are looked at before
   * the members, because a critical one may change what the members mean.
   */
  extended(
    value: Wire,
    up: Where | null,
    name: string,
    index: number,
    count: number,
    low: number,
    high: number,
  ): readonly CborValue[] {
    const extra = Array.isArray(value) && value.length === count + 1 ? (value[count] as CborValue) : null;
    if (!(extra instanceof Map) && !isObject(extra)) return this.items(value, up, name, index, count, count);
    const here: Where = { up, name, index };
    return this.passOver(extra, here, count, low, high) ? (value as readonly CborValue[]) : NO_ITEMS;
  }

  /** No key is known yet. One >= 0 may be left unread, one < 0 may not. */
  private passOver(extensions: CborMap | CborObject, up: Where, index: number, low: number, high: number): boolean {
    const keys = extensions instanceof Map ? [...extensions.keys()] : Object.keys(extensions);
    if (keys.length < low || keys.length > high) {
      return this.refuse(up, 'extensions', index, sizeDetail(keys.length, 'members', low, high), false);
    }
    const text = keys.find((key) => typeof key === 'string');
    if (text !== undefined) {
      return this.refuse(up, 'extensions', index, `key ${JSON.stringify(text)}, expected integers`, false);
    }
    const critical = keys.find((key) => (key as number) < 0);
    if (critical === undefined) return true;
    return this.refuse(up, 'extensions', index, `critical key ${critical} is not known`, false, 'unknown-number');
  }

  /** The members of a map with exactly these keys. */
  members(value: Wire, up: Where | null, name: string, index: number, keys: readonly string[]): CborObject {
    if (!isObject(value))
      return this.refuse(up, name, index, `${kindOf(value)}, expected a map with text keys`, NO_MEMBERS);
    for (const key of keys)
      if (!Object.hasOwn(value, key)) return this.refuse(up, name, index, `no member ${key}`, NO_MEMBERS);
    const found = Object.keys(value);
    if (found.length === keys.length) return value;
    const extra = found.find((key) => !keys.includes(key));
    return this.refuse(up, name, index, `unknown member ${JSON.stringify(extra)}`, NO_MEMBERS);
  }

  list<T>(
    value: Wire,
    up: Where | null,
    name: string,
    index: number,
    low: number,
    high: number,
    read: (value: Wire, shape: Shape, up: Where | null, name: string, index: number) => T,
  ): T[] {
    const items = this.items(value, up, name, index, low, high);
    const here: Where = { up, name, index };
    const values = new Array<T>(items.length);
    for (let at = 0; at < items.length; at++) values[at] = read(items[at], this, here, '', at);
    return values;
  }

  table<T>(
    value: Wire,
    up: Where | null,
    name: string,
    index: number,
    low: number,
    high: number,
    key: (value: Wire, shape: Shape, up: Where | null, name: string, index: number) => string,
    read: (value: Wire, shape: Shape, up: Where | null, name: string, index: number) => T,
  ): { readonly [key: string]: T } {
    const table: { [key: string]: T } = Object.create(null);
    if (!isObject(value)) return this.refuse(up, name, index, `${kindOf(value)}, expected a map with text keys`, table);
    const names = Object.keys(value);
    if (names.length < low || names.length > high) {
      return this.refuse(up, name, index, sizeDetail(names.length, 'members', low, high), table);
    }
    const here: Where = { up, name, index };
    for (const one of names) {
      key(one, this, here, one, -1);
      table[one] = read(value[one], this, here, one, -1);
    }
    return table;
  }

  unknownNumber<T>(found: number, up: Where | null, name: string, index: number, stand: T): T {
    return this.refuse(up, name, index, `number ${found} is not known`, stand, 'unknown-number');
  }

  refuse<T>(
    up: Where | null,
    name: string,
    index: number,
    detail: string,
    stand: T,
    code: ShapeFault['code'] = 'bad-shape',
  ): T {
    if (this.fault === null) {
      const where = { up, name, index };
      this.fault = { code, detail: `${pathOf(where)}: ${detail}`, where };
    }
    return stand;
  }
}

function sizeDetail(size: number, unit: string, low: number, high: number): string {
  if (low === high) return `${size} ${unit}, expected ${low}`;
  return size < low ? `${size} ${unit}, at least ${low}` : `${size} ${unit}, at most ${high}`;
}

export function pathOf(where: Where): string {
  const up = where.up === null ? '' : pathOf(where.up);
  if (where.name === '' && where.index >= 0) return `${up}[${where.index}]`;
  return up === '' ? where.name : `${up}.${where.name}`;
}

export function kindOf(value: Wire): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (value instanceof Uint8Array) return 'bytes';
  if (typeof value === 'object') return 'a map';
  return typeof value === 'string' ? 'text' : typeof value === 'boolean' ? 'a bool' : 'a number';
}

export function isObject(value: Wire): value is CborObject {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array) &&
    !(value instanceof Map)
  );
}

function utf8Size(text: string): number {
  let size = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    // Two surrogate units make one character of four bytes: one extra byte each.
    size += unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 1 : 2;
  }
  return size;
}
