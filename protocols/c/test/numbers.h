/* For test programs: numbers on stdin and stdout, u32 little endian. */
#ifndef NUMBERS_H
#define NUMBERS_H

#include <stdint.h>
#include <stdio.h>

#include "../ml_bytes.h"

/* 0: the input has ended. */
static int read_u32(uint32_t *value) {
  uint8_t bytes[4];
  if (fread(bytes, 1u, 4u, stdin) != 4u) return 0;
  *value = ml_read_u32(bytes);
  return 1;
}

static void put_u32(uint32_t value) {
  uint8_t bytes[4];
  ml_write_u32(bytes, value);
  (void)fwrite(bytes, 1u, 4u, stdout);
}

#endif
