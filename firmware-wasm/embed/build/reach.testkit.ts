// Plays lines of wasm2c on a small memory: with a look before every access, or with the looks that were planned.
import { type Check, readAccess } from './reach.mjs';

/** The storage; constants lie before it, and may be read where they lie apart. */
export const STORAGE = { from: 32, to: 96 };
const CONSTANTS_FROM = 16;
const STEPS_MAX = 400;

export type Played = 'trap' | 'endless' | readonly (readonly [string, number])[];

class Trap extends Error {}

/** How it ends, and with which values. Throws when an access that nobody looked at lies outside. */
export function playLines(
  lines: readonly string[],
  start: ReadonlyMap<string, number>,
  areConstantsApart: boolean,
  plan: ReadonlyMap<number, Check> | null,
): Played {
  const values = new Map(start);
  const memory = new Map<number, number>();
  const read = (name: string) => values.get(name)!;
  // As IS_OUTSIDE of maibo_wasm.h has it: a small offset is one into a structure, whose pointer lies in the storage itself.
  const isIn = (at: number, { from, to }: { from: number; to: number }) =>
    (from >= STORAGE.from || at >= STORAGE.from) && at + to <= STORAGE.to;

  const access = (line: string, index: number) => {
    const { kind, base, value, from, to } = readAccess(line)!;
    const at = read(base);
    const isConstant = areConstantsApart && kind === 'load' && at + from >= CONSTANTS_FROM && at + to <= STORAGE.from;
    const isRight = isIn(at, { from, to }) || isConstant;
    const check = plan === null ? 'own' : plan.get(index);
    if (check === undefined) throw new Error(`nothing is planned for ${line}`);
    if (check === 'own' && !isRight) throw new Trap();
    if (typeof check === 'object' && !isIn(at, check)) throw new Trap();
    if (!isRight) throw new Error(`${line} lies outside: ${at}`);
    if (check !== 'own' && isConstant) throw new Error(`${line} is taken for the storage: ${at}`);
    if (kind === 'store') memory.set(at + from, read(value));
    // What was never written is something, and often an address.
    else values.set(value, memory.get(at + from) ?? ((at + from) * 7) % STORAGE.to);
  };

  try {
    let at = 0;
    for (let steps = 0; at < lines.length; steps++) {
      if (steps > STEPS_MAX) return 'endless';
      at = step(lines, at, values, access);
    }
  } catch (failure) {
    if (failure instanceof Trap) return 'trap';
    throw failure;
  }
  return [...values];
}

/** Does line `at`; returns the next. */
function step(
  lines: readonly string[],
  at: number,
  values: Map<string, number>,
  access: (line: string, index: number) => void,
): number {
  const line = lines[at]!.trim();
  const goto = /goto (var_\w+);/.exec(line)?.[1];
  const condition = /^if \((var_\w+)\)/.exec(line)?.[1];
  const isTaken = condition === undefined || values.get(condition) !== 0;
  // Its first line is for 0, its second for all else.
  const chosen = /^switch \((var_\w+)\)/.exec(line)?.[1];
  if (chosen !== undefined) return values.get(chosen) === 0 ? at + 1 : at + 2;
  const [, leaving, value] = /\{(var_\w+) = (var_\w+); goto/.exec(line) ?? [];
  if (leaving !== undefined && value !== undefined && isTaken) values.set(leaving, values.get(value)!);
  if (goto !== undefined) return isTaken ? lines.findIndex((other) => other.trim().startsWith(`${goto}:`)) : at + 1;
  if (condition !== undefined) return isTaken ? at + 1 : endOf(lines, at) + 1;
  // At the end of the first way: the second is passed over.
  if (line === '} else {') return endOf(lines, at) + 1;
  const [, into, operation, from] = /^(var_\w+) (\+?=) (var_\w+|\d+u);$/.exec(line) ?? [];
  if (readAccess(lines[at]!) !== null) access(lines[at]!, at);
  else if (into !== undefined && from !== undefined) {
    const value = from.startsWith('var') ? values.get(from)! : Number.parseInt(from, 10);
    values.set(into, operation === '=' ? value : (values.get(into)! + value) >>> 0);
  }
  return at + 1;
}

/** The line that ends the block which line `at` begins: its `}` or its `} else {`. */
function endOf(lines: readonly string[], at: number): number {
  let depth = 0;
  for (let index = at + 1; ; index++) {
    const line = lines[index]!.trim();
    if (depth === 0 && line.startsWith('}')) return index;
    if (line === '}') depth--;
    else if (line.endsWith(' {') && !line.startsWith('}')) depth++;
  }
}
