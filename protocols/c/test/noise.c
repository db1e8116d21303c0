/* One side of a Noise handshake, by commands on standard input.
 *
 *   B pattern, is initiator, prologue, rest of it, own secret, ephemeral secret, peer key, psk   (empty: null)   -> status
 *   H es, ss                                                                  for the next B (empty: null)       -> nothing
 *   R message                                                                -> status; if >= 0: payload, done, our turn
 *   W payload, room                                                          -> status; if >= 0: message, done, our turn
 *   S                                          -> status; if 0: send key, receive key, handshake hash, peer key, whether wiped
 *   M pattern, step                                                          -> bytes of the message
 *   Q key                                                                    -> the key after REKEY
 */
#include "../ml_noise.h"
#include "talk.h"

static ml_key_pair own;
static uint8_t *es;
static uint8_t *ss;

static uint8_t *get_or_null(uint32_t *count) {
  uint8_t *bytes = talk_get_bytes(count);
  if (*count == 0u) {
    free(bytes);
    bytes = NULL;
  }
  return bytes;
}

static void begin(ml_noise *noise) {
  ml_noise_setup setup;
  uint32_t ignored = 0u;
  uint8_t ephemeral[ML_KEY_BYTES];
  setup.pattern = talk_get();
  setup.is_initiator = talk_get() != 0u;
  uint8_t *const prologue = talk_get_bytes(&setup.prologue_count);
  uint8_t *const rest = talk_get_bytes(&setup.prologue_rest_count);
  talk_get_into(own.secret, ML_KEY_BYTES);
  talk_get_into(ephemeral, ML_KEY_BYTES);
  ml_x25519_public(own.secret, own.public_key);
  uint8_t *const peer_key = get_or_null(&ignored);
  uint8_t *const psk = get_or_null(&ignored);
  setup.prologue = prologue;
  setup.prologue_rest = rest;
  setup.own = &own;
  setup.ephemeral_secret = ephemeral;
  setup.peer_key = peer_key;
  setup.psk = psk;
  setup.es = es;
  setup.ss = ss;
  talk_put_status(ml_noise_begin(noise, &setup));
  free(prologue);
  free(rest);
  free(peer_key);
  free(psk);
}

static void put_turn(const ml_noise *noise) {
  talk_put(ml_noise_is_done(noise) ? 1u : 0u);
  talk_put(ml_noise_is_our_turn(noise) ? 1u : 0u);
}

static void read_message(ml_noise *noise) {
  uint32_t count = 0u;
  uint32_t payload_count = 0u;
  uint8_t *const message = talk_get_bytes(&count);
  const int32_t at = ml_noise_read(noise, message, count, &payload_count);
  talk_put_status(at);
  if (at >= 0) {
    CHECK((uint32_t)at + payload_count <= count);
    talk_put_bytes(&message[at], payload_count);
    put_turn(noise);
  }
  free(message);
}

static void write_message(ml_noise *noise) {
  uint32_t count = 0u;
  uint8_t *const payload = talk_get_bytes(&count);
  const uint32_t bytes = talk_get();
  uint8_t *const message = talk_room(bytes);
  const int32_t written = ml_noise_write(noise, payload, count, message, bytes);
  talk_put_status(written);
  if (written >= 0) {
    talk_put_bytes(message, (uint32_t)written);
    put_turn(noise);
  }
  free(payload);
  free(message);
}

static void split(ml_noise *noise) {
  uint8_t send_key[ML_KEY_BYTES];
  uint8_t receive_key[ML_KEY_BYTES];
  uint8_t hash[ML_HASH_BYTES];
  uint8_t peer_key[ML_KEY_BYTES];
  const int32_t status = ml_noise_split(noise, send_key, receive_key, hash, peer_key);
  talk_put_status(status);
  if (status != ML_OK) return;
  talk_put_bytes(send_key, ML_KEY_BYTES);
  talk_put_bytes(receive_key, ML_KEY_BYTES);
  talk_put_bytes(hash, ML_HASH_BYTES);
  talk_put_bytes(peer_key, ML_KEY_BYTES);
  noise->has_failed = false;
  talk_put(ml_is_zero((const uint8_t *)noise, sizeof *noise) ? 1u : 0u);
  noise->has_failed = true;
}

static void help(void) {
  uint32_t ignored = 0u;
  free(es);
  free(ss);
  es = get_or_null(&ignored);
  ss = get_or_null(&ignored);
}

static void rekey(void) {
  uint8_t key[ML_KEY_BYTES];
  talk_get_into(key, ML_KEY_BYTES);
  ml_noise_rekey(key);
  talk_put_bytes(key, ML_KEY_BYTES);
}

int main(void) {
  ml_noise *const noise = (ml_noise *)calloc(1u, sizeof *noise);
  CHECK(noise != NULL);
  for (int command = getchar(); command != EOF; command = getchar()) {
    if (command == 'B') begin(noise);
    if (command == 'H') help();
    if (command == 'R') read_message(noise);
    if (command == 'W') write_message(noise);
    if (command == 'S') split(noise);
    if (command == 'M') {
      const uint32_t pattern = talk_get();
      talk_put(ml_noise_message_bytes(pattern, talk_get()));
    }
    if (command == 'Q') rekey();
    (void)fflush(stdout);
  }
  free(es);
  free(ss);
  free(noise);
  return 0;
}
