/* The whole profile over a span, in one pass: what holds for every CBOR from outside before a value of it is looked at.
 *
 * Of several things that are wrong at one item the first of these is said: nothing there (torn), items (over-budget), tag or simple value
 * (not-canonical), head (bad-shape, torn, not-canonical), depth and count (over-budget), length (torn), content. Counts are held against
 * what is left before anything is read for them, so that an input costs no more than its own length.
 */
#include "ml_bytes.h"
#include "ml_cbor.h"
#include "ml_cbor_rules.h"

/* An array or map that has not ended. */
typedef struct {
  uint32_t left; /* Items of an array, pairs of a map. */
  bool is_map;
  bool is_value_next; /* The key was taken. */
  uint32_t key_at;    /* The key before, and its length; 0 bytes: none. */
  uint32_t key_bytes;
} level;

typedef struct {
  ml_cbor_reader *reader;
  uint32_t items_left;
  uint32_t depth_max;
  uint32_t depth;
  level levels[ML_CBOR_DEPTH_MAX];
} checker;

static bool refuse(const checker *check, int32_t status, uint32_t at) {
  ml_cbor_refuse(check->reader, status, at);
  return false;
}

static uint32_t bytes_left(const checker *check) {
  return check->reader->count - check->reader->at;
}

/* The number in the head at `start`, in its shortest form. Beyond 2^53-1 it is 2^53, which every use refuses. */
static bool take_argument(const checker *check, uint32_t start, uint64_t *argument) {
  ml_cbor_reader *const reader = check->reader;
  const uint32_t info = reader->bytes[start] & 0x1Fu;
  reader->at = start + 1u;
  *argument = info;
  if (info < (uint32_t)INFO_UINT8) return true;
  if (info > (uint32_t)INFO_UINT64) {
    return refuse(check, (info == (uint32_t)INFO_INDEFINITE) ? ML_NOT_CANONICAL : ML_BAD_SHAPE, start);
  }
  const uint32_t size = 1u << (info - (uint32_t)INFO_UINT8);
  if (size > bytes_left(check)) return refuse(check, ML_TORN, start);
  uint64_t value = 0u;
  for (uint32_t i = 0u; i < size; i++) value = (value << 8) | reader->bytes[start + 1u + i];
  reader->at += size;
  const uint64_t least = (size == 1u) ? (uint64_t)INFO_UINT8 : (UINT64_C(1) << (4u * size));
  if (value < least) return refuse(check, ML_NOT_CANONICAL, start);
  *argument = (value > ML_CBOR_UINT_MAX) ? (ML_CBOR_UINT_MAX + 1u) : value;
  return true;
}

static bool take_float(const checker *check, uint32_t start) {
  ml_cbor_reader *const reader = check->reader;
  reader->at = start + 1u;
  if (bytes_left(check) < FLOAT_BYTES) return refuse(check, ML_TORN, start);
  const uint64_t bits = ml_read_u64_be(&reader->bytes[start + 1u]);
  reader->at += FLOAT_BYTES;
  if (!ml_float_is_finite(bits) || ml_float_is_whole(bits)) return refuse(check, ML_NOT_CANONICAL, start);
  return true;
}

static bool take_simple(const checker *check, uint32_t start) {
  const uint32_t initial = check->reader->bytes[start];
  if (initial == CBOR_FLOAT64) return take_float(check, start);
  if (initial < CBOR_FALSE || initial > CBOR_NULL) return refuse(check, ML_NOT_CANONICAL, start);
  check->reader->at = start + 1u;
  return true;
}

static bool take_string(const checker *check, uint32_t start, uint64_t size, bool is_text) {
  ml_cbor_reader *const reader = check->reader;
  if (size > bytes_left(check)) return refuse(check, ML_TORN, start);
  const uint32_t from = reader->at;
  const uint32_t count = (uint32_t)size;
  reader->at += count;
  if (!is_text || count == 0u) return true;
  const uint32_t wrong = ml_text_fault_at(&reader->bytes[from], count);
  return wrong == count || refuse(check, ML_NOT_CANONICAL, from + wrong);
}

static bool enter(checker *check, uint32_t start, uint64_t count, bool is_map) {
  const uint64_t items = is_map ? (2u * count) : count;
  if (check->depth >= check->depth_max || items > check->items_left) return refuse(check, ML_OVER_BUDGET, start);
  if (items > bytes_left(check)) return refuse(check, ML_TORN, start);
  level *const inner = &check->levels[check->depth];
  (void)memset(inner, 0, sizeof *inner);
  inner->left = (uint32_t)count;
  inner->is_map = is_map;
  check->depth += 1u;
  return true;
}

