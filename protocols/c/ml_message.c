#include "ml_message.h"

#include <string.h>

#include "ml_log.h"
#include "ml_shape.h"

#define EXTENSIONS_MAX 16u

/* ---- members */

static bool is_int(ml_cbor_type type) {
  return type == ML_CBOR_UINT || type == ML_CBOR_NEGATIVE;
}

static void read_list(ml_cbor_reader *reader, const ml_shape_member *shape, ml_member *member) {
  const uint32_t at = reader->at;
  const uint32_t count = ml_cbor_array(reader, (uint32_t)shape->least, shape->most);
  for (uint32_t i = 0u; i < count; i++) (void)ml_cbor_skip(reader, &member->count);
  member->bytes = &reader->bytes[at];
  member->count = reader->at - at;
}

static void read_member(ml_cbor_reader *reader, const ml_shape_member *shape, ml_member *member) {
  member->type = ml_cbor_next(reader);
  if ((shape->kind & ML_SHAPE_OR_NULL) != 0u && ml_cbor_null(reader)) return;
  switch (shape->kind & ~ML_SHAPE_OR_NULL) {
    case ML_SHAPE_INT:
      member->number = ml_cbor_int(reader, shape->least, shape->most);
      break;
    case ML_SHAPE_U32:
      member->number = ml_cbor_int(reader, 0, UINT32_MAX);
      break;
    case ML_SHAPE_I32:
      member->number = ml_cbor_int(reader, INT32_MIN, INT32_MAX);
      break;
    case ML_SHAPE_SEQ:
      member->number = ml_cbor_int(reader, 0, ML_CBOR_INT_MAX);
      break;
    case ML_SHAPE_BOOL:
      member->number = ml_cbor_bool(reader) ? 1 : 0;
      break;
    case ML_SHAPE_BYTES:
      member->bytes = ml_cbor_bytes(reader, (uint32_t)shape->least, shape->most, &member->count);
      break;
    case ML_SHAPE_TEXT:
      member->bytes = ml_cbor_text(reader, shape->most, &member->count);
      break;
    default:
      read_list(reader, shape, member);
      break;
  }
}

/* ---- what may stand behind the members */

/* No key is known yet: one >= 0 is passed over, one < 0 is not. */
static void check_extensions(ml_cbor_reader *reader) {
  uint32_t ignored = 0u;
  bool is_critical = false;
  const uint32_t at = reader->at;
  const uint32_t count = ml_cbor_map(reader, 1u, EXTENSIONS_MAX);
  for (uint32_t i = 0u; i < count; i++) {
    const ml_cbor_type key = ml_cbor_next(reader);
    if (!is_int(key)) ml_cbor_refuse(reader, ML_BAD_SHAPE, at);
    is_critical = is_critical || key == ML_CBOR_NEGATIVE;
    (void)ml_cbor_skip(reader, &ignored);
    (void)ml_cbor_skip(reader, &ignored);
  }
  if (is_critical) ml_cbor_refuse(reader, ML_UNKNOWN_NUMBER, at);
}

/* One more item than the members, if it is a map. It is looked at before them, for it may change what they mean. */
static int32_t pass_extensions(const ml_cbor_reader *reader, uint32_t member_count, bool *is_extended, uint32_t *fault_at) {
  uint32_t ignored = 0u;
  ml_cbor_reader ahead = *reader;
  for (uint32_t i = 0u; i < member_count; i++) (void)ml_cbor_skip(&ahead, &ignored);
  *is_extended = ml_cbor_next(&ahead) == ML_CBOR_MAP;
  if (*is_extended) check_extensions(&ahead);
  *fault_at = ahead.fault_at;
  return ahead.status;
}

/* ---- the whole */

static int32_t refuse(ml_message *message, int32_t status, uint32_t at, const char *name) {
  message->fault = name;
  message->fault_at = at;
  return status;
}

