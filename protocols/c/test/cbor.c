/* Reads inputs, says what is wrong with each, and writes what is right once more from the values that were pulled.
 *
 *   in:  bytes max u32, items max u32, depth max u32; then for each input: length u32, bytes
 *   out: for each input: status i32, byte of the fault u32, length of the copy u32, copy
 *
 * Every buffer is its own allocation of exactly its size, so that a byte read or written outside it ends the program.
 */
#include <stdio.h>
#include <stdlib.h>

#include "../ml_bytes.h"
#include "../ml_cbor.h"
#include "numbers.h"

static void fail(const char *why) {
  (void)fprintf(stderr, "%s\n", why);
  exit(1);
}

static void *room_of(uint32_t bytes) {
  void *const room = malloc((bytes > 0u) ? bytes : 1u);
  if (room == NULL) fail("no memory");
  return room;
}

/* One item and what is in it. */
static void copy(ml_cbor_reader *reader, ml_cbor_writer *writer) {
  uint32_t count = 0u;
  const uint8_t *bytes;
  switch (ml_cbor_next(reader)) {
    case ML_CBOR_UINT:
      ml_cbor_write_uint(writer, ml_cbor_uint(reader, ML_CBOR_UINT_MAX));
      break;
    case ML_CBOR_NEGATIVE:
      ml_cbor_write_int(writer, ml_cbor_int(reader, -ML_CBOR_INT_MAX, -1));
      break;
    case ML_CBOR_BYTES:
      bytes = ml_cbor_bytes(reader, 0u, UINT32_MAX, &count);
      ml_cbor_write_bytes(writer, bytes, count);
      break;
    case ML_CBOR_TEXT:
      bytes = ml_cbor_text(reader, UINT32_MAX, &count);
      ml_cbor_write_text(writer, bytes, count);
      break;
    case ML_CBOR_ARRAY:
      count = ml_cbor_array(reader, 0u, UINT32_MAX);
      ml_cbor_write_array(writer, count);
      for (uint32_t i = 0u; i < count; i++) copy(reader, writer);
      break;
    case ML_CBOR_MAP:
      count = ml_cbor_map(reader, 0u, UINT32_MAX);
      ml_cbor_write_map(writer, count);
      for (uint32_t i = 0u; i < 2u * count; i++) copy(reader, writer);
      break;
    case ML_CBOR_BOOL:
      ml_cbor_write_bool(writer, ml_cbor_bool(reader));
      break;
    case ML_CBOR_NULL:
      if (!ml_cbor_null(reader)) fail("a null that is none");
      ml_cbor_write_null(writer);
      break;
    case ML_CBOR_FLOAT:
      ml_cbor_write_number_bits(writer, ml_cbor_number_bits(reader));
      break;
    case ML_CBOR_END:
    default:
      fail("nothing where an item was promised");
  }
}

static int32_t copy_into(const ml_cbor_reader *checked, uint8_t *into, uint32_t room) {
  ml_cbor_reader reader = *checked;
  ml_cbor_writer writer;
  ml_cbor_begin(&writer, into, room);
  copy(&reader, &writer);
  if (ml_cbor_close(&reader) != ML_OK) fail("a checked input could not be pulled");
  return ml_cbor_end(&writer);
}

/* Passing over the item comes to the same end; a room of one byte less is too small, and nothing is written behind it. */
static void copy_otherwise(const ml_cbor_reader *checked) {
  ml_cbor_reader reader = *checked;
  uint32_t count = 0u;
  if (ml_cbor_skip(&reader, &count) != checked->bytes || count != checked->count) fail("skip ends elsewhere");
  if (ml_cbor_close(&reader) != ML_OK) fail("skip leaves something");
  uint8_t *const room = room_of(checked->count - 1u);
  if (copy_into(checked, room, checked->count - 1u) != ML_TOO_SMALL) fail("a room that is too small was enough");
  free(room);
}

static void judge(const uint8_t *input, uint32_t count, const ml_cbor_limits *limits) {
  ml_cbor_reader reader;
  const int32_t status = ml_cbor_open(&reader, input, count, limits);
  put_u32((uint32_t)status);
  put_u32((status == ML_OK) ? 0u : reader.fault_at);
  if (status != ML_OK) {
    if (ml_cbor_next(&reader) != ML_CBOR_END || ml_cbor_uint(&reader, 9u) != 0u) fail("a refused input gives something");
    put_u32(0u);
    return;
  }
  uint8_t *const into = room_of(count);
  const int32_t copied = copy_into(&reader, into, count);
  if (copied < 0) fail("the copy is longer than the input");
  copy_otherwise(&reader);
  put_u32((uint32_t)copied);
  (void)fwrite(into, 1u, (size_t)copied, stdout);
  free(into);
}

int main(void) {
  ml_cbor_limits limits;
  uint32_t count = 0u;
  if (!read_u32(&limits.bytes_max) || !read_u32(&limits.items_max) || !read_u32(&limits.depth_max)) fail("no limits");
  while (read_u32(&count)) {
    uint8_t *const input = room_of(count);
    if (fread(input, 1u, count, stdin) != count) fail("input cut");
    judge(input, count, &limits);
    free(input);
  }
  return 0;
}
