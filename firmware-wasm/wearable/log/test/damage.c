/* Bits flip, spans turn to noise, pages are lost, by chance: what is not in the damage is there, what is says so by name, no number is used
 * twice, and no host is made to believe that the device tells two stories. `damage SEED ROUNDS` prints what it did. */
#include "check.h"
#include "model.h"

#define PAGE_BYTES 1024u
#define PAGES 6u

typedef struct {
  uint32_t from; /* Address, also of its page. */
  uint32_t to;
} span;

static sim flash;
static fl_log fl;
static model world;
static span item_spans[MODEL_LOGS][MODEL_ITEMS_MAX];
static span value_spans[MODEL_KEYS];
static bool has_copy[MODEL_KEYS];
static uint32_t lost_count;
static uint32_t skipped_count;
static uint32_t kept_count;

static void reopen(void) {
  const fl_options options = sim_options(&flash, MODEL_NUMBERS, MODEL_LOGS);
  CHECK(fl_log_open(&fl, &flash.flash, &options) == ML_OK);
}

/* Where everything stands that can be read. */
static void locate(void) {
  uint8_t item[2048];
  (void)memset(item_spans, 0, sizeof item_spans);
  for (uint32_t i = 0u; i < MODEL_LOGS; i++) {
    const fl_one *one = fl_log_look(&fl, MODEL_NUMBERS[i]);
    for (uint64_t seq = one->first; seq < one->head; seq++) {
      const int32_t count = FL_LOG_CALLS.read(&fl, one->number, seq, item, sizeof item);
      if (count < 0) continue;
      const uint32_t end = ((one->hint_serial % PAGES) * PAGE_BYTES) + one->hint_at;
      item_spans[i][seq].to = end;
      item_spans[i][seq].from = end - (64u + (((uint32_t)count + 7u) & ~7u));
    }
  }
  for (uint32_t key = 0u; key < MODEL_KEYS; key++) {
    has_copy[key] = false;
    value_spans[key].from = 0u;
    for (uint32_t i = 0u; i < fl.value_count; i++) {
      if (fl.values[i].key != key) continue;
      value_spans[key].from = ((fl.values[i].serial % PAGES) * PAGE_BYTES) + fl.values[i].at;
      value_spans[key].to = value_spans[key].from + 64u;
      has_copy[key] = fl.values[i].is_copy;
    }
  }
}

static span harm(void) {
  span hit;
  const uint32_t kind = sim_random(&flash, 5u);
  hit.from = sim_random(&flash, PAGE_BYTES * PAGES);
  hit.to = hit.from + 1u;
  if (kind >= 3u) {
    hit.from -= hit.from % PAGE_BYTES;
    hit.to = hit.from + PAGE_BYTES;
  }
  if (kind == 2u) hit.to = ml_least(hit.from + 1u + sim_random(&flash, 64u), hit.from - (hit.from % PAGE_BYTES) + PAGE_BYTES);
  for (uint32_t at = hit.from; at < hit.to; at++) {
    uint8_t *byte = &flash.cells.bytes[at];
    if (kind <= 1u) *byte = (uint8_t)(*byte ^ (1u << sim_random(&flash, 8u)));
    if (kind == 2u || kind == 3u) *byte = (uint8_t)sim_random(&flash, 256u);
    if (kind == 4u) *byte = 0xFFu;
    /* The cells are not worn: what is programmed over them is only what the log takes for free. */
    flash.cells.is_programmed[at / FL_UNIT_BYTES] = false;
  }
  return hit;
}

static bool is_hit(span one, span hit) {
  return one.from < hit.to && hit.from < one.to;
}

/* Every item that was readable and is not in the damage is still there, unless its page made room for a new one. */
static void check_rest(span hit) {
  uint8_t item[2048];
  for (uint32_t i = 0u; i < MODEL_LOGS; i++) {
    for (uint64_t seq = 0u; seq < world.logs[i].head; seq++) {
      const span one = item_spans[i][seq];
      if (one.to == 0u || is_hit(one, hit) || one.from / PAGE_BYTES == fl.ready % PAGES) continue;
      CHECK(FL_LOG_CALLS.read(&fl, MODEL_NUMBERS[i], seq, item, sizeof item) == (int32_t)world.logs[i].sizes[seq]);
      kept_count++;
    }
  }
}

static void check_values(span hit) {
  uint8_t found[FL_VALUE_BYTES_MAX];
  uint8_t wanted[FL_VALUE_BYTES_MAX];
  for (uint32_t key = 0u; key < MODEL_KEYS; key++) {
    const int32_t count = fl_value_get(&fl, (uint16_t)key, found, sizeof found);
    const bool is_safe = has_copy[key] || value_spans[key].from == 0u || !is_hit(value_spans[key], hit);
    if (is_safe && world.values[key] == 0u) CHECK(count == ML_NOT_THERE);
    if (is_safe && world.values[key] != 0u) {
      CHECK(count == (int32_t)model_value(key, world.values[key], wanted) && ml_equal(found, wanted, (uint32_t)count));
    }
    if (is_safe) continue;
    /* An older one, or none. */
    CHECK(count == ML_NOT_THERE || count > 0);
    operation again = {DO_SET, key, 77u};
    model_do(&world, &flash, &fl, &again);
  }
}

