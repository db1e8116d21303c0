/* The chain of a log (ml_log.h). */
#include "ml_bytes.h"
#include "ml_log.h"

void ml_chain_begin(const ml_hash *hash, const uint8_t before[ML_HASH_BYTES], uint32_t item_bytes) {
  uint8_t size[4];
  ml_write_u32(size, item_bytes);
  hash->begin(hash->context);
  hash->add(hash->context, before, ML_HASH_BYTES);
  hash->add(hash->context, size, (uint32_t)sizeof size);
}

void ml_chain_after(const ml_hash *hash, uint8_t into[ML_HASH_BYTES], const uint8_t before[ML_HASH_BYTES], const uint8_t *item,
                    uint32_t count) {
  ml_chain_begin(hash, before, count);
  hash->add(hash->context, item, count);
  hash->end(hash->context, into);
}
