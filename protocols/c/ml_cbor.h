/* CBOR in the profile in which every value has exactly one encoding (SPEC.md 1).
 *
 * Reading has two steps. ml_cbor_open checks every rule of the profile over the whole span, in one pass without recursion; then values
 * are pulled one by one, and each pull says what the schema allows there. The first thing that is wrong stays in `status` with its byte
 * in `fault_at`; every pull after it gives 0, false or null, so a message is read to its end and `status` looked at once:
 *
 *   ml_cbor_reader r;
 *   ml_cbor_open(&r, bytes, count, NULL);
 *   ml_cbor_array(&r, 5u, 5u);
 *   const uint32_t number = (uint32_t)ml_cbor_uint(&r, UINT16_MAX);
 *   ...
 *   if (ml_cbor_close(&r) != ML_OK) ...
 *
 * Spans that are given out point into the caller's bytes. Nothing is copied or allocated.
 */
#ifndef ML_CBOR_H
#define ML_CBOR_H

#include <stdbool.h>
#include <stdint.h>

#include "ml_status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ML_CBOR_DEPTH_MAX 6u
#define ML_CBOR_UINT_MAX 9007199254740991u /* 2^53 - 1 */
#define ML_CBOR_INT_MAX INT64_C(9007199254740991)

/* Budgets (SPEC.md 9). Every key, value, array and map counts as one item. */
typedef struct {
  uint32_t bytes_max;
  uint32_t items_max;
  uint32_t depth_max; /* 0..ML_CBOR_DEPTH_MAX: nested arrays and maps; a bare integer has 0. */
} ml_cbor_limits;

/* One message. */
#define ML_CBOR_MESSAGE_BYTES 16383u
#define ML_CBOR_MESSAGE_ITEMS 1024u
/* A message before the session is ready, in clear. */
#define ML_CBOR_CLEAR_BYTES 256u

/* What stands at a place. */
typedef enum {
  ML_CBOR_END = 0, /* Nothing more, or something was wrong before. */
  ML_CBOR_UINT,    /* 0..2^53-1 */
  ML_CBOR_NEGATIVE, /* -(2^53-1)..-1 */
  ML_CBOR_BYTES,
  ML_CBOR_TEXT,
  ML_CBOR_ARRAY,
  ML_CBOR_MAP,
  ML_CBOR_BOOL,
  ML_CBOR_NULL,
  ML_CBOR_FLOAT /* Finite and no whole number within +-(2^53-1). */
} ml_cbor_type;

typedef struct {
  const uint8_t *bytes;
  uint32_t count;
  uint32_t at;       /* The next item. */
  int32_t status;    /* ML_OK, or the first thing that was wrong. */
  uint32_t fault_at; /* Where; meaningless while status is ML_OK. */
} ml_cbor_reader;

/* Checks that `bytes` is exactly one item of the profile; nothing is pulled yet. `limits` null: those of a message. Answers ML_OK, or
 * ML_TORN, ML_BAD_SHAPE, ML_OVER_BUDGET, ML_NOT_CANONICAL with the byte in fault_at, or ML_BAD_ARGUMENT. */
int32_t ml_cbor_open(ml_cbor_reader *reader, const uint8_t *bytes, uint32_t count, const ml_cbor_limits *limits);

/* ---- pulling. What is not as asked for sets ML_BAD_SHAPE at the item. */

ml_cbor_type ml_cbor_next(const ml_cbor_reader *reader);
/* 0..most. */
uint64_t ml_cbor_uint(ml_cbor_reader *reader, uint64_t most);
/* least..most. */
int64_t ml_cbor_int(ml_cbor_reader *reader, int64_t least, int64_t most);
bool ml_cbor_bool(ml_cbor_reader *reader);
/* Whether there is a null, which is then taken; otherwise nothing is. */
bool ml_cbor_null(ml_cbor_reader *reader);
/* Bytes of a string of least..most bytes, how many in *count. Never null unless something was or is wrong. */
const uint8_t *ml_cbor_bytes(ml_cbor_reader *reader, uint32_t least, uint32_t most, uint32_t *count);
/* UTF-8 of a text of at most `most` bytes, without a zero behind it. */
const uint8_t *ml_cbor_text(ml_cbor_reader *reader, uint32_t most, uint32_t *count);
/* Steps into an array of least..most items, or a map of as many pairs, and answers how many. The items follow. */
uint32_t ml_cbor_array(ml_cbor_reader *reader, uint32_t least, uint32_t most);
uint32_t ml_cbor_map(ml_cbor_reader *reader, uint32_t least, uint32_t most);
/* The bits of a float64 or the integer as one: what the schema calls number. Gives IEEE 754 bits, so that no arithmetic is needed. */
uint64_t ml_cbor_number_bits(ml_cbor_reader *reader);
/* Passes over one item with everything in it, and gives its bytes. */
const uint8_t *ml_cbor_skip(ml_cbor_reader *reader, uint32_t *count);
/* For what the schema cannot say (from <= to ...): sets `status` at the byte `at`, unless something was wrong before. */
void ml_cbor_refuse(ml_cbor_reader *reader, int32_t status, uint32_t at);
/* The last step: everything has been pulled. Answers `status`; ML_BAD_SHAPE when something is left. */
int32_t ml_cbor_close(ml_cbor_reader *reader);

/* ---- writing, into a caller's buffer. What does not fit sets ML_TOO_SMALL, wrong arguments ML_BAD_ARGUMENT, and nothing more is written.
 * Who writes answers for counts, the order of keys and that only one item is written. */

typedef struct {
  uint8_t *bytes;
  uint32_t room;
  uint32_t count; /* Written. */
  int32_t status;
} ml_cbor_writer;

void ml_cbor_begin(ml_cbor_writer *writer, uint8_t *bytes, uint32_t room);
/* At most 2^53-1. */
void ml_cbor_write_uint(ml_cbor_writer *writer, uint64_t value);
/* Within +-(2^53-1). */
void ml_cbor_write_int(ml_cbor_writer *writer, int64_t value);
/* A float64 by its IEEE 754 bits: a whole number within +-(2^53-1) becomes an integer, -0 becomes 0; NaN and infinities are refused. */
void ml_cbor_write_number_bits(ml_cbor_writer *writer, uint64_t bits);
void ml_cbor_write_double(ml_cbor_writer *writer, double value);
void ml_cbor_write_bool(ml_cbor_writer *writer, bool value);
void ml_cbor_write_null(ml_cbor_writer *writer);
void ml_cbor_write_bytes(ml_cbor_writer *writer, const uint8_t *bytes, uint32_t count);
/* UTF-8 that does not begin with U+FEFF. */
void ml_cbor_write_text(ml_cbor_writer *writer, const uint8_t *text, uint32_t count);
/* Text that ends with a zero byte. */
void ml_cbor_write_word(ml_cbor_writer *writer, const char *word);
void ml_cbor_write_array(ml_cbor_writer *writer, uint32_t count);
void ml_cbor_write_map(ml_cbor_writer *writer, uint32_t pairs);
/* A byte string of `count` bytes that the caller fills in; null when it does not fit. */
uint8_t *ml_cbor_write_room(ml_cbor_writer *writer, uint32_t count);
/* Bytes that are CBOR already. */
void ml_cbor_write_raw(ml_cbor_writer *writer, const uint8_t *bytes, uint32_t count);
/* Bytes that a head and a string of `count` bytes take. */
uint32_t ml_cbor_string_bytes(uint32_t count);
/* How many bytes were written, or the status. */
int32_t ml_cbor_end(const ml_cbor_writer *writer);

#ifdef __cplusplus
}
#endif

#endif