/* The log may have gone on behind numbers that nobody can vouch for. */
static void adopt_heads(void) {
  for (uint32_t i = 0u; i < MODEL_LOGS; i++) {
    const fl_one *one = fl_log_look(&fl, MODEL_NUMBERS[i]);
    model_log *expected = &world.logs[i];
    CHECK(ml_equal(one->epoch, expected->epoch, ML_EPOCH_BYTES));
    CHECK(one->head >= expected->head && one->head < MODEL_ITEMS_MAX);
    if (one->head == expected->head) continue;
    skipped_count += (uint32_t)(one->head - expected->head);
    for (uint64_t seq = expected->head; seq < one->head; seq++) expected->sizes[seq] = 0u;
    ml_copy(expected->chains[one->head - 1u], one->chain, ML_HASH_BYTES);
    expected->head = one->head;
  }
  CHECK(fl_log_boot(&fl) > world.boot);
  world.boot = fl_log_boot(&fl);
}

/* A host that has everything before `from` reads on: each number once, as it was written or named lost, and no checkpoint that differs from
 * its own chain. */
static void read_as_host(const model *past, uint32_t index, uint64_t from) {
  uint8_t item[2048];
  uint8_t wanted[2048];
  uint8_t chain[ML_HASH_BYTES];
  uint8_t said[ML_HASH_BYTES];
  ml_log_loss loss;
  const fl_one *one = fl_log_look(&fl, MODEL_NUMBERS[index]);
  (void)memset(chain, 0, sizeof chain);
  if (from > 0u) ml_copy(chain, past->logs[index].chains[from - 1u], ML_HASH_BYTES);
  bool is_known = true;
  for (uint64_t next = from; next < one->head;) {
    const int32_t count = FL_LOG_CALLS.read(&fl, one->number, next, item, sizeof item);
    if (count == ML_NOT_THERE) {
      FL_LOG_CALLS.lose(&fl, one->number, next, &loss);
      CHECK(loss.to >= next && loss.to < one->head && loss.reason >= ML_GONE_WRAPPED && loss.reason <= ML_GONE_FREED);
      lost_count += (uint32_t)(loss.to + 1u - next);
      next = loss.to + 1u;
      is_known = loss.has_chain;
      ml_copy(chain, loss.chain, ML_HASH_BYTES);
      continue;
    }
    CHECK(count == (int32_t)world.logs[index].sizes[next]);
    model_item(&world, index, next, wanted, (uint32_t)count);
    CHECK(ml_equal(item, wanted, (uint32_t)count));
    ml_chain_after(&fl.options.hash, chain, chain, item, (uint32_t)count);
    next++;
    const int32_t status = FL_LOG_CALLS.chain_at(&fl, one->number, next - 1u, said);
    CHECK(status == ML_OK && (!is_known || ml_equal(said, chain, ML_HASH_BYTES)));
    ml_copy(chain, said, ML_HASH_BYTES);
    is_known = true;
  }
}

static void do_some(uint32_t count) {
  for (uint32_t i = 0u; i < count; i++) {
    operation one = model_choose(&world, &flash, fl_item_bytes_max(&fl));
    if (one.kind == DO_RENEW || one.kind == DO_FINISH || one.kind == DO_REOPEN) one.kind = DO_APPEND;
    if (one.kind == DO_APPEND && one.number == 0u) one.number = 9u;
    model_do(&world, &flash, &fl, &one);
  }
}

static void play_round(void) {
  static model past;
  reopen();
  model_open(&world, &fl);
  do_some(20u + sim_random(&flash, 180u));
  for (uint32_t i = 0u; i < MODEL_LOGS; i++) CHECK(model_check_reading(&world, &fl, i, false) == 0u);
  past = world;
  locate();
  const span hit = harm();
  const bool is_running = sim_random(&flash, 3u) == 0u;
  if (is_running) {
    check_rest(hit);
    do_some(1u + sim_random(&flash, 3u));
    past = world;
  }
  reopen();
  adopt_heads();
  if (!is_running) {
    check_rest(hit);
    check_values(hit);
  }
  do_some(3u);
  reopen();
  adopt_heads();
  for (uint32_t i = 0u; i < MODEL_LOGS; i++) {
    (void)model_check_reading(&world, &fl, i, true);
    read_as_host(&past, i, 0u);
    for (uint32_t tries = 0u; tries < 4u; tries++) read_as_host(&past, i, sim_random(&flash, (uint32_t)past.logs[i].head + 1u));
    read_as_host(&past, i, past.logs[i].head);
  }
}

int main(int count, char **words) {
  CHECK(count == 3);
  const uint64_t seed = strtoull(words[1], NULL, 10);
  const uint32_t rounds = (uint32_t)strtoul(words[2], NULL, 10);
  for (uint32_t round = 0u; round < rounds; round++) {
    sim_open(&flash, PAGE_BYTES, PAGES, (seed << 20) + round);
    (void)sim_random(&flash, 2u);
    play_round();
  }
  (void)printf("%u rounds: %u items beside the damage kept, %u reads told of a loss, %u numbers given up\n", rounds, kept_count, lost_count, skipped_count);
  return 0;
}
