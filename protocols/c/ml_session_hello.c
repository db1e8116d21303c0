/* Before there are keys: hello, hello-ok, and Noise as responder. */
#include "ml_session_inside.h"

static const uint8_t HINT_LABEL[] = {'m', 'a', 'i', 'b', 'o', ' ', 'h', 'i', 'n', 't'};

/* ---- hello */

static uint32_t common_of(const ml_session *session, const ml_handshake_message *hello) {
  uint32_t common = 0u;
  for (uint32_t i = 0u; i < session->capability_count; i++) {
    for (uint32_t j = 0u; j < hello->capability_count; j++) {
      if (hello->capabilities[j] == session->capabilities[i]) common |= 1u << i;
    }
  }
  return common;
}

static bool has_version(const ml_handshake_message *hello) {
  bool has = false;
  for (uint32_t i = 0u; i < hello->version_count; i++) has = has || hello->versions[i] == ML_LINK_VERSION;
  return has;
}

int32_t ml_session_take_hello(ml_session *session, const ml_handshake_message *hello, const uint8_t *bytes, uint32_t count,
                              uint32_t now_ms) {
  if (!has_version(hello)) {
    ml_session_wind_up(session, ML_DUE_NO_VERSION, ML_NO_VERSION, now_ms);
    return ML_OK;
  }
  ml_greeting *greeting = &session->u.greeting;
  ml_copy(greeting->hello, bytes, count);
  greeting->hello_count = count;
  ml_copy(greeting->nonce, hello->nonce, ML_HELLO_NONCE_BYTES);
  greeting->wanted = hello->patterns;
  session->common = common_of(session, hello);
  session->hold_ms = ml_gate_slow_ms(session->gate, now_ms);
  session->due = ML_DUE_HELLO_OK;
  ml_session_enter(session, ML_SESSION_HANDSHAKE, session->hold_ms + ML_HANDSHAKE_MS, now_ms);
  return ML_OK;
}

bool ml_session_is_held(const ml_session *session, uint32_t now_ms) {
  return session->due == ML_DUE_HELLO_OK && now_ms - session->since_ms < session->hold_ms;
}

/* Who knows the device's key recognises it; everybody else sees bytes that never come again. */
static void make_hint(const ml_session *session, const uint8_t *nonce, const uint8_t *salt, uint8_t hint[ML_HASH_BYTES]) {
  ml_hmac_state state;
  ml_hmac_begin(&state, session->gate->identity->own.public_key, ML_KEY_BYTES);
  ml_hmac_add(&state, HINT_LABEL, sizeof HINT_LABEL);
  ml_hmac_add(&state, nonce, ML_HELLO_NONCE_BYTES);
  ml_hmac_add(&state, salt, ML_HELLO_NONCE_BYTES);
  ml_hmac_end(&state, hint);
}

int32_t ml_session_give_hello_ok(ml_session *session, uint8_t *into, uint32_t bytes, uint32_t now_ms) {
  ml_gate *gate = session->gate;
  ml_greeting *greeting = &session->u.greeting;
  uint8_t salt[ML_HELLO_NONCE_BYTES];
  uint8_t hint[ML_HASH_BYTES];
  const int32_t status = ml_gate_enter(gate, session, now_ms);
  if (status != ML_OK) return ml_session_close(session, status, now_ms);
  session->has_entered = true;
  if (gate->random(gate->random_context, salt, sizeof salt) != ML_OK) {
    return ml_session_close(session, ML_NO_RANDOM, now_ms);
  }
  for (uint32_t pattern = ML_PATTERN_XX; pattern <= ML_PATTERN_IKPSK2; pattern++) {
    if (ml_gate_is_ready_for(gate, pattern, now_ms)) greeting->offered |= greeting->wanted & (1u << pattern);
  }
  make_hint(session, greeting->nonce, salt, hint);
  const ml_hello_ok hello_ok = {greeting->nonce,       salt,
                                hint,                  ML_LINK_VERSION,
                                greeting->offered,     session->capabilities,
                                session->capability_count};
  const int32_t count = ml_hello_ok_write(&hello_ok, into, ml_least(bytes, ML_SESSION_GIVE_BYTES));
  if (count < 0) return ml_session_close(session, count, now_ms);
  ml_copy(greeting->hello_ok, into, (uint32_t)count);
  greeting->hello_ok_count = (uint32_t)count;
  return count;
}

/* ---- noise */

/* Channel keys of both directions from the handshake's two keys, which are then gone. */
static void establish(ml_session *session, uint32_t now_ms) {
  uint8_t send_key[ML_KEY_BYTES];
  uint8_t receive_key[ML_KEY_BYTES];
  /* Wipes the handshake; the channels then take its place. */
  (void)ml_noise_split(&session->u.greeting.noise, send_key, receive_key, session->hash, session->peer_key);
  for (uint32_t number = 0u; number < ML_CHANNEL_COUNT; number++) {
    ml_channel_begin(&session->u.channels.sending[number], send_key, number);
    ml_channel_begin(&session->u.channels.receiving[number], receive_key, number);
  }
  ml_wipe(send_key, sizeof send_key);
  ml_wipe(receive_key, sizeof receive_key);
  if (session->pattern != ML_PATTERN_XX) {
    ml_session_enter(session, ML_SESSION_CONFIRM, ML_HANDSHAKE_MS, now_ms);
    return;
  }
  ml_session_enter(session, ML_SESSION_SAS, ML_SAS_MS, now_ms);
  const ml_gate *gate = session->gate;
  if (gate->random(gate->random_context, session->sas_random, ML_SAS_BYTES) != ML_OK) {
    (void)ml_session_close(session, ML_NO_RANDOM, now_ms);
    return;
  }
  session->due = ML_DUE_COMMIT;
}

