// Model -> CDDL again, for zcbor (0.9.1), which takes a member's name for a key when a rule is called so as well (`epoch: epoch`), one of
// CDDL's own prelude included (`number: int32`). RFC 8610 allows both. So rules get a prefix, which also keeps the names of the
// generated C apart from the firmware's own, keys of maps are quoted and in the order of the wire, and names of array members step aside
// from the prelude.

import { compareKeys } from '../cbor/key-order.ts';
import { cddl, cddlMembers } from './emit-docs.ts';
import type { CddlType, Member, Model, Rule } from './model.ts';

const PREFIX = 'maibo-';
/** Those of RFC 8610, appendix D, that are words one might use. */
const PRELUDE = new Set([
  'any',
  'bool',
  'bytes',
  'false',
  'float',
  'int',
  'nil',
  'null',
  'number',
  'text',
  'time',
  'true',
  'uri',
]);

/** Takes the model as it was read: names for nested structs would be those zcbor makes of its own. */
export function emitCddl(model: Model): string {
  return `${[...model.rules.values()].map(ruleText).join('\n\n')}\n`;
}

function ruleText({ name, type, doc }: Rule): string {
  return `${doc === '' ? '' : `; ${doc}\n`}${PREFIX}${name} = ${typeText(renamed(type))}`;
}

function typeText(type: CddlType): string {
  if (type.kind !== 'struct') return cddl(type);
  const [open, close] = type.wire === 'array' ? '[]' : '{}';
  return `${open}\n${cddlMembers(type)
    .map((member) => `  ${member},\n`)
    .join('')}${close}`;
}

function renamed(type: CddlType): CddlType {
  switch (type.kind) {
    case 'ref':
      return { ...type, name: `${PREFIX}${type.name}` };
    case 'choice':
      return { ...type, options: type.options.map(renamed) };
    case 'struct': {
      const { wire, extensions } = type;
      const members = wire === 'map' ? inWireOrder(type.members) : type.members;
      return {
        ...type,
        members: members.map((member) => ({
          ...member,
          key: keyText(wire, member.key),
          type: renamed(member.type),
        })),
        extensions: extensions === null ? null : `${PREFIX}${extensions}`,
      };
    }
    case 'list':
      return { ...type, item: renamed(type.item) };
    case 'table':
      return { ...type, key: renamed(type.key), item: renamed(type.item) };
    default:
      return type;
  }
}

/** CDDL says nothing of the order in a map; zcbor's code reads the members as they stand there. */
function inWireOrder(members: readonly Member[]): Member[] {
  return [...members].sort((one, other) => compareKeys(one.key!, other.key!));
}

/** Names of array members are not on the wire, so they may be changed. */
function keyText(wire: 'array' | 'map', key: string | null): string | null {
  if (key === null) return null;
  if (wire === 'map') return JSON.stringify(key);
  return PRELUDE.has(key) ? `${key}_` : key;
}
