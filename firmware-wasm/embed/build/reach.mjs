// Which accesses of a function of wasm2c's need a check, and of how many bytes. A pointer that was found to lie in the storage with all
// that is read behind it needs no second look; and where several accesses through one pointer follow each other without a branch, the
// first looks for all. A trap may come a few statements early by that: the instance is dead either way.
//
//   state.a = ...;              look at bytes 0..12 of state, write
//   x = state.b;                read
//   if (x) { y = state.c; }     read, though c may never be read: it lies within what was looked at
//
// Values are followed by copies alone (`var_i0 = var_p0`); what is known of one holds for ever, for no assignment changes a value.

const LOAD =
  /^ *(\w+) = (\w+_load(?:8|16|32)?(?:_[su])?)_default32\(&instance->w2c_memory, \(u64\)\((var_\w+)\)(?: \+ (\d+)u?)?\);$/;
const STORE =
  /^ *(\w+_store(?:8|16|32)?)_default32\(&instance->w2c_memory, \(u64\)\((var_\w+)\)(?: \+ (\d+)u?)?, (var_\w+)\);$/;
const COPY = /^ *(var_\w+) = (var_\w+);$/;
const ASSIGNMENT = /^ *(var_\w+) (?:[-+*/%&|^]|<<|>>)?= [^;]*;$/;
const ASSIGNED = /\b(var_\w+) (?:[-+*/%&|^]|<<|>>)?= /g;
const DECLARATION = /^ *(?:u32|u64|f32|f64) var_\w+(?: = 0)?(?:, var_\w+(?: = 0)?)*;$/;
const LEAVING = /^ *(?:if \(var_\w+\) \{goto var_\w+;\}|goto var_\w+;)$/;
const LOOP = /^ *var_L\w+: ?$/;

/**
 * A load or a store, or null.
 * @param {string} line
 * @returns {import('./reach.mjs').Access | null}
 */
export function readAccess(line) {
  const load = LOAD.exec(line);
  if (load) return { kind: 'load', verb: load[2], value: load[1], base: load[3], ...placeOf(load[2], load[4]) };
  const store = STORE.exec(line);
  if (store) return { kind: 'store', verb: store[1], value: store[4], base: store[2], ...placeOf(store[1], store[3]) };
  return null;
}

/** i32_load16_s -> 2 bytes */
function placeOf(verb, offset = '0') {
  const narrow = /(?:load|store)(8|16|32)/.exec(verb)?.[1];
  return { from: Number(offset), to: Number(offset) + Number(narrow ?? verb.slice(1, 3)) / 8 };
}

/**
 * For each line of a function's body that is an access: what to look at before it.
 * @param {readonly string[]} lines as wasm2c writes them
 * @param {boolean} areConstantsApart some loads are of constants that lie outside the storage: a load alone says nothing of a pointer
 * @returns {Map<number, import('./reach.mjs').Check>}
 */
export function planChecks(lines, areConstantsApart) {
  const plan = new Map();
  const blocks = [];
  let state = { values: new Map(), known: new Map() };
  let run = [];
  const endRun = () => {
    planRun(run, state.known, areConstantsApart, plan);
    run = [];
  };
  lines.forEach((line, index) => {
    const access = readAccess(line);
    if (access !== null) run.push({ index, access, value: valueIn(state.values, access.base) });
    const copy = COPY.exec(line);
    const assigned = copy?.[1] ?? ASSIGNMENT.exec(line)?.[1];
    if (assigned !== undefined) {
      const value = copy === null ? Symbol(assigned) : valueIn(state.values, copy[2]);
      state.values.set(assigned, value);
      blocks.at(-1)?.assigned.add(assigned);
      return;
    }
    if (access !== null || DECLARATION.test(line) || isStraight(line)) return;
    endRun();
    for (const name of assignedIn(line)) blocks.at(-1)?.assigned.add(name);
    if (LEAVING.test(line)) return;
    if (LOOP.test(line)) forgetAssigned(state.values, lines.slice(index + 1));
    else if (/^ *\} else \{$/.test(line)) state = copyOf(blocks.at(-1));
    else if (/^ *\}$/.test(line)) state = leave(blocks);
    else {
      if (/\{$/.test(line)) blocks.push({ ...copyOf(state), assigned: new Set() });
      // Somebody comes here from elsewhere, or it is a form that is not followed.
      if (!/^ *if \(var_\w+\) \{$/.test(line)) state = { values: new Map(), known: new Map() };
    }
  });
  endRun();
  return plan;
}

/** A call, a statement about a range of memory, a trap: behind it everything is as before. */
function isStraight(line) {
  return /^ *(?:w2c_core_\w+\(instance[^()]*\)|memory_(?:fill|copy)\([^()]*\)|UNREACHABLE|FUNC_EPILOGUE|return var_\w+);$/.test(
    line,
  );
}

function valueIn(values, name) {
  if (!values.has(name)) values.set(name, Symbol(name));
  return values.get(name);
}

function copyOf({ values, known }) {
  return { values: new Map(values), known: new Map(known) };
}

/** At the head of a loop: what is assigned in it, or behind it, may have another value each time. */
function forgetAssigned(values, lines) {
  for (const name of lines.flatMap(assignedIn)) values.delete(name);
}

function assignedIn(line) {
  return [...line.matchAll(ASSIGNED)].map((found) => found[1]);
}

/** Behind a block only that is known which was known before it. */
function leave(blocks) {
  const { values, known, assigned } = blocks.pop();
  for (const name of assigned) {
    values.delete(name);
    blocks.at(-1)?.assigned.add(name);
  }
  return { values, known };
}

/** `known`: the bytes behind each value that lie in the storage. */
function planRun(run, known, areConstantsApart, plan) {
  for (const { index, access, value } of run) {
    const before = known.get(value);
    if (before !== undefined && before.from <= access.from && access.to <= before.to) {
      plan.set(index, 'none');
      continue;
    }
    const all = run.filter((other) => other.value === value).map((other) => other.access);
    const inStorage = areConstantsApart ? behindStores(all, before) : all;
    if (!inStorage.includes(access)) plan.set(index, 'own');
    else {
      const reach = hullOf(inStorage);
      plan.set(index, reach);
      known.set(value, before === undefined ? reach : hullOf([before, reach]));
    }
  }
}

/** Stores, and loads behind the first byte that is stored or known: constants cannot be written, and lie before the storage. */
function behindStores(accesses, known) {
  const stores = accesses.filter(({ kind }) => kind === 'store');
  const first = Math.min(...stores.map(({ from }) => from), known?.from ?? Number.POSITIVE_INFINITY);
  return accesses.filter(({ from }) => from >= first);
}

function hullOf(ranges) {
  return {
    from: Math.min(...ranges.map(({ from }) => from)),
    to: Math.max(...ranges.map(({ to }) => to)),
  };
}
