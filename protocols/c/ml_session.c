/* The state machine: what comes, what goes, when it ends. Hello and Noise are in ml_session_hello.c, the proofs of a peer in
 * ml_session_proof.c. */
#include "ml_session_inside.h"

/* ---- states */

void ml_session_enter(ml_session *session, uint32_t state, uint32_t limit_ms, uint32_t now_ms) {
  session->state = state;
  session->since_ms = now_ms;
  session->limit_ms = limit_ms;
}

/* Silent towards the peer, so that nobody learns why. */
int32_t ml_session_close(ml_session *session, int32_t reason, uint32_t now_ms) {
  if (session->state == ML_SESSION_CLOSED) return session->reason;
  if (session->has_entered) ml_gate_leave(session->gate, session, false, now_ms);
  session->has_entered = false;
  session->is_showing = false;
  session->due = 0u;
  session->reason = reason;
  ml_session_enter(session, ML_SESSION_CLOSED, ML_FOREVER, now_ms);
  ml_wipe(&session->u, sizeof session->u);
  ml_wipe(session->hash, sizeof session->hash);
  ml_wipe(session->sas_random, sizeof session->sas_random);
  ml_wipe(session->digits, sizeof session->digits);
  return reason;
}

void ml_session_wind_up(ml_session *session, uint32_t last_word, int32_t reason, uint32_t now_ms) {
  session->due = last_word;
  session->reason = reason;
  ml_session_enter(session, ML_SESSION_ENDING, ML_FOREVER, now_ms);
}

void ml_session_become_ready(ml_session *session, uint32_t now_ms) {
  if (session->pattern != ML_PATTERN_KK) {
    const int32_t status = ml_gate_add_host(session->gate, session->peer_key);
    if (status < 0) {
      (void)ml_session_close(session, status, now_ms);
      return;
    }
    ml_gate_close_pairing(session->gate);
  }
  ml_gate_leave(session->gate, session, true, now_ms);
  session->has_entered = false;
  ml_session_enter(session, ML_SESSION_READY, ML_SESSION_MS, now_ms);
}

static void watch_time(ml_session *session, uint32_t now_ms) {
  if (session->limit_ms == ML_FOREVER || now_ms - session->since_ms < session->limit_ms) return;
  if (session->state == ML_SESSION_READY) {
    ml_session_wind_up(session, ML_DUE_BYE, ML_EXPIRED, now_ms);
  } else {
    (void)ml_session_close(session, ML_TIMED_OUT, now_ms);
  }
}

int32_t ml_session_begin(ml_session *session, ml_gate *gate, const uint32_t *capabilities, uint32_t capability_count,
                         uint32_t now_ms) {
  if (session == NULL || gate == NULL || (capabilities == NULL && capability_count > 0u)) return ML_BAD_ARGUMENT;
  if (capability_count > ML_CAPABILITIES_MAX) return ML_BAD_ARGUMENT;
  for (uint32_t i = 0u; i < capability_count; i++) {
    if (capabilities[i] > UINT16_MAX) return ML_BAD_ARGUMENT;
  }
  if (session->gate != NULL) (void)ml_session_close(session, ML_ENDED_HERE, now_ms);
  ml_wipe(session, sizeof *session);
  session->gate = gate;
  session->capability_count = capability_count;
  for (uint32_t i = 0u; i < capability_count; i++) session->capabilities[i] = capabilities[i];
  ml_session_enter(session, ML_SESSION_HELLO, ML_FOREVER, now_ms);
  return ML_OK;
}

/* ---- what comes */

static int32_t take_clear(ml_session *session, uint32_t channel, uint8_t *bytes, uint32_t count, uint32_t now_ms) {
  ml_handshake_message message;
  /* Who speaks while an answer is due did not wait for it. */
  if (channel != 0u || count > ML_CLEAR_BYTES_MAX || session->due != 0u ||
      ml_handshake_read(&message, bytes, count) != ML_OK) {
    return ml_session_close(session, ML_OUT_OF_PLACE, now_ms);
  }
  if (message.number == ML_HELLO && session->state == ML_SESSION_HELLO) {
    return ml_session_take_hello(session, &message, bytes, count, now_ms);
  }
  if (message.number == ML_NOISE && session->state == ML_SESSION_HANDSHAKE) {
    return ml_session_take_noise(session, &message, &bytes[message.data_at], now_ms);
  }
  return ml_session_close(session, ML_OUT_OF_PLACE, now_ms);
}

static int32_t take_sealed(ml_session *session, uint32_t channel, uint8_t *bytes, uint32_t count, uint32_t now_ms,
                           uint32_t *plain_count) {
  if (channel >= ML_CHANNEL_COUNT || count > ML_SEALED_BYTES_MAX ||
      ml_channel_open(&session->u.channels.receiving[channel], channel, bytes, count) != ML_OK) {
    return ml_session_close(session, ML_NOT_OPENED, now_ms);
  }
  const uint32_t opened = count - ML_TAG_BYTES;
  if (session->state != ML_SESSION_READY) return ml_session_take_proof(session, channel, bytes, opened, now_ms);
  *plain_count = opened;
  return ML_SESSION_MESSAGE;
}

