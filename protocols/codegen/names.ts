// How CDDL names read in TypeScript, and which rules get a TypeScript name at all.

import type { CddlType, Model, Rule } from './model.ts';

/** TypeScript already owns these words. */
const RENAMED: Readonly<Record<string, string>> = { record: 'EvidenceRecord' };

export function pascal(name: string): string {
  return RENAMED[name] ?? words(name).map(capital).join('');
}

export function camel(name: string): string {
  const [first = '', ...rest] = words(name);
  return first + rest.map(capital).join('');
}

function words(name: string): string[] {
  return name.split(/[-_]/).filter((word) => word !== '');
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** Names for numbers, text and bools would only hide the primitive; every other rule becomes an exported type. */
export function hasTypeName(model: Model, rule: Rule): boolean {
  // Extensions are passed over: no value holds them.
  return primitiveOf(model, rule.type) === null && rule.type.kind !== 'extensions';
}

export function primitiveOf(model: Model, type: CddlType): 'number' | 'string' | 'boolean' | null {
  const at = model.resolve(type);
  if (at.kind === 'range') return 'number';
  if (at.kind === 'choice') return isNumber(model, at.options) ? 'number' : null;
  if (at.kind !== 'primitive') return null;
  if (at.name === 'tstr') return 'string';
  if (at.name === 'bool') return 'boolean';
  return at.name === 'bstr' || at.name === 'null' ? null : 'number';
}

function isNumber(model: Model, options: readonly CddlType[]): boolean {
  return options.every((option) => primitiveOf(model, option) === 'number');
}

/** The leading number of a message array, or null. */
export function numberOf(type: CddlType): number | null {
  if (type.kind !== 'struct' || type.wire !== 'array') return null;
  const first = type.members[0]!;
  return first.key === null && first.type.kind === 'literal' && typeof first.type.value === 'number'
    ? first.type.value
    : null;
}

export type UnionBy =
  | { readonly by: 'number'; readonly options: readonly Rule[] }
  | { readonly by: string; readonly options: readonly Rule[] };

/** For a choice of structs: what tells them apart, `number` or the map key whose literal differs. Null for other types. */
export function unionOf(model: Model, type: CddlType): UnionBy | null {
  if (type.kind !== 'choice' || !type.options.every((option) => option.kind === 'ref')) return null;
  const options = type.options.map((option) => model.rule((option as { name: string }).name));
  if (!options.every((rule) => rule.type.kind === 'struct')) return null;
  if (options.every((rule) => numberOf(rule.type) !== null)) {
    assertDistinct(
      options.map((rule) => String(numberOf(rule.type))),
      options,
    );
    assertAlike(options);
    return { by: 'number', options };
  }
  const keys = options[0]!.type.kind === 'struct' ? options[0]!.type.members.map((member) => member.key) : [];
  const by = keys.find((key) => options.every((rule) => literalOf(rule, key) !== null));
  if (!by) throw new Error(`${options.map((rule) => rule.name).join(' / ')}: nothing tells these apart`);
  assertDistinct(
    options.map((rule) => String(literalOf(rule, by))),
    options,
  );
  return { by, options };
}

export function literalOf(rule: Rule, key: string | null): string | number | null {
  if (rule.type.kind !== 'struct' || rule.type.wire !== 'map') return null;
  const type = rule.type.members.find((member) => member.key === key)?.type;
  return type?.kind === 'literal' ? type.value : null;
}

/** All messages of a union can grow or none: one that was forgotten could never be extended. */
function assertAlike(options: readonly Rule[]): void {
  const isExtensible = ({ type }: Rule) => type.kind === 'struct' && type.extensions !== null;
  const odd = options.find((rule) => isExtensible(rule) !== isExtensible(options[0]!));
  if (odd) throw new Error(`${odd.name} and ${options[0]!.name}: only one of them takes extensions`);
}

function assertDistinct(values: readonly string[], options: readonly Rule[]): void {
  const twice = values.findIndex((value, index) => values.indexOf(value) !== index);
  if (twice >= 0) throw new Error(`${options[twice]!.name}: ${values[twice]} is already another option`);
}
