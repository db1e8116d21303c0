// The C that wasm2c (wabt 1.0.39) writes, cut down to a core's own functions and constants and turned to stand on ../maibo_wasm.h:
// every access is checked against a constant, and a trap is a return. Whatever has another form than is known here is refused, so
// that nothing unchecked can slip through.

import { planChecks, readAccess } from './reach.mjs';

const FUNCTION = /^(u32|u64|f32|f64|void) (w2c_core_\w+)\(w2c_core\* instance([^)]*)\) \{\n([\s\S]*?)^\}\n/gm;
const PROTOTYPE = /^static (?:u32|u64|f32|f64|void) (w2c_core_\w+)\(w2c_core\*[^;{]*\);$/gm;
const SEGMENT = /^static const u8 (data_segment_data_\w+)\[\] = \{\n([\s\S]*?)^\};$/gm;
const LOAD_DATA = /^ {2}LOAD_DATA\(instance->w2c_memory, (\d+)u, (data_segment_data_\w+), (\d+)\);$/gm;
const GLOBAL_FIELD = /^ {2}(u32|u64|f32|f64) (w2c_g\d+);$/gm;
const GLOBAL_VALUE = /^ {2}instance->(w2c_g\d+) = ([^;]+);$/gm;

/** Functions and operators of ../maibo_math.h by wasm2c's names for them. `var_f..` are f32, `var_d..` are f64. */
const RENAMED = {
  wasm_sqrtf: 'sqrt_f32',
  wasm_sqrt: 'sqrt_f64',
  wasm_fabsf: 'abs_f32',
  wasm_fabs: 'abs_f64',
  wasm_floorf: 'maibo_floor_f32',
  wasm_floor: 'maibo_floor_f64',
  wasm_ceilf: 'maibo_ceil_f32',
  wasm_ceil: 'maibo_ceil_f64',
  wasm_truncf: 'maibo_trunc_f32',
  wasm_trunc: 'maibo_trunc_f64',
  wasm_nearbyintf: 'maibo_nearest_f32',
  wasm_nearbyint: 'maibo_nearest_f64',
  copysignf: 'copysign_f32',
  copysign: 'copysign_f64',
  // A conversion between f32 and f64 quiets a NaN by itself; no NaN leaves a core.
  wasm_quietf: '',
  wasm_quiet: '',
};
const KEPT = /^(i32|i64|f32|f64)_reinterpret_(i32|i64|f32|f64)$/;
const LOWERED = /^I(32|64)_(TRUNC_SAT_[SU]_F(32|64)|CLZ|CTZ|ROTL)$/;

/**
 * @param {string} source C of `wasm2c -n core`
 * @param {string} header its header
 * @param {{ constantsInFlash: boolean }} options as for writeCore
 * @returns {import('./translate.mjs').Translation}
 */
export function translate(source, header, { constantsInFlash }) {
  const names = new Set([...source.matchAll(PROTOTYPE)].map((found) => found[1]));
  if (names.size === 0) throw new Error('wasm2c writes other C than expected: no prototypes');
  const prototypes = [...source.matchAll(PROTOTYPE)].map((found) => found[0]);
  const functions = [...source.matchAll(FUNCTION)].filter((found) => names.has(found[2]));
  if (functions.length !== names.size) throw new Error('wasm2c writes other C than expected: a function is missing');
  refuseRecursion(functions, names);
  const context = { names, trapping: findTrapping(functions, names), constantsInFlash };
  return {
    code: [...prototypes, ...functions.map((found) => translateFunction(found, context))].join('\n'),
    segments: readSegments(source),
    globals: readGlobals(source, header),
  };
}

function translateFunction([, type, name, parameters, body], context) {
  const result = type === 'void' ? '' : '0';
  const lines = body.split('\n').filter((line) => line.trim() !== '' && !/^ *FUNC_PROLOGUE;$/.test(line));
  const checks = planChecks(lines, context.constantsInFlash);
  const translated = lines.map((line, index) => {
    if (checks.has(index)) return translateAccess(line, checks.get(index), result);
    if (/^ *FUNC_EPILOGUE;$/.test(line)) return context.trapping.has(name) ? '  MAIBO_RETURNS;' : '';
    return translateLine(line, result, context);
  });
  return `static ${type} ${name}(w2c_core* instance${parameters}) {\n${translated.join('\n')}\n}`;
}

function translateAccess(line, check, result) {
  const { kind, verb, value, base, from, to } = readAccess(line);
  if (check === 'own') return `MAIBO_LOAD(${verb}, ${value}, ${base}, ${from}u, ${to}u, ${result});`;
  const done = `MAIBO_${kind === 'load' ? 'READ' : 'WRITE'}(${verb}, ${value}, ${base}, ${from}u);`;
  return check === 'none' ? done : `MAIBO_REACH(${base}, ${check.from}u, ${check.to}u, ${result}); ${done}`;
}

/** Statements that can trap beside loads and stores, each of which becomes one that returns. wasm2c writes one instruction a line. */
const STATEMENTS = [
  [
    /^( *)memory_fill\(&instance->w2c_memory, (var_\w+), (var_\w+), (var_\w+)\);$/,
    ([, indent, to, value, count], result) => `${indent}MAIBO_FILL(${to}, ${value}, ${count}, ${result});`,
  ],
  [
    /^( *)memory_copy\(&instance->w2c_memory, &instance->w2c_memory, (var_\w+), (var_\w+), (var_\w+)\);$/,
    ([, indent, to, from, count], result) => `${indent}MAIBO_COPY(${to}, ${from}, ${count}, ${result});`,
  ],
  [
    /^( *)(var_\w+) = I(32|64)_(DIV|REM)_S\((var_\w+), (var_\w+)\);$/,
    ([, indent, into, bits, operation, left, right], result) =>
      `${indent}MAIBO_${operation === 'DIV' ? 'DIVIDE' : 'REMAINDER'}_SIGNED(${bits}, ${into}, ${left}, ${right}, ${result});`,
  ],
  [
    /^( *)(var_\w+) = (DIV|REM)_U\((var_\w+), (var_\w+)\);$/,
    ([, indent, into, operation, left, right], result) =>
      `${indent}MAIBO_DIVIDE(${into}, ${left}, ${operation === 'DIV' ? '/' : '%'}, ${right}, ${result});`,
  ],
  [/^( *)UNREACHABLE;$/, ([, indent], result) => `${indent}MAIBO_TRAP(UNREACHABLE, ${result});`],
  [/^( *)(var_\w+) = instance->w2c_memory\.pages;$/, ([, indent, into]) => `${indent}${into} = MAIBO_PAGES;`],
];

const CALL = /^ *(?:var_\w+ = )?(w2c_core_\w+)\(instance[^()]*\);$/;

function translateLine(line, result, { names, trapping }) {
  for (const [form, write] of STATEMENTS) {
    const found = form.exec(line);
    if (found) return write(found, result);
  }
  const call = CALL.exec(line);
  if (call && names.has(call[1])) return trapping.has(call[1]) ? `${line} MAIBO_AFTER_CALL(${result});` : line;
  return translateExpression(line);
}

function translateExpression(line) {
  if (/instance->(?!w2c_g\d+\b)/.test(line)) refuse(line);
  return line.replace(/\b([A-Za-z_]\w*)\(([^()]*)/g, (whole, name, inside) => {
    if (/^(if|switch|while|for|return)$/.test(name) || KEPT.test(name)) return whole;
    if (name in RENAMED) return `${RENAMED[name]}(${inside}`;
    if (LOWERED.test(name)) return `${name.toLowerCase()}(${inside}`;
    if (name === 'FMIN' || name === 'FMAX') {
      const type = /^var_([fd])/.exec(inside)?.[1];
      if (type) return `${name === 'FMIN' ? 'least' : 'greatest'}_${type === 'f' ? 'float' : 'double'}(${inside}`;
    }
    return refuse(line);
  });
}

function refuse(line) {
  throw new Error(`wasm2c writes other C than expected: "${line.trim()}"`);
}

/** A device's stack has an end: no function may call itself, over others either. */
function refuseRecursion(functions, names) {
  const callees = new Map(
    functions.map(([, , name, , body]) => [
      name,
      [...body.matchAll(/\b(w2c_core_\w+)\(instance/g)].map((found) => found[1]).filter((callee) => names.has(callee)),
    ]),
  );
  const done = new Set();
  const visit = (name, path) => {
    if (path.includes(name)) throw new Error(`the core calls itself: ${[...path, name].join(' > ')}`);
    if (done.has(name)) return;
    for (const callee of callees.get(name)) visit(callee, [...path, name]);
    done.add(name);
  };
  for (const name of callees.keys()) visit(name, []);
}

/** Functions that can trap, by themselves or in what they call. */
function findTrapping(functions, names) {
  const trapping = new Set();
  const canTrap = (line) => {
    const call = CALL.exec(line);
    if (call && names.has(call[1])) return trapping.has(call[1]);
    return readAccess(line) !== null || STATEMENTS.some(([form]) => form.test(line));
  };
  for (let before = -1; before < trapping.size; ) {
    before = trapping.size;
    for (const [, , name, , body] of functions) if (body.split('\n').some(canTrap)) trapping.add(name);
  }
  return trapping;
}

function readSegments(source) {
  const bytes = new Map(
    [...source.matchAll(SEGMENT)].map(([, name, list]) => [name, (list.match(/0x[0-9a-f]{2}/g) ?? []).map(Number)]),
  );
  const segments = [...source.matchAll(LOAD_DATA)].map(([, at, name, count]) => {
    const data = bytes.get(name);
    if (data?.length !== Number(count)) throw new Error(`wasm2c writes other C than expected: ${name}`);
    return { at: Number(at), data };
  });
  if (segments.length !== bytes.size) throw new Error('wasm2c writes other C than expected: a segment is not loaded');
  return segments;
}

/** Scratch of the compiler's mathematics; a core keeps nothing in them between two verbs. */
function readGlobals(source, header) {
  const start = /^static void init_globals\(.*\{\n([\s\S]*?)^\}/m.exec(source)?.[1] ?? '';
  const values = new Map([...start.matchAll(GLOBAL_VALUE)].map(([, name, value]) => [name, value]));
  return [...header.matchAll(GLOBAL_FIELD)].map(([, type, name]) => {
    const value = values.get(name);
    if (!value || !/^-?[\d.]+(u|ull|f)?$/.test(value)) throw new Error(`wasm2c writes other C than expected: ${name}`);
    return { type, name, value };
  });
}
