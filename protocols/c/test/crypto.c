/* ml_crypto.h by commands on standard input.
 *
 *   h parts, bytes...                  SHA-256 of all parts          -> bytes
 *   m key, parts, bytes...             HMAC-SHA-256                  -> bytes
 *   p secret                           X25519 public key             -> bytes
 *   x secret, key                      X25519                        -> status, bytes
 *   s key, nonce, additional, text     seal                          -> bytes
 *   o key, nonce, additional, sealed   open                          -> status, the bytes as they are then
 *   k seed                             Ed25519 key                   -> secret key, public key, the seed as it is then
 *   g secret key, bytes                sign                          -> bytes
 *   v public key, bytes, signature     check                         -> status
 *   d public key                       device id                     -> bytes
 *   e one, other                       whether keys are equal        -> 0 or 1
 */
#include "../ml_crypto.h"
#include "talk.h"

static void add_parts(ml_sha256_state *hash, ml_hmac_state *mac) {
  for (uint32_t parts = talk_get(); parts > 0u; parts--) {
    uint32_t count = 0u;
    uint8_t *const bytes = talk_get_bytes(&count);
    if (hash != NULL) ml_sha256_add(hash, bytes, count);
    if (mac != NULL) ml_hmac_add(mac, bytes, count);
    free(bytes);
  }
}

static void answer_hash(void) {
  uint8_t hash[ML_HASH_BYTES];
  ml_sha256_state state;
  ml_sha256_begin(&state);
  add_parts(&state, NULL);
  ml_sha256_end(&state, hash);
  CHECK(ml_is_zero((const uint8_t *)&state, sizeof state));
  talk_put_bytes(hash, sizeof hash);
}

static void answer_hmac(void) {
  uint8_t mac[ML_HASH_BYTES];
  uint32_t count = 0u;
  uint8_t *const key = talk_get_bytes(&count);
  ml_hmac_state state;
  ml_hmac_begin(&state, key, count);
  add_parts(NULL, &state);
  ml_hmac_end(&state, mac);
  CHECK(ml_is_zero((const uint8_t *)&state, sizeof state));
  free(key);
  talk_put_bytes(mac, sizeof mac);
}

static void answer_public(void) {
  uint8_t secret[ML_KEY_BYTES];
  uint8_t key[ML_KEY_BYTES];
  talk_get_into(secret, sizeof secret);
  ml_x25519_public(secret, key);
  talk_put_bytes(key, sizeof key);
}

static void answer_x25519(void) {
  uint8_t secret[ML_KEY_BYTES];
  uint8_t key[ML_KEY_BYTES];
  uint8_t shared[ML_KEY_BYTES];
  talk_get_into(secret, sizeof secret);
  talk_get_into(key, sizeof key);
  talk_put_status(ml_x25519(secret, key, shared));
  talk_put_bytes(shared, sizeof shared);
}

static void answer_cipher(bool is_sealing) {
  uint8_t key[ML_KEY_BYTES];
  uint8_t nonce[ML_CIPHER_NONCE_BYTES];
  uint32_t additional_count = 0u;
  uint32_t count = 0u;
  talk_get_into(key, sizeof key);
  talk_get_into(nonce, sizeof nonce);
  uint8_t *const additional = talk_get_bytes(&additional_count);
  uint8_t *const given = talk_get_bytes(&count);
  if (is_sealing) {
    uint8_t *const text = talk_room(count + ML_TAG_BYTES);
    ml_copy(text, given, count);
    ml_seal(key, nonce, additional, additional_count, text, count);
    talk_put_bytes(text, count + ML_TAG_BYTES);
    free(text);
  } else {
    talk_put_status(ml_open(key, nonce, additional, additional_count, given, count));
    talk_put_bytes(given, count);
  }
  free(given);
  free(additional);
}

static void answer_sign_key(void) {
  uint8_t seed[32];
  uint8_t sign_key[ML_SIGN_KEY_BYTES];
  uint8_t signer[ML_SIGNER_BYTES];
  talk_get_into(seed, sizeof seed);
  ml_sign_key(seed, sign_key, signer);
  talk_put_bytes(sign_key, sizeof sign_key);
  talk_put_bytes(signer, sizeof signer);
  talk_put_bytes(seed, sizeof seed);
}

static void answer_sign(void) {
  uint8_t sign_key[ML_SIGN_KEY_BYTES];
  uint8_t signature[ML_SIGNATURE_BYTES];
  uint32_t count = 0u;
  talk_get_into(sign_key, sizeof sign_key);
  uint8_t *const bytes = talk_get_bytes(&count);
  ml_sign(sign_key, bytes, count, signature);
  talk_put_bytes(signature, sizeof signature);
  free(bytes);
}

static void answer_check(void) {
  uint8_t signer[ML_SIGNER_BYTES];
  uint8_t signature[ML_SIGNATURE_BYTES];
  uint32_t count = 0u;
  talk_get_into(signer, sizeof signer);
  uint8_t *const bytes = talk_get_bytes(&count);
  talk_get_into(signature, sizeof signature);
  talk_put_status(ml_sign_check(signer, bytes, count, signature));
  free(bytes);
}

static void answer_id(void) {
  uint8_t key[ML_KEY_BYTES];
  uint8_t id[ML_DEVICE_ID_BYTES];
  talk_get_into(key, sizeof key);
  ml_device_id(key, id);
  talk_put_bytes(id, sizeof id);
}

static void answer_is_same(void) {
  uint8_t one[ML_KEY_BYTES];
  uint8_t other[ML_KEY_BYTES];
  talk_get_into(one, sizeof one);
  talk_get_into(other, sizeof other);
  talk_put(ml_is_same_key(one, other) ? 1u : 0u);
}

int main(void) {
  for (int command = getchar(); command != EOF; command = getchar()) {
    if (command == 'h') answer_hash();
    if (command == 'm') answer_hmac();
    if (command == 'p') answer_public();
    if (command == 'x') answer_x25519();
    if (command == 's') answer_cipher(true);
    if (command == 'o') answer_cipher(false);
    if (command == 'k') answer_sign_key();
    if (command == 'g') answer_sign();
    if (command == 'v') answer_check();
    if (command == 'd') answer_id();
    if (command == 'e') answer_is_same();
    (void)fflush(stdout);
  }
  return 0;
}
