/* The number operations of WebAssembly that C has not, or has only in libm: roundings, square roots, least and greatest,
 * conversions that saturate, bits. The same bits everywhere; whatever rounds, rounds to nearest even. */
#ifndef MAIBO_MATH_H
#define MAIBO_MATH_H

#include <float.h>
#include <stdint.h>
#include <string.h>

#if defined(__FAST_MATH__)
#error "maibo: -ffast-math gives other bits than every other host; compile the cores without it"
#endif
#if defined(FLT_EVAL_METHOD) && FLT_EVAL_METHOD != 0 && FLT_EVAL_METHOD != 16
#error "maibo: float and double must be computed in their own width (on 32-bit x86: -msse2 -mfpmath=sse)"
#endif
#if defined(__GNUC__) && !defined(__clang__)
/* A fused multiply-add rounds once instead of twice. gcc fuses by default unless -std=c99 or -ffp-contract=off says otherwise; this
 * holds whatever the command line says. sqrt without errno is one instruction. */
#pragma GCC optimize("fp-contract=off", "no-math-errno")
#elif defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#endif

#if defined(__GNUC__)
#define MAIBO_MATH_INLINE static inline __attribute__((always_inline, unused))
#else
#define MAIBO_MATH_INLINE static inline
#endif

/* Does the processor have a square root of its own? Otherwise maibo_math.c computes it; libm is never called. */
#if defined(__GNUC__) && (defined(__SSE2__) || defined(__aarch64__))
#define MAIBO_HAS_SQRT_F32 1
#define MAIBO_HAS_SQRT_F64 1
#elif defined(__GNUC__) && defined(__ARM_FP)
#define MAIBO_HAS_SQRT_F32 ((__ARM_FP & 4) != 0)
#define MAIBO_HAS_SQRT_F64 ((__ARM_FP & 8) != 0)
#else
#define MAIBO_HAS_SQRT_F32 0
#define MAIBO_HAS_SQRT_F64 0
#endif

float maibo_sqrt_f32(float x);
double maibo_sqrt_f64(double x);

float maibo_floor_f32(float x);
float maibo_ceil_f32(float x);
float maibo_trunc_f32(float x);
float maibo_nearest_f32(float x);
double maibo_floor_f64(double x);
double maibo_ceil_f64(double x);
double maibo_trunc_f64(double x);
double maibo_nearest_f64(double x);

MAIBO_MATH_INLINE uint32_t i32_reinterpret_f32(float x) {
  uint32_t bits;
  (void)memcpy(&bits, &x, sizeof bits);
  return bits;
}
MAIBO_MATH_INLINE uint64_t i64_reinterpret_f64(double x) {
  uint64_t bits;
  (void)memcpy(&bits, &x, sizeof bits);
  return bits;
}
MAIBO_MATH_INLINE float f32_reinterpret_i32(uint32_t bits) {
  float x;
  (void)memcpy(&x, &bits, sizeof x);
  return x;
}
MAIBO_MATH_INLINE double f64_reinterpret_i64(uint64_t bits) {
  double x;
  (void)memcpy(&x, &bits, sizeof x);
  return x;
}

MAIBO_MATH_INLINE float abs_f32(float x) {
#if defined(__GNUC__)
  return __builtin_fabsf(x);
#else
  return f32_reinterpret_i32(i32_reinterpret_f32(x) & 0x7FFFFFFFu);
#endif
}
MAIBO_MATH_INLINE double abs_f64(double x) {
#if defined(__GNUC__)
  return __builtin_fabs(x);
#else
  return f64_reinterpret_i64(i64_reinterpret_f64(x) & 0x7FFFFFFFFFFFFFFFu);
#endif
}
MAIBO_MATH_INLINE float copysign_f32(float x, float sign) {
  return f32_reinterpret_i32((i32_reinterpret_f32(x) & 0x7FFFFFFFu) | (i32_reinterpret_f32(sign) & 0x80000000u));
}
MAIBO_MATH_INLINE double copysign_f64(double x, double sign) {
  return f64_reinterpret_i64((i64_reinterpret_f64(x) & 0x7FFFFFFFFFFFFFFFu) |
                             (i64_reinterpret_f64(sign) & 0x8000000000000000u));
}

MAIBO_MATH_INLINE float sqrt_f32(float x) {
#if MAIBO_HAS_SQRT_F32
  return __builtin_sqrtf(x);
#else
  return maibo_sqrt_f32(x);
#endif
}
MAIBO_MATH_INLINE double sqrt_f64(double x) {
#if MAIBO_HAS_SQRT_F64
  return __builtin_sqrt(x);
#else
  return maibo_sqrt_f64(x);
#endif
}

