/* A device's gate and two sessions at it, by commands on standard input. All times are now in milliseconds.
 *
 *   I own secret, psk, label policy            a new device; its store stays                        -> nothing
 *   Z                                          switched off: an empty store, no sessions           -> nothing
 *   a key                                      a key in the store's first free place                -> nothing
 *   G                                          the gate begins                                      -> status
 *   Y bytes                                    what is drawn next; then pseudo-random numbers       -> nothing
 *   J what, 0 or 1                             r, w, e: the store fails; y: chance fails            -> nothing
 *   P now                                      open pairing                                         -> status
 *   p now                                      is it open                                           -> 0 or 1
 *   D place                                    remove a host                                        -> status
 *   C                                          -> started, completed, failed in a row, store faults, reveals, host count
 *   K                                          -> the store's eight places
 *   B n, now, count, capabilities...           begin session n                                      -> status
 *   T n, now, channel, bytes                   take                                                 -> status, plain bytes
 *   V n, now, room                             give                                                 -> status, channel, bytes
 *   E n, channel, room, bytes                  seal                                                 -> status, bytes
 *   N n, now, yes                              the person's answer                                  -> nothing
 *   F n, now                                   end                                                  -> nothing
 *   S n, now            -> state, reason, pattern, whether ready, wait, peer, digits
 *   c n, capability                                                                                 -> 0 or 1
 *   M n                                        the session's memory                                 -> bytes
 *   L direction key, channel                   a channel's key                                      -> bytes
 */
#include "../ml_session.h"
#include "talk.h"

#define DRAWS_MAX 4096u

typedef struct {
  uint8_t keys[ML_HOSTS_MAX][ML_KEY_BYTES];
  bool has[ML_HOSTS_MAX];
  bool read_fails;
  bool write_fails;
  bool erase_fails;
} store;

typedef struct {
  uint8_t queue[DRAWS_MAX];
  uint32_t count;
  uint32_t at;
  uint32_t seed;
  bool fails;
} chance;

static store kept;
static chance luck = {{0u}, 0u, 0u, 1u, false};
static ml_identity identity;

static int32_t read_host(void *context, uint32_t place, uint8_t key[ML_KEY_BYTES]) {
  const store *self = (const store *)context;
  if (self->read_fails) return ML_NOT_THERE;
  if (self->has[place]) ml_copy(key, self->keys[place], ML_KEY_BYTES);
  return self->has[place] ? 1 : 0;
}

static int32_t write_host(void *context, uint32_t place, const uint8_t key[ML_KEY_BYTES]) {
  store *self = (store *)context;
  if (self->write_fails) return ML_FLASH_FAILED;
  ml_copy(self->keys[place], key, ML_KEY_BYTES);
  self->has[place] = true;
  return ML_OK;
}

static int32_t erase_host(void *context, uint32_t place) {
  store *self = (store *)context;
  if (self->erase_fails) return ML_FLASH_FAILED;
  self->has[place] = false;
  return ML_OK;
}

/* Park & Miller (1988), where nothing was given. */
static int32_t draw(void *context, uint8_t *into, uint32_t count) {
  chance *self = (chance *)context;
  if (self->fails) return ML_NO_RANDOM;
  for (uint32_t i = 0u; i < count; i++) {
    self->seed = (uint32_t)(((uint64_t)self->seed * 48271u) % 2147483647u);
    into[i] = (self->at < self->count) ? self->queue[self->at] : (uint8_t)(self->seed >> 8);
    self->at++;
  }
  return ML_OK;
}

static void get_identity(void) {
  talk_get_into(identity.own.secret, ML_KEY_BYTES);
  talk_get_into(identity.psk, ML_KEY_BYTES);
  identity.label_policy = talk_get();
  ml_x25519_public(identity.own.secret, identity.own.public_key);
}

static void add_to_store(void) {
  for (uint32_t place = 0u; place < ML_HOSTS_MAX; place++) {
    if (kept.has[place]) continue;
    talk_get_into(kept.keys[place], ML_KEY_BYTES);
    kept.has[place] = true;
    return;
  }
  CHECK(false);
}

static void start_over(ml_session *const sessions[2]) {
  (void)memset(kept.has, 0, sizeof kept.has);
  for (uint32_t n = 0u; n < 2u; n++) (void)memset(sessions[n], 0, sizeof *sessions[n]);
  luck.count = 0u;
  luck.at = 0u;
  luck.fails = false;
}

static void queue_draws(void) {
  uint32_t count = 0u;
  uint8_t *const bytes = talk_get_bytes(&count);
  CHECK(count <= DRAWS_MAX);
  ml_copy(luck.queue, bytes, count);
  luck.count = count;
  luck.at = 0u;
  free(bytes);
}

static void spoil(void) {
  const uint32_t what = talk_get();
  const bool fails = talk_get() != 0u;
  if (what == 'r') kept.read_fails = fails;
  if (what == 'w') kept.write_fails = fails;
  if (what == 'e') kept.erase_fails = fails;
  if (what == 'y') luck.fails = fails;
}

static void put_gate(const ml_gate *gate) {
  talk_put(gate->started);
  talk_put(gate->completed);
  talk_put(gate->failed_in_row);
  talk_put(gate->store_faults);
  talk_put(gate->reveals);
  talk_put(ml_gate_host_count(gate));
}

static void put_store(const ml_gate *gate) {
  for (uint32_t place = 0u; place < ML_HOSTS_MAX; place++) {
    const uint8_t *const known = ml_gate_host(gate, place);
    CHECK((known != NULL) == kept.has[place] || kept.erase_fails || kept.read_fails);
    talk_put_bytes(kept.keys[place], kept.has[place] ? ML_KEY_BYTES : 0u);
  }
}

