// Whatever a core gives, a definition says what it is. (Indices that functions above the cores give are held against the definitions there.)

import { expect, it } from 'vitest';
import * as generated from '../generated/cores.gen.ts';
import { coverageOf } from './all.ts';

/** The names of values that the generated classes list: HRV_INDICES_NAMES and its kin. */
const given = Object.entries(generated)
  .filter(([constant]) => constant.endsWith('_NAMES'))
  .flatMap(([, names]) => names as unknown as readonly string[]);

it('defines every value that a core gives', () => {
  expect(given.length).toBeGreaterThanOrEqual(42);
  expect(coverageOf(given).undefinedColumns).toEqual([]);
});