/* The item at `at`; of an array or a map only the head. */
static bool take_item(checker *check) {
  const uint32_t start = check->reader->at;
  if (start >= check->reader->count) return refuse(check, ML_TORN, start);
  if (check->items_left == 0u) return refuse(check, ML_OVER_BUDGET, start);
  check->items_left -= 1u;
  const uint32_t major = (uint32_t)check->reader->bytes[start] >> 5;
  if (major == (uint32_t)MAJOR_SIMPLE) return take_simple(check, start);
  if (major == (uint32_t)MAJOR_TAG) return refuse(check, ML_NOT_CANONICAL, start);
  uint64_t argument = 0u;
  if (!take_argument(check, start, &argument)) return false;
  switch (major) {
    case MAJOR_UINT:
      return argument <= ML_CBOR_UINT_MAX || refuse(check, ML_NOT_CANONICAL, start);
    case MAJOR_NEGATIVE:
      /* It is -1 - argument. */
      return argument < ML_CBOR_UINT_MAX || refuse(check, ML_NOT_CANONICAL, start);
    case MAJOR_BYTES:
    case MAJOR_TEXT:
      return take_string(check, start, argument, major == (uint32_t)MAJOR_TEXT);
    default:
      return enter(check, start, argument, major == (uint32_t)MAJOR_MAP);
  }
}

/* RFC 8949 4.2.1: bytewise by their encodings. Of two keys none is the beginning of the other, as the head fixes the length. */
static bool is_after(const uint8_t *bytes, const level *map, uint32_t key_at, uint32_t key_bytes) {
  const uint32_t count = ml_least(map->key_bytes, key_bytes);
  return memcmp(&bytes[key_at], &bytes[map->key_at], (size_t)count) > 0;
}

static bool take_key(checker *check, level *map) {
  const ml_cbor_reader *const reader = check->reader;
  const uint32_t start = reader->at;
  if (start < reader->count) {
    const uint32_t major = (uint32_t)reader->bytes[start] >> 5;
    const bool is_key = major == (uint32_t)MAJOR_UINT || major == (uint32_t)MAJOR_NEGATIVE || major == (uint32_t)MAJOR_TEXT;
    if (!is_key) return refuse(check, ML_NOT_CANONICAL, start);
  }
  if (!take_item(check)) return false;
  const uint32_t key_bytes = reader->at - start;
  if (map->key_bytes > 0u && !is_after(reader->bytes, map, start, key_bytes)) return refuse(check, ML_NOT_CANONICAL, start);
  map->key_at = start;
  map->key_bytes = key_bytes;
  map->is_value_next = true;
  return true;
}

/* One step inside the innermost array or map. */
static bool step(checker *check) {
  level *const inner = &check->levels[check->depth - 1u];
  if (inner->left == 0u) {
    check->depth -= 1u;
    return true;
  }
  if (inner->is_map && !inner->is_value_next) return take_key(check, inner);
  inner->is_value_next = false;
  inner->left -= 1u;
  return take_item(check);
}

static bool check_all(checker *check) {
  bool is_well = take_item(check);
  while (is_well && check->depth > 0u) is_well = step(check);
  if (!is_well) return false;
  return check->reader->at == check->reader->count || refuse(check, ML_BAD_SHAPE, check->reader->at);
}

int32_t ml_cbor_open(ml_cbor_reader *reader, const uint8_t *bytes, uint32_t count, const ml_cbor_limits *limits) {
  static const ml_cbor_limits message = {ML_CBOR_MESSAGE_BYTES, ML_CBOR_MESSAGE_ITEMS, ML_CBOR_DEPTH_MAX};
  if (reader == NULL) return ML_BAD_ARGUMENT;
  const ml_cbor_limits *const most = (limits == NULL) ? &message : limits;
  (void)memset(reader, 0, sizeof *reader);
  if ((bytes == NULL && count > 0u) || most->depth_max > ML_CBOR_DEPTH_MAX) {
    reader->status = ML_BAD_ARGUMENT;
    return reader->status;
  }
  reader->bytes = bytes;
  reader->count = count;
  if (count > most->bytes_max) {
    ml_cbor_refuse(reader, ML_OVER_BUDGET, 0u);
    return reader->status;
  }
  checker check;
  (void)memset(&check, 0, sizeof check);
  check.reader = reader;
  check.items_left = most->items_max;
  check.depth_max = most->depth_max;
  if (check_all(&check)) reader->at = 0u;
  return reader->status;
}
