/* The cryptography of Maibo Link and of a device's log, behind one small door. Nothing of it is written here: X25519, ChaCha20-Poly1305
 * and Ed25519 are Monocypher's, SHA-256 and HMAC libsodium's, both fetched when building (fetch-crypto.mjs, NOTES.md). A maker whose
 * chip or certificate brings its own replaces ml_crypto.c and nothing else.
 *
 * No function reads or writes beyond the counts it is given; none keeps a copy of a secret. Time depends on counts only, never on the
 * bytes (on a Cortex-M4, whose multiplication takes one cycle; a Cortex-M3's does not).
 */
#ifndef ML_CRYPTO_H
#define ML_CRYPTO_H

#include <stddef.h>
#include <stdint.h>

#include "ml_bytes.h"
#include "ml_status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ML_KEY_BYTES 32u /* X25519 keys, secrets, psk, keys of the cipher. */
#define ML_HASH_BYTES 32u /* SHA-256, HMAC-SHA-256. */
#define ML_TAG_BYTES 16u /* Behind everything that is sealed. */
#define ML_CIPHER_NONCE_BYTES 12u /* Of ChaCha20-Poly1305 (RFC 8439). */
#define ML_SIGNER_BYTES 32u /* Ed25519 public key. */
#define ML_SIGN_KEY_BYTES 64u /* Ed25519 secret key as used: seed, then public key. */
#define ML_SIGNATURE_BYTES 64u /* Ed25519. */

/* A SHA-256 or HMAC-SHA-256 that is fed in parts. Not to be looked into; wiped by the call that ends it. */
typedef struct {
  uint64_t space[13];
} ml_sha256_state;

typedef struct {
  uint64_t space[26];
} ml_hmac_state;

/* Overwrites a secret, also where the compiler can see that nobody reads it any more. */
void ml_wipe(void *secret, size_t count);

/* Whether two keys are equal; always in the same time. */
bool ml_is_same_key(const uint8_t one[ML_KEY_BYTES], const uint8_t other[ML_KEY_BYTES]);

void ml_sha256(const uint8_t *bytes, size_t count, uint8_t hash[ML_HASH_BYTES]);
void ml_sha256_begin(ml_sha256_state *state);
void ml_sha256_add(ml_sha256_state *state, const uint8_t *bytes, size_t count);
void ml_sha256_end(ml_sha256_state *state, uint8_t hash[ML_HASH_BYTES]);

void ml_hmac(const uint8_t *key, size_t key_count, const uint8_t *bytes, size_t count, uint8_t mac[ML_HASH_BYTES]);
void ml_hmac_begin(ml_hmac_state *state, const uint8_t *key, size_t key_count);
void ml_hmac_add(ml_hmac_state *state, const uint8_t *bytes, size_t count);
void ml_hmac_end(ml_hmac_state *state, uint8_t mac[ML_HASH_BYTES]);

/* The X25519 public key of 32 random bytes. */
void ml_x25519_public(const uint8_t secret[ML_KEY_BYTES], uint8_t public_key[ML_KEY_BYTES]);

/* X25519. ML_LOW_ORDER, and zeros in `shared`, when the result is all zero: anybody would know that secret. */
int32_t ml_x25519(const uint8_t secret[ML_KEY_BYTES], const uint8_t peer_key[ML_KEY_BYTES], uint8_t shared[ML_KEY_BYTES]);

/* ChaCha20-Poly1305 (RFC 8439) in place: `text` has `count` bytes and room for ML_TAG_BYTES more, where the tag goes. */
void ml_seal(const uint8_t key[ML_KEY_BYTES], const uint8_t nonce[ML_CIPHER_NONCE_BYTES], const uint8_t *additional,
             size_t additional_count, uint8_t *text, size_t count);

/* The other way: `count` bytes with the tag. ML_OK, and `count` - ML_TAG_BYTES bytes are plain; or ML_NOT_OPENED, and they are as they
 * came. */
int32_t ml_open(const uint8_t key[ML_KEY_BYTES], const uint8_t nonce[ML_CIPHER_NONCE_BYTES], const uint8_t *additional,
                size_t additional_count, uint8_t *sealed, size_t count);

/* The Ed25519 key of a seed of 32 random bytes: `sign_key` to keep, `signer` for `info`. The seed is wiped. */
void ml_sign_key(uint8_t seed[32], uint8_t sign_key[ML_SIGN_KEY_BYTES], uint8_t signer[ML_SIGNER_BYTES]);

/* Signs `count` bytes. */
void ml_sign(const uint8_t sign_key[ML_SIGN_KEY_BYTES], const uint8_t *bytes, size_t count, uint8_t signature[ML_SIGNATURE_BYTES]);

/* ML_OK, or ML_NOT_SIGNED. */
int32_t ml_sign_check(const uint8_t signer[ML_SIGNER_BYTES], const uint8_t *bytes, size_t count,
                      const uint8_t signature[ML_SIGNATURE_BYTES]);

/* First 16 bytes of the SHA-256 of a static public key: the device's id (SPEC.md, "Identity"). */
#define ML_DEVICE_ID_BYTES 16u
void ml_device_id(const uint8_t public_key[ML_KEY_BYTES], uint8_t id[ML_DEVICE_ID_BYTES]);

#ifdef __cplusplus
}
#endif

#endif