int32_t ml_session_take(ml_session *session, uint32_t channel, uint8_t *bytes, uint32_t count, uint32_t now_ms,
                        uint32_t *plain_count) {
  if (session == NULL || bytes == NULL || plain_count == NULL) return ML_BAD_ARGUMENT;
  *plain_count = 0u;
  if (session->gate == NULL) return ML_WRONG_STATE;
  watch_time(session, now_ms);
  switch (session->state) {
    case ML_SESSION_HELLO:
    case ML_SESSION_HANDSHAKE:
      return take_clear(session, channel, bytes, count, now_ms);
    case ML_SESSION_SAS:
    case ML_SESSION_CONFIRM:
    case ML_SESSION_READY:
      return take_sealed(session, channel, bytes, count, now_ms, plain_count);
    case ML_SESSION_ENDING:
      return ML_OK; /* Nothing counts any more. */
    default:
      return session->reason;
  }
}

/* ---- what goes */

/* The last word of a session in ENDING. */
static int32_t give_last(ml_session *session, uint32_t what, uint8_t *into, uint32_t bytes, uint32_t now_ms) {
  int32_t count = 0;
  if (what == ML_DUE_NO_VERSION) {
    count = ml_no_version_write(into, bytes);
  } else {
    count = (what == ML_DUE_BYE) ? ml_expired_write(into, bytes) : ml_confirm_write(false, into, bytes);
    count = ml_session_seal_own(session, into, count);
  }
  (void)ml_session_close(session, session->reason, now_ms);
  return count;
}

int32_t ml_session_give(ml_session *session, uint32_t *channel, uint8_t *into, uint32_t bytes, uint32_t now_ms) {
  if (session == NULL || channel == NULL || into == NULL) return ML_BAD_ARGUMENT;
  if (bytes < ML_SESSION_GIVE_BYTES) return ML_TOO_SMALL;
  if (session->gate == NULL) return ML_WRONG_STATE;
  watch_time(session, now_ms);
  if (session->state == ML_SESSION_CLOSED) return session->reason;
  if (session->due == 0u || ml_session_is_held(session, now_ms)) return 0;
  const uint32_t what = session->due & (0u - session->due); /* The lowest bit: they are in the order of speaking. */
  session->due &= ~what;
  *channel = 0u;
  if (session->state == ML_SESSION_ENDING) return give_last(session, what, into, bytes, now_ms);
  if (what == ML_DUE_HELLO_OK) return ml_session_give_hello_ok(session, into, bytes, now_ms);
  if (what == ML_DUE_NOISE) return ml_session_give_noise(session, into, bytes, now_ms);
  return ml_session_give_proof(session, what, into, bytes, now_ms);
}

int32_t ml_session_seal(ml_session *session, uint32_t channel, uint8_t *bytes, uint32_t count, uint32_t room) {
  if (session == NULL || bytes == NULL || channel >= ML_CHANNEL_COUNT) return ML_BAD_ARGUMENT;
  if (count > ML_SEALED_BYTES_MAX - ML_TAG_BYTES) return ML_BAD_ARGUMENT;
  if (room < count + ML_TAG_BYTES) return ML_TOO_SMALL;
  if (!ml_session_is_ready(session)) return ML_WRONG_STATE;
  const int32_t status = ml_channel_seal(&session->u.channels.sending[channel], channel, bytes, count);
  return (status == ML_OK) ? (int32_t)(count + ML_TAG_BYTES) : status;
}

uint32_t ml_session_wait_ms(const ml_session *session, uint32_t now_ms) {
  if (session->gate == NULL) return ML_FOREVER;
  if (session->due != 0u && !ml_session_is_held(session, now_ms)) return 0u;
  const uint32_t gone_ms = now_ms - session->since_ms;
  uint32_t until_ms = session->limit_ms;
  if (session->due != 0u) until_ms = ml_least(until_ms, session->hold_ms);
  if (until_ms == ML_FOREVER) return ML_FOREVER;
  return (gone_ms < until_ms) ? (until_ms - gone_ms) : 0u;
}

/* ---- what is known */

uint32_t ml_session_state(const ml_session *session) {
  return session->state;
}

int32_t ml_session_reason(const ml_session *session) {
  return (session->state == ML_SESSION_CLOSED) ? session->reason : ML_OK;
}

bool ml_session_is_ready(const ml_session *session) {
  return session->state == ML_SESSION_READY && session->due == 0u;
}

uint32_t ml_session_pattern(const ml_session *session) {
  return session->pattern;
}

const uint8_t *ml_session_peer(const ml_session *session) {
  return (session->state == ML_SESSION_READY) ? session->peer_key : NULL;
}

bool ml_session_has_capability(const ml_session *session, uint32_t capability) {
  for (uint32_t i = 0u; i < session->capability_count; i++) {
    if (session->capabilities[i] == capability) return ((session->common >> i) & 1u) != 0u;
  }
  return false;
}

const char *ml_session_digits(const ml_session *session) {
  return session->is_showing ? session->digits : NULL;
}

void ml_session_answer(ml_session *session, bool is_same, uint32_t now_ms) {
  if (session->gate == NULL) return;
  watch_time(session, now_ms);
  if (session->state != ML_SESSION_SAS || !session->is_showing || session->is_accepted_here) return;
  if (!is_same) {
    session->is_showing = false;
    ml_session_wind_up(session, ML_DUE_CONFIRM, ML_SAS_REFUSED, now_ms);
    return;
  }
  session->is_accepted_here = true;
  session->due |= ML_DUE_CONFIRM;
}

void ml_session_end(ml_session *session, uint32_t now_ms) {
  if (session->gate != NULL) (void)ml_session_close(session, ML_ENDED_HERE, now_ms);
}
