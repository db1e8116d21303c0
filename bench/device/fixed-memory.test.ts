import { describe, expect, it } from 'vitest';
import { fixMemory } from './fixed-memory.ts';

const HEADER = '#include "core.h"\n';

describe('a memory of fixed size', () => {
  it('is checked by us: loads and stores, with an offset or without', () => {
    const written = [
      'var_i1 = i32_load_default32(&instance->w2c_memory, (u64)(var_i1));',
      'var_f2 = f32_load_default32(&instance->w2c_memory, (u64)(var_i2) + 292u);',
      'f64_store_default32(&instance->w2c_memory, (u64)(var_i0) + 8, var_d1);',
    ];
    expect(fixMemory(HEADER + written.join('\n'))).toBe(
      [
        `${HEADER}#include "checked-memory.h"`,
        'var_i1 = checked_i32_load(var_i1, 0u);',
        'var_f2 = checked_f32_load(var_i2, 292u);',
        'checked_f64_store(var_i0, 8u, var_d1);',
      ].join('\n'),
    );
  });

  it('refuses an access that has another form', () => {
    const odd = 'i32_load_default32(&instance->w2c_memory, (u64)(var_i1 + var_i2));';
    expect(() => fixMemory(HEADER + odd)).toThrow('other C than expected');
  });

  it('refuses what has no header of its own', () => {
    expect(() => fixMemory('int main(void);')).toThrow('other C than expected');
  });
});
