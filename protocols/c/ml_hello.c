#include "ml_hello.h"

#include "ml_cbor.h"

#define VERSIONS_MAX 8u
#define PATTERNS_MAX 3u
#define CAPABILITIES_MAX ML_HELLO_LIST_MAX
#define STEP_MAX 2u
#define NOISE_BYTES_MIN 32u
#define NOISE_BYTES_MAX 96u
#define SAS_BYTES_MIN 16u
#define SAS_BYTES_MAX 32u
#define EXTENSIONS_MAX 16u
#define FAILURE_VERSION 1u
#define BYE_EXPIRED 2u

/* Values in them do not nest: the message, and a list or the extensions in it. */
static const ml_cbor_limits LIMITS = {ML_CBOR_CLEAR_BYTES, ML_CBOR_MESSAGE_ITEMS, 2u};

static uint32_t read_list(ml_cbor_reader *reader, uint32_t least, uint32_t most, uint32_t *into) {
  const uint32_t count = ml_cbor_array(reader, least, most);
  for (uint32_t i = 0u; i < count; i++) into[i] = (uint32_t)ml_cbor_uint(reader, UINT16_MAX);
  return count;
}

static void read_hello(ml_handshake_message *message, ml_cbor_reader *reader) {
  uint32_t count = 0u;
  uint32_t patterns[PATTERNS_MAX];
  message->version_count = read_list(reader, 1u, VERSIONS_MAX, message->versions);
  message->nonce = ml_cbor_bytes(reader, ML_HELLO_NONCE_BYTES, ML_HELLO_NONCE_BYTES, &count);
  count = read_list(reader, 1u, PATTERNS_MAX, patterns);
  for (uint32_t i = 0u; i < count; i++) {
    if (patterns[i] >= 1u && patterns[i] <= 3u) message->patterns |= 1u << patterns[i];
  }
  message->capability_count = read_list(reader, 0u, CAPABILITIES_MAX, message->capabilities);
}

static void read_data(ml_handshake_message *message, ml_cbor_reader *reader, uint32_t least, uint32_t most) {
  message->step = (uint32_t)ml_cbor_uint(reader, STEP_MAX);
  const uint8_t *data = ml_cbor_bytes(reader, least, most, &message->data_count);
  if (data != NULL) message->data_at = (uint32_t)(data - reader->bytes);
}

static uint32_t members_of(uint32_t number) {
  switch (number) {
    case ML_HELLO:
      return 5u;
    case ML_NOISE:
      return 4u;
    case ML_SAS:
      return 3u;
    default:
      return 2u; /* confirm */
  }
}

/* None is defined yet: passed over when the key is 0 or more, critical below. */
static void read_extensions(ml_cbor_reader *reader) {
  uint32_t ignored = 0u;
  const uint32_t pairs = ml_cbor_map(reader, 1u, EXTENSIONS_MAX);
  for (uint32_t i = 0u; i < pairs; i++) {
    const uint32_t at = reader->at;
    if (ml_cbor_int(reader, -ML_CBOR_INT_MAX, ML_CBOR_INT_MAX) < 0) ml_cbor_refuse(reader, ML_UNKNOWN_NUMBER, at);
    (void)ml_cbor_skip(reader, &ignored);
  }
}

int32_t ml_handshake_read(ml_handshake_message *message, const uint8_t *bytes, uint32_t count) {
  ml_cbor_reader reader;
  (void)memset(message, 0, sizeof *message);
  int32_t status = ml_cbor_open(&reader, bytes, count, &LIMITS);
  if (status != ML_OK) return status;
  const uint32_t item_count = ml_cbor_array(&reader, 1u, 7u);
  message->number = (uint32_t)ml_cbor_uint(&reader, UINT16_MAX);
  if (reader.status != ML_OK) return reader.status;
  if (message->number == ML_HELLO_OK || message->number == ML_FAILURE) return ML_OUT_OF_PLACE;
  if (message->number > ML_CONFIRM) return ML_UNKNOWN_NUMBER;
  const uint32_t members = members_of(message->number);
  if (item_count != members && item_count != members + 1u) return ML_BAD_SHAPE;
  if (message->number == ML_HELLO) {
    read_hello(message, &reader);
  } else if (message->number == ML_NOISE) {
    message->pattern = (uint32_t)ml_cbor_uint(&reader, UINT16_MAX);
    read_data(message, &reader, NOISE_BYTES_MIN, NOISE_BYTES_MAX);
  } else if (message->number == ML_SAS) {
    read_data(message, &reader, SAS_BYTES_MIN, SAS_BYTES_MAX);
  } else {
    message->is_accepted = ml_cbor_bool(&reader);
  }
  if (item_count > members) read_extensions(&reader);
  return ml_cbor_close(&reader);
}

