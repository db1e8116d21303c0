/* Noise revision 34: SymmetricState (5.2) and HandshakeState (5.3) for three patterns. */
#include "ml_noise.h"

/* Tokens of a message (7.1, 9.1). */
#define END 0u
#define E 1u
#define S 2u
#define EE 3u
#define ES 4u
#define SE 5u
#define SS 6u
#define PSK 7u

#define MESSAGES_MAX 3u
#define TOKENS_MAX 5u

typedef struct {
  const char *name; /* Of at least 32 characters. */
  uint8_t name_count;
  bool knows_initiator; /* Whose static key both know beforehand. */
  bool knows_responder;
  bool has_psk;
  uint8_t message_count;
  uint8_t messages[MESSAGES_MAX][TOKENS_MAX];
} noise_pattern;

static const noise_pattern PATTERNS[] = {
  {"Noise_XX_25519_ChaChaPoly_SHA256", 32u, false, false, false, 3u, {{E, END}, {E, EE, S, ES, END}, {S, SE, END}}},
  {"Noise_KK_25519_ChaChaPoly_SHA256", 32u, true, true, false, 2u, {{E, ES, SS, END}, {E, EE, SE, END}, {END}}},
  {"Noise_IKpsk2_25519_ChaChaPoly_SHA256", 36u, false, true, true, 2u, {{E, ES, S, SS, END}, {E, EE, SE, PSK, END}, {END}}},
};

/* REKEY (4.2): this nonce is never reached by counting. */
static const uint8_t REKEY_NONCE[ML_CIPHER_NONCE_BYTES] = {0u,    0u,    0u,    0u,    0xFFu, 0xFFu,
                                                           0xFFu, 0xFFu, 0xFFu, 0xFFu, 0xFFu, 0xFFu};

static const noise_pattern *pattern_of(uint32_t number) {
  return (number >= ML_PATTERN_XX && number <= ML_PATTERN_IKPSK2) ? &PATTERNS[number - 1u] : NULL;
}

/* ---- SymmetricState */

static void hash_with(uint8_t hash[ML_HASH_BYTES], const uint8_t *bytes, uint32_t count) {
  ml_sha256_state state;
  ml_sha256_begin(&state);
  ml_sha256_add(&state, hash, ML_HASH_BYTES);
  ml_sha256_add(&state, bytes, count);
  ml_sha256_end(&state, hash);
}

static void mix_hash(ml_noise *noise, const uint8_t *bytes, uint32_t count) {
  hash_with(noise->hash, bytes, count);
}

/* The next output of HKDF (4.3): HMAC(temporary, previous || index). `previous` null for the first; may be `output`. */
static void expand(const uint8_t temporary[ML_HASH_BYTES], const uint8_t *previous, uint8_t index, uint8_t output[ML_HASH_BYTES]) {
  ml_hmac_state state;
  ml_hmac_begin(&state, temporary, ML_HASH_BYTES);
  if (previous != NULL) ml_hmac_add(&state, previous, ML_HASH_BYTES);
  ml_hmac_add(&state, &index, 1u);
  ml_hmac_end(&state, output);
}

/* Chaining key and cipher key from the chaining key and new material; the count under the new key begins. */
static void mix_key(ml_noise *noise, const uint8_t material[ML_KEY_BYTES]) {
  uint8_t temporary[ML_HASH_BYTES];
  ml_hmac(noise->chaining, ML_HASH_BYTES, material, ML_KEY_BYTES, temporary);
  expand(temporary, NULL, 1u, noise->chaining);
  expand(temporary, noise->chaining, 2u, noise->key);
  ml_wipe(temporary, sizeof temporary);
  noise->has_key = true;
  noise->sealed_count = 0u;
}

static void mix_key_and_hash(ml_noise *noise, const uint8_t material[ML_KEY_BYTES]) {
  uint8_t temporary[ML_HASH_BYTES];
  uint8_t to_hash[ML_HASH_BYTES];
  ml_hmac(noise->chaining, ML_HASH_BYTES, material, ML_KEY_BYTES, temporary);
  expand(temporary, NULL, 1u, noise->chaining);
  expand(temporary, noise->chaining, 2u, to_hash);
  expand(temporary, to_hash, 3u, noise->key);
  mix_hash(noise, to_hash, ML_HASH_BYTES);
  ml_wipe(temporary, sizeof temporary);
  ml_wipe(to_hash, sizeof to_hash);
  noise->has_key = true;
  noise->sealed_count = 0u;
}

