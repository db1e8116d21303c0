#include "ml_gate.h"

/* ---- hosts */

static int32_t learn(ml_gate *gate, uint32_t place, const uint8_t key[ML_KEY_BYTES]) {
  ml_host *host = &gate->hosts[place];
  const int32_t status = ml_x25519(gate->identity->own.secret, key, host->shared);
  if (status != ML_OK) return status;
  ml_copy(host->key, key, ML_KEY_BYTES);
  host->is_used = true;
  return ML_OK;
}

int32_t ml_gate_begin(ml_gate *gate, const ml_identity *identity, const ml_host_store *store, ml_random random,
                      void *random_context) {
  if (gate == NULL || identity == NULL || store == NULL || random == NULL) return ML_BAD_ARGUMENT;
  if (store->read == NULL || store->write == NULL || store->erase == NULL) return ML_BAD_ARGUMENT;
  ml_wipe(gate, sizeof *gate);
  gate->identity = identity;
  gate->store = *store;
  gate->random = random;
  gate->random_context = random_context;
  int32_t first_fault = ML_OK;
  for (uint32_t place = 0u; place < ML_HOSTS_MAX; place++) {
    uint8_t key[ML_KEY_BYTES];
    int32_t status = store->read(store->context, place, key);
    if (status > 0) status = learn(gate, place, key);
    if (status < 0) gate->store_faults++;
    if (status < 0 && first_fault == ML_OK) first_fault = status;
  }
  return first_fault;
}

uint32_t ml_gate_host_count(const ml_gate *gate) {
  uint32_t count = 0u;
  for (uint32_t place = 0u; place < ML_HOSTS_MAX; place++) count += gate->hosts[place].is_used ? 1u : 0u;
  return count;
}

const uint8_t *ml_gate_host(const ml_gate *gate, uint32_t place) {
  return (place < ML_HOSTS_MAX && gate->hosts[place].is_used) ? gate->hosts[place].key : NULL;
}

int32_t ml_gate_remove_host(ml_gate *gate, uint32_t place) {
  if (ml_gate_host(gate, place) == NULL) return ML_BAD_ARGUMENT;
  ml_wipe(&gate->hosts[place], sizeof gate->hosts[place]);
  const int32_t status = gate->store.erase(gate->store.context, place);
  if (status < 0) gate->store_faults++;
  return status;
}

int32_t ml_gate_add_host(ml_gate *gate, const uint8_t key[ML_KEY_BYTES]) {
  uint32_t free_place = ML_HOSTS_MAX;
  for (uint32_t place = 0u; place < ML_HOSTS_MAX; place++) {
    const ml_host *host = &gate->hosts[place];
    if (host->is_used && ml_is_same_key(host->key, key)) return ML_OK;
    if (!host->is_used && free_place == ML_HOSTS_MAX) free_place = place;
  }
  if (free_place == ML_HOSTS_MAX) return ML_FULL;
  int32_t status = learn(gate, free_place, key);
  if (status != ML_OK) return status;
  status = gate->store.write(gate->store.context, free_place, key);
  if (status >= 0) return ML_OK;
  gate->store_faults++;
  ml_wipe(&gate->hosts[free_place], sizeof gate->hosts[free_place]);
  return status;
}

/* ---- the pairing window */

int32_t ml_gate_open_pairing(ml_gate *gate, uint32_t now_ms) {
  if (ml_gate_host_count(gate) == ML_HOSTS_MAX) return ML_FULL;
  gate->is_pairing = true;
  gate->pairing_since_ms = now_ms;
  gate->reveals = 0u;
  return ML_OK;
}

void ml_gate_close_pairing(ml_gate *gate) {
  gate->is_pairing = false;
}

bool ml_gate_is_pairing(ml_gate *gate, uint32_t now_ms) {
  if (now_ms - gate->pairing_since_ms >= ML_PAIRING_MS || gate->reveals >= ML_REVEALS_MAX) gate->is_pairing = false;
  return gate->is_pairing;
}

int32_t ml_gate_count_reveal(ml_gate *gate, uint32_t now_ms) {
  if (!ml_gate_is_pairing(gate, now_ms)) return ML_NOT_PAIRING;
  gate->reveals++;
  return ML_OK;
}

bool ml_gate_is_ready_for(ml_gate *gate, uint32_t pattern, uint32_t now_ms) {
  const bool is_pairing = ml_gate_is_pairing(gate, now_ms);
  const uint32_t host_count = ml_gate_host_count(gate);
  const uint32_t policy = gate->identity->label_policy;
  if (pattern == ML_PATTERN_KK) return host_count > 0u;
  if (host_count == ML_HOSTS_MAX) return false; /* The key of a new one could not be kept. */
  if (pattern == ML_PATTERN_XX) return is_pairing;
  return pattern == ML_PATTERN_IKPSK2 && (policy == ML_LABEL_ALWAYS || (policy == ML_LABEL_IN_PAIRING && is_pairing));
}

/* ---- handshakes */

int32_t ml_gate_enter(ml_gate *gate, const void *session, uint32_t now_ms) {
  const bool is_others = gate->running != NULL && gate->running != session;
  if (is_others && now_ms - gate->running_since_ms < ML_GATE_MS) return ML_BUSY;
  gate->running = session;
  gate->running_since_ms = now_ms;
  gate->started++;
  return ML_OK;
}

void ml_gate_leave(ml_gate *gate, const void *session, bool is_ready, uint32_t now_ms) {
  if (gate->running == session) gate->running = NULL;
  if (is_ready) {
    gate->completed++;
    gate->failed_in_row = 0u;
    return;
  }
  gate->failed_in_row++;
  gate->failed_at_ms = now_ms;
}

uint32_t ml_gate_slow_ms(const ml_gate *gate, uint32_t now_ms) {
  if (gate->failed_in_row < ML_SLOW_FROM) return 0u;
  const uint32_t doublings = ml_least(gate->failed_in_row - ML_SLOW_FROM, 6u);
  const uint32_t pause_ms = ml_least(ML_SLOW_MS << doublings, ML_SLOW_MS_MAX);
  const uint32_t gone_ms = now_ms - gate->failed_at_ms;
  return (gone_ms < pause_ms) ? (pause_ms - gone_ms) : 0u;
}
