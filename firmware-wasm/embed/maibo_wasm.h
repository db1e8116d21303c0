/* What a core's C stands on: numbers as WebAssembly has them, a memory of a size that is known when it is compiled, and traps that
 * are returned. build/translate.mjs writes code against these macros; nothing here allocates, calls an operating system or libm.
 *
 * A core's file defines before it includes this one:
 *   MAIBO_LINEAR_BYTES  first address behind the core's memory
 *   MAIBO_ORIGIN        first address that lies in the caller's storage
 *   MAIBO_HAS_FLASH     1: the constants stay in flash, below MAIBO_ORIGIN; 0: they begin the storage
 *   MAIBO_CONSTANTS_AT  address of the first constant, which begins the array MAIBO_CONSTANTS
 */
#ifndef MAIBO_WASM_H
#define MAIBO_WASM_H

#include <math.h> /* INFINITY, and nothing else of it. */
#include <stdint.h>
#include <string.h>

#include "maibo_math.h"

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
typedef int64_t s64;
typedef float f32;
typedef double f64;

#if defined(__GNUC__)
#define UNLIKELY(condition) __builtin_expect((condition) ? 1 : 0, 0)
#define MAIBO_INLINE static inline __attribute__((always_inline, unused))
#define MAIBO_MAY_ALIAS __attribute__((may_alias))
#else
#define UNLIKELY(condition) (condition)
#define MAIBO_INLINE static inline
#define MAIBO_MAY_ALIAS
#endif

/* Why a core stopped. 0: it did not. */
#define TRAP_OUT_OF_BOUNDS 1u
#define TRAP_INTEGER_OVERFLOW 2u
#define TRAP_DIVIDE_BY_ZERO 3u
#define TRAP_UNREACHABLE 4u

/* `result` is what the function returns, empty in one that returns nothing: the value is never looked at, for every caller asks
 * MAIBO_AFTER_CALL first. So a trap unwinds the stack by ordinary returns. */
#define MAIBO_TRAP(why, result)   \
  do {                            \
    instance->trap = TRAP_##why;  \
    return result;                \
  } while (0)
#define MAIBO_AFTER_CALL(result) \
  if (UNLIKELY(instance->trap != 0u)) return result
/* At the one ordinary return of a function: where it was put into its caller the look behind the call goes. */
#if defined(__GNUC__)
#define MAIBO_RETURNS \
  if (instance->trap != 0u) __builtin_unreachable()
#else
#define MAIBO_RETURNS (void)0
#endif

/* Do the bytes from base + from to base + to lie outside the storage? from and to are constants, so one comparison is left. An offset
 * below MAIBO_ORIGIN is one into a structure, whose pointer lies in the storage itself; one above is the address of an array, and the
 * base an index. (A pointer below the storage whose offset reaches into it is taken for outside: no compiler makes one.) */
#define IS_OUTSIDE(base, from, to)                                                            \
  ((from) < MAIBO_ORIGIN                                                                      \
       ? ((to) > MAIBO_LINEAR_BYTES - MAIBO_ORIGIN ||                                         \
          (u32)((base) - MAIBO_ORIGIN) > MAIBO_LINEAR_BYTES - MAIBO_ORIGIN - (to))            \
       : ((to) > MAIBO_LINEAR_BYTES || (base) > MAIBO_LINEAR_BYTES - (to)))

/* Where base + offset lies, which is not outside. What is behind one pointer is one address with several offsets. */
#define PLACE(base, offset)                                                             \
  ((offset) < MAIBO_ORIGIN ? &(&instance->memory[(u32)((base) - MAIBO_ORIGIN)])[offset] \
                           : &instance->memory[(base) + (u32)((offset) - MAIBO_ORIGIN)])

/* Are the bytes [at, at + count) all among the constants in flash? */
#define RANGE_IS_CONSTANT(at, count) \
  (MAIBO_HAS_FLASH && (at) >= MAIBO_CONSTANTS_AT && (u64)(at) + (count) <= MAIBO_ORIGIN)

/* The same of base + from to base + to, as one comparison for the small offsets that cores have: what lies below the constants wraps
 * and is far outside. */
#define IS_CONSTANT(base, from, to)                                                      \
  (MAIBO_HAS_FLASH && ((from) <= MAIBO_CONSTANTS_AT                                      \
                           ? (u32)((base) - (u32)(MAIBO_CONSTANTS_AT - (from))) <=       \
                                 MAIBO_ORIGIN - MAIBO_CONSTANTS_AT - ((to) - (from))     \
                           : (u64)(base) + (to) <= MAIBO_ORIGIN))

/* The storage has base + from to base + to: the accesses behind this one rely on it (build/reach.mjs says which). */
#define MAIBO_REACH(base, from, to, result) \
  if (UNLIKELY(IS_OUTSIDE(base, from, to))) MAIBO_TRAP(OUT_OF_BOUNDS, result)
#define MAIBO_READ(read, into, base, offset) into = read(PLACE(base, offset))
#define MAIBO_WRITE(write, value, base, offset) write(PLACE(base, offset), value)

