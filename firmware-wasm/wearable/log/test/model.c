#include "model.h"

#include "check.h"

const uint16_t MODEL_NUMBERS[MODEL_LOGS] = {1u, 700u};

void model_item(const model *world, uint32_t log, uint64_t seq, uint8_t *into, uint32_t count) {
  uint64_t state = ((uint64_t)world->logs[log].life << 40) + ((uint64_t)log << 32) + seq;
  for (uint32_t i = 0u; i < count; i++) {
    state = (state * UINT64_C(6364136223846793005)) + UINT64_C(1442695040888963407);
    /* Long runs of ones look like flash that is erased. */
    into[i] = (seq % 7u == 3u) ? 0xFFu : (uint8_t)(state >> 40);
  }
}

uint32_t model_value(uint32_t key, uint8_t number, uint8_t *into) {
  const uint32_t count = 8u + (key * 5u) + (number % 3u);
  for (uint32_t i = 0u; i < count; i++) into[i] = (uint8_t)(number + (key * 31u) + i);
  return count;
}

void model_open(model *world, const fl_log *log) {
  (void)memset(world, 0, sizeof *world);
  for (uint32_t i = 0u; i < MODEL_LOGS; i++) ml_copy(world->logs[i].epoch, fl_log_look(log, MODEL_NUMBERS[i])->epoch, ML_EPOCH_BYTES);
  world->boot = fl_log_boot(log);
}

operation model_choose(const model *world, sim *flash, uint32_t item_bytes_max) {
  operation one = {DO_APPEND, sim_random(flash, MODEL_LOGS), 0u};
  const uint32_t dice = sim_random(flash, 100u);
  const model_log *log = &world->logs[one.log];
  if (dice >= 70u) one.kind = DO_ACK;
  if (dice >= 78u) one.kind = DO_SET;
  if (dice >= 90u) one.kind = DO_REMOVE;
  if (dice >= 94u) one.kind = DO_REOPEN;
  if (dice == 98u) one.kind = DO_FINISH;
  if (dice == 99u || (log->is_final && one.kind == DO_APPEND)) one.kind = DO_RENEW;
  if (one.kind == DO_ACK && log->head == log->acked_past) one.kind = DO_SET;
  if (one.kind == DO_APPEND) one.number = 1u + sim_random(flash, (dice < 10u) ? item_bytes_max : ml_least(item_bytes_max, 60u));
  if (one.kind == DO_ACK) one.number = (uint32_t)log->acked_past + sim_random(flash, (uint32_t)(log->head - log->acked_past));
  if (one.kind == DO_SET || one.kind == DO_REMOVE) {
    one.log = sim_random(flash, MODEL_KEYS);
    one.number = 1u + sim_random(flash, 250u);
  }
  return one;
}

/* ---- doing */

static void note_append(model *world, sim *flash, uint32_t index, uint32_t count) {
  uint8_t item[2048];
  static const uint8_t START[ML_HASH_BYTES] = {0u};
  const fl_options options = sim_options(flash, MODEL_NUMBERS, MODEL_LOGS);
  model_log *log = &world->logs[index];
  CHECK(log->head < MODEL_ITEMS_MAX);
  model_item(world, index, log->head, item, count);
  ml_chain_after(&options.hash, log->chains[log->head], (log->head == 0u) ? START : log->chains[log->head - 1u], item, count);
  log->sizes[log->head] = (uint16_t)count;
  log->head++;
}

static void note_renew(model *world, const fl_log *log, uint32_t index) {
  const uint32_t life = world->logs[index].life + 1u;
  (void)memset(&world->logs[index], 0, sizeof world->logs[index]);
  world->logs[index].life = life;
  ml_copy(world->logs[index].epoch, fl_log_look(log, MODEL_NUMBERS[index])->epoch, ML_EPOCH_BYTES);
}

static int32_t do_to_log(const model *world, sim *flash, fl_log *log, const operation *one) {
  uint8_t bytes[2048];
  static const uint8_t HOST[ML_KEY_BYTES] = {0u};
  uint64_t seq = 0u;
  int32_t status = ML_OK;
  uint32_t count = 0u;
  switch (one->kind) {
    case DO_APPEND:
      model_item(world, one->log, world->logs[one->log].head, bytes, one->number);
      status = fl_log_append(log, MODEL_NUMBERS[one->log], bytes, one->number, &seq);
      CHECK(status < 0 || seq == world->logs[one->log].head);
      return status;
    case DO_ACK:
      FL_LOG_CALLS.acknowledge(log, MODEL_NUMBERS[one->log], one->number, 1u, HOST);
      return ML_OK;
    case DO_SET:
      count = model_value(one->log, (uint8_t)one->number, bytes);
      return fl_value_set(log, (uint16_t)one->log, bytes, count);
    case DO_REMOVE:
      return fl_value_remove(log, (uint16_t)one->log);
    case DO_RENEW:
      return fl_log_renew(log, MODEL_NUMBERS[one->log]);
    case DO_FINISH:
      return fl_log_finish(log, MODEL_NUMBERS[one->log]);
    default: {
      const fl_options options = sim_options(flash, MODEL_NUMBERS, MODEL_LOGS);
      return fl_log_open(log, &flash->flash, &options);
    }
  }
}

