/* Between keys and READY: the host's `confirm` after KK and IKpsk2; after XX six digits that two people compare. The device commits to
 * its number before it sees the host's, so nobody in the middle can choose numbers until the digits fit (THREATS.md). */
#include "ml_session_inside.h"

#define DIGIT_COUNT 6u
#define DIGITS_BYTES 6u /* 48 bits, big endian. */
#define DIGITS_MODULUS 1000000u

static const uint8_t COMMIT_LABEL[] = {'m', 'a', 'i', 'b', 'o', ' ', 's', 'a', 's'};
static const uint8_t DIGITS_LABEL[] = {'m', 'a', 'i', 'b', 'o', ' ', 's', 'a', 's', ' ', 'd', 'i', 'g', 'i', 't', 's'};

int32_t ml_session_seal_own(ml_session *session, uint8_t *bytes, int32_t count) {
  if (count < 0) return count;
  const int32_t status = ml_channel_seal(&session->u.channels.sending[0], 0u, bytes, (uint32_t)count);
  return (status == ML_OK) ? (count + (int32_t)ML_TAG_BYTES) : status;
}

/* ---- what comes */

static void make_digits(ml_session *session, const uint8_t host_random[ML_SAS_BYTES]) {
  uint8_t mac[ML_HASH_BYTES];
  ml_hmac_state state;
  ml_hmac_begin(&state, session->hash, ML_HASH_BYTES);
  ml_hmac_add(&state, DIGITS_LABEL, sizeof DIGITS_LABEL);
  ml_hmac_add(&state, host_random, ML_SAS_BYTES);
  ml_hmac_add(&state, session->sas_random, ML_SAS_BYTES);
  ml_hmac_end(&state, mac);
  uint32_t number = 0u;
  for (uint32_t i = 0u; i < DIGITS_BYTES; i++) number = ((number * 256u) + mac[i]) % DIGITS_MODULUS;
  for (uint32_t i = DIGIT_COUNT; i > 0u; i--) {
    session->digits[i - 1u] = (char)('0' + (char)(number % 10u));
    number /= 10u;
  }
  session->digits[DIGIT_COUNT] = '\0';
  ml_wipe(mac, sizeof mac);
}

/* The host's number. Counted before the device's can be known: who stands in the middle sees before any person whether they will match. */
static int32_t take_number(ml_session *session, const ml_handshake_message *message, const uint8_t *data, uint32_t now_ms) {
  if (session->is_showing || message->step != 1u || message->data_count != ML_SAS_BYTES) {
    return ml_session_close(session, ML_OUT_OF_PLACE, now_ms);
  }
  const int32_t status = ml_gate_count_reveal(session->gate, now_ms);
  if (status != ML_OK) return ml_session_close(session, status, now_ms);
  make_digits(session, data);
  session->is_showing = true;
  session->due = ML_DUE_REVEAL;
  return ML_OK;
}

/* Both people said yes, and the host knows it. */
static void follow_people(ml_session *session, uint32_t now_ms) {
  const bool is_told = session->is_accepted_here && (session->due & ML_DUE_CONFIRM) == 0u;
  if (!is_told || !session->is_accepted_there) return;
  session->is_showing = false;
  ml_session_become_ready(session, now_ms);
}

static int32_t take_confirm(ml_session *session, bool is_accepted, uint32_t now_ms) {
  if (!is_accepted) return ml_session_close(session, ML_SAS_REFUSED, now_ms);
  if (session->state == ML_SESSION_CONFIRM) {
    ml_session_become_ready(session, now_ms);
  } else if (!session->is_showing || session->is_accepted_there) {
    return ml_session_close(session, ML_OUT_OF_PLACE, now_ms);
  } else {
    session->is_accepted_there = true;
    follow_people(session, now_ms);
  }
  return (session->state == ML_SESSION_CLOSED) ? session->reason : ML_OK;
}

int32_t ml_session_take_proof(ml_session *session, uint32_t channel, const uint8_t *bytes, uint32_t count, uint32_t now_ms) {
  ml_handshake_message message;
  /* Only this side's `confirm` may be due: commitment and number are waited for. */
  const bool is_early = (session->due & ~ML_DUE_CONFIRM) != 0u;
  if (channel != 0u || is_early || ml_handshake_read(&message, bytes, count) != ML_OK) {
    return ml_session_close(session, ML_OUT_OF_PLACE, now_ms);
  }
  if (message.number == ML_CONFIRM) return take_confirm(session, message.is_accepted, now_ms);
  if (message.number == ML_SAS && session->state == ML_SESSION_SAS) {
    return take_number(session, &message, &bytes[message.data_at], now_ms);
  }
  return ml_session_close(session, ML_OUT_OF_PLACE, now_ms);
}

/* ---- what goes */

static int32_t write_commitment(const ml_session *session, uint8_t *into, uint32_t bytes) {
  uint8_t commitment[ML_HASH_BYTES];
  ml_sha256_state state;
  ml_sha256_begin(&state);
  ml_sha256_add(&state, COMMIT_LABEL, sizeof COMMIT_LABEL);
  ml_sha256_add(&state, session->sas_random, ML_SAS_BYTES);
  ml_sha256_end(&state, commitment);
  return ml_sas_write(0u, commitment, ML_HASH_BYTES, into, bytes);
}

int32_t ml_session_give_proof(ml_session *session, uint32_t what, uint8_t *into, uint32_t bytes, uint32_t now_ms) {
  int32_t count = 0;
  if (what == ML_DUE_COMMIT) {
    count = write_commitment(session, into, bytes);
  } else if (what == ML_DUE_REVEAL) {
    count = ml_sas_write(2u, session->sas_random, ML_SAS_BYTES, into, bytes);
  } else {
    count = ml_confirm_write(true, into, bytes);
  }
  count = ml_session_seal_own(session, into, count);
  if (count < 0) return ml_session_close(session, count, now_ms);
  if (what == ML_DUE_CONFIRM) follow_people(session, now_ms);
  return count;
}