static void next_nonce(ml_noise *noise, uint8_t nonce[ML_CIPHER_NONCE_BYTES]) {
  ml_write_u32(nonce, 0u);
  ml_write_u64(&nonce[4], noise->sealed_count);
  noise->sealed_count++;
}

/* In place; answers the count with the tag. */
static uint32_t encrypt_and_hash(ml_noise *noise, uint8_t *text, uint32_t count) {
  uint32_t sealed_count = count;
  if (noise->has_key) {
    uint8_t nonce[ML_CIPHER_NONCE_BYTES];
    next_nonce(noise, nonce);
    ml_seal(noise->key, nonce, noise->hash, ML_HASH_BYTES, text, count);
    sealed_count += ML_TAG_BYTES;
  }
  mix_hash(noise, text, sealed_count);
  return sealed_count;
}

/* In place; answers the count without the tag, or ML_NOT_OPENED. The hash is of what came, so it is taken before. */
static int32_t decrypt_and_hash(ml_noise *noise, uint8_t *sealed, uint32_t count) {
  uint8_t next_hash[ML_HASH_BYTES];
  uint32_t plain_count = count;
  ml_copy(next_hash, noise->hash, ML_HASH_BYTES);
  hash_with(next_hash, sealed, count);
  if (noise->has_key) {
    uint8_t nonce[ML_CIPHER_NONCE_BYTES];
    next_nonce(noise, nonce);
    if (ml_open(noise->key, nonce, noise->hash, ML_HASH_BYTES, sealed, count) != ML_OK) return ML_NOT_OPENED;
    plain_count -= ML_TAG_BYTES;
  }
  ml_copy(noise->hash, next_hash, ML_HASH_BYTES);
  return (int32_t)plain_count;
}

/* ---- HandshakeState */

static int32_t end(ml_noise *noise, int32_t reason) {
  ml_wipe(noise, sizeof *noise);
  noise->has_failed = true;
  return reason;
}

/* Whether there was one. */
static bool keep(uint8_t place[ML_KEY_BYTES], const uint8_t *given) {
  if (given == NULL) return false;
  ml_copy(place, given, ML_KEY_BYTES);
  return true;
}

static bool is_fit(const ml_noise_setup *setup, const noise_pattern *pattern) {
  if (pattern == NULL || setup->own == NULL || setup->ephemeral_secret == NULL) return false;
  const bool needs_peer = setup->is_initiator ? pattern->knows_responder : pattern->knows_initiator;
  if (needs_peer != (setup->peer_key != NULL)) return false;
  if (pattern->has_psk != (setup->psk != NULL)) return false;
  return (setup->prologue != NULL || setup->prologue_count == 0u) &&
         (setup->prologue_rest != NULL || setup->prologue_rest_count == 0u);
}

static void mix_prologue(ml_noise *noise, const ml_noise_setup *setup) {
  ml_sha256_state state;
  ml_sha256_begin(&state);
  ml_sha256_add(&state, noise->hash, ML_HASH_BYTES);
  ml_sha256_add(&state, setup->prologue, setup->prologue_count);
  ml_sha256_add(&state, setup->prologue_rest, setup->prologue_rest_count);
  ml_sha256_end(&state, noise->hash);
}

int32_t ml_noise_begin(ml_noise *noise, const ml_noise_setup *setup) {
  if (noise == NULL || setup == NULL) return ML_BAD_ARGUMENT;
  (void)end(noise, ML_OK);
  const noise_pattern *pattern = pattern_of(setup->pattern);
  if (!is_fit(setup, pattern)) return ML_BAD_ARGUMENT;
  noise->has_failed = false;
  noise->pattern = setup->pattern;
  noise->is_initiator = setup->is_initiator;
  noise->own = setup->own;
  ml_copy(noise->ephemeral.secret, setup->ephemeral_secret, ML_KEY_BYTES);
  (void)keep(noise->peer_key, setup->peer_key);
  (void)keep(noise->psk, setup->psk);
  noise->has_es = keep(noise->es, setup->es);
  noise->has_ss = keep(noise->ss, setup->ss);
  const uint8_t *name = (const uint8_t *)pattern->name;
  if (pattern->name_count == ML_HASH_BYTES) {
    ml_copy(noise->hash, name, ML_HASH_BYTES);
  } else {
    ml_sha256(name, pattern->name_count, noise->hash);
  }
  ml_copy(noise->chaining, noise->hash, ML_HASH_BYTES);
  mix_prologue(noise, setup);
  const uint8_t *own = noise->own->public_key;
  const bool is_initiator = noise->is_initiator;
  if (pattern->knows_initiator) mix_hash(noise, is_initiator ? own : noise->peer_key, ML_KEY_BYTES);
  if (pattern->knows_responder) mix_hash(noise, is_initiator ? noise->peer_key : own, ML_KEY_BYTES);
  return ML_OK;
}