static void note(model *world, sim *flash, const fl_log *log, const operation *one) {
  switch (one->kind) {
    case DO_APPEND: note_append(world, flash, one->log, one->number); break;
    case DO_ACK: world->logs[one->log].acked_past = (uint64_t)one->number + 1u; break;
    case DO_SET: world->values[one->log] = (uint8_t)one->number; break;
    case DO_REMOVE: world->values[one->log] = 0u; break;
    case DO_RENEW: note_renew(world, log, one->log); break;
    case DO_FINISH: world->logs[one->log].is_final = true; break;
    default:
      CHECK(fl_log_boot(log) > world->boot);
      world->boot = fl_log_boot(log);
      break;
  }
}

void model_do(model *world, sim *flash, fl_log *log, const operation *one) {
  const int32_t status = do_to_log(world, flash, log, one);
  if (status != ML_OK) (void)fprintf(stderr, "operation %u answers %d\n", (unsigned)one->kind, (int)status);
  CHECK(status == ML_OK);
  note(world, flash, log, one);
}

/* ---- checking */

static void check_loss(const model_log *expected, fl_log *log, const fl_one *found, uint64_t from) {
  ml_log_loss loss;
  FL_LOG_CALLS.lose(log, found->number, from, &loss);
  CHECK(loss.to >= from && loss.to < found->first);
  CHECK(loss.reason == ((from < expected->acked_past) ? ML_GONE_FREED : ML_GONE_WRAPPED));
  if (loss.to + 1u == found->first) CHECK(loss.has_chain && ml_equal(loss.chain, expected->chains[loss.to], ML_HASH_BYTES));
}

uint32_t model_check_reading(const model *world, fl_log *log, uint32_t index, bool is_damage_allowed) {
  uint8_t item[2048];
  uint8_t wanted[2048];
  uint8_t chain[ML_HASH_BYTES];
  uint32_t unreadable = 0u;
  const model_log *expected = &world->logs[index];
  const fl_one *found = fl_log_look(log, MODEL_NUMBERS[index]);
  for (uint64_t seq = found->first; seq < expected->head; seq++) {
    const int32_t count = FL_LOG_CALLS.read(log, found->number, seq, item, sizeof item);
    if (count == ML_NOT_THERE && (is_damage_allowed || expected->sizes[seq] == 0u)) {
      unreadable++;
      continue;
    }
    CHECK(count == (int32_t)expected->sizes[seq]);
    model_item(world, index, seq, wanted, (uint32_t)count);
    CHECK(ml_equal(item, wanted, (uint32_t)count));
    const int32_t status = FL_LOG_CALLS.chain_at(log, found->number, seq, chain);
    CHECK(status == ML_OK && ml_equal(chain, expected->chains[seq], ML_HASH_BYTES));
  }
  return unreadable;
}

static void check_log(model *world, sim *flash, fl_log *log, uint32_t index, const operation *interrupted) {
  model_log *expected = &world->logs[index];
  const fl_one *found = fl_log_look(log, MODEL_NUMBERS[index]);
  const bool is_about = interrupted != NULL && interrupted->log == index;
  if (is_about && interrupted->kind == DO_RENEW && !ml_equal(found->epoch, expected->epoch, ML_EPOCH_BYTES)) note_renew(world, log, index);
  CHECK(ml_equal(found->epoch, expected->epoch, ML_EPOCH_BYTES));
  if (is_about && interrupted->kind == DO_APPEND && found->head == expected->head + 1u) note_append(world, flash, index, interrupted->number);
  if (is_about && interrupted->kind == DO_ACK && found->acked_past == (uint64_t)interrupted->number + 1u) expected->acked_past = found->acked_past;
  if (is_about && interrupted->kind == DO_FINISH) expected->is_final = found->is_final;
  CHECK(found->head == expected->head && found->first <= found->head);
  CHECK(found->acked_past == expected->acked_past && found->is_final == expected->is_final);
  CHECK(found->first == 0u || log->serial + 1u >= log->flash.page_count);
  CHECK(model_check_reading(world, log, index, false) == 0u);
  for (uint64_t from = 0u; from < found->first; from += 1u + (found->first / 4u)) check_loss(expected, log, found, from);
}

static void check_value(model *world, fl_log *log, uint32_t key, const operation *interrupted) {
  uint8_t found[FL_VALUE_BYTES_MAX];
  uint8_t wanted[FL_VALUE_BYTES_MAX];
  const int32_t count = fl_value_get(log, (uint16_t)key, found, sizeof found);
  const bool is_about = interrupted != NULL && interrupted->log == key;
  if (is_about && interrupted->kind == DO_REMOVE && count == ML_NOT_THERE) world->values[key] = 0u;
  if (is_about && interrupted->kind == DO_SET && count > 0) {
    const uint32_t size = model_value(key, (uint8_t)interrupted->number, wanted);
    if (count == (int32_t)size && ml_equal(found, wanted, size)) world->values[key] = (uint8_t)interrupted->number;
  }
  if (world->values[key] == 0u) {
    CHECK(count == ML_NOT_THERE);
    return;
  }
  const uint32_t size = model_value(key, world->values[key], wanted);
  CHECK(count == (int32_t)size && ml_equal(found, wanted, size));
}

void model_check(model *world, sim *flash, fl_log *log, const operation *interrupted) {
  for (uint32_t i = 0u; i < MODEL_LOGS; i++) check_log(world, flash, log, i, interrupted);
  for (uint32_t key = 0u; key < MODEL_KEYS; key++) check_value(world, log, key, interrupted);
}
