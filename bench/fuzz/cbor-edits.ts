// Edits that know CBOR: whole items go, come twice, change places or turn into others; heads announce what is not there; nesting deepens.
// The walk reads any CBOR, of the profile or not, and stops where the bytes stop making sense.

import { joined } from './byte-edits.ts';
import type { Random } from './random.ts';

interface Item {
  readonly start: number;
  /** Behind the head. */
  readonly body: number;
  /** Behind the last byte of everything in it. */
  readonly end: number;
}

const ITEMS_MAX = 200;
const NESTING_MAX = 40;
const WILD_DEPTH_MAX = 8;

export function editCbor(original: Uint8Array, random: Random, other: Uint8Array): Uint8Array {
  const items = itemsOf(original);
  if (items.length === 0) return wildItem(random, 0);
  const item = random.pick(items);
  const before = original.subarray(0, item.start);
  const self = original.subarray(item.start, item.end);
  const after = original.subarray(item.end);
  switch (random.below(10)) {
    case 8:
    case 9:
      return withContent(original, item, random);
    case 0:
      return joined(before, after);
    case 1:
      return joined(before, self, self, after);
    case 2:
      return joined(before, otherItem(other, random), after);
    case 3:
      return joined(
        before,
        new Uint8Array(1 + random.below(NESTING_MAX)).fill(random.pick([0x81, 0x9f, 0xc1])),
        self,
        after,
      );
    case 4:
      return joined(before, wildHead(original[item.start]! >> 5, random), original.subarray(item.body));
    case 5:
      return withCount(original, item, random);
    case 6:
      return swapped(original, item, items, random);
    default:
      return joined(before, wildItem(random, 0), after);
  }
}

/** Every item, outermost first, as far as the bytes make sense. */
function itemsOf(bytes: Uint8Array): Item[] {
  const items: Item[] = [];
  walk(bytes, 0, items, 0);
  return items.filter(({ end }) => end > 0);
}

/** Where the item at `start` ends; -1 when it does not. */
function walk(bytes: Uint8Array, start: number, items: Item[], depth: number): number {
  const initial = bytes[start];
  if (initial === undefined || depth > WILD_DEPTH_MAX || items.length >= ITEMS_MAX) return -1;
  const info = initial & 0x1f;
  const size = info < 24 ? 0 : 1 << (info & 3);
  if (info > 27) return -1;
  const body = start + 1 + size;
  let argument = size === 0 ? info : 0;
  for (let at = start + 1; at < body; at++) argument = argument * 256 + (bytes[at] ?? 0);
  const slot = items.push({ start, body, end: -1 }) - 1;
  const end = endOf(bytes, body, initial >> 5, argument, (at) => walk(bytes, at, items, depth + 1));
  items[slot] = { start, body, end };
  return end;
}

function endOf(bytes: Uint8Array, body: number, major: number, argument: number, step: (at: number) => number): number {
  const stringEnd = body + (major === 2 || major === 3 ? argument : 0);
  let end = stringEnd > bytes.length ? -1 : stringEnd;
  const count = major === 4 ? argument : major === 5 ? argument * 2 : major === 6 ? 1 : 0;
  for (let index = 0; index < count && end >= 0; index++) end = step(end);
  return end;
}

function otherItem(other: Uint8Array, random: Random): Uint8Array {
  const items = itemsOf(other);
  if (items.length === 0) return other;
  const { start, end } = random.pick(items);
  return other.subarray(start, end);
}

/** The count or length in a short head, one more or one less. */
function withCount(original: Uint8Array, item: Item, random: Random): Uint8Array {
  const bytes = original.slice();
  bytes[item.start] = (bytes[item.start]! + random.pick([1, 2, -1])) & 0xff;
  return bytes;
}

/** Another value in as many bytes: letters of a text, bytes of a string, digits of a number. Structure and lengths stay. */
function withContent(original: Uint8Array, { start, body, end }: Item, random: Random): Uint8Array {
  const bytes = original.slice();
  const major = bytes[start]! >> 5;
  const [from, to] = major < 2 ? [start + 1, body] : [body, end];
  if (from < to && major !== 4 && major !== 5) bytes[from + random.below(to - from)]! ^= 1 << random.below(7);
  else if (major < 2) bytes[start] = (major << 5) | random.below(24);
  return bytes;
}

/** Two items in each other's place; what lies between stays. Keys out of order, values of another type. */
function swapped(original: Uint8Array, item: Item, items: readonly Item[], random: Random): Uint8Array {
  const second = random.pick(items);
  const [a, b] = item.start < second.start ? [item, second] : [second, item];
  if (a.end > b.start) return original;
  const part = (from: number, to?: number) => original.subarray(from, to);
  return joined(part(0, a.start), part(b.start, b.end), part(a.end, b.start), part(a.start, a.end), part(b.end));
}

const ARGUMENTS = [
  0,
  1,
  23,
  24,
  255,
  256,
  65_535,
  65_536,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 53 - 1,
  2 ** 53,
  2 ** 64 - 2 ** 11,
];

/** A head of this major type with an argument in any width, often not the shortest, often more than there is. */
function wildHead(major: number, random: Random): Uint8Array {
  const argument = random.below(2) === 0 ? random.pick(ARGUMENTS) : random.below(600);
  const width = random.below(5);
  if (width === 0) return Uint8Array.of((major << 5) | (argument % 32));
  const size = 1 << (width - 1);
  const head = new Uint8Array(1 + size);
  head[0] = (major << 5) | (23 + width);
  let rest = argument;
  for (let at = size; at > 0; at--) {
    head[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return head;
}

/** Any item at all, well-formed more often than not. */
export function wildItem(random: Random, depth: number): Uint8Array {
  const major = depth > WILD_DEPTH_MAX ? 0 : random.below(8);
  if (major < 2) return wildHead(major, random);
  if (major === 7) return joined(Uint8Array.of(0xe0 | random.below(32)), random.bytes(random.pick([0, 0, 1, 2, 4, 8])));
  if (random.below(12) === 0) return wildHead(major, random);
  const count = random.below(5);
  const head = Uint8Array.of((major << 5) | (major === 6 ? random.below(24) : count));
  if (major < 4) return joined(head, random.bytes(count));
  const members = major === 6 ? 1 : major === 5 ? count * 2 : count;
  return joined(head, ...Array.from({ length: members }, () => wildItem(random, depth + 1)));
}
