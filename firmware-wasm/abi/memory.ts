// Checks on the addresses a caller hands in. The compiler's own bounds checks are off and the caller may be C, so every verb
// asks here before it touches memory: a wrong address is a status, never a trap and never a write into someone else's bytes.

import { BAD_ADDRESS, BAD_ARGUMENT, NOT_INITIALISED, OK, Status } from './status';

/** The ABI.md version that a core compiled against this folder follows; what the verb `abi()` returns. */
export const ABI_VERSION: i32 = 1;

/** Address of elements of type T. To the compiler a number; to the code generator the element type of a parameter. */
// biome-ignore lint/correctness/noUnusedVariables: T is read by the code generator, not by the compiler
export type Ptr<T> = usize;

/** First free byte after static data, aligned to 8: what the verb `arena()` returns. */
export function arenaStart(): usize {
  return (__heap_base + 7) & ~7;
}

/** Is `[at, at + bytes)` above the static data, aligned to `align`, and inside the memory as it is now? */
export function spanIsInMemory(at: usize, bytes: u64, align: usize): bool {
  if (at < arenaStart() || (at & (align - 1)) !== 0) return false;
  // In 64 bits, because at + bytes may pass 2^32 and a full memory is exactly 2^32 bytes.
  return <u64>at + bytes <= (<u64>memory.size()) << 16;
}

/** For `init`: may an instance of `bytes` bytes live at `at`? */
export function checkPlace(at: usize, bytes: usize): Status {
  return spanIsInMemory(at, bytes, 8) ? OK : BAD_ADDRESS;
}

/** For every later verb: is there an instance of `bytes` bytes at `at`, with `mark` as its first word (a u32)? */
export function checkInstance(at: usize, bytes: usize, mark: u32): Status {
  if (!spanIsInMemory(at, bytes, 8)) return BAD_ADDRESS;
  return load<u32>(at) === mark ? OK : NOT_INITIALISED;
}

/** For `from` and `into`: `count` elements of T (a number type or an unmanaged class). Numbers align to their size, structs to 8. */
export function checkSpan<T>(at: Ptr<T>, count: i32): Status {
  if (count < 0) return BAD_ARGUMENT;
  const elementBytes: usize = isReference<T>() ? offsetof<T>() : sizeof<T>();
  const align: usize = isReference<T>() ? 8 : sizeof<T>();
  return spanIsInMemory(at, <u64>count * <u64>elementBytes, align) ? OK : BAD_ADDRESS;
}
