import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { coreCatalog, StressCore } from '@maibo/cores';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../shared-folder.ts';
import { type WeightSets, withWeights } from './stress-module.ts';

const { shipped } = JSON.parse(
  readFileSync(join(ROOT, 'bench', 'accuracy', 'vectors', 'stress-weights.json'), 'utf8'),
) as { shipped: WeightSets };

describe('the stress core with other weights', () => {
  it('is the core as it is with the weights it has: they are those of the vectors', () => {
    const module = coreCatalog.get('stress');
    expect(withWeights(module, shipped, shipped).sha256).toBe(module.sha256);
  });

  it('says something else with others', () => {
    const zero = { ...shipped, cardiac: shipped.cardiac!.map(() => 0) };
    const core = StressCore.create({ sensors: 0, module: withWeights(coreCatalog.get('stress'), shipped, zero) });
    const inputs = Array.from({ length: 200 }, (_, index) => {
      const x = 800 + 10 * (index % 7);
      return { kind: 'interval' as const, timeS: 0.9 * (index + 1), x, y: 1, z: 0, afterGap: false };
    });
    expect(core.compute(inputs).at(-1)?.values.probability).toBe(0.5);
  });

  it('is refused when the module holds other weights than are said', () => {
    const wrong = { ...shipped, cardiac: [0.5] };
    expect(() => withWeights(coreCatalog.get('stress'), wrong, shipped)).toThrow(/train again/);
  });
});