/* Nobody says who calls, and should not: each allowed host is tried. `es` is the same for all of them, `ss` is kept with each. */
static int32_t try_hosts(ml_session *session, ml_noise_setup *setup, uint8_t *data, uint32_t count) {
  const ml_gate *gate = session->gate;
  uint8_t es[ML_KEY_BYTES];
  int32_t status = ml_x25519(gate->identity->own.secret, data, es);
  if (status == ML_OK) status = ML_UNKNOWN_HOST;
  setup->es = es;
  for (uint32_t place = 0u; place < ML_HOSTS_MAX && status == ML_UNKNOWN_HOST; place++) {
    if (!gate->hosts[place].is_used) continue;
    setup->peer_key = gate->hosts[place].key;
    setup->ss = gate->hosts[place].shared;
    if (ml_noise_begin(&session->u.greeting.noise, setup) != ML_OK) continue;
    if (ml_noise_read(&session->u.greeting.noise, data, count, NULL) >= 0) status = ML_OK;
  }
  ml_wipe(es, sizeof es);
  return status;
}

static int32_t read_first(ml_session *session, uint8_t *data, uint32_t count) {
  const ml_gate *gate = session->gate;
  ml_greeting *greeting = &session->u.greeting;
  uint8_t ephemeral[ML_KEY_BYTES];
  if (gate->random(gate->random_context, ephemeral, sizeof ephemeral) != ML_OK) return ML_NO_RANDOM;
  ml_noise_setup setup;
  (void)memset(&setup, 0, sizeof setup);
  setup.pattern = session->pattern;
  setup.prologue = greeting->hello;
  setup.prologue_count = greeting->hello_count;
  setup.prologue_rest = greeting->hello_ok;
  setup.prologue_rest_count = greeting->hello_ok_count;
  setup.own = &gate->identity->own;
  setup.ephemeral_secret = ephemeral;
  setup.psk = (session->pattern == ML_PATTERN_IKPSK2) ? gate->identity->psk : NULL;
  int32_t status = ML_OK;
  if (session->pattern == ML_PATTERN_KK) {
    status = try_hosts(session, &setup, data, count);
  } else {
    status = ml_noise_begin(&greeting->noise, &setup);
    if (status == ML_OK) status = ml_noise_read(&greeting->noise, data, count, NULL);
  }
  ml_wipe(ephemeral, sizeof ephemeral);
  return status;
}

int32_t ml_session_take_noise(ml_session *session, const ml_handshake_message *message, uint8_t *data, uint32_t now_ms) {
  ml_greeting *greeting = &session->u.greeting;
  const bool is_first = session->pattern == 0u;
  if (message->pattern > ML_PATTERN_IKPSK2 || (greeting->offered & (1u << message->pattern)) == 0u) {
    return ml_session_close(session, ML_NO_PATTERN, now_ms);
  }
  const uint32_t step = is_first ? 0u : greeting->noise.step;
  if (message->step != step || (!is_first && message->pattern != session->pattern)) {
    return ml_session_close(session, ML_OUT_OF_PLACE, now_ms);
  }
  session->pattern = message->pattern;
  int32_t status = ML_HANDSHAKE_FAILED;
  /* Of this size the payload is empty. */
  if (message->data_count == ml_noise_message_bytes(message->pattern, step)) {
    status = is_first ? read_first(session, data, message->data_count)
                      : ml_noise_read(&greeting->noise, data, message->data_count, NULL);
  }
  if (status < 0) return ml_session_close(session, (status == ML_NOT_OPENED) ? ML_HANDSHAKE_FAILED : status, now_ms);
  if (ml_noise_is_done(&greeting->noise)) {
    establish(session, now_ms);
  } else {
    session->due = ML_DUE_NOISE;
  }
  return (session->state == ML_SESSION_CLOSED) ? session->reason : ML_OK;
}

int32_t ml_session_give_noise(ml_session *session, uint8_t *into, uint32_t bytes, uint32_t now_ms) {
  ml_noise *noise = &session->u.greeting.noise;
  const uint32_t data_count = ml_noise_message_bytes(session->pattern, noise->step);
  const int32_t head = ml_noise_head_write(session->pattern, noise->step, data_count, into, bytes);
  if (head < 0) return ml_session_close(session, head, now_ms);
  const int32_t written = ml_noise_write(noise, NULL, 0u, &into[head], bytes - (uint32_t)head);
  if (written < 0) return ml_session_close(session, written, now_ms);
  if (ml_noise_is_done(noise)) establish(session, now_ms);
  return head + written;
}
