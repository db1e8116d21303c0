/* Writing in the profile: shortest heads, integers where a number is whole. */
#include "ml_bytes.h"
#include "ml_cbor.h"
#include "ml_cbor_rules.h"

void ml_cbor_begin(ml_cbor_writer *writer, uint8_t *bytes, uint32_t room) {
  if (writer == NULL) return;
  writer->bytes = bytes;
  writer->room = room;
  writer->count = 0u;
  writer->status = (bytes == NULL && room > 0u) ? ML_BAD_ARGUMENT : ML_OK;
}

/* The next `count` bytes, or null. */
static uint8_t *take_room(ml_cbor_writer *writer, uint32_t count) {
  if (writer == NULL || writer->status != ML_OK) return NULL;
  if (count > writer->room - writer->count) {
    writer->status = ML_TOO_SMALL;
    return NULL;
  }
  uint8_t *const into = &writer->bytes[writer->count];
  writer->count += count;
  return into;
}

static void refuse(ml_cbor_writer *writer) {
  if (writer != NULL && writer->status == ML_OK) writer->status = ML_BAD_ARGUMENT;
}

static void write_byte(ml_cbor_writer *writer, uint32_t byte) {
  uint8_t *const into = take_room(writer, 1u);
  if (into != NULL) into[0] = (uint8_t)byte;
}

/* Bytes behind the first one of a head. */
static uint32_t argument_bytes(uint64_t argument) {
  if (argument < (uint64_t)INFO_UINT8) return 0u;
  if (argument <= UINT8_MAX) return 1u;
  if (argument <= UINT16_MAX) return 2u;
  return (argument <= UINT32_MAX) ? 4u : 8u;
}

/* Head, and behind it room for `content` bytes, which is answered: a string goes whole or not at all. */
static uint8_t *write_head(ml_cbor_writer *writer, uint32_t major, uint64_t argument, uint32_t content) {
  const uint32_t size = argument_bytes(argument);
  if (content > UINT32_MAX - 9u) {
    refuse(writer);
    return NULL;
  }
  uint8_t *const into = take_room(writer, 1u + size + content);
  if (into == NULL) return NULL;
  uint32_t info = (uint32_t)argument;
  if (size > 0u) {
    info = (uint32_t)INFO_UINT8;
    for (uint32_t bytes = size; bytes > 1u; bytes >>= 1) info += 1u;
  }
  into[0] = (uint8_t)((major << 5) | (info & 0x1Fu));
  for (uint32_t i = 0u; i < size; i++) into[1u + i] = (uint8_t)((argument >> (8u * (size - 1u - i))) & 0xFFu);
  return &into[1u + size];
}

void ml_cbor_write_uint(ml_cbor_writer *writer, uint64_t value) {
  if (value > ML_CBOR_UINT_MAX) refuse(writer);
  else (void)write_head(writer, (uint32_t)MAJOR_UINT, value, 0u);
}

void ml_cbor_write_int(ml_cbor_writer *writer, int64_t value) {
  if (value < -ML_CBOR_INT_MAX || value > ML_CBOR_INT_MAX) refuse(writer);
  else if (value < 0) (void)write_head(writer, (uint32_t)MAJOR_NEGATIVE, (uint64_t)(-1 - value), 0u);
  else (void)write_head(writer, (uint32_t)MAJOR_UINT, (uint64_t)value, 0u);
}

/* The whole number that these bits are. */
static int64_t whole_of(uint64_t bits) {
  const uint32_t exponent = ml_float_exponent(bits);
  if (exponent < FLOAT_BIAS) return 0;
  const uint64_t all = (bits & FLOAT_FRACTION) | (FLOAT_FRACTION + 1u);
  const int64_t value = (int64_t)(all >> (FLOAT_FRACTION_BITS - (exponent - FLOAT_BIAS)));
  return ((bits & FLOAT_SIGN) != 0u) ? -value : value;
}

void ml_cbor_write_number_bits(ml_cbor_writer *writer, uint64_t bits) {
  if (!ml_float_is_finite(bits)) {
    refuse(writer);
  } else if (ml_float_is_whole(bits)) {
    ml_cbor_write_int(writer, whole_of(bits));
  } else {
    uint8_t *const into = take_room(writer, 1u + FLOAT_BYTES);
    if (into == NULL) return;
    into[0] = (uint8_t)CBOR_FLOAT64;
    ml_write_u64_be(&into[1], bits);
  }
}

void ml_cbor_write_double(ml_cbor_writer *writer, double value) {
  uint64_t bits = 0u;
  (void)memcpy(&bits, &value, sizeof bits);
  ml_cbor_write_number_bits(writer, bits);
}

void ml_cbor_write_bool(ml_cbor_writer *writer, bool value) {
  write_byte(writer, value ? CBOR_TRUE : CBOR_FALSE);
}

void ml_cbor_write_null(ml_cbor_writer *writer) {
  write_byte(writer, CBOR_NULL);
}

uint8_t *ml_cbor_write_room(ml_cbor_writer *writer, uint32_t count) {
  return write_head(writer, (uint32_t)MAJOR_BYTES, count, count);
}

void ml_cbor_write_bytes(ml_cbor_writer *writer, const uint8_t *bytes, uint32_t count) {
  if (bytes == NULL && count > 0u) {
    refuse(writer);
    return;
  }
  uint8_t *const into = ml_cbor_write_room(writer, count);
  if (into != NULL) ml_copy(into, bytes, count);
}

void ml_cbor_write_text(ml_cbor_writer *writer, const uint8_t *text, uint32_t count) {
  if ((text == NULL && count > 0u) || (count > 0u && ml_text_fault_at(text, count) != count)) {
    refuse(writer);
    return;
  }
  uint8_t *const into = write_head(writer, (uint32_t)MAJOR_TEXT, count, count);
  if (into != NULL) ml_copy(into, text, count);
}

void ml_cbor_write_word(ml_cbor_writer *writer, const char *word) {
  if (word == NULL) refuse(writer);
  else ml_cbor_write_text(writer, (const uint8_t *)word, (uint32_t)strlen(word));
}

void ml_cbor_write_array(ml_cbor_writer *writer, uint32_t count) {
  (void)write_head(writer, (uint32_t)MAJOR_ARRAY, count, 0u);
}

void ml_cbor_write_map(ml_cbor_writer *writer, uint32_t pairs) {
  (void)write_head(writer, (uint32_t)MAJOR_MAP, pairs, 0u);
}

void ml_cbor_write_raw(ml_cbor_writer *writer, const uint8_t *bytes, uint32_t count) {
  if (bytes == NULL && count > 0u) {
    refuse(writer);
    return;
  }
  if (count == 0u) return;
  uint8_t *const into = take_room(writer, count);
  if (into != NULL) ml_copy(into, bytes, count);
}

uint32_t ml_cbor_string_bytes(uint32_t count) {
  return 1u + argument_bytes(count) + count;
}

int32_t ml_cbor_end(const ml_cbor_writer *writer) {
  if (writer == NULL) return ML_BAD_ARGUMENT;
  return (writer->status == ML_OK) ? (int32_t)writer->count : writer->status;
}