static void begin(ml_session *session, ml_gate *gate) {
  const uint32_t now_ms = talk_get();
  const uint32_t count = talk_get();
  uint32_t *const capabilities = (uint32_t *)(void *)talk_room(count * 4u);
  for (uint32_t i = 0u; i < count; i++) capabilities[i] = talk_get();
  talk_put_status(ml_session_begin(session, gate, capabilities, count, now_ms));
  free(capabilities);
}

static void take(ml_session *session) {
  const uint32_t now_ms = talk_get();
  const uint32_t channel = talk_get();
  uint32_t count = 0u;
  uint32_t plain_count = 0u;
  uint8_t *const bytes = talk_get_bytes(&count);
  const int32_t status = ml_session_take(session, channel, bytes, count, now_ms, &plain_count);
  CHECK(status == ML_SESSION_MESSAGE || plain_count == 0u);
  talk_put_status(status);
  talk_put_bytes(bytes, plain_count);
  free(bytes);
}

static void give(ml_session *session) {
  const uint32_t now_ms = talk_get();
  const uint32_t room = talk_get();
  uint32_t channel = 99u;
  uint8_t *const into = talk_room(room);
  const int32_t count = ml_session_give(session, &channel, into, room, now_ms);
  CHECK(count <= (int32_t)room);
  talk_put_status(count);
  talk_put(channel);
  talk_put_bytes(into, (count > 0) ? (uint32_t)count : 0u);
  free(into);
}

static void seal(ml_session *session) {
  const uint32_t channel = talk_get();
  const uint32_t room = talk_get();
  uint32_t count = 0u;
  uint8_t *const given = talk_get_bytes(&count);
  uint8_t *const bytes = talk_room((room > count) ? room : count);
  ml_copy(bytes, given, count);
  const int32_t sealed = ml_session_seal(session, channel, bytes, count, room);
  talk_put_status(sealed);
  talk_put_bytes(bytes, (sealed > 0) ? (uint32_t)sealed : 0u);
  free(bytes);
  free(given);
}

static void put_state(const ml_session *session) {
  const uint32_t now_ms = talk_get();
  const uint8_t *const peer = ml_session_peer(session);
  const char *const digits = ml_session_digits(session);
  talk_put(ml_session_state(session));
  talk_put_status(ml_session_reason(session));
  talk_put(ml_session_pattern(session));
  talk_put(ml_session_is_ready(session) ? 1u : 0u);
  talk_put(ml_session_wait_ms(session, now_ms));
  talk_put_bytes(peer, (peer == NULL) ? 0u : ML_KEY_BYTES);
  talk_put_bytes((const uint8_t *)digits, (digits == NULL) ? 0u : (uint32_t)strlen(digits));
}

static void put_channel_key(void) {
  uint8_t direction_key[ML_KEY_BYTES];
  ml_channel channel;
  talk_get_into(direction_key, ML_KEY_BYTES);
  ml_channel_begin(&channel, direction_key, talk_get());
  talk_put_bytes(channel.key, ML_KEY_BYTES);
}

static void answer(ml_session *session) {
  const uint32_t now_ms = talk_get();
  ml_session_answer(session, talk_get() != 0u, now_ms);
}

static void obey_for_session(int command, ml_session *session, ml_gate *gate) {
  if (command == 'B') begin(session, gate);
  if (command == 'T') take(session);
  if (command == 'V') give(session);
  if (command == 'E') seal(session);
  if (command == 'N') answer(session);
  if (command == 'F') ml_session_end(session, talk_get());
  if (command == 'S') put_state(session);
  if (command == 'c') talk_put(ml_session_has_capability(session, talk_get()) ? 1u : 0u);
  if (command == 'M') talk_put_bytes((const uint8_t *)session, (uint32_t)sizeof *session);
}

static void obey(int command, ml_gate *gate, ml_session *const sessions[2]) {
  const ml_host_store calls = {&kept, read_host, write_host, erase_host};
  if (command == 'I') get_identity();
  if (command == 'Z') start_over(sessions);
  if (command == 'a') add_to_store();
  if (command == 'G') talk_put_status(ml_gate_begin(gate, &identity, &calls, draw, &luck));
  if (command == 'Y') queue_draws();
  if (command == 'J') spoil();
  if (command == 'P') talk_put_status(ml_gate_open_pairing(gate, talk_get()));
  if (command == 'p') talk_put(ml_gate_is_pairing(gate, talk_get()) ? 1u : 0u);
  if (command == 'D') talk_put_status(ml_gate_remove_host(gate, talk_get()));
  if (command == 'C') put_gate(gate);
  if (command == 'K') put_store(gate);
  if (command == 'L') put_channel_key();
}

int main(void) {
  ml_gate *const gate = (ml_gate *)calloc(1u, sizeof *gate);
  ml_session *sessions[2];
  for (uint32_t n = 0u; n < 2u; n++) {
    sessions[n] = (ml_session *)calloc(1u, sizeof *sessions[n]);
    CHECK(sessions[n] != NULL);
  }
  CHECK(gate != NULL);
  for (int command = getchar(); command != EOF; command = getchar()) {
    if (strchr("BTVENFScM", command) != NULL) {
      const uint32_t n = talk_get();
      CHECK(n < 2u);
      obey_for_session(command, sessions[n], gate);
    } else {
      obey(command, gate, sessions);
    }
    (void)fflush(stdout);
  }
  for (uint32_t n = 0u; n < 2u; n++) free(sessions[n]);
  free(gate);
  return 0;
}
