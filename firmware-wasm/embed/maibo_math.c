/* Roundings on the bits of a number, and square roots digit by digit. They take the place of libm's, so that a device needs none
 * and all devices have the same. */
#include "maibo_math.h"

#define F32_FRACTION 23
#define F32_BIAS 127
#define F64_FRACTION 52
#define F64_BIAS 1023

static const uint32_t F32_SIGN = 0x80000000u;
static const uint32_t F32_ONE = 0x3F800000u;
static const uint32_t F32_HALF = 0x3F000000u;
static const uint64_t F64_SIGN = 0x8000000000000000u;
static const uint64_t F64_ONE = 0x3FF0000000000000u;
static const uint64_t F64_HALF = 0x3FE0000000000000u;

static int32_t exponent_f32(uint32_t bits) {
  return (int32_t)((bits >> F32_FRACTION) & 0xFFu) - F32_BIAS;
}

static int32_t exponent_f64(uint64_t bits) {
  return (int32_t)((bits >> F64_FRACTION) & 0x7FFu) - F64_BIAS;
}

/* Towards zero; away from it where `away` says so and a fraction is there. A carry out of the fraction raises the exponent, as it
 * should. */
static float drop_fraction_f32(float x, uint32_t away) {
  const uint32_t bits = i32_reinterpret_f32(x);
  const uint32_t sign = bits & F32_SIGN;
  const int32_t exponent = exponent_f32(bits);
  if (exponent >= F32_FRACTION) return x;
  if (exponent < 0) return f32_reinterpret_i32((away != 0u && bits != sign) ? (sign | F32_ONE) : sign);
  const uint32_t fraction = (1u << (uint32_t)(F32_FRACTION - exponent)) - 1u;
  return f32_reinterpret_i32((bits + ((away != 0u) ? fraction : 0u)) & ~fraction);
}

static double drop_fraction_f64(double x, uint32_t away) {
  const uint64_t bits = i64_reinterpret_f64(x);
  const uint64_t sign = bits & F64_SIGN;
  const int32_t exponent = exponent_f64(bits);
  if (exponent >= F64_FRACTION) return x;
  if (exponent < 0) return f64_reinterpret_i64((away != 0u && bits != sign) ? (sign | F64_ONE) : sign);
  const uint64_t fraction = ((uint64_t)1u << (uint32_t)(F64_FRACTION - exponent)) - 1u;
  return f64_reinterpret_i64((bits + ((away != 0u) ? fraction : 0u)) & ~fraction);
}

float maibo_trunc_f32(float x) {
  return drop_fraction_f32(x, 0u);
}
float maibo_floor_f32(float x) {
  return drop_fraction_f32(x, i32_reinterpret_f32(x) & F32_SIGN);
}
float maibo_ceil_f32(float x) {
  return drop_fraction_f32(x, ~i32_reinterpret_f32(x) & F32_SIGN);
}
double maibo_trunc_f64(double x) {
  return drop_fraction_f64(x, 0u);
}
double maibo_floor_f64(double x) {
  return drop_fraction_f64(x, (uint32_t)(i64_reinterpret_f64(x) >> 63));
}
double maibo_ceil_f64(double x) {
  return drop_fraction_f64(x, (uint32_t)(~i64_reinterpret_f64(x) >> 63));
}

float maibo_nearest_f32(float x) {
  const uint32_t bits = i32_reinterpret_f32(x);
  const uint32_t sign = bits & F32_SIGN;
  const int32_t exponent = exponent_f32(bits);
  if (exponent >= F32_FRACTION) return x;
  if (exponent < 0) return f32_reinterpret_i32(((bits & ~F32_SIGN) > F32_HALF) ? (sign | F32_ONE) : sign);
  const uint32_t shift = (uint32_t)(F32_FRACTION - exponent);
  const uint32_t fraction = (1u << shift) - 1u;
  /* Of 1 with a fraction the last whole bit is the hidden one, which the exponent's last bit happens to stand for: both are odd. */
  return f32_reinterpret_i32((bits + (fraction >> 1) + ((bits >> shift) & 1u)) & ~fraction);
}

double maibo_nearest_f64(double x) {
  const uint64_t bits = i64_reinterpret_f64(x);
  const uint64_t sign = bits & F64_SIGN;
  const int32_t exponent = exponent_f64(bits);
  if (exponent >= F64_FRACTION) return x;
  if (exponent < 0) return f64_reinterpret_i64(((bits & ~F64_SIGN) > F64_HALF) ? (sign | F64_ONE) : sign);
  const uint32_t shift = (uint32_t)(F64_FRACTION - exponent);
  const uint64_t fraction = ((uint64_t)1u << shift) - 1u;
  return f64_reinterpret_i64((bits + (fraction >> 1) + ((bits >> shift) & 1u)) & ~fraction);
}

/* One digit at a time, two digits more than the fraction has: the last says which way to round, what is left over that it is no tie
 * (a root never is one). */
double maibo_sqrt_f64(double x) {
  const uint64_t bits = i64_reinterpret_f64(x);
  if (x != x || (bits << 1) == 0u) return x;
  if ((bits & F64_SIGN) != 0u) return f64_reinterpret_i64(0x7FF8000000000000u);
  if (bits == 0x7FF0000000000000u) return x;
  int32_t exponent = exponent_f64(bits);
  uint64_t value = bits & 0xFFFFFFFFFFFFFu;
  if (exponent == -F64_BIAS) {
    exponent++;
    while ((value >> F64_FRACTION) == 0u) {
      value <<= 1;
      exponent--;
    }
  } else {
    value |= (uint64_t)1u << F64_FRACTION;
  }
  if (((uint32_t)exponent & 1u) != 0u) {
    value <<= 1;
    exponent--;
  }
  uint64_t rest = value << 1;
  uint64_t root = 0u;
  uint64_t done = 0u;
  for (uint64_t digit = (uint64_t)1u << 53; digit != 0u; digit >>= 1) {
    const uint64_t step = done + digit;
    if (step <= rest) {
      done = step + digit;
      rest -= step;
      root += digit;
    }
    rest <<= 1;
  }
  root = (root >> 1) + (root & 1u);
  const uint64_t power = (uint64_t)(exponent / 2 + F64_BIAS - 1);
  return f64_reinterpret_i64((power << F64_FRACTION) + root);
}

float maibo_sqrt_f32(float x) {
  const uint32_t bits = i32_reinterpret_f32(x);
  if (x != x || (bits << 1) == 0u) return x;
  if ((bits & F32_SIGN) != 0u) return f32_reinterpret_i32(0x7FC00000u);
  /* 53 digits are more than twice 24: rounding twice is as good as once (Figueroa 1995). */
  return (float)maibo_sqrt_f64((double)x);
}
