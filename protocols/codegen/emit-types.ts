// Model -> TypeScript types with the schema's comments.

import type { CddlType, Member, Model, Rule } from './model.ts';
import { camel, hasTypeName, numberOf, pascal, primitiveOf } from './names.ts';

export function emitTypes(model: Model): string {
  const parts: string[] = [];
  for (const rule of model.rules.values()) if (hasTypeName(model, rule)) parts.push(declaration(model, rule));
  return `${parts.join('\n\n')}\n`;
}

function declaration(model: Model, rule: Rule): string {
  const doc = docComment(rule.doc, '');
  if (rule.type.kind !== 'struct') return `${doc}export type ${pascal(rule.name)} = ${typeText(model, rule.type)};`;
  const fields = rule.type.members.map((member) => field(model, rule, member));
  return `${doc}export interface ${pascal(rule.name)} {\n${fields.join('\n')}\n}`;
}

function field(model: Model, rule: Rule, member: Member): string {
  if (member.key === null) {
    return `  /** Number ${numberOf(rule.type)} on the wire. */\n  readonly type: '${rule.name}';`;
  }
  const doc = docComment(join(member.doc, limitText(model, member.type)), '  ');
  return `${doc}  readonly ${fieldName(rule.type, member)}: ${typeText(model, member.type)};`;
}

/** Array members are kebab-case in the schema; map keys are wire words and stay as they are. */
export function fieldName(type: CddlType, member: Member): string {
  return type.kind === 'struct' && type.wire === 'map' ? member.key! : camel(member.key!);
}

export function typeText(model: Model, type: CddlType): string {
  switch (type.kind) {
    case 'literal':
      return quote(type.value);
    case 'range':
      return 'number';
    case 'primitive':
      return type.name === 'null' ? 'null' : type.name === 'bstr' ? 'Uint8Array' : primitiveOf(model, type)!;
    case 'ref':
      return primitiveOf(model, type) ?? pascal(type.name);
    case 'choice':
      return [...new Set(type.options.map((option) => typeText(model, option)))].join(' | ');
    case 'list': {
      const item = typeText(model, type.item);
      return `readonly ${item.includes(' ') ? `(${item})` : item}[]`;
    }
    case 'table':
      return `Readonly<Record<string, ${typeText(model, type.item)}>>`;
    case 'struct':
    case 'extensions':
      throw new Error('structs are lifted before they are emitted, and extensions have no type');
  }
}

export function quote(value: number | string): string {
  return typeof value === 'number' ? String(value) : `'${value}'`;
}

/** The limits a TypeScript type cannot say. */
export function limitText(model: Model, type: CddlType): string {
  if (type.kind === 'choice') return unique(type.options.map((option) => limitText(model, option))).join(' or ');
  const at = model.resolve(type);
  switch (at.kind) {
    case 'range':
      return `${at.low}..${at.high}.`;
    case 'primitive':
      return at.size ? `${spanText(at.size.low, at.size.high)} bytes.` : '';
    case 'list':
      return `${spanText(at.count.low, at.count.high)} items.`;
    case 'table':
    case 'extensions':
      return `${spanText(at.count.low, at.count.high)} members.`;
    case 'choice':
      return type.kind === 'ref' && primitiveOf(model, type) === null ? '' : limitText(model, at);
    default:
      return '';
  }
}

function spanText(low: number, high: number): string {
  return low === high ? `${low}` : `${low}..${high}`;
}

export function docComment(text: string, indent: string): string {
  return text === '' ? '' : `${indent}/** ${text.replaceAll('*/', '* /')} */\n`;
}

function join(...parts: string[]): string {
  return parts
    .filter((part) => part !== '')
    .map((part) => (/[.!?)]$/.test(part) ? part : `${part}.`))
    .join(' ');
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].filter((text) => text !== '');
}