/* Where the two are equal only the signs of zeros can differ: least wants a minus that is there, greatest a plus. */
#define MAIBO_DEFINE_EXTREMES(type, bits, nan)                                        \
  MAIBO_MATH_INLINE type least_##type(type x, type y) {                               \
    if (x < y) return x;                                                              \
    if (y < x) return y;                                                              \
    if (x == y) return bits##_to(bits##_of(x) | bits##_of(y));                        \
    return bits##_to(nan);                                                            \
  }                                                                                   \
  MAIBO_MATH_INLINE type greatest_##type(type x, type y) {                            \
    if (x > y) return x;                                                              \
    if (y > x) return y;                                                              \
    if (x == y) return bits##_to(bits##_of(x) & bits##_of(y));                        \
    return bits##_to(nan);                                                            \
  }
#define maibo_u32_of(x) i32_reinterpret_f32(x)
#define maibo_u32_to(x) f32_reinterpret_i32(x)
#define maibo_u64_of(x) i64_reinterpret_f64(x)
#define maibo_u64_to(x) f64_reinterpret_i64(x)
MAIBO_DEFINE_EXTREMES(float, maibo_u32, 0x7FC00000u)
MAIBO_DEFINE_EXTREMES(double, maibo_u64, 0x7FF8000000000000u)

/* Conversions: NaN is 0, what is too great is the greatest. `from` and `below` are exact in the type of x. */
#define MAIBO_DEFINE_SIGNED(name, type, whole, unsigned_type, from, below, least, greatest) \
  MAIBO_MATH_INLINE unsigned_type name(type x) {                                            \
    if (x != x) return 0u;                                                                  \
    if (!(x >= (from))) return (unsigned_type)(least);                                      \
    if (!(x < (below))) return (unsigned_type)(greatest);                                   \
    return (unsigned_type)(whole)x;                                                         \
  }
#define MAIBO_DEFINE_UNSIGNED(name, type, unsigned_type, below, greatest) \
  MAIBO_MATH_INLINE unsigned_type name(type x) {                          \
    if (!(x > 0)) return 0u;                                              \
    if (!(x < (below))) return greatest;                                  \
    return (unsigned_type)x;                                              \
  }
MAIBO_DEFINE_SIGNED(i32_trunc_sat_s_f32, float, int32_t, uint32_t, -2147483648.0f, 2147483648.0f, INT32_MIN, INT32_MAX)
MAIBO_DEFINE_SIGNED(i32_trunc_sat_s_f64, double, int32_t, uint32_t, -2147483648.0, 2147483648.0, INT32_MIN, INT32_MAX)
MAIBO_DEFINE_SIGNED(i64_trunc_sat_s_f32, float, int64_t, uint64_t, -9223372036854775808.0f, 9223372036854775808.0f,
                    INT64_MIN, INT64_MAX)
MAIBO_DEFINE_SIGNED(i64_trunc_sat_s_f64, double, int64_t, uint64_t, -9223372036854775808.0, 9223372036854775808.0,
                    INT64_MIN, INT64_MAX)
MAIBO_DEFINE_UNSIGNED(i32_trunc_sat_u_f32, float, uint32_t, 4294967296.0f, UINT32_MAX)
MAIBO_DEFINE_UNSIGNED(i32_trunc_sat_u_f64, double, uint32_t, 4294967296.0, UINT32_MAX)
MAIBO_DEFINE_UNSIGNED(i64_trunc_sat_u_f32, float, uint64_t, 18446744073709551616.0f, UINT64_MAX)
MAIBO_DEFINE_UNSIGNED(i64_trunc_sat_u_f64, double, uint64_t, 18446744073709551616.0, UINT64_MAX)

#if defined(__GNUC__)
MAIBO_MATH_INLINE uint32_t i32_clz(uint32_t x) { return (x != 0u) ? (uint32_t)__builtin_clz(x) : 32u; }
MAIBO_MATH_INLINE uint64_t i64_clz(uint64_t x) { return (x != 0u) ? (uint64_t)__builtin_clzll(x) : 64u; }
MAIBO_MATH_INLINE uint32_t i32_ctz(uint32_t x) { return (x != 0u) ? (uint32_t)__builtin_ctz(x) : 32u; }
MAIBO_MATH_INLINE uint64_t i64_ctz(uint64_t x) { return (x != 0u) ? (uint64_t)__builtin_ctzll(x) : 64u; }
#else
#error "maibo: tell this header how your compiler counts leading zeros"
#endif

MAIBO_MATH_INLINE uint32_t i32_rotl(uint32_t x, uint32_t by) {
  return (x << (by & 31u)) | (x >> ((32u - (by & 31u)) & 31u));
}
MAIBO_MATH_INLINE uint64_t i64_rotl(uint64_t x, uint64_t by) {
  return (x << (by & 63u)) | (x >> ((64u - (by & 63u)) & 63u));
}

#endif
