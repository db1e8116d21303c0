/* One channel of one direction: its key, and the number of the next message under it (SPEC.md 4, "Keys"). Both sides count alike, so
 * both take a new key before the same message. */
#ifndef ML_CHANNEL_H
#define ML_CHANNEL_H

#include "ml_crypto.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ML_CHANNEL_COUNT 16u
#define ML_REKEY_MESSAGES 16384u

typedef struct {
  uint8_t key[ML_KEY_BYTES];
  uint32_t count;
} ml_channel;

/* The channel's key from the direction's. */
void ml_channel_begin(ml_channel *channel, const uint8_t direction_key[ML_KEY_BYTES], uint32_t number);

/* Seals `count` bytes in place; the tag goes behind them. ML_OK, or ML_FULL after 2^32 - 1 messages. */
int32_t ml_channel_seal(ml_channel *channel, uint32_t number, uint8_t *bytes, uint32_t count);

/* Opens `count` bytes in place, tag included. ML_OK or ML_NOT_OPENED. */
int32_t ml_channel_open(ml_channel *channel, uint32_t number, uint8_t *bytes, uint32_t count);

#ifdef __cplusplus
}
#endif

#endif
