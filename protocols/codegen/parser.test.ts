import { describe, expect, test } from 'vitest';
import { emitCddl } from './emit-cddl.ts';
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

  test('a numbered array may end with extensions, which are no member', () => {
    const model = parse('a = [7, b: int, ? more]\nmore = { 1*16 int => any }');
    expect(model.rule('a').type).toMatchObject({ members: [{ key: null }, { key: 'b' }], extensions: 'more' });
    expect(model.rule('more').type).toEqual({ kind: 'extensions', count: { low: 1, high: 16 } });
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
    ['a = [b: int, ? c]\nc = { 1*2 int => any }', 'a.cddl:1: an optional or repeated member among others'],
    ['a = [1, ? b]\nb = { 1*2 tstr => int }', 'a.cddl:1: a ends with ? b, which is not { n*m int => any }'],
    ['a = { 1*2 tstr => any }', 'a.cddl:1: `any` stands only in `n*m int => any`'],
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

  test('extensions are in no type', () => {
    const text = typesOf('a = [7, b: int, ? more]\nmore = { 1*16 int => any }');
    expect(text).not.toMatch(/more/i);
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

test('the number of what travels alone is checked', () => {
  const codec = emitCodec(liftStructs(parse('a = [7, b: int]\nc = d / e\nd = [8, b: int]\ne = [9, b: int]')));
  expect(codec).toContain('const WORDS_1 = [7] as const;');
  expect(codec.match(/s\.oneOf\(.*\);/g)).toEqual(["s.oneOf(w[0], here, 'number', 0, WORDS_1);"]);
});

test('a union of which one message takes no extensions is refused', () => {
  const model = parse('m = a / b\na = [1, ? x]\nb = [2, c: int]\nx = { 1*2 int => any }');
  expect(() => emitCodec(liftStructs(model))).toThrow('b and a: only one of them takes extensions');
});

describe('CDDL for zcbor', () => {
  const cddlOf = (text: string) => emitCddl(parse(text));

  test('rules have a prefix, so that no member is named like one', () => {
    expect(cddlOf('; why\nepoch = bstr .size 4\na = [7, epoch: epoch, ? x]\nx = { 1*2 int => any }')).toBe(
      [
        '; why\nmaibo-epoch = bstr .size 4\n',
        'maibo-a = [\n  7,\n  epoch: maibo-epoch,\n  ? maibo-x,\n]\n',
        'maibo-x = { 1*2 int => any }\n',
      ].join('\n'),
    );
  });

  test('keys of maps are quoted, names in arrays are not those of the prelude', () => {
    expect(cddlOf('a = { time: int / null }')).toContain('"time": int / null,');
    expect(cddlOf('a = [number: [1*2 int], b: { 0*2 tstr => int }]')).toContain('number_: [1*2 int],');
  });

  test('members of maps stand as on the wire: zcbor reads them in that order', () => {
    expect(cddlOf('a = { kind: "x", v: 1, at: int, ab: int }').match(/"\w+":/g)).toEqual([
      '"v":',
      '"ab":',
      '"at":',
      '"kind":',
    ]);
  });

  test('what it says is the same: our own reader gives the same types, but for the prefix', () => {
    const text =
      'a = [7, b: c, d: [0*2 [g: int]], ? x]\nc = { e: int / null, f: { h: bstr .size (1..2) } }\nx = { 1*2 int => any }';
    const again = typesOf(cddlOf(text).replaceAll('"', '')).replaceAll(/Maibo|maibo-/g, '');
    expect(again).toBe(typesOf(text));
  });
});
