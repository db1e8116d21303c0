/* Pulling values out of a span that ml_cbor_open has checked. */
#include "ml_cbor.h"

#include "ml_bytes.h"
#include "ml_cbor_rules.h"

typedef struct {
  uint32_t major;
  uint64_t argument;
} head;

void ml_cbor_refuse(ml_cbor_reader *reader, int32_t status, uint32_t at) {
  if (reader == NULL || reader->status != ML_OK) return;
  reader->status = status;
  reader->fault_at = at;
}

static bool refuse(ml_cbor_reader *reader, uint32_t at) {
  ml_cbor_refuse(reader, ML_BAD_SHAPE, at);
  return false;
}

/* Steps over the head of the next item. The span was checked, but a count of pulls that does not fit it must not lead outside. */
static bool take_head(ml_cbor_reader *reader, head *found) {
  if (reader == NULL || reader->status != ML_OK) return false;
  const uint32_t start = reader->at;
  if (start >= reader->count) return refuse(reader, start);
  const uint32_t info = reader->bytes[start] & 0x1Fu;
  found->major = (uint32_t)reader->bytes[start] >> 5;
  found->argument = info;
  reader->at = start + 1u;
  if (info < (uint32_t)INFO_UINT8) return true;
  const uint32_t size = 1u << ((info - (uint32_t)INFO_UINT8) & 3u);
  if (size > reader->count - reader->at) return refuse(reader, start);
  found->argument = 0u;
  for (uint32_t i = 0u; i < size; i++) found->argument = (found->argument << 8) | reader->bytes[reader->at + i];
  reader->at += size;
  return true;
}

/* The head of an item of this kind; anything else stays where it is and is refused. */
static bool take_head_of(ml_cbor_reader *reader, uint32_t major, uint64_t *argument) {
  const uint32_t start = (reader == NULL) ? 0u : reader->at;
  head found = {0u, 0u};
  if (!take_head(reader, &found)) return false;
  *argument = found.argument;
  if (found.major == major) return true;
  reader->at = start;
  return refuse(reader, start);
}

ml_cbor_type ml_cbor_next(const ml_cbor_reader *reader) {
  static const ml_cbor_type types[8] = {ML_CBOR_UINT,  ML_CBOR_NEGATIVE, ML_CBOR_BYTES, ML_CBOR_TEXT,
                                        ML_CBOR_ARRAY, ML_CBOR_MAP,      ML_CBOR_END,   ML_CBOR_BOOL};
  if (reader == NULL || reader->status != ML_OK || reader->at >= reader->count) return ML_CBOR_END;
  const uint32_t initial = reader->bytes[reader->at];
  if (initial == CBOR_NULL) return ML_CBOR_NULL;
  return (initial == CBOR_FLOAT64) ? ML_CBOR_FLOAT : types[initial >> 5];
}

uint64_t ml_cbor_uint(ml_cbor_reader *reader, uint64_t most) {
  const uint32_t start = (reader == NULL) ? 0u : reader->at;
  uint64_t value = 0u;
  if (!take_head_of(reader, (uint32_t)MAJOR_UINT, &value)) return 0u;
  if (value <= most) return value;
  (void)refuse(reader, start);
  return 0u;
}

int64_t ml_cbor_int(ml_cbor_reader *reader, int64_t least, int64_t most) {
  const uint32_t start = (reader == NULL) ? 0u : reader->at;
  uint64_t argument = 0u;
  const bool is_negative = ml_cbor_next(reader) == ML_CBOR_NEGATIVE;
  if (!take_head_of(reader, is_negative ? (uint32_t)MAJOR_NEGATIVE : (uint32_t)MAJOR_UINT, &argument)) return 0;
  const int64_t value = is_negative ? (-1 - (int64_t)argument) : (int64_t)argument;
  if (value >= least && value <= most) return value;
  (void)refuse(reader, start);
  return 0;
}

bool ml_cbor_bool(ml_cbor_reader *reader) {
  if (reader == NULL || reader->status != ML_OK) return false;
  if (ml_cbor_next(reader) != ML_CBOR_BOOL) return refuse(reader, reader->at);
  const bool value = reader->bytes[reader->at] == CBOR_TRUE;
  reader->at += 1u;
  return value;
}

