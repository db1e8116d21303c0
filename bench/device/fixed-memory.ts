// The C that wasm2c writes, made fit for one memory of a size that is known when it is compiled: every load and store becomes one of
// c/checked-memory.h, which checks it against a constant.

const HEADER = '#include "core.h"\n';
const ACCESS = /\b(\w+)_default32\(&instance->w2c_memory, \(u64\)\((var_\w+)\)(?: \+ (\d+)u?)?/g;
const LEFT_OVER = '_default32(&instance';

/** Throws if an access has another form than these: then another wasm2c wrote it. */
export function fixMemory(source: string): string {
  if (source.split(HEADER).length !== 2) throw new Error('wasm2c writes other C than expected: no core.h');
  const fixed = source.replace(ACCESS, (_, name: string, base: string, offset = '0') => {
    return `checked_${name}(${base}, ${offset}u`;
  });
  const at = fixed.indexOf(LEFT_OVER);
  if (at >= 0) throw new Error(`wasm2c writes other C than expected: "${fixed.slice(at - 20, at + 60)}"`);
  return fixed.replace(HEADER, `${HEADER}#include "checked-memory.h"\n`);
}
