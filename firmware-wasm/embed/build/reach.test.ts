import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planChecks, readAccess } from './reach.mjs';
import { playLines, STORAGE } from './reach.testkit.ts';

const load = (into: string, base: string, offset: number) =>
  `  ${into} = i32_load_default32(&instance->w2c_memory, (u64)(${base}) + ${offset}u);`;
const store = (base: string, offset: number, value: string) =>
  `  i32_store_default32(&instance->w2c_memory, (u64)(${base}) + ${offset}u, ${value});`;

/** What is looked at, line by line; of lines that are no access, nothing. */
function checksOf(lines: string[], areConstantsApart = false): unknown[] {
  const plan = planChecks(lines, areConstantsApart);
  return lines.flatMap((line, index) => (readAccess(line) === null ? [] : [plan.get(index)]));
}

describe('checks of accesses', () => {
  it('look once for all that follow each other through one pointer', () => {
    const lines = [
      load('var_i1', 'var_p0', 8),
      '  var_i0 = var_p0;',
      store('var_i0', 0, 'var_i1'),
      load('var_i2', 'var_i0', 4),
    ];
    expect(checksOf(lines)).toEqual([{ from: 0, to: 12 }, 'none', 'none']);
  });

  it('do not look for what lies behind a branch, and rely in it on what was looked at', () => {
    const lines = [
      load('var_i1', 'var_p0', 8),
      '  if (var_i1) {',
      load('var_i2', 'var_p0', 4),
      load('var_i2', 'var_p0', 12),
      '  }',
    ];
    expect(checksOf(lines)).toEqual([{ from: 8, to: 12 }, { from: 4, to: 16 }, 'none']);
  });

  it('forget behind a branch what only one way through it has looked at', () => {
    const lines = [
      '  if (var_i1) {',
      load('var_i2', 'var_p0', 4),
      '  } else {',
      '  var_i3 = var_i2;',
      '  }',
      load('var_i2', 'var_p0', 4),
    ];
    expect(checksOf(lines)).toEqual([
      { from: 4, to: 8 },
      { from: 4, to: 8 },
    ]);
  });

  it('look again at a pointer that moves, and once at one that stands while a loop runs', () => {
    const lines = [
      load('var_i1', 'var_p0', 0),
      load('var_i1', 'var_l2', 0),
      '  var_L1: ',
      load('var_i1', 'var_p0', 0),
      load('var_i1', 'var_l2', 0),
      '  var_l2 += var_i1;',
      load('var_i1', 'var_l2', 0),
      '    if (var_i1) {',
      '      goto var_L1;',
      '    }',
    ];
    const own = { from: 0, to: 4 };
    expect(checksOf(lines)).toEqual([own, own, 'none', own, own]);
  });

  it('say of a load alone nothing where constants lie apart, and of one behind what is stored that it is from the storage', () => {
    const lines = [
      load('var_i1', 'var_p1', 0),
      store('var_p1', 4, 'var_i1'),
      load('var_i1', 'var_p1', 8),
      '  if (var_i1) {',
      load('var_i1', 'var_p1', 12),
      load('var_i1', 'var_p1', 0),
      '  }',
    ];
    expect(checksOf(lines, true)).toEqual(['own', { from: 4, to: 12 }, 'none', { from: 12, to: 16 }, 'own']);
  });

  it('follow a switch to its end, and forget what is assigned on a way that leaves', () => {
    const lines = [
      load('var_i1', 'var_p0', 0),
      load('var_i1', 'var_l1', 0),
      '  if (var_i1) {',
      '    switch (var_i1) {',
      '      case 0: goto var_B1;',
      '      default: goto var_B1;',
      '    }',
      '    if (var_i1) {var_l1 = var_i1; goto var_B1;}',
      '    var_B1:;',
      '  }',
      load('var_i1', 'var_p0', 0),
      load('var_i1', 'var_l1', 0),
    ];
    const own = { from: 0, to: 4 };
    expect(checksOf(lines)).toEqual([own, own, 'none', own]);
  });

  it('begin anew behind a line of a form that is not known', () => {
    const lines = [load('var_i1', 'var_p0', 0), '  something(else);', load('var_i1', 'var_p0', 0)];
    expect(checksOf(lines)).toEqual([
      { from: 0, to: 4 },
      { from: 0, to: 4 },
    ]);
  });
});

