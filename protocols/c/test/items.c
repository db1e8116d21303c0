/* Writes items, their chain and its signed claim: kind and eight numbers (two of 64 bits as halves) and bytes, until kind 0; then the
 * device's id, the epoch and the seed of its signing key. Answers each item, the chain, the claim, the signature. */
#include "check.h"
#include "ml_bytes.h"
#include "ml_log.h"
#include "ml_message.h"

static uint32_t get(void) {
  uint8_t bytes[4];
  CHECK(fread(bytes, 1u, sizeof bytes, stdin) == sizeof bytes);
  return ml_read_u32(bytes);
}

static uint64_t get64(void) {
  const uint64_t low = get();
  return low | ((uint64_t)get() << 32);
}

static uint32_t get_bytes(uint8_t *into, uint32_t room) {
  const uint32_t count = get();
  CHECK(count <= room && fread(into, 1u, count, stdin) == count);
  return count;
}

static void put_bytes(const uint8_t *bytes, uint32_t count) {
  uint8_t size[4];
  ml_write_u32(size, count);
  CHECK(fwrite(size, 1u, sizeof size, stdout) == sizeof size && fwrite(bytes, 1u, count, stdout) == count);
}

static int32_t write_item(uint32_t kind, uint8_t *into, uint32_t room) {
  uint8_t bytes[ML_SAMPLE_BYTES_MAX];
  const uint32_t boot = get();
  const uint64_t ticks = get64();
  const uint64_t big = get64();
  const uint32_t one = get();
  const int32_t two = (int32_t)get();
  const int32_t three = (int32_t)get();
  const bool is_null = get() == 1u;
  const uint32_t count = get_bytes(bytes, sizeof bytes);
  switch (kind) {
    case ML_ITEM_SAMPLES: return ml_item_samples(into, room, boot, ticks, big, (uint8_t)one, bytes, count);
    case ML_ITEM_NUMBER: return ml_item_number(into, room, boot, ticks, (uint16_t)one, two, (int8_t)three, is_null ? ML_QUALITY_UNKNOWN : (int32_t)big);
    case ML_ITEM_EVENT: return ml_item_event(into, room, boot, ticks, (uint16_t)one, is_null ? NULL : &two);
    case ML_ITEM_CLOCK: return ml_item_clock(into, room, boot, ticks, big, (uint8_t)one, (uint64_t)(uint32_t)two);
    default: return ml_item_gatt(into, room, boot, ticks, big, (uint16_t)one, bytes, count);
  }
}

int main(void) {
  static uint8_t item[ML_ITEM_BYTES_MAX];
  uint8_t chain[ML_HASH_BYTES] = {0u};
  uint8_t device[ML_DEVICE_ID_BYTES];
  uint8_t epoch[ML_EPOCH_BYTES];
  uint8_t seed[32];
  uint8_t key[ML_SIGN_KEY_BYTES];
  uint8_t signer[ML_SIGNER_BYTES];
  uint8_t claim[ML_CLAIM_BYTES_MAX];
  uint8_t signature[ML_SIGNATURE_BYTES];
  ml_sha256_state state;
  ml_hash hash;
  uint64_t count = 0u;
  ml_hash_of_crypto(&hash, &state);
  for (uint32_t kind = get(); kind != 0u; kind = get()) {
    const int32_t bytes = write_item(kind, item, sizeof item);
    CHECK(bytes > 0);
    put_bytes(item, (uint32_t)bytes);
    ml_chain_after(&hash, chain, chain, item, (uint32_t)bytes);
    count++;
  }
  CHECK(get_bytes(device, sizeof device) == sizeof device && get_bytes(epoch, sizeof epoch) == sizeof epoch);
  CHECK(get_bytes(seed, sizeof seed) == sizeof seed);
  put_bytes(chain, sizeof chain);
  const int32_t claim_bytes = ml_claim_write(claim, device, 1u, epoch, count - 1u, chain);
  CHECK(claim_bytes > 0);
  put_bytes(claim, (uint32_t)claim_bytes);
  ml_sign_key(seed, key, signer);
  ml_sign(key, claim, (size_t)claim_bytes, signature);
  CHECK(ml_sign_check(signer, claim, (size_t)claim_bytes, signature) == ML_OK);
  put_bytes(signature, sizeof signature);
  /* Wrong use. */
  uint8_t small[12];
  CHECK(ml_item_samples(small, sizeof small, 1u, 2u, 3u, 1u, item, 20u) == ML_TOO_SMALL);
  CHECK(ml_item_samples(item, sizeof item, 1u, 2u, 3u, 1u, chain, 3u) == ML_BAD_ARGUMENT);
  CHECK(ml_item_samples(item, sizeof item, 1u, 2u, 3u, 2u, chain, 6u) == ML_BAD_ARGUMENT);
  CHECK(ml_item_samples(item, sizeof item, 1u, 2u, 3u, 4u, chain, 4u) == ML_BAD_ARGUMENT);
  CHECK(ml_item_samples(item, sizeof item, 1u, 2u, 3u, 1u, chain, ML_SAMPLE_BYTES_MAX + 2u) == ML_BAD_ARGUMENT);
  CHECK(ml_item_number(item, sizeof item, 1u, 2u, 3u, 4, 10, 5) == ML_BAD_ARGUMENT);
  CHECK(ml_item_number(item, sizeof item, 1u, 2u, 3u, 4, 1, 256) == ML_BAD_ARGUMENT);
  CHECK(ml_item_clock(item, sizeof item, 1u, 2u, 3u, 5u, 1u) == ML_BAD_ARGUMENT);
  CHECK(ml_item_gatt(item, sizeof item, 1u, 2u, 3u, 5u, chain, ML_GATT_VALUE_BYTES_MAX + 1u) == ML_BAD_ARGUMENT);
  CHECK(ml_item_event(item, sizeof item, 1u, UINT64_MAX, 3u, NULL) == ML_BAD_ARGUMENT);
  return 0;
}