/* From the storage or from the constants, whichever has it. */
#define MAIBO_LOAD(read, into, base, from, to, result)                     \
  do {                                                                     \
    if (!UNLIKELY(IS_OUTSIDE(base, from, to))) {                           \
      into = read(PLACE(base, from));                                      \
    } else if (IS_CONSTANT(base, from, to)) {                              \
      into = read(&MAIBO_CONSTANTS[(base) + (from) - MAIBO_CONSTANTS_AT]); \
    } else {                                                               \
      MAIBO_TRAP(OUT_OF_BOUNDS, result);                                   \
    }                                                                      \
  } while (0)

/* Are the bytes [at, at + count) not all in the caller's storage? */
#define RANGE_IS_OUTSIDE(at, count) ((u64)(at) + (count) > MAIBO_LINEAR_BYTES || (at) < MAIBO_ORIGIN)

#define MAIBO_FILL(to, value, count, result)                                          \
  do {                                                                                \
    if (UNLIKELY(RANGE_IS_OUTSIDE(to, count))) MAIBO_TRAP(OUT_OF_BOUNDS, result);      \
    (void)memset(&instance->memory[(to) - MAIBO_ORIGIN], (int)((value) & 255u), count); \
  } while (0)

#define MAIBO_COPY(to, from, count, result)                                                                   \
  do {                                                                                                        \
    if (UNLIKELY(RANGE_IS_OUTSIDE(to, count))) MAIBO_TRAP(OUT_OF_BOUNDS, result);                              \
    if (RANGE_IS_CONSTANT(from, count)) {                                                                     \
      (void)memcpy(&instance->memory[(to) - MAIBO_ORIGIN], &MAIBO_CONSTANTS[(from) - MAIBO_CONSTANTS_AT], count); \
    } else {                                                                                                  \
      if (UNLIKELY(RANGE_IS_OUTSIDE(from, count))) MAIBO_TRAP(OUT_OF_BOUNDS, result);                          \
      (void)memmove(&instance->memory[(to) - MAIBO_ORIGIN], &instance->memory[(from) - MAIBO_ORIGIN], count); \
    }                                                                                                         \
  } while (0)

#define DEFINE_LOAD(name, stored, read)          \
  MAIBO_INLINE read name(const u8 *place) {      \
    stored value;                                \
    (void)memcpy(&value, place, sizeof value);   \
    return (read)value;                          \
  }
#define DEFINE_SIGNED_LOAD(name, stored, wide, read) \
  MAIBO_INLINE read name(const u8 *place) {          \
    stored value;                                    \
    (void)memcpy(&value, place, sizeof value);       \
    return (read)(wide)value;                        \
  }
#define DEFINE_STORE(name, stored, written)              \
  MAIBO_INLINE void name(u8 *place, written value) {     \
    const stored kept = (stored)value;                   \
    (void)memcpy(place, &kept, sizeof kept);             \
  }

DEFINE_LOAD(i32_load, u32, u32)
DEFINE_LOAD(i32_load8_u, u8, u32)
DEFINE_LOAD(i32_load16_u, u16, u32)
DEFINE_LOAD(i64_load, u64, u64)
DEFINE_LOAD(i64_load8_u, u8, u64)
DEFINE_LOAD(i64_load16_u, u16, u64)
DEFINE_LOAD(i64_load32_u, u32, u64)
DEFINE_LOAD(f32_load, f32, f32)
DEFINE_LOAD(f64_load, f64, f64)
DEFINE_SIGNED_LOAD(i32_load8_s, s8, s32, u32)
DEFINE_SIGNED_LOAD(i32_load16_s, s16, s32, u32)
DEFINE_SIGNED_LOAD(i64_load8_s, s8, s64, u64)
DEFINE_SIGNED_LOAD(i64_load16_s, s16, s64, u64)
DEFINE_SIGNED_LOAD(i64_load32_s, s32, s64, u64)
DEFINE_STORE(i32_store, u32, u32)
DEFINE_STORE(i32_store8, u8, u32)
DEFINE_STORE(i32_store16, u16, u32)
DEFINE_STORE(i64_store, u64, u64)
DEFINE_STORE(i64_store8, u8, u64)
DEFINE_STORE(i64_store16, u16, u64)
DEFINE_STORE(i64_store32, u32, u64)
DEFINE_STORE(f32_store, f32, f32)
DEFINE_STORE(f64_store, f64, f64)

/* Integer divisions: `number` is 32 or 64. */
#define MAIBO_DIVIDE_SIGNED(number, into, left, right, result)                                   \
  do {                                                                                           \
    if (UNLIKELY((right) == 0u)) MAIBO_TRAP(DIVIDE_BY_ZERO, result);                             \
    if (UNLIKELY((s##number)(left) == INT##number##_MIN && (s##number)(right) == -1))            \
      MAIBO_TRAP(INTEGER_OVERFLOW, result);                                                      \
    into = (u##number)((s##number)(left) / (s##number)(right));                                  \
  } while (0)
#define MAIBO_REMAINDER_SIGNED(number, into, left, right, result)                                \
  do {                                                                                           \
    if (UNLIKELY((right) == 0u)) MAIBO_TRAP(DIVIDE_BY_ZERO, result);                             \
    into = ((s##number)(right) == -1) ? 0u : (u##number)((s##number)(left) % (s##number)(right)); \
  } while (0)
#define MAIBO_DIVIDE(into, left, operation, right, result)           \
  do {                                                               \
    if (UNLIKELY((right) == 0u)) MAIBO_TRAP(DIVIDE_BY_ZERO, result); \
    into = (left) operation (right);                                 \
  } while (0)

#endif
