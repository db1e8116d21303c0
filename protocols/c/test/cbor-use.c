/* Pulling what is not there, writing what cannot be written, and values at the ends of their ranges. */
#include <stdint.h>
#include <string.h>

#include "../ml_cbor.h"
#include "check.h"

static void pulls_say_what_they_want(void) {
  /* [5, -2, h'0102', "ab", true, null, [], {}, 1.5] */
  static const uint8_t bytes[] = {0x89, 0x05, 0x21, 0x42, 1,    2,    0x62, 'a', 'b', 0xF5, 0xF6, 0x80,
                                  0xA0, 0xFB, 0x3F, 0xF8, 0x00, 0x00, 0,    0,   0,   0};
  ml_cbor_reader r;
  uint32_t count = 0u;
  CHECK(ml_cbor_open(&r, bytes, sizeof bytes, NULL) == ML_OK);
  CHECK(ml_cbor_array(&r, 9u, 9u) == 9u);
  CHECK(ml_cbor_uint(&r, 5u) == 5u);
  CHECK(ml_cbor_int(&r, -2, 0) == -2);
  CHECK(ml_cbor_bytes(&r, 2u, 2u, &count) == &bytes[4] && count == 2u);
  CHECK(ml_cbor_text(&r, 2u, &count) == &bytes[7] && count == 2u);
  CHECK(!ml_cbor_null(&r) && ml_cbor_bool(&r));
  CHECK(ml_cbor_null(&r));
  CHECK(ml_cbor_array(&r, 0u, 0u) == 0u && ml_cbor_map(&r, 0u, 0u) == 0u);
  CHECK(ml_cbor_number_bits(&r) == UINT64_C(0x3FF8000000000000));
  CHECK(ml_cbor_next(&r) == ML_CBOR_END);
  CHECK(ml_cbor_close(&r) == ML_OK);
}

/* What is asked for, of [7, h'00']; where it is refused. */
static void refused(int which, uint32_t at) {
  static const uint8_t bytes[] = {0x82, 0x07, 0x41, 0x00};
  ml_cbor_reader r;
  uint32_t count = 99u;
  CHECK(ml_cbor_open(&r, bytes, sizeof bytes, NULL) == ML_OK);
  if (which == 0) CHECK(ml_cbor_uint(&r, 9u) == 0u);
  if (which == 1) CHECK(ml_cbor_array(&r, 3u, 4u) == 0u);
  if (which > 1) CHECK(ml_cbor_array(&r, 2u, 2u) == 2u);
  if (which == 2) CHECK(ml_cbor_uint(&r, 6u) == 0u);
  if (which == 3) CHECK(ml_cbor_int(&r, 8, 9) == 0);
  if (which == 4) CHECK(!ml_cbor_bool(&r));
  if (which == 5) CHECK(ml_cbor_text(&r, 9u, &count) == NULL && count == 0u);
  if (which > 5) CHECK(ml_cbor_uint(&r, 7u) == 7u);
  if (which == 6) CHECK(ml_cbor_bytes(&r, 2u, 9u, &count) == NULL && count == 0u);
  if (which == 7) CHECK(ml_cbor_number_bits(&r) == 0u);
  if (which == 8) (void)ml_cbor_close(&r);
  if (which == 9) {
    CHECK(ml_cbor_skip(&r, &count) == &bytes[2] && count == 2u);
    CHECK(ml_cbor_skip(&r, &count) == NULL && count == 0u);
  }
  CHECK(r.status == ML_BAD_SHAPE);
  CHECK(r.fault_at == at);
  /* Nothing more comes, and the first fault stays. */
  ml_cbor_refuse(&r, ML_TORN, 1u);
  CHECK(ml_cbor_uint(&r, 99u) == 0u && ml_cbor_next(&r) == ML_CBOR_END && !ml_cbor_null(&r));
  CHECK(ml_cbor_close(&r) == ML_BAD_SHAPE && r.fault_at == at);
}

static void integers_become_floats(void) {
  static const struct {
    uint8_t bytes[9];
    uint32_t count;
    double value;
  } cases[] = {{{0x00}, 1u, 0.0},
               {{0x01}, 1u, 1.0},
               {{0x20}, 1u, -1.0},
               {{0x19, 0x01, 0xF4}, 3u, 500.0},
               {{0x1B, 0x00, 0x1F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}, 9u, 9007199254740991.0},
               {{0x3B, 0x00, 0x1F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE}, 9u, -9007199254740991.0},
               {{0xFB, 0x43, 0x40, 0, 0, 0, 0, 0, 0}, 9u, 9007199254740992.0}};
  for (uint32_t i = 0u; i < sizeof cases / sizeof cases[0]; i++) {
    ml_cbor_reader r;
    ml_cbor_writer w;
    uint8_t into[9];
    uint64_t bits = 0u;
    CHECK(ml_cbor_open(&r, cases[i].bytes, cases[i].count, NULL) == ML_OK);
    (void)memcpy(&bits, &cases[i].value, sizeof bits);
    CHECK(ml_cbor_number_bits(&r) == bits && r.status == ML_OK);
    ml_cbor_begin(&w, into, sizeof into);
    ml_cbor_write_double(&w, cases[i].value);
    CHECK(ml_cbor_end(&w) == (int32_t)cases[i].count && memcmp(into, cases[i].bytes, cases[i].count) == 0);
  }
}

