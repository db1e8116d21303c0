import { describe, expect, test } from 'vitest';
import { emitCodec } from './emit-codec.ts';
import { emitTypes } from './emit-types.ts';
import { liftStructs } from './lift.ts';
import { parseCddl } from './parser.ts';

const parse = (text: string) => parseCddl([{ file: 'a.cddl', text }]);
const typesOf = (text: string) => emitTypes(liftStructs(parse(text)));

describe('reading', () => {
  test('a numbered array becomes a struct whose first member is the number', () => {
    const rule = parse('block = [21, log: uint16, samples: bstr .size (0..4096)]\nuint16 = 0..65535').rule('block');
    expect(rule.type).toMatchObject({
      kind: 'struct',
      wire: 'array',
      members: [
        { key: null, type: { kind: 'literal', value: 21 } },
        { key: 'log', type: { kind: 'ref', name: 'uint16' } },
        { key: 'samples', type: { kind: 'primitive', name: 'bstr', size: { low: 0, high: 4096 } } },
      ],
    });
  });

  test('occurrence makes a list or a table', () => {
    const model = parse('a = [1*8 int]\nb = { * tstr => int }\nc = [+ int]');
    expect(model.rule('a').type).toMatchObject({ kind: 'list', count: { low: 1, high: 8 } });
    expect(model.rule('b').type).toMatchObject({ kind: 'table', count: { low: 0, high: Number.POSITIVE_INFINITY } });
    expect(model.rule('c').type).toMatchObject({ kind: 'list', count: { low: 1 } });
  });

  test('comments above a rule and beside a member become their docs', () => {
    const rule = parse('; file\n\n; about a\n; more\na = {\n  b: int, ; about b\n  c: int,\n}').rule('a');
    expect(rule.doc).toBe('about a more');
    expect(rule.type).toMatchObject({ members: [{ doc: 'about b' }, { doc: '' }] });
  });

  test('a semicolon inside a text is no comment', () => {
    expect(parse('a = "x;y"').rule('a').type).toEqual({ kind: 'literal', value: 'x;y' });
  });
});

describe('refusals name file and line', () => {
  test.each([
    ['a\n\nb = int', 'a.cddl:3: expected =, found b'],
    ['a = int\n\na = int', 'a.cddl:3: a is already defined at a.cddl:1'],
    ['a = b', 'a.cddl:1: a refers to b, which is not defined'],
    ['a = 5..1', 'a.cddl:1: range 5..1 is empty'],
    ['a = int .size 4', 'a.cddl:1: .size goes on tstr and bstr, not on int'],
    ['a = bstr .cbor b', 'a.cddl:1: .cbor is outside the subset'],
    ['a = {\n  ? b: int,\n  c: int }', 'a.cddl:2: an optional or repeated member among others is outside the subset'],
    ['a = [int, int]', 'a.cddl:1: a member needs a name'],
    ['a = []', 'a.cddl:1: an empty array says nothing'],
    ['a = int\n%', 'a.cddl:2: cannot read "%"'],
    ['a = [b: int', 'a.cddl:1: expected , or ], found end of file'],
  ])('%j', (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });
});

describe('types', () => {
  test('numbered arrays become interfaces told apart by type, kebab becomes camel', () => {
    const text = typesOf('m = x-y / z\nx-y = [1, a-b: int]\nz = [2, b: bool]');
    expect(text).toContain('export type M = XY | Z;');
    expect(text).toContain("readonly type: 'x-y';");
    expect(text).toContain('readonly aB: number;');
  });

  test('choices, tables, nulls and bytes', () => {
    const text = typesOf(
      'a = { b: 1 / 2, c: { 0*4 tstr => v }, d: int / null, e: bstr .size 4 }\nv = int / tstr / [0*2 int]',
    );
    expect(text).toContain('readonly b: 1 | 2;');
    expect(text).toContain('readonly c: Readonly<Record<string, V>>;');
    expect(text).toContain('readonly d: number | null;');
    expect(text).toContain('/** 4 bytes. */\n  readonly e: Uint8Array;');
    expect(text).toContain('export type V = number | string | readonly number[];');
  });

  test('a struct inside another gets a name of its own', () => {
    expect(typesOf('a = { b: { c: int } }')).toContain('export interface AB {');
  });

  test('what TypeScript owns is renamed', () => {
    expect(typesOf('record = { a: int }')).toContain('export interface EvidenceRecord {');
  });
});

test('two messages with one number are refused', () => {
  expect(() => emitCodec(liftStructs(parse('m = a / b\na = [1, c: int]\nb = [1, c: int]')))).toThrow(
    'b: 1 is already another option',
  );
});
