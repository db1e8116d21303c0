// Model -> SCHEMA.gen.md: the same truth as tables for people.

import { limitText } from './emit-types.ts';
import type { CddlType, Model, Rule } from './model.ts';

export function emitDocs(model: Model): string {
  const parts: string[] = ['# Schema', ''];
  for (const rule of model.rules.values()) parts.push(...section(model, rule), '');
  return `${parts.join('\n').trimEnd()}\n`;
}

function section(model: Model, rule: Rule): string[] {
  const head = [`## ${rule.name}`, '', ...(rule.doc === '' ? [] : [cell(rule.doc), ''])];
  if (rule.type.kind !== 'struct') return [...head, `\`${cddl(rule.type)}\``];
  const rows = rule.type.members.map((member, index) => {
    const at = rule.type.kind === 'struct' && rule.type.wire === 'array' ? `${index}` : '';
    return `| ${at} | ${member.key ?? '(number)'} | \`${cddl(member.type)}\` | ${cell(limitText(model, member.type))} | ${cell(member.doc)} |`;
  });
  const { extensions } = rule.type;
  if (extensions !== null) {
    const limits = cell(limitText(model, model.rule(extensions).type));
    rows.push(
      `| ${rows.length} | (extensions) | \`? ${extensions}\` | ${limits} | of later versions; may be missing |`,
    );
  }
  return [
    ...head,
    `On the wire: ${rule.type.wire}.`,
    '',
    '| at | member | type | limits | meaning |',
    '|---|---|---|---|---|',
    ...rows,
  ];
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

/** The type as it would be written in CDDL. */
export function cddl(type: CddlType): string {
  switch (type.kind) {
    case 'literal':
      return JSON.stringify(type.value);
    case 'range':
      return `${type.low}..${type.high}`;
    case 'primitive':
      return type.size ? `${type.name} .size ${size(type.size.low, type.size.high)}` : type.name;
    case 'ref':
      return type.name;
    case 'choice':
      return type.options.map(cddl).join(' / ');
    case 'list':
      return `[${type.count.low}*${Number.isFinite(type.count.high) ? type.count.high : ''} ${cddl(type.item)}]`;
    case 'table':
      return `{ ${type.count.low}*${Number.isFinite(type.count.high) ? type.count.high : ''} ${cddl(type.key)} => ${cddl(type.item)} }`;
    case 'extensions':
      return `{ ${type.count.low}*${Number.isFinite(type.count.high) ? type.count.high : ''} int => any }`;
    case 'struct':
      return type.wire === 'array' ? `[${cddlMembers(type).join(', ')}]` : `{ ${cddlMembers(type).join(', ')} }`;
  }
}

export function cddlMembers({ members, extensions }: Extract<CddlType, { kind: 'struct' }>): string[] {
  const texts = members.map(({ key, type }) => (key === null ? cddl(type) : `${key}: ${cddl(type)}`));
  return extensions === null ? texts : [...texts, `? ${extensions}`];
}

function size(low: number, high: number): string {
  return low === high ? `${low}` : `(${low}..${high})`;
}
