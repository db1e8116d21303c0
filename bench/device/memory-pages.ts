// A module that begins with more memory than it was built with: for engines whose hosts cannot let a memory grow. Nothing else changes.

const HEADER_BYTES = 8;
const MEMORY_SECTION = 5;
const MORE = 0x80;

/** Throws where the module has not exactly one memory without a maximum. */
export function withPages(module: Uint8Array, pages: number): Uint8Array {
  for (let at = HEADER_BYTES; at < module.length; ) {
    const size = readLength(module, at + 1);
    if (module[at] !== MEMORY_SECTION) {
      at = size.next + size.value;
      continue;
    }
    const [count, flags] = module.subarray(size.next, size.next + 2);
    if (count !== 1 || flags !== 0) throw new Error('a core has one memory without a maximum');
    const section = [1, 0, ...lengthOf(pages)];
    const before = module.subarray(0, at);
    const after = module.subarray(size.next + size.value);
    return Buffer.concat([before, Uint8Array.of(MEMORY_SECTION, ...lengthOf(section.length), ...section), after]);
  }
  throw new Error('a core has a memory');
}

/** LEB128. */
function readLength(bytes: Uint8Array, from: number): { value: number; next: number } {
  let [value, shift, at] = [0, 0, from];
  for (;;) {
    const byte = bytes[at++];
    if (byte === undefined) throw new Error('the module ends in a number');
    value += (byte & ~MORE) * 2 ** shift;
    if ((byte & MORE) === 0) return { value, next: at };
    shift += 7;
  }
}

function lengthOf(value: number): number[] {
  return value < MORE ? [value] : [(value % MORE) | MORE, ...lengthOf(Math.floor(value / MORE))];
}
