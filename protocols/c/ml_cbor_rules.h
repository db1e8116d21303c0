/* Rules of the profile that reader and writer share. Inside ml_cbor only. */
#ifndef ML_CBOR_RULES_H
#define ML_CBOR_RULES_H

#include <stdbool.h>
#include <stdint.h>

enum { MAJOR_UINT = 0, MAJOR_NEGATIVE, MAJOR_BYTES, MAJOR_TEXT, MAJOR_ARRAY, MAJOR_MAP, MAJOR_TAG, MAJOR_SIMPLE };
enum { INFO_UINT8 = 24, INFO_UINT64 = 27, INFO_INDEFINITE = 31 };

#define CBOR_FALSE 0xF4u
#define CBOR_TRUE 0xF5u
#define CBOR_NULL 0xF6u
#define CBOR_FLOAT64 0xFBu
#define FLOAT_BYTES 8u

/* Of the bits of an IEEE 754 float64. */
#define FLOAT_SIGN 0x8000000000000000u
#define FLOAT_FRACTION 0x000FFFFFFFFFFFFFu
#define FLOAT_FRACTION_BITS 52u
#define FLOAT_BIAS 1023u
#define FLOAT_EXPONENT_OF_NONE 0x7FFu /* NaN and the infinities */

static inline uint32_t ml_float_exponent(uint64_t bits) {
  return (uint32_t)((bits >> FLOAT_FRACTION_BITS) & FLOAT_EXPONENT_OF_NONE);
}

static inline bool ml_float_is_finite(uint64_t bits) {
  return ml_float_exponent(bits) != FLOAT_EXPONENT_OF_NONE;
}

/* Whether it is a whole number within +-(2^53-1), zeros included: as an integer it is shorter. */
static inline bool ml_float_is_whole(uint64_t bits) {
  if ((bits & ~FLOAT_SIGN) == 0u) return true;
  const uint32_t exponent = ml_float_exponent(bits);
  if (exponent < FLOAT_BIAS || exponent > FLOAT_BIAS + FLOAT_FRACTION_BITS) return false;
  const uint32_t bits_behind_point = FLOAT_FRACTION_BITS - (exponent - FLOAT_BIAS);
  return (bits & ((UINT64_C(1) << bits_behind_point) - 1u)) == 0u;
}

/* Index of the first byte that begins no valid UTF-8 (RFC 3629), or that of U+FEFF in front; `count` when all is well. */
uint32_t ml_text_fault_at(const uint8_t *text, uint32_t count);

#endif
