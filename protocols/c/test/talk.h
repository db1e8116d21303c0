/* For test programs that are asked and answer: numbers are u32 little endian, bytes stand behind their length. Every buffer is exactly as
 * long as what is in it, so that the address sanitizer sees the first byte beside it. */
#ifndef TALK_H
#define TALK_H

#include <stdio.h>
#include <stdlib.h>

#include "../ml_bytes.h"
#include "check.h"

static inline uint8_t *talk_room(uint32_t bytes) {
  uint8_t *const room = (uint8_t *)malloc((bytes > 0u) ? bytes : 1u);
  CHECK(room != NULL);
  return room;
}

static inline uint32_t talk_get(void) {
  uint8_t bytes[4];
  CHECK(fread(bytes, 1u, 4u, stdin) == 4u);
  return ml_read_u32(bytes);
}

static inline void talk_put(uint32_t value) {
  uint8_t bytes[4];
  ml_write_u32(bytes, value);
  (void)fwrite(bytes, 1u, 4u, stdout);
}

static inline void talk_put_status(int32_t status) {
  talk_put((uint32_t)status);
}

static inline void talk_put_bytes(const uint8_t *bytes, uint32_t count) {
  talk_put(count);
  if (count > 0u) (void)fwrite(bytes, 1u, count, stdout);
}

/* To be freed. */
static inline uint8_t *talk_get_bytes(uint32_t *count) {
  *count = talk_get();
  uint8_t *const bytes = talk_room(*count);
  CHECK(fread(bytes, 1u, *count, stdin) == *count);
  return bytes;
}

/* Bytes that must be `count` many, into the caller's. */
static inline void talk_get_into(uint8_t *into, uint32_t count) {
  CHECK(talk_get() == count);
  CHECK(fread(into, 1u, count, stdin) == count);
}

#endif