/** Lines as wasm2c writes them: blocks, loops and branches nest. */
const VARIABLES = ['var_p0', 'var_l1', 'var_i0'];
const variable = fc.constantFrom(...VARIABLES);
const offset = fc.constantFrom(0, 4, 8, 20, STORAGE.from + 4);
const straight: fc.Arbitrary<string[]> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(variable, variable, offset).map(([a, b, at]) => [load(a, b, at)]) },
  { weight: 4, arbitrary: fc.tuple(variable, variable, offset).map(([a, b, at]) => [store(a, at, b)]) },
  { weight: 4, arbitrary: fc.tuple(variable, variable).map(([a, b]) => [`  ${a} = ${b};`]) },
  { weight: 2, arbitrary: fc.tuple(variable, fc.nat(STORAGE.to + 8)).map(([a, value]) => [`  ${a} = ${value}u;`]) },
  { weight: 1, arbitrary: fc.tuple(variable, variable).map(([a, b]) => [`  ${a} += ${b};`]) },
  { weight: 1, arbitrary: fc.constant<string[]>(['  w2c_core_f1(instance, var_i0);']) },
);
const { body } = fc.letrec<{ body: string[]; part: string[] }>((tie) => ({
  body: fc.array(tie('part'), { minLength: 1, maxLength: 6, depthIdentifier: 'nest' }).map((parts) => parts.flat()),
  part: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'nest' },
    straight,
    fc.tuple(variable, tie('body')).map(([a, then]) => [`  if (${a}) {`, ...then, '  }']),
    fc
      .tuple(variable, tie('body'), tie('body'))
      .map(([a, then, or]) => [`  if (${a}) {`, ...then, '  } else {', ...or, '  }']),
    fc
      .tuple(variable, tie('body'))
      .map(([a, again]) => ['  var_L: ', ...again, `  if (${a}) {`, '  goto var_L;', '  }']),
    fc
      .tuple(variable, tie('body'), tie('body'))
      .map(([a, first, rest]) => [...first, `  if (${a}) {goto var_B;}`, ...rest, '  var_B:;']),
    fc
      .tuple(variable, tie('body'), tie('body'), tie('body'))
      .map(([a, first, then, rest]) => [
        ...first,
        `  if (${a}) {`,
        ...then,
        '  goto var_B;',
        '  }',
        ...rest,
        '  var_B:;',
      ]),
    fc
      .tuple(variable, variable, variable, tie('body'))
      .map(([a, b, c, rest]) => [`  if (${a}) {${b} = ${c}; goto var_B;}`, ...rest, '  var_B:;']),
    fc
      .tuple(variable, tie('body'))
      .map(([a, rest]) => [
        `  switch (${a}) {`,
        '    case 0: goto var_B;',
        '    default: goto var_B;',
        '  }',
        ...rest,
        '  var_B:;',
      ]),
  ),
}));

/** A label of its own for each loop and block: a goto means the nearest one around it. */
function numberLabels(lines: readonly string[]): string[] {
  const loops: number[] = [];
  const numbered = lines.map((line, index) => {
    if (line === '  var_L: ') loops.push(index);
    if (line === '  var_L: ') return `  var_L${index}: `;
    return line === '  goto var_L;' ? `  goto var_L${loops.pop()};` : line;
  });
  const blocks: number[] = [];
  for (const [index, line] of [...numbered.entries()].toReversed()) {
    if (line === '  var_B:;') {
      blocks.push(index);
      numbered[index] = `  var_B${index}:;`;
    } else if (line.endsWith('goto var_B;') || line.endsWith('goto var_B;}')) {
      numbered[index] = line.replace('var_B;', `var_B${blocks.at(-1)};`);
      // Of the two ways out of a switch this is the first.
      if (!line.includes('default')) blocks.pop();
    }
  }
  return numbered;
}

describe('planned checks', () => {
  it.each([false, true])(
    'let nothing outside happen, and trap just where every access is looked at by itself (constants apart: %s)',
    (apart) => {
      let trapped = 0;
      let whole = 0;
      fc.assert(
        fc.property(
          body.map(numberLabels),
          fc.array(fc.integer({ min: 0, max: 80 }), { minLength: 3, maxLength: 3 }),
          (lines, values) => {
            const start = new Map(VARIABLES.map((name, index) => [name, values[index]!]));
            const alone = playLines(lines, start, apart, null);
            fc.pre(alone !== 'endless');
            expect(playLines(lines, start, apart, planChecks(lines, apart))).toEqual(alone);
            if (alone === 'trap') trapped++;
            else whole++;
          },
        ),
        { numRuns: 8_000, maxSkipsPerRun: 1_000 },
      );
      // Neither all of one kind nor all of the other, or nothing was shown.
      expect(Math.min(trapped, whole)).toBeGreaterThan(150);
    },
  );
});
