/* Loads and stores of a memory whose size is known when it is compiled: one comparison of 32 bits and a constant address. What wasm2c
 * writes compares 64 bits with a number in memory; ../fixed-memory.ts puts these in their place. */
#ifndef CHECKED_MEMORY_H
#define CHECKED_MEMORY_H

#include "wasm-rt.h"

/* The bytes from `base + offset` on; traps where not all of `bytes` are in the memory. Offset and bytes are constants. */
static inline __attribute__((always_inline)) uint8_t *place(u32 base, u32 offset, u32 bytes) {
  const u64 end = (u64)offset + bytes;
  if (UNLIKELY(end > LINEAR_BYTES || base > LINEAR_BYTES - (u32)end)) wasm_rt_trap(WASM_RT_TRAP_OOB);
  return linear_memory + base + offset;
}

#define CHECKED_LOAD(name, stored, read)                                               \
  static inline __attribute__((always_inline)) read checked_##name(u32 base, u32 offset) { \
    stored value;                                                                       \
    memcpy(&value, place(base, offset, sizeof value), sizeof value);                    \
    return (read)value;                                                                 \
  }

#define CHECKED_STORE(name, stored, written)                                                                \
  static inline __attribute__((always_inline)) void checked_##name(u32 base, u32 offset, written value) { \
    const stored kept = (stored)value;                                                                       \
    memcpy(place(base, offset, sizeof kept), &kept, sizeof kept);                                            \
  }

CHECKED_LOAD(i32_load, u32, u32)
CHECKED_LOAD(i32_load8_s, s8, s32)
CHECKED_LOAD(i32_load8_u, u8, u32)
CHECKED_LOAD(i32_load16_s, s16, s32)
CHECKED_LOAD(i32_load16_u, u16, u32)
CHECKED_LOAD(i64_load, u64, u64)
CHECKED_LOAD(i64_load8_s, s8, s64)
CHECKED_LOAD(i64_load8_u, u8, u64)
CHECKED_LOAD(i64_load16_s, s16, s64)
CHECKED_LOAD(i64_load16_u, u16, u64)
CHECKED_LOAD(i64_load32_s, s32, s64)
CHECKED_LOAD(i64_load32_u, u32, u64)
CHECKED_LOAD(f32_load, f32, f32)
CHECKED_LOAD(f64_load, f64, f64)
CHECKED_STORE(i32_store, u32, u32)
CHECKED_STORE(i32_store8, u8, u32)
CHECKED_STORE(i32_store16, u16, u32)
CHECKED_STORE(i64_store, u64, u64)
CHECKED_STORE(i64_store8, u8, u64)
CHECKED_STORE(i64_store16, u16, u64)
CHECKED_STORE(i64_store32, u32, u64)
CHECKED_STORE(f32_store, f32, f32)
CHECKED_STORE(f64_store, f64, f64)

#endif