int32_t ml_hello_ok_write(const ml_hello_ok *hello_ok, uint8_t *into, uint32_t bytes) {
  ml_cbor_writer writer;
  ml_cbor_begin(&writer, into, bytes);
  ml_cbor_write_array(&writer, 7u);
  ml_cbor_write_uint(&writer, ML_HELLO_OK);
  ml_cbor_write_uint(&writer, hello_ok->version);
  ml_cbor_write_bytes(&writer, hello_ok->nonce, ML_HELLO_NONCE_BYTES);
  ml_cbor_write_bytes(&writer, hello_ok->salt, ML_HELLO_NONCE_BYTES);
  uint32_t pattern_count = 0u;
  for (uint32_t i = 1u; i <= PATTERNS_MAX; i++) pattern_count += (hello_ok->patterns >> i) & 1u;
  ml_cbor_write_array(&writer, pattern_count);
  for (uint32_t i = 1u; i <= PATTERNS_MAX; i++) {
    if (((hello_ok->patterns >> i) & 1u) != 0u) ml_cbor_write_uint(&writer, i);
  }
  ml_cbor_write_array(&writer, hello_ok->capability_count);
  for (uint32_t i = 0u; i < hello_ok->capability_count; i++) ml_cbor_write_uint(&writer, hello_ok->capabilities[i]);
  ml_cbor_write_bytes(&writer, hello_ok->hint, ML_HELLO_HINT_BYTES);
  return ml_cbor_end(&writer);
}

int32_t ml_noise_head_write(uint32_t pattern, uint32_t step, uint32_t data_count, uint8_t *into, uint32_t bytes) {
  ml_cbor_writer writer;
  ml_cbor_begin(&writer, into, bytes);
  ml_cbor_write_array(&writer, 4u);
  ml_cbor_write_uint(&writer, ML_NOISE);
  ml_cbor_write_uint(&writer, pattern);
  ml_cbor_write_uint(&writer, step);
  (void)ml_cbor_write_room(&writer, data_count);
  const int32_t count = ml_cbor_end(&writer);
  return (count < 0) ? count : (count - (int32_t)data_count);
}

int32_t ml_sas_write(uint32_t step, const uint8_t *data, uint32_t data_count, uint8_t *into, uint32_t bytes) {
  ml_cbor_writer writer;
  ml_cbor_begin(&writer, into, bytes);
  ml_cbor_write_array(&writer, 3u);
  ml_cbor_write_uint(&writer, ML_SAS);
  ml_cbor_write_uint(&writer, step);
  ml_cbor_write_bytes(&writer, data, data_count);
  return ml_cbor_end(&writer);
}

int32_t ml_confirm_write(bool is_accepted, uint8_t *into, uint32_t bytes) {
  ml_cbor_writer writer;
  ml_cbor_begin(&writer, into, bytes);
  ml_cbor_write_array(&writer, 2u);
  ml_cbor_write_uint(&writer, ML_CONFIRM);
  ml_cbor_write_bool(&writer, is_accepted);
  return ml_cbor_end(&writer);
}

int32_t ml_no_version_write(uint8_t *into, uint32_t bytes) {
  ml_cbor_writer writer;
  ml_cbor_begin(&writer, into, bytes);
  ml_cbor_write_array(&writer, 3u);
  ml_cbor_write_uint(&writer, ML_FAILURE);
  ml_cbor_write_uint(&writer, FAILURE_VERSION);
  ml_cbor_write_word(&writer, "");
  return ml_cbor_end(&writer);
}

int32_t ml_expired_write(uint8_t *into, uint32_t bytes) {
  ml_cbor_writer writer;
  ml_cbor_begin(&writer, into, bytes);
  ml_cbor_write_array(&writer, 2u);
  ml_cbor_write_uint(&writer, ML_BYE);
  ml_cbor_write_uint(&writer, BYE_EXPIRED);
  return ml_cbor_end(&writer);
}
