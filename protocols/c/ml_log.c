/* What a log needs of the cryptography, and what is signed of it. */
#include "ml_cbor.h"
#include "ml_log.h"

static void begin(void *context) {
  ml_sha256_begin((ml_sha256_state *)context);
}

static void add(void *context, const uint8_t *bytes, uint32_t count) {
  ml_sha256_add((ml_sha256_state *)context, bytes, (size_t)count);
}

static void end(void *context, uint8_t hash[ML_HASH_BYTES]) {
  ml_sha256_end((ml_sha256_state *)context, hash);
}

void ml_hash_of_crypto(ml_hash *hash, ml_sha256_state *state) {
  hash->context = state;
  hash->begin = begin;
  hash->add = add;
  hash->end = end;
}

int32_t ml_claim_write(uint8_t into[ML_CLAIM_BYTES_MAX], const uint8_t device[ML_DEVICE_ID_BYTES], uint16_t number,
                       const uint8_t epoch[ML_EPOCH_BYTES], uint64_t upto, const uint8_t chain[ML_HASH_BYTES]) {
  ml_cbor_writer writer;
  ml_cbor_begin(&writer, into, ML_CLAIM_BYTES_MAX);
  ml_cbor_write_array(&writer, 6u);
  ml_cbor_write_word(&writer, "maibo checkpoint 1");
  ml_cbor_write_bytes(&writer, device, ML_DEVICE_ID_BYTES);
  ml_cbor_write_uint(&writer, number);
  ml_cbor_write_bytes(&writer, epoch, ML_EPOCH_BYTES);
  ml_cbor_write_uint(&writer, upto);
  ml_cbor_write_bytes(&writer, chain, ML_HASH_BYTES);
  return ml_cbor_end(&writer);
}
