import { describe, expect, it } from 'vitest';
import { CORE_BUDGETS } from './budgets.ts';
import { measureCores, overBudget } from './core-size.ts';

const cores = measureCores();

describe('the shipped cores', () => {
  it('are all measured', () => {
    expect(cores.map((core) => core.name)).toEqual(expect.arrayContaining(Object.keys(CORE_BUDGETS)));
  });

  it.each(cores.map((core) => [core.name, core] as const))('%s keeps its budget and imports nothing', (_name, core) => {
    expect(overBudget(core)).toEqual([]);
  });
});
