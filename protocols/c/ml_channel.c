#include "ml_channel.h"

#include "ml_noise.h"

static const uint8_t LABEL[] = {'m', 'a', 'i', 'b', 'o', ' ', 'l', 'i', 'n', 'k', ' ', '2', ' ', 'c', 'h', 'a', 'n', 'n', 'e', 'l'};

void ml_channel_begin(ml_channel *channel, const uint8_t direction_key[ML_KEY_BYTES], uint32_t number) {
  const uint8_t end[2] = {(uint8_t)number, 1u}; /* HKDF-Expand: info ends with the channel, then counts its first block. */
  ml_hmac_state state;
  ml_hmac_begin(&state, direction_key, ML_KEY_BYTES);
  ml_hmac_add(&state, LABEL, sizeof LABEL);
  ml_hmac_add(&state, end, sizeof end);
  ml_hmac_end(&state, channel->key);
  channel->count = 0u;
}

/* The nonce of the next message, and a new key when it is time. */
static void next(ml_channel *channel, uint8_t nonce[ML_CIPHER_NONCE_BYTES]) {
  if (channel->count > 0u && (channel->count % ML_REKEY_MESSAGES) == 0u) ml_noise_rekey(channel->key);
  ml_write_u32(nonce, 0u);
  ml_write_u64(&nonce[4], channel->count);
  channel->count++;
}

int32_t ml_channel_seal(ml_channel *channel, uint32_t number, uint8_t *bytes, uint32_t count) {
  if (channel->count == UINT32_MAX) return ML_FULL;
  const uint8_t additional = (uint8_t)number;
  uint8_t nonce[ML_CIPHER_NONCE_BYTES];
  next(channel, nonce);
  ml_seal(channel->key, nonce, &additional, 1u, bytes, count);
  return ML_OK;
}

int32_t ml_channel_open(ml_channel *channel, uint32_t number, uint8_t *bytes, uint32_t count) {
  if (channel->count == UINT32_MAX) return ML_NOT_OPENED;
  const uint8_t additional = (uint8_t)number;
  uint8_t nonce[ML_CIPHER_NONCE_BYTES];
  next(channel, nonce);
  return ml_open(channel->key, nonce, &additional, 1u, bytes, count);
}