bool ml_cbor_null(ml_cbor_reader *reader) {
  if (ml_cbor_next(reader) != ML_CBOR_NULL) return false;
  reader->at += 1u;
  return true;
}

static const uint8_t *take_string(ml_cbor_reader *reader, uint32_t major, uint32_t least, uint32_t most, uint32_t *count) {
  const uint32_t start = (reader == NULL) ? 0u : reader->at;
  uint64_t size = 0u;
  if (count != NULL) *count = 0u;
  if (!take_head_of(reader, major, &size)) return NULL;
  if (size < least || size > most || size > reader->count - reader->at) {
    (void)refuse(reader, start);
    return NULL;
  }
  const uint8_t *const from = &reader->bytes[reader->at];
  reader->at += (uint32_t)size;
  if (count != NULL) *count = (uint32_t)size;
  return from;
}

const uint8_t *ml_cbor_bytes(ml_cbor_reader *reader, uint32_t least, uint32_t most, uint32_t *count) {
  return take_string(reader, (uint32_t)MAJOR_BYTES, least, most, count);
}

const uint8_t *ml_cbor_text(ml_cbor_reader *reader, uint32_t most, uint32_t *count) {
  return take_string(reader, (uint32_t)MAJOR_TEXT, 0u, most, count);
}

static uint32_t take_count(ml_cbor_reader *reader, uint32_t major, uint32_t least, uint32_t most) {
  const uint32_t start = (reader == NULL) ? 0u : reader->at;
  uint64_t count = 0u;
  if (!take_head_of(reader, major, &count)) return 0u;
  if (count >= least && count <= most) return (uint32_t)count;
  (void)refuse(reader, start);
  return 0u;
}

uint32_t ml_cbor_array(ml_cbor_reader *reader, uint32_t least, uint32_t most) {
  return take_count(reader, (uint32_t)MAJOR_ARRAY, least, most);
}

uint32_t ml_cbor_map(ml_cbor_reader *reader, uint32_t least, uint32_t most) {
  return take_count(reader, (uint32_t)MAJOR_MAP, least, most);
}

/* 0..2^53-1 fits the 53 bits of a float64 exactly. */
static uint64_t float_of(uint64_t value) {
  if (value == 0u) return 0u;
  uint64_t bits = value;
  uint32_t exponent = FLOAT_BIAS + FLOAT_FRACTION_BITS;
  while (bits <= FLOAT_FRACTION) {
    bits <<= 1;
    exponent -= 1u;
  }
  return (bits & FLOAT_FRACTION) | ((uint64_t)exponent << FLOAT_FRACTION_BITS);
}

uint64_t ml_cbor_number_bits(ml_cbor_reader *reader) {
  if (ml_cbor_next(reader) == ML_CBOR_FLOAT) {
    uint64_t bits = 0u;
    (void)take_head_of(reader, (uint32_t)MAJOR_SIMPLE, &bits);
    return bits;
  }
  const int64_t value = ml_cbor_int(reader, -ML_CBOR_INT_MAX, ML_CBOR_INT_MAX);
  return (value < 0) ? (FLOAT_SIGN | float_of((uint64_t)-value)) : float_of((uint64_t)value);
}

const uint8_t *ml_cbor_skip(ml_cbor_reader *reader, uint32_t *count) {
  const uint32_t start = (reader == NULL) ? 0u : reader->at;
  if (count != NULL) *count = 0u;
  for (uint64_t left = 1u; left > 0u; left--) {
    head found = {0u, 0u};
    if (!take_head(reader, &found)) return NULL;
    if (found.major == (uint32_t)MAJOR_BYTES || found.major == (uint32_t)MAJOR_TEXT) {
      if (found.argument > reader->count - reader->at) {
        (void)refuse(reader, start);
        return NULL;
      }
      reader->at += (uint32_t)found.argument;
    }
    if (found.major == (uint32_t)MAJOR_ARRAY) left += found.argument;
    if (found.major == (uint32_t)MAJOR_MAP) left += 2u * found.argument;
  }
  if (count != NULL) *count = reader->at - start;
  return &reader->bytes[start];
}

int32_t ml_cbor_close(ml_cbor_reader *reader) {
  if (reader == NULL) return ML_BAD_ARGUMENT;
  if (reader->status == ML_OK && reader->at != reader->count) (void)refuse(reader, reader->at);
  return reader->status;
}