/* What the schema cannot say. The samples are the last member, their format the one before; `at` is their place. */
static int32_t check_samples(ml_message *message, uint32_t count, uint32_t at) {
  const int64_t format = message->members[count - 2u].number;
  const uint32_t bytes = message->members[count - 1u].count;
  const uint32_t width = (format == (int64_t)ML_FORMAT_INT16) ? 2u : ((format == (int64_t)ML_FORMAT_INT32) ? 4u : 1u);
  return (bytes % width == 0u) ? ML_OK : refuse(message, ML_BAD_SHAPE, at, "samples");
}

static int32_t read_members(ml_message *message, ml_cbor_reader *reader, const ml_shape *shape, uint32_t *last_at) {
  for (uint32_t i = 0u; i < shape->count; i++) {
    *last_at = reader->at;
    read_member(reader, &shape->members[i], &message->members[i]);
    if (reader->status != ML_OK) return refuse(message, reader->status, reader->fault_at, shape->members[i].name);
  }
  return ML_OK;
}

/* Opens the CBOR and finds the shape; `reader` stands at the first member. */
static int32_t open_shape(ml_message *message, ml_cbor_reader *reader, const uint8_t *bytes, uint32_t count,
                          const ml_cbor_limits *limits, const ml_shape *(*shape_of)(uint64_t), const char *name, const ml_shape **shape,
                          uint32_t *item_count) {
  (void)memset(message, 0, sizeof *message);
  const int32_t status = ml_cbor_open(reader, bytes, count, limits);
  if (status < 0) return refuse(message, status, reader->fault_at, "");
  const bool is_array = ml_cbor_next(reader) == ML_CBOR_ARRAY;
  *item_count = is_array ? ml_cbor_array(reader, 0u, ML_CBOR_MESSAGE_ITEMS) : 0u;
  if (*item_count == 0u || ml_cbor_next(reader) != ML_CBOR_UINT) return refuse(message, ML_BAD_SHAPE, 0u, name);
  const uint32_t at = reader->at;
  const uint64_t number = ml_cbor_uint(reader, ML_CBOR_UINT_MAX);
  *shape = shape_of(number);
  if (*shape == NULL) return refuse(message, ML_UNKNOWN_NUMBER, at, "number");
  message->number = (*shape)->number;
  return ML_OK;
}

int32_t ml_message_read(ml_message *message, const uint8_t *bytes, uint32_t count) {
  ml_cbor_reader reader;
  const ml_shape *shape = NULL;
  uint32_t item_count = 0u;
  uint32_t last_at = 0u;
  int32_t status = open_shape(message, &reader, bytes, count, NULL, ml_shape_of_message, "message", &shape, &item_count);
  if (status < 0) return status;
  const uint32_t expected = shape->count + 1u;
  bool is_extended = false;
  uint32_t fault_at = 0u;
  if (item_count == expected + 1u) status = pass_extensions(&reader, shape->count, &is_extended, &fault_at);
  if (status < 0) return refuse(message, status, fault_at, "extensions");
  if (!is_extended && item_count != expected) return refuse(message, ML_BAD_SHAPE, 0u, shape->name);
  status = read_members(message, &reader, shape, &last_at);
  if (status < 0) return status;
  if (shape->number == ML_MESSAGE_LIVE) return check_samples(message, shape->count, last_at);
  const bool is_backwards = shape->number == ML_MESSAGE_LOST && message->members[2].number > message->members[3].number;
  return is_backwards ? refuse(message, ML_BAD_SHAPE, 0u, "to") : ML_OK;
}

int32_t ml_item_read(ml_message *item, const uint8_t *bytes, uint32_t count) {
  static const ml_cbor_limits LIMITS = {ML_ITEM_BYTES_MAX, 16u, 2u};
  ml_cbor_reader reader;
  const ml_shape *shape = NULL;
  uint32_t item_count = 0u;
  uint32_t last_at = 0u;
  int32_t status = open_shape(item, &reader, bytes, count, &LIMITS, ml_shape_of_item, "item", &shape, &item_count);
  if (status < 0) return status;
  if (item_count != shape->count + 1u) return refuse(item, ML_BAD_SHAPE, 0u, shape->name);
  status = read_members(item, &reader, shape, &last_at);
  if (status < 0) return status;
  return (shape->number == ML_ITEM_SAMPLES) ? check_samples(item, shape->count, last_at) : ML_OK;
}
