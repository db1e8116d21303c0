// Model -> fast-check arbitraries, one per named type: valid values for round-trip tests here and in other packages.

import { fieldName, quote } from './emit-types.ts';
import type { CddlType, Model, Rule } from './model.ts';
import { hasTypeName, pascal, primitiveOf } from './names.ts';

/** Lists and tables stay small in tests; their limits have tests of their own. */
const COUNT_MAX = 8;

export function emitArbitraries(model: Model): string {
  const names: string[] = [];
  const bodies: string[] = [];
  for (const rule of inOrder(model)) {
    names.push(pascal(rule.name));
    bodies.push(`export const arb${pascal(rule.name)}: fc.Arbitrary<${pascal(rule.name)}> = ${topLevel(model, rule)};`);
  }
  const extensions = [...model.rules.values()].filter((rule) => rule.type.kind === 'extensions');
  return [
    "import * as fc from 'fast-check';",
    ...(extensions.length > 0 ? ["import type { CborValue } from '../cbor/cbor-value.ts';"] : []),
    `import type {\n${names
      .sort()
      .map((name) => `  ${name},`)
      .join('\n')}\n} from './types.gen.ts';`,
    '',
    '// -0 and 0 are one value on the wire, so only 0 comes back.',
    'const arbNumber: fc.Arbitrary<number> = fc',
    '  .oneof(fc.integer(), fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true }))',
    '  .map((value) => (value === 0 ? 0 : value));',
    '',
    '// The profile refuses a byte order mark in front.',
    'const arbText = (minLength: number, maxLength: number): fc.Arbitrary<string> =>',
    "  fc.string({ unit: 'binary', minLength, maxLength }).filter((text) => !text.startsWith('\\ufeff'));",
    '',
    `${[...bodies, ...(extensions.length > 0 ? [ANY] : []), ...extensions.map(extensionsText)].join('\n\n')}\n`,
  ].join('\n');
}

const ANY = `const arbScalar: fc.Arbitrary<CborValue> = fc.oneof(
  arbNumber,
  fc.boolean(),
  fc.constant(null),
  arbText(0, 16),
  fc.uint8Array({ minLength: 0, maxLength: 16 }),
);

function arbAny(depthMax: number): fc.Arbitrary<CborValue> {
  if (depthMax === 0) return arbScalar;
  const item = arbAny(depthMax - 1);
  return fc.oneof(arbScalar, fc.array(item, { maxLength: 4 }), fc.dictionary(arbText(0, 4), item, { maxKeys: 4 }));
}`;

/** No named type holds these: they go behind the members of an encoded message, to see that a reader passes over them. */
function extensionsText({ name, type }: Rule): string {
  const { low, high } = (type as Extract<CddlType, { kind: 'extensions' }>).count;
  const lengths = `minLength: ${low}, maxLength: ${Math.min(high, COUNT_MAX)}`;
  return [
    '/** Values nested at most `depthMax` deep, under keys of which the negative ones are critical. */',
    `export function arb${pascal(name)}(depthMax: number): fc.Arbitrary<ReadonlyMap<number, CborValue>> {`,
    '  const key = fc.oneof(fc.integer({ min: -2, max: 24 }), fc.maxSafeInteger());',
    `  const entries = fc.uniqueArray(fc.tuple(key, arbAny(depthMax)), { ${lengths}, selector: ([key]) => key });`,
    '  return entries.map((list) => new Map(list));',
    '}',
  ].join('\n');
}

/** Named rules with the used before the users, because constants cannot look ahead. */
function inOrder(model: Model): Rule[] {
  const done = new Set<Rule>();
  const visit = (rule: Rule): void => {
    if (done.has(rule)) return;
    forEachReference(rule.type, (name) => visit(model.rule(name)));
    done.add(rule);
  };
  for (const rule of model.rules.values()) visit(rule);
  return [...done].filter((rule) => hasTypeName(model, rule));
}

function forEachReference(type: CddlType, visit: (name: string) => void): void {
  if (type.kind === 'ref') visit(type.name);
  if (type.kind === 'choice') for (const option of type.options) forEachReference(option, visit);
  if (type.kind === 'struct') for (const member of type.members) forEachReference(member.type, visit);
  if (type.kind === 'list' || type.kind === 'table') forEachReference(type.item, visit);
}

function topLevel(model: Model, rule: Rule): string {
  const { type } = rule;
  if (type.kind !== 'struct') return text(model, type);
  const lines = type.members.map((member) =>
    member.key === null
      ? `  type: fc.constant('${rule.name}' as const),`
      : `  ${fieldName(type, member)}: ${text(model, member.type)},`,
  );
  return `fc.record({\n${lines.join('\n')}\n})`;
}

function text(model: Model, type: CddlType): string {
  switch (type.kind) {
    case 'literal':
      return `fc.constant(${quote(type.value)} as const)`;
    case 'range':
      return `fc.integer({ min: ${type.low}, max: ${type.high} })`;
    case 'primitive':
      return primitive(type);
    case 'ref':
      if (hasTypeName(model, model.rule(type.name))) return `arb${pascal(type.name)}`;
      return text(model, model.rule(type.name).type);
    case 'choice':
      return choice(model, type.options);
    case 'list':
      return `fc.array(${text(model, type.item)}, ${lengths(type.count.low, Math.min(type.count.high, COUNT_MAX))})`;
    case 'table': {
      const count = `minKeys: ${type.count.low}, maxKeys: ${Math.min(type.count.high, COUNT_MAX)}`;
      return `fc.dictionary(${text(model, type.key)}, ${text(model, type.item)}, { ${count} })`;
    }
    case 'struct':
    case 'extensions':
      throw new Error('structs are lifted before they are emitted, and extensions stand in no value');
  }
}

function choice(model: Model, options: readonly CddlType[]): string {
  if (options.every((option) => primitiveOf(model, option) === 'number')) return 'arbNumber';
  if (options.every((option) => option.kind === 'literal')) {
    return `fc.constantFrom(${options.map((option) => `${quote((option as { value: number }).value)} as const`).join(', ')})`;
  }
  return `fc.oneof(${options.map((option) => text(model, option)).join(', ')})`;
}

function primitive(type: Extract<CddlType, { kind: 'primitive' }>): string {
  switch (type.name) {
    case 'bool':
      return 'fc.boolean()';
    case 'null':
      return 'fc.constant(null)';
    case 'bstr':
      return `fc.uint8Array(${lengths(type.size?.low ?? 0, type.size?.high ?? 64)})`;
    case 'tstr':
      // A character has at most four bytes and `.size` counts bytes.
      return `arbText(${type.size?.low ?? 0}, ${Math.floor((type.size?.high ?? 64) / 4)})`;
    case 'uint':
      return 'fc.maxSafeNat()';
    case 'int':
      return 'fc.maxSafeInteger()';
    case 'float64':
      return 'arbNumber';
  }
}

function lengths(low: number, high: number): string {
  return `{ minLength: ${low}, maxLength: ${high} }`;
}