static int32_t status_of_writing(int which) {
  static const uint8_t mark[] = {0xEF, 0xBB, 0xBF}, torn[] = {'a', 0xC3};
  uint8_t into[32];
  ml_cbor_writer w;
  ml_cbor_begin(&w, into, sizeof into);
  if (which == 0) ml_cbor_write_uint(&w, ML_CBOR_UINT_MAX + 1u);
  if (which == 1) ml_cbor_write_int(&w, ML_CBOR_INT_MAX + 1);
  if (which == 2) ml_cbor_write_int(&w, -ML_CBOR_INT_MAX - 1);
  if (which == 3) ml_cbor_write_number_bits(&w, UINT64_C(0x7FF8000000000000));
  if (which == 4) ml_cbor_write_number_bits(&w, UINT64_C(0xFFF0000000000000));
  if (which == 5) ml_cbor_write_text(&w, mark, sizeof mark);
  if (which == 6) ml_cbor_write_text(&w, torn, sizeof torn);
  if (which == 7) ml_cbor_write_bytes(&w, NULL, 1u);
  if (which == 8) ml_cbor_write_word(&w, NULL);
  if (which == 9) ml_cbor_write_raw(&w, NULL, 1u);
  CHECK(w.count == 0u);
  ml_cbor_write_null(&w); /* The first thing that was wrong stays, and nothing more is written. */
  CHECK(w.count == 0u);
  return ml_cbor_end(&w);
}

static void writers_keep_to_their_room(void) {
  uint8_t into[8] = {0};
  ml_cbor_writer w;
  ml_cbor_begin(&w, into, 4u);
  CHECK(ml_cbor_write_room(&w, 4u) == NULL && w.status == ML_TOO_SMALL);
  CHECK(ml_cbor_write_room(&w, 1u) == NULL && into[0] == 0u);
  ml_cbor_begin(&w, into, 4u);
  CHECK(ml_cbor_write_room(&w, 3u) == &into[1] && into[0] == 0x43u && ml_cbor_end(&w) == 4);
  ml_cbor_begin(&w, into, 4u);
  CHECK(ml_cbor_write_room(&w, UINT32_MAX) == NULL && ml_cbor_end(&w) == ML_BAD_ARGUMENT);
  ml_cbor_begin(&w, NULL, 0u);
  ml_cbor_write_raw(&w, NULL, 0u);
  CHECK(ml_cbor_end(&w) == 0);
  ml_cbor_write_null(&w);
  CHECK(ml_cbor_end(&w) == ML_TOO_SMALL);
  ml_cbor_begin(&w, into, sizeof into);
  ml_cbor_write_double(&w, -0.0);
  ml_cbor_write_word(&w, "Link");
  CHECK(ml_cbor_end(&w) == 6 && memcmp(into, "\x00\x64Link", 6u) == 0);
  CHECK(ml_cbor_string_bytes(23u) == 24u && ml_cbor_string_bytes(24u) == 26u && ml_cbor_string_bytes(65536u) == 65541u);
}

static void wrong_use_is_named(void) {
  static const ml_cbor_limits deep = {9u, 9u, ML_CBOR_DEPTH_MAX + 1u};
  uint8_t byte = 0u;
  ml_cbor_reader r;
  CHECK(ml_cbor_open(NULL, &byte, 1u, NULL) == ML_BAD_ARGUMENT);
  CHECK(ml_cbor_open(&r, NULL, 1u, NULL) == ML_BAD_ARGUMENT);
  CHECK(ml_cbor_open(&r, &byte, 1u, &deep) == ML_BAD_ARGUMENT);
  CHECK(ml_cbor_open(&r, NULL, 0u, NULL) == ML_TORN);
  CHECK(ml_cbor_close(NULL) == ML_BAD_ARGUMENT && ml_cbor_end(NULL) == ML_BAD_ARGUMENT);
  CHECK(ml_cbor_uint(NULL, 1u) == 0u && !ml_cbor_bool(NULL) && ml_cbor_next(NULL) == ML_CBOR_END);
}

int main(void) {
  static const uint32_t at[] = {0u, 0u, 1u, 1u, 1u, 1u, 2u, 2u, 2u, 4u};
  pulls_say_what_they_want();
  for (int which = 0; which < 10; which++) refused(which, at[which]);
  integers_become_floats();
  for (int which = 0; which < 10; which++) CHECK(status_of_writing(which) == ML_BAD_ARGUMENT);
  writers_keep_to_their_room();
  wrong_use_is_named();
  (void)puts("all as it should be");
  return 0;
}
