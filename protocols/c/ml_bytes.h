/* Numbers in bytes, spans, time that wraps, and chance: what every layer needs. All inline; no state. */
#ifndef ML_BYTES_H
#define ML_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Writes `count` random bytes, fit for keys, into `into`. Answers ML_OK, or ML_NO_RANDOM and nothing is used of them. */
typedef int32_t (*ml_random)(void *context, uint8_t *into, uint32_t count);

/* ---- little endian: frames, packets, noise, the log */

static inline uint16_t ml_read_u16(const uint8_t *from) {
  return (uint16_t)((uint32_t)from[0] | ((uint32_t)from[1] << 8));
}

static inline uint32_t ml_read_u32(const uint8_t *from) {
  return (uint32_t)from[0] | ((uint32_t)from[1] << 8) | ((uint32_t)from[2] << 16) | ((uint32_t)from[3] << 24);
}

static inline uint64_t ml_read_u64(const uint8_t *from) {
  return (uint64_t)ml_read_u32(from) | ((uint64_t)ml_read_u32(&from[4]) << 32);
}

static inline void ml_write_u16(uint8_t *into, uint16_t value) {
  into[0] = (uint8_t)(value & 0xFFu);
  into[1] = (uint8_t)(((uint32_t)value >> 8) & 0xFFu);
}

static inline void ml_write_u32(uint8_t *into, uint32_t value) {
  for (uint32_t i = 0u; i < 4u; i++) into[i] = (uint8_t)((value >> (8u * i)) & 0xFFu);
}

static inline void ml_write_u64(uint8_t *into, uint64_t value) {
  ml_write_u32(into, (uint32_t)(value & 0xFFFFFFFFu));
  ml_write_u32(&into[4], (uint32_t)(value >> 32));
}

/* ---- big endian: CBOR */

static inline uint32_t ml_read_u32_be(const uint8_t *from) {
  return ((uint32_t)from[0] << 24) | ((uint32_t)from[1] << 16) | ((uint32_t)from[2] << 8) | (uint32_t)from[3];
}

static inline uint64_t ml_read_u64_be(const uint8_t *from) {
  return ((uint64_t)ml_read_u32_be(from) << 32) | (uint64_t)ml_read_u32_be(&from[4]);
}

static inline void ml_write_u32_be(uint8_t *into, uint32_t value) {
  for (uint32_t i = 0u; i < 4u; i++) into[i] = (uint8_t)((value >> (24u - (8u * i))) & 0xFFu);
}

static inline void ml_write_u64_be(uint8_t *into, uint64_t value) {
  ml_write_u32_be(into, (uint32_t)(value >> 32));
  ml_write_u32_be(&into[4], (uint32_t)(value & 0xFFFFFFFFu));
}

/* ---- spans. Null is fine where count is 0, which memcpy and memcmp do not promise. */

static inline void ml_copy(uint8_t *into, const uint8_t *from, uint32_t count) {
  if (count > 0u) (void)memcpy(into, from, (size_t)count);
}

/* Not for secrets: it ends at the first difference. */
static inline bool ml_equal(const uint8_t *one, const uint8_t *other, uint32_t count) {
  return count == 0u || memcmp(one, other, (size_t)count) == 0;
}

static inline bool ml_is_zero(const uint8_t *bytes, uint32_t count) {
  uint8_t all = 0u;
  for (uint32_t i = 0u; i < count; i++) all = (uint8_t)(all | bytes[i]);
  return all == 0u;
}

static inline uint32_t ml_least(uint32_t one, uint32_t other) {
  return (one < other) ? one : other;
}

/* ---- time in milliseconds that wraps after 49.7 days. Two times are compared only when they lie less than 24 days apart. */

#define ML_FOREVER 0xFFFFFFFFu /* A wait: nothing to wait for. */

/* Whether `at_ms` is now or has been. */
static inline bool ml_is_due(uint32_t now_ms, uint32_t at_ms) {
  return (now_ms - at_ms) < 0x80000000u;
}

/* How long until `at_ms`; 0 when it is due. */
static inline uint32_t ml_wait_ms(uint32_t now_ms, uint32_t at_ms) {
  return ml_is_due(now_ms, at_ms) ? 0u : (at_ms - now_ms);
}

#endif