/* The first letter of a token is the initiator's key, the second the responder's. */
static int32_t mix_secret(ml_noise *noise, uint8_t token) {
  const bool is_initiator = noise->is_initiator;
  uint8_t shared[ML_KEY_BYTES];
  int32_t status = ML_OK;
  if (token == ES && noise->has_es) {
    ml_copy(shared, noise->es, ML_KEY_BYTES);
  } else if (token == SS && noise->has_ss) {
    ml_copy(shared, noise->ss, ML_KEY_BYTES);
  } else {
    const bool is_ours_static = token == SS || token == (is_initiator ? SE : ES);
    const bool is_theirs_static = token == SS || token == (is_initiator ? ES : SE);
    status = ml_x25519(is_ours_static ? noise->own->secret : noise->ephemeral.secret,
                       is_theirs_static ? noise->peer_key : noise->peer_ephemeral, shared);
  }
  if (status == ML_OK) mix_key(noise, shared);
  ml_wipe(shared, sizeof shared);
  return status;
}

/* 9.2: with a psk an ephemeral key also goes into the chaining key. */
static void mix_ephemeral(ml_noise *noise, const noise_pattern *pattern, const uint8_t key[ML_KEY_BYTES]) {
  mix_hash(noise, key, ML_KEY_BYTES);
  if (pattern->has_psk) mix_key(noise, key);
}

/* Answers how many bytes of `message` the token took, or what is wrong. */
static int32_t read_token(ml_noise *noise, const noise_pattern *pattern, uint8_t token, uint8_t *message, uint32_t count) {
  if (token == E) {
    if (count < ML_KEY_BYTES) return ML_NOT_OPENED;
    ml_copy(noise->peer_ephemeral, message, ML_KEY_BYTES);
    mix_ephemeral(noise, pattern, noise->peer_ephemeral);
    return (int32_t)ML_KEY_BYTES;
  }
  if (token == S) {
    /* In all three patterns a DH comes before the first `s`, so it is always sealed. */
    if (count < ML_KEY_BYTES + ML_TAG_BYTES) return ML_NOT_OPENED;
    if (decrypt_and_hash(noise, message, ML_KEY_BYTES + ML_TAG_BYTES) < 0) return ML_NOT_OPENED;
    ml_copy(noise->peer_key, message, ML_KEY_BYTES);
    return (int32_t)(ML_KEY_BYTES + ML_TAG_BYTES);
  }
  if (token == PSK) {
    mix_key_and_hash(noise, noise->psk);
    return 0;
  }
  return mix_secret(noise, token);
}

int32_t ml_noise_read(ml_noise *noise, uint8_t *message, uint32_t count, uint32_t *payload_count) {
  if (noise == NULL || message == NULL) return ML_BAD_ARGUMENT;
  if (noise->has_failed || ml_noise_is_done(noise) || ml_noise_is_our_turn(noise)) return ML_WRONG_STATE;
  const noise_pattern *pattern = pattern_of(noise->pattern);
  const uint8_t *tokens = pattern->messages[noise->step];
  uint32_t at = 0u;
  for (uint32_t i = 0u; i < TOKENS_MAX && tokens[i] != END; i++) {
    const int32_t taken = read_token(noise, pattern, tokens[i], &message[at], count - at);
    if (taken < 0) return end(noise, taken);
    at += (uint32_t)taken;
  }
  const int32_t plain_count = decrypt_and_hash(noise, &message[at], count - at);
  if (plain_count < 0) return end(noise, plain_count);
  noise->step++;
  if (payload_count != NULL) *payload_count = (uint32_t)plain_count;
  return (int32_t)at;
}

