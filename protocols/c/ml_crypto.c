/* Only calls: Monocypher 4 and libsodium's SHA-256 do the work. */
#include "ml_crypto.h"

#include "crypto_auth_hmacsha256.h"
#include "crypto_hash_sha256.h"
#include "monocypher-ed25519.h"
#include "monocypher.h"

/* The spaces in the header are the libraries' states. */
typedef char ml_sha256_state_fits[(sizeof(ml_sha256_state) >= sizeof(crypto_hash_sha256_state)) ? 1 : -1];
typedef char ml_hmac_state_fits[(sizeof(ml_hmac_state) >= sizeof(crypto_auth_hmacsha256_state)) ? 1 : -1];

static const uint8_t ZEROS[ML_KEY_BYTES] = {0u};

static crypto_hash_sha256_state *sha256_of(ml_sha256_state *state) {
  return (crypto_hash_sha256_state *)(void *)state;
}

static crypto_auth_hmacsha256_state *hmac_of(ml_hmac_state *state) {
  return (crypto_auth_hmacsha256_state *)(void *)state;
}

void ml_wipe(void *secret, size_t count) {
  crypto_wipe(secret, count);
}

bool ml_is_same_key(const uint8_t one[ML_KEY_BYTES], const uint8_t other[ML_KEY_BYTES]) {
  return crypto_verify32(one, other) == 0;
}

/* ---- SHA-256 */

void ml_sha256_begin(ml_sha256_state *state) {
  (void)crypto_hash_sha256_init(sha256_of(state));
}

void ml_sha256_add(ml_sha256_state *state, const uint8_t *bytes, size_t count) {
  if (count > 0u) (void)crypto_hash_sha256_update(sha256_of(state), bytes, count);
}

void ml_sha256_end(ml_sha256_state *state, uint8_t hash[ML_HASH_BYTES]) {
  (void)crypto_hash_sha256_final(sha256_of(state), hash);
  ml_wipe(state, sizeof *state);
}

void ml_sha256(const uint8_t *bytes, size_t count, uint8_t hash[ML_HASH_BYTES]) {
  ml_sha256_state state;
  ml_sha256_begin(&state);
  ml_sha256_add(&state, bytes, count);
  ml_sha256_end(&state, hash);
}

/* ---- HMAC-SHA-256 */

void ml_hmac_begin(ml_hmac_state *state, const uint8_t *key, size_t key_count) {
  (void)crypto_auth_hmacsha256_init(hmac_of(state), key, key_count);
}

void ml_hmac_add(ml_hmac_state *state, const uint8_t *bytes, size_t count) {
  if (count > 0u) (void)crypto_auth_hmacsha256_update(hmac_of(state), bytes, count);
}

void ml_hmac_end(ml_hmac_state *state, uint8_t mac[ML_HASH_BYTES]) {
  (void)crypto_auth_hmacsha256_final(hmac_of(state), mac);
  ml_wipe(state, sizeof *state);
}

void ml_hmac(const uint8_t *key, size_t key_count, const uint8_t *bytes, size_t count, uint8_t mac[ML_HASH_BYTES]) {
  ml_hmac_state state;
  ml_hmac_begin(&state, key, key_count);
  ml_hmac_add(&state, bytes, count);
  ml_hmac_end(&state, mac);
}

/* ---- X25519 */

void ml_x25519_public(const uint8_t secret[ML_KEY_BYTES], uint8_t public_key[ML_KEY_BYTES]) {
  crypto_x25519_public_key(public_key, secret);
}

int32_t ml_x25519(const uint8_t secret[ML_KEY_BYTES], const uint8_t peer_key[ML_KEY_BYTES], uint8_t shared[ML_KEY_BYTES]) {
  crypto_x25519(shared, secret, peer_key);
  return ml_is_same_key(shared, ZEROS) ? ML_LOW_ORDER : ML_OK;
}

/* ---- ChaCha20-Poly1305: the first message of Monocypher's stream is RFC 8439's. */

void ml_seal(const uint8_t key[ML_KEY_BYTES], const uint8_t nonce[ML_CIPHER_NONCE_BYTES], const uint8_t *additional,
             size_t additional_count, uint8_t *text, size_t count) {
  crypto_aead_ctx stream;
  crypto_aead_init_ietf(&stream, key, nonce);
  crypto_aead_write(&stream, text, &text[count], additional, additional_count, text, count);
  ml_wipe(&stream, sizeof stream);
}

int32_t ml_open(const uint8_t key[ML_KEY_BYTES], const uint8_t nonce[ML_CIPHER_NONCE_BYTES], const uint8_t *additional,
                size_t additional_count, uint8_t *sealed, size_t count) {
  if (count < ML_TAG_BYTES) return ML_NOT_OPENED;
  const size_t plain_count = count - ML_TAG_BYTES;
  crypto_aead_ctx stream;
  crypto_aead_init_ietf(&stream, key, nonce);
  const int differs =
    crypto_aead_read(&stream, sealed, &sealed[plain_count], additional, additional_count, sealed, plain_count);
  ml_wipe(&stream, sizeof stream);
  return (differs == 0) ? ML_OK : ML_NOT_OPENED;
}

/* ---- Ed25519 */

void ml_sign_key(uint8_t seed[32], uint8_t sign_key[ML_SIGN_KEY_BYTES], uint8_t signer[ML_SIGNER_BYTES]) {
  crypto_ed25519_key_pair(sign_key, signer, seed);
}

void ml_sign(const uint8_t sign_key[ML_SIGN_KEY_BYTES], const uint8_t *bytes, size_t count, uint8_t signature[ML_SIGNATURE_BYTES]) {
  crypto_ed25519_sign(signature, sign_key, bytes, count);
}

int32_t ml_sign_check(const uint8_t signer[ML_SIGNER_BYTES], const uint8_t *bytes, size_t count,
                      const uint8_t signature[ML_SIGNATURE_BYTES]) {
  return (crypto_ed25519_check(signature, signer, bytes, count) == 0) ? ML_OK : ML_NOT_SIGNED;
}

/* ---- */

void ml_device_id(const uint8_t public_key[ML_KEY_BYTES], uint8_t id[ML_DEVICE_ID_BYTES]) {
  uint8_t hash[ML_HASH_BYTES];
  ml_sha256(public_key, ML_KEY_BYTES, hash);
  ml_copy(id, hash, ML_DEVICE_ID_BYTES);
}
