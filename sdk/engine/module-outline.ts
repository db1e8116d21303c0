// What a module says of itself, read from its bytes before any compiler sees them: no imports, no start function, one memory, the verbs and
// nothing else. The memory gets a maximum: where the module states none or a larger one, the limit is written into the bytes that run.

import { VERBS } from '@maibo/cores';
import { WasmReader } from './wasm-reader.ts';

export interface OutlineLimits {
  readonly moduleBytesMax: number;
  readonly pagesMax: number;
}

export interface ModuleOutline {
  /** The module with its memory capped: what runs. */
  readonly bytes: Uint8Array;
  readonly pagesMin: number;
  readonly pagesMax: number;
}

/** The outline, or why the module is not run. */
export function outlineModule(bytes: Uint8Array, limits: OutlineLimits): ModuleOutline | string {
  if (bytes.length > limits.moduleBytesMax) return `it is ${bytes.length} bytes long, at most ${limits.moduleBytesMax}`;
  if (!MAGIC.every((byte, index) => bytes[index] === byte)) return 'it is no WebAssembly module of version 1';
  const reader = new WasmReader(bytes, MAGIC.length);
  const found: Found = { memory: null, exports: null };
  const seen = new Set<number>();
  while (!reader.isAtEnd) {
    const fault = readSection(reader, seen, found);
    if (fault !== null) return fault;
  }
  if (reader.isTorn) return 'its sections end early';
  return finish(bytes, found, limits.pagesMax);
}

const MAGIC = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const TABLE_MAX = 4_096;

// Sections (WebAssembly core specification 2.0, 5.5).
const CUSTOM = 0;
const IMPORT = 2;
const TABLE = 4;
const MEMORY = 5;
const EXPORT = 7;
const START = 8;
const DATA_COUNT = 12;

interface Memory {
  readonly sectionFrom: number;
  readonly sectionTo: number;
  readonly min: number;
  readonly max: number | null;
}

interface Found {
  memory: Memory | null;
  exports: string[] | null;
}

function readSection(reader: WasmReader, seen: Set<number>, found: Found): string | null {
  const sectionFrom = reader.at;
  const id = reader.byte();
  const size = reader.u32();
  const sectionTo = reader.at + size;
  if (reader.isTorn || sectionTo > reader.end) return 'its sections end early';
  if (id > DATA_COUNT) return `it has a section of kind ${id}, which cores have not`;
  if (id !== CUSTOM && seen.has(id)) return `it has two sections of kind ${id}`;
  seen.add(id);
  const inner = reader.part(size);
  if (id === IMPORT && inner.u32() > 0) return 'it imports something';
  if (id === START) return 'it has a start function';
  if (id === TABLE) return tableFault(inner);
  if (id === EXPORT) found.exports = exportsOf(inner);
  if (id !== MEMORY) return inner.isTorn ? 'its sections end early' : null;
  if (inner.u32() !== 1) return 'it has not exactly one memory';
  const limits = inner.limits();
  if (limits === null) return 'its memory is not a plain one of 32 bits';
  found.memory = { sectionFrom, sectionTo, ...limits };
  return null;
}

function tableFault(inner: WasmReader): string | null {
  const count = inner.u32();
  if (count > 1) return 'it has more than one table';
  if (count === 0) return null;
  inner.byte();
  const limits = inner.limits();
  const isSmall = limits !== null && limits.max !== null && limits.min <= TABLE_MAX && limits.max <= TABLE_MAX;
  return isSmall ? null : `its table may grow beyond ${TABLE_MAX} entries`;
}

const KINDS = ['function', 'table', 'memory', 'global'];
/** More than the verbs and a memory is too many, whatever they are. */
const EXPORTS_MAX = 64;

function exportsOf(inner: WasmReader): string[] {
  const count = Math.min(inner.u32(), EXPORTS_MAX);
  return Array.from({ length: count }, () => {
    const name = inner.name();
    const kind = KINDS[inner.byte()] ?? 'unknown';
    inner.u32();
    return `${kind} ${name}`;
  });
}

const EXPECTED = ['memory memory', ...VERBS.map((verb) => `function ${verb}`)].sort().join();

function finish(bytes: Uint8Array, { memory, exports }: Found, pagesMax: number): ModuleOutline | string {
  if (memory === null) return 'it has no memory of its own';
  if ((exports ?? []).toSorted().join() !== EXPECTED)
    return 'it does not export its memory, the verbs and nothing else';
  if (memory.min > pagesMax) return `it asks for ${memory.min} pages of memory, at most ${pagesMax}`;
  const max = Math.min(memory.max ?? pagesMax, pagesMax);
  const body = [1, 1, ...leb128(memory.min), ...leb128(max)];
  const parts = [
    bytes.subarray(0, memory.sectionFrom),
    Uint8Array.of(MEMORY, ...leb128(body.length), ...body),
    bytes.subarray(memory.sectionTo),
  ];
  return { bytes: new Uint8Array(Buffer.concat(parts)), pagesMin: memory.min, pagesMax: max };
}

function leb128(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return [...bytes, rest];
    bytes.push((rest & 0x7f) | 0x80);
  }
}