/* Answers how many bytes were written, or what is wrong. */
static int32_t write_token(ml_noise *noise, const noise_pattern *pattern, uint8_t token, uint8_t *into) {
  if (token == E) {
    ml_x25519_public(noise->ephemeral.secret, noise->ephemeral.public_key);
    ml_copy(into, noise->ephemeral.public_key, ML_KEY_BYTES);
    mix_ephemeral(noise, pattern, noise->ephemeral.public_key);
    return (int32_t)ML_KEY_BYTES;
  }
  if (token == S) {
    ml_copy(into, noise->own->public_key, ML_KEY_BYTES);
    return (int32_t)encrypt_and_hash(noise, into, ML_KEY_BYTES);
  }
  if (token == PSK) {
    mix_key_and_hash(noise, noise->psk);
    return 0;
  }
  return mix_secret(noise, token);
}

int32_t ml_noise_write(ml_noise *noise, const uint8_t *payload, uint32_t payload_count, uint8_t *into, uint32_t bytes) {
  if (noise == NULL || into == NULL || (payload == NULL && payload_count > 0u)) return ML_BAD_ARGUMENT;
  if (noise->has_failed || !ml_noise_is_our_turn(noise)) return ML_WRONG_STATE;
  const uint32_t empty_bytes = ml_noise_message_bytes(noise->pattern, noise->step);
  if (bytes < empty_bytes || bytes - empty_bytes < payload_count) return ML_TOO_SMALL;
  const noise_pattern *pattern = pattern_of(noise->pattern);
  const uint8_t *tokens = pattern->messages[noise->step];
  uint32_t at = 0u;
  for (uint32_t i = 0u; i < TOKENS_MAX && tokens[i] != END; i++) {
    const int32_t written = write_token(noise, pattern, tokens[i], &into[at]);
    if (written < 0) return end(noise, written);
    at += (uint32_t)written;
  }
  ml_copy(&into[at], payload, payload_count);
  at += encrypt_and_hash(noise, &into[at], payload_count);
  noise->step++;
  return (int32_t)at;
}

uint32_t ml_noise_message_bytes(uint32_t pattern, uint32_t step) {
  const noise_pattern *known = pattern_of(pattern);
  if (known == NULL || step >= known->message_count) return 0u;
  /* A payload has a tag once there is a key: in all three patterns behind everything but `e` of XX. */
  uint32_t bytes = (pattern == ML_PATTERN_XX && step == 0u) ? 0u : ML_TAG_BYTES;
  for (uint32_t i = 0u; i < TOKENS_MAX && known->messages[step][i] != END; i++) {
    if (known->messages[step][i] == E) bytes += ML_KEY_BYTES;
    if (known->messages[step][i] == S) bytes += ML_KEY_BYTES + ML_TAG_BYTES;
  }
  return bytes;
}

bool ml_noise_is_done(const ml_noise *noise) {
  const noise_pattern *pattern = pattern_of(noise->pattern);
  return !noise->has_failed && pattern != NULL && noise->step == pattern->message_count;
}

bool ml_noise_is_our_turn(const ml_noise *noise) {
  if (noise->has_failed || pattern_of(noise->pattern) == NULL || ml_noise_is_done(noise)) return false;
  const bool is_initiators = (noise->step % 2u) == 0u;
  return is_initiators == noise->is_initiator;
}

int32_t ml_noise_split(ml_noise *noise, uint8_t send_key[ML_KEY_BYTES], uint8_t receive_key[ML_KEY_BYTES],
                       uint8_t hash[ML_HASH_BYTES], uint8_t peer_key[ML_KEY_BYTES]) {
  if (!ml_noise_is_done(noise)) return ML_WRONG_STATE;
  uint8_t temporary[ML_HASH_BYTES];
  uint8_t *first = noise->is_initiator ? send_key : receive_key;
  uint8_t *second = noise->is_initiator ? receive_key : send_key;
  ml_hmac(noise->chaining, ML_HASH_BYTES, NULL, 0u, temporary);
  expand(temporary, NULL, 1u, first);
  expand(temporary, first, 2u, second);
  ml_copy(hash, noise->hash, ML_HASH_BYTES);
  ml_copy(peer_key, noise->peer_key, ML_KEY_BYTES);
  ml_wipe(temporary, sizeof temporary);
  return end(noise, ML_OK);
}

void ml_noise_rekey(uint8_t key[ML_KEY_BYTES]) {
  uint8_t next[ML_KEY_BYTES + ML_TAG_BYTES] = {0u};
  ml_seal(key, REKEY_NONCE, NULL, 0u, next, ML_KEY_BYTES);
  ml_copy(key, next, ML_KEY_BYTES);
  ml_wipe(next, sizeof next);
}
