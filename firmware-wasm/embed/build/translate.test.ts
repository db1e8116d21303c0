import { describe, expect, it } from 'vitest';
import { translate } from './translate.mjs';

const HEADER = 'typedef struct w2c_core {\n  wasm_rt_memory_t w2c_memory;\n} w2c_core;\n';

/** C as wasm2c writes it, with one function of these lines. */
function sourceOf(...lines: string[]): string {
  const body = ['FUNC_PROLOGUE;', ...lines, 'FUNC_EPILOGUE;', 'return var_i0;'].map((line) => `  ${line}\n`).join('');
  return `static u32 w2c_core_f0(w2c_core*, u32);\n\nu32 w2c_core_f0(w2c_core* instance, u32 var_p0) {\n${body}}\n`;
}

function translated(source: string): string {
  return translate(source, HEADER, { constantsInFlash: false }).code;
}

describe('C of a core', () => {
  it('looks before a load or a store whether its bytes lie in the storage', () => {
    const code = translated(
      sourceOf(
        'var_f2 = f32_load_default32(&instance->w2c_memory, (u64)(var_i2) + 292u);',
        'i64_store16_default32(&instance->w2c_memory, (u64)(var_i0), var_j1);',
      ),
    );
    expect(code).toContain('MAIBO_REACH(var_i2, 292u, 296u, 0); MAIBO_READ(f32_load, var_f2, var_i2, 292u);');
    expect(code).toContain('MAIBO_REACH(var_i0, 0u, 2u, 0); MAIBO_WRITE(i64_store16, var_j1, var_i0, 0u);');
  });

  it('asks where a load is from when constants lie apart', () => {
    const load = sourceOf('var_f2 = f32_load_default32(&instance->w2c_memory, (u64)(var_i2) + 292u);');
    const { code } = translate(load, HEADER, { constantsInFlash: true });
    expect(code).toContain('MAIBO_LOAD(f32_load, var_f2, var_i2, 292u, 296u, 0);');
  });

  it('returns after a call that can have trapped, and looks behind no other', () => {
    const call = sourceOf('var_i0 = w2c_core_f1(instance, var_i0);');
    const calling = (...lines: string[]) => translated(`${call}${sourceOf(...lines).replaceAll('_f0', '_f1')}`);
    expect(calling('var_i0 = DIV_U(var_i0, var_i1);')).toContain(
      'var_i0 = w2c_core_f1(instance, var_i0); MAIBO_AFTER_CALL(0);',
    );
    expect(calling('var_i0 += var_i1;')).not.toContain('MAIBO_AFTER_CALL');
  });

  it.each([
    ['an access of another form', 'var_i1 = i32_load_default32(&instance->w2c_memory, (u64)(var_i1 + var_i2));'],
    ['a conversion that can trap', 'var_i1 = I32_TRUNC_S_F32(var_f1);'],
    ['a call through a table', 'var_i1 = CALL_INDIRECT(instance->w2c_T0, u32 (*)(void*), w2c_t0, var_i1);'],
    ['memory that grows', 'var_i1 = wasm_rt_grow_memory(&instance->w2c_memory, var_i1);'],
  ])('refuses %s', (_, line) => {
    expect(() => translated(sourceOf(line))).toThrow('other C than expected');
  });

  it('refuses a function that calls itself: a stack has an end', () => {
    expect(() => translated(sourceOf('var_i0 = w2c_core_f0(instance, var_i0);'))).toThrow('calls itself');
  });

  it('refuses what has no functions', () => {
    expect(() => translated('int main(void);')).toThrow('no prototypes');
  });
});
