/* Noise (revision 34) for the three patterns of Maibo Link: 25519, ChaChaPoly, SHA256. One ml_noise is one handshake of one side. A
 * message that does not fit ends it: everything in it is wiped and every later call answers ML_WRONG_STATE.
 *
 * Responders are what a device is; initiators are here for makers of gateways and for the published vectors.
 */
#ifndef ML_NOISE_H
#define ML_NOISE_H

#include "ml_crypto.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Numbers on the wire. */
#define ML_PATTERN_XX 1u
#define ML_PATTERN_KK 2u
#define ML_PATTERN_IKPSK2 3u

#define ML_NOISE_MESSAGE_BYTES_MAX 96u /* With an empty payload, as in Maibo Link always. */

/* A static key pair, as a device or host keeps it. */
typedef struct {
  uint8_t secret[ML_KEY_BYTES];
  uint8_t public_key[ML_KEY_BYTES];
} ml_key_pair;

/* Not to be looked into. */
typedef struct {
  const ml_key_pair *own;
  ml_key_pair ephemeral;
  uint8_t peer_key[ML_KEY_BYTES];
  uint8_t peer_ephemeral[ML_KEY_BYTES];
  uint8_t psk[ML_KEY_BYTES];
  uint8_t hash[ML_HASH_BYTES];
  uint8_t chaining[ML_HASH_BYTES];
  uint8_t key[ML_KEY_BYTES];
  uint8_t es[ML_KEY_BYTES]; /* Secrets that several handshakes have in common, if given. */
  uint8_t ss[ML_KEY_BYTES];
  uint32_t sealed_count; /* Under `key`. */
  uint32_t pattern;
  uint32_t step; /* Of the next message. */
  bool is_initiator;
  bool has_key;
  bool has_es;
  bool has_ss;
  bool has_failed;
} ml_noise;

/* What a handshake begins with. Pointers need to hold during the call only, but for `own`, which must until the handshake is over. */
typedef struct {
  uint32_t pattern;
  bool is_initiator;
  const uint8_t *prologue; /* In two parts: hello, hello-ok. */
  uint32_t prologue_count;
  const uint8_t *prologue_rest;
  uint32_t prologue_rest_count;
  const ml_key_pair *own;
  const uint8_t *ephemeral_secret; /* 32 fresh random bytes. */
  const uint8_t *peer_key;         /* KK, and IKpsk2 of an initiator; else null. */
  const uint8_t *psk;              /* IKpsk2; else null. */
  const uint8_t *es;               /* Or null: then the handshake does X25519 itself when it comes to it. */
  const uint8_t *ss;
} ml_noise_setup;

/* ML_OK, or ML_BAD_ARGUMENT where the setup is not what the pattern asks for. */
int32_t ml_noise_begin(ml_noise *noise, const ml_noise_setup *setup);

/* Reads the other's next message, which it changes: its payload is opened in place. Answers where the payload begins (the message's
 * count when it is empty); or ML_NOT_OPENED, ML_LOW_ORDER, ML_WRONG_STATE, and the handshake is over. `payload_count` may be null. */
int32_t ml_noise_read(ml_noise *noise, uint8_t *message, uint32_t count, uint32_t *payload_count);

/* Writes the next message into `into`, which has `bytes` bytes. Answers its count, or ML_TOO_SMALL (nothing has changed), ML_LOW_ORDER,
 * ML_WRONG_STATE. `payload` may be null if empty. */
int32_t ml_noise_write(ml_noise *noise, const uint8_t *payload, uint32_t payload_count, uint8_t *into, uint32_t bytes);

/* Bytes of the message of a step with an empty payload; 0 if the pattern has no such step. */
uint32_t ml_noise_message_bytes(uint32_t pattern, uint32_t step);

/* Whether the last message has been read or written. */
bool ml_noise_is_done(const ml_noise *noise);

/* Whether the next message is this side's to write. */
bool ml_noise_is_our_turn(const ml_noise *noise);

/* The keys of the two directions, the handshake hash and the other's static key; the handshake is wiped. ML_OK or ML_WRONG_STATE. */
int32_t ml_noise_split(ml_noise *noise, uint8_t send_key[ML_KEY_BYTES], uint8_t receive_key[ML_KEY_BYTES],
                       uint8_t hash[ML_HASH_BYTES], uint8_t peer_key[ML_KEY_BYTES]);

/* REKEY of Noise 4.2. */
void ml_noise_rekey(uint8_t key[ML_KEY_BYTES]);

#ifdef __cplusplus
}
#endif

#endif
