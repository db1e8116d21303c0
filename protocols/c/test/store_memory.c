/* Logs in memory, as protocols/sync/device-log.ts keeps them: the oldest item goes when one more is written, or when a host acknowledged it. */
#include "check.h"
#include "ml_bytes.h"
#include "store.h"

#define ITEMS_MAX 4096u
#define KEPT_MAX 700u

typedef struct {
  uint8_t *bytes;
  uint32_t count;
  bool is_spoilt;
  bool is_chain_known;
  uint8_t chain[ML_HASH_BYTES];
} kept;

typedef struct {
  ml_log_place place;
  uint8_t reason;
  kept items[ITEMS_MAX];
} one_log;

static one_log logs[STORE_LOGS];
static const ml_hash *hash;

static one_log *log_of(uint16_t number) {
  CHECK(number >= 1u && number <= STORE_LOGS);
  return &logs[number - 1u];
}

int32_t store_open(const ml_hash *chain_hash) {
  hash = chain_hash;
  for (uint32_t i = 0u; i < STORE_LOGS; i++) ml_write_u32(logs[i].place.epoch, i + 1u);
  return ML_OK;
}

int32_t store_reopen(void) {
  return ML_OK;
}

static void drop(one_log *log, uint64_t past, uint8_t reason) {
  for (; log->place.first < past; log->place.first++) {
    free(log->items[log->place.first].bytes);
    log->items[log->place.first].bytes = NULL;
    log->reason = reason;
  }
}

int32_t store_append(uint16_t number, const uint8_t *item, uint32_t count) {
  static const uint8_t START[ML_HASH_BYTES] = {0u};
  one_log *log = log_of(number);
  CHECK(log->place.head < ITEMS_MAX);
  kept *one = &log->items[log->place.head];
  (void)memset(one, 0, sizeof *one);
  one->bytes = malloc(count);
  CHECK(one->bytes != NULL);
  ml_copy(one->bytes, item, count);
  one->count = count;
  one->is_chain_known = true;
  ml_chain_after(hash, one->chain, (log->place.head == 0u) ? START : log->items[log->place.head - 1u].chain, item, count);
  log->place.head++;
  if (log->place.head - log->place.first > KEPT_MAX) drop(log, log->place.head - KEPT_MAX, ML_GONE_WRAPPED);
  return ML_OK;
}

int32_t store_finish(uint16_t number) {
  log_of(number)->place.is_final = true;
  return ML_OK;
}

int32_t store_renew(uint16_t number, const uint8_t epoch[ML_EPOCH_BYTES]) {
  one_log *log = log_of(number);
  drop(log, log->place.head, 0u);
  (void)memset(&log->place, 0, sizeof log->place);
  ml_copy(log->place.epoch, epoch, ML_EPOCH_BYTES);
  return ML_OK;
}

int32_t store_spoil(uint16_t number, uint32_t seq, bool is_chain) {
  one_log *log = log_of(number);
  if (seq >= log->place.head) return ML_BAD_ARGUMENT;
  log->items[seq].is_spoilt = true;
  if (is_chain) log->items[seq].is_chain_known = false;
  return ML_OK;
}

static void look(void *store, uint16_t number, ml_log_place *place) {
  (void)store;
  *place = log_of(number)->place;
}

static int32_t read_item(void *store, uint16_t number, uint64_t seq, uint8_t *into, uint32_t bytes) {
  (void)store;
  const one_log *log = log_of(number);
  if (seq < log->place.first || seq >= log->place.head || log->items[seq].is_spoilt) return ML_NOT_THERE;
  if (log->items[seq].count > bytes) return ML_TOO_SMALL;
  ml_copy(into, log->items[seq].bytes, log->items[seq].count);
  return (int32_t)log->items[seq].count;
}

static int32_t chain_at(void *store, uint16_t number, uint64_t seq, uint8_t chain[ML_HASH_BYTES]) {
  (void)store;
  const one_log *log = log_of(number);
  CHECK(seq < log->place.head);
  if (!log->items[seq].is_chain_known) return ML_NOT_THERE;
  ml_copy(chain, log->items[seq].chain, ML_HASH_BYTES);
  return ML_OK;
}

static void lose(void *store, uint16_t number, uint64_t from, ml_log_loss *loss) {
  const one_log *log = log_of(number);
  (void)memset(loss, 0, sizeof *loss);
  loss->to = from;
  loss->reason = ML_GONE_CORRUPT;
  if (from < log->place.first) {
    loss->to = log->place.first - 1u;
    loss->reason = log->reason;
  } else {
    while (loss->to + 1u < log->place.head && log->items[loss->to + 1u].is_spoilt) loss->to++;
  }
  loss->has_chain = chain_at(store, number, loss->to, loss->chain) == ML_OK;
}

static void acknowledge(void *store, uint16_t number, uint64_t upto, uint8_t level, const uint8_t host[ML_KEY_BYTES]) {
  (void)store;
  (void)host;
  if (level >= 2u) drop(log_of(number), upto + 1u, ML_GONE_FREED);
}

const ml_log_calls *store_calls(void) {
  static const ml_log_calls CALLS = {look, read_item, lose, chain_at, acknowledge};
  return &CALLS;
}

void *store_state(void) {
  return logs;
}
