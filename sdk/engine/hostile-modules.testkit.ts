// Modules put together byte by byte: a core that follows the ABI and does nothing, and what becomes of it when one part is another.

import { VERBS, type Verb } from '@maibo/cores';

/** Instructions by name, as far as the tests need them. */
export const OP = {
  return0: [0x41, 0x00],
  loopForever: [0x03, 0x40, 0x0c, 0x00, 0x0b, 0x41, 0x00],
  trap: [0x00],
  /** memory.grow 1, and answer 0. */
  growByOne: [0x41, 0x01, 0x40, 0x00, 0x1a, 0x41, 0x00],
  /** `push` again, with what it was given. */
  callPush: [0x20, 0x00, 0x20, 0x01, 0x20, 0x02, 0x10, VERBS.indexOf('push')],
  /** The parameter `count`. */
  count: [0x20, 0x02],
} as const;

export function constant(value: number): number[] {
  return [0x41, ...signedLeb(value)];
}

/** One EcgFinding at `into`: this f64 (8 bytes, little-endian) as its sample, this kind; answers 1. */
export function oneFinding(sample: number, kind: number): number[] {
  const f64 = new Uint8Array(new Float64Array([sample]).buffer);
  const storeSample = [0x20, 0x01, 0x44, ...f64, 0x39, 0x03, 0x00];
  const storeKind = [0x20, 0x01, ...constant(kind), 0x3b, 0x01, 0x0c];
  return [...storeSample, ...storeKind, ...constant(1)];
}

export interface Parts {
  readonly bodies?: Partial<Record<Verb, readonly number[]>>;
  /** Content of the memory section. */
  readonly memory?: readonly number[];
  readonly table?: readonly number[];
  readonly hasStart?: boolean;
  readonly hasImport?: boolean;
  readonly extraExport?: string;
  readonly without?: Verb;
  /** The verbs answer 1 as i64, which no host of numbers can use. */
  readonly answersI64?: boolean;
}

const IDLE: Readonly<Record<Verb, readonly number[]>> = {
  abi: constant(1),
  arena: constant(1024),
  size: constant(64),
  init: OP.return0,
  push: OP.count,
  poll: OP.return0,
  flush: OP.return0,
  reset: OP.return0,
};

/** Every verb is (i32, i32, i32) -> i32: a host that passes fewer numbers passes zeros, and more are dropped. */
export function makeModule(parts: Parts = {}): Uint8Array {
  const verbs = VERBS.filter((verb) => verb !== parts.without);
  const bodies = verbs.map((verb) => (parts.answersI64 ? [0x42, 0x01] : (parts.bodies?.[verb] ?? IDLE[verb])));
  const base = parts.hasImport ? 1 : 0;
  const exports = verbs.map((verb, index) => [...named(verb), 0, index + base]);
  if (parts.extraExport !== undefined) exports.push([...named(parts.extraExport), 0, base]);
  const startBodies = parts.hasStart ? [[0x01]] : [];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(
      1,
      vector([
        [0x60, 3, 0x7f, 0x7f, 0x7f, 1, parts.answersI64 ? 0x7e : 0x7f],
        [0x60, 0, 0],
      ]),
    ),
    ...(parts.hasImport ? section(2, vector([[...named('e'), ...named('f'), 0, 1]])) : []),
    ...section(3, vector([...bodies.map(() => [0]), ...startBodies.map(() => [1])])),
    ...(parts.table === undefined ? [] : section(4, parts.table)),
    ...section(5, parts.memory ?? [1, 0, 1]),
    ...section(7, vector([...exports, [...named('memory'), 2, 0]])),
    ...(parts.hasStart ? section(8, [bodies.length + base]) : []),
    ...section(10, vector([...bodies, ...startBodies].map((body) => sized([0, ...body, 0x0b])))),
  ]);
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...sized(content)];
}

function sized(content: readonly number[]): number[] {
  return [...unsignedLeb(content.length), ...content];
}

function vector(items: readonly (readonly number[])[]): number[] {
  return [...unsignedLeb(items.length), ...items.flat()];
}

function named(text: string): number[] {
  return sized([...new TextEncoder().encode(text)]);
}

export function unsignedLeb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsignedLeb(value >>> 7)];
}

function signedLeb(value: number): number[] {
  const byte = value & 0x7f;
  const rest = value >> 7;
  const isLast = (rest === 0 && (byte & 0x40) === 0) || (rest === -1 && (byte & 0x40) !== 0);
  return isLast ? [byte] : [byte | 0x80, ...signedLeb(rest)];
}
