#include "fl_inside.h"

fl_one *fl_one_of(fl_log *log, uint16_t number) {
  for (uint32_t i = 0u; i < log->options.log_count; i++) {
    if (log->logs[i].number == number) return &log->logs[i];
  }
  return NULL;
}

const fl_one *fl_log_look(const fl_log *log, uint16_t number) {
  for (uint32_t i = 0u; i < log->options.log_count; i++) {
    if (log->logs[i].number == number) return &log->logs[i];
  }
  return NULL;
}

uint64_t fl_log_waiting(const fl_log *log, uint16_t number) {
  const fl_one *one = fl_log_look(log, number);
  if (one == NULL) return 0u;
  const uint64_t from = (one->acked_past > one->first) ? one->acked_past : one->first;
  return one->head - from;
}

uint32_t fl_log_boot(const fl_log *log) {
  return log->boot;
}

/* A page begins with its mark and state, and with values, which may be carried and copied into the same page. */
uint32_t fl_item_bytes_max(const fl_log *log) {
  const uint32_t page_bytes = log->flash.page_bytes;
  const uint32_t state_space = fl_entry_space(FL_STATE, FL_STATE_BYTES_MAX);
  const uint32_t room = page_bytes - FL_MARK_BYTES - state_space - (2u * (page_bytes / FL_VALUE_SHARE)) - FL_HEAD_BYTES_MAX;
  return ml_least(room & ~(FL_UNIT_BYTES - 1u), ML_ITEM_BYTES_MAX);
}

uint32_t fl_oldest(const fl_log *log) {
  /* The page behind the open one is ready or about to be. */
  return (log->serial + 2u > log->flash.page_count) ? (log->serial + 2u - log->flash.page_count) : 0u;
}

/* ---- pages */

/* Takes the page that `serial` will have from what is in it. */
static int32_t clear_page(fl_log *log, uint32_t serial) {
  const int32_t status = fl_values_carry(log, serial);
  return (status < 0) ? status : fl_page_make_ready(&log->flash, serial);
}

/* So that whoever opens the log does not take it for a page that was begun and is lost. */
static void note_bad(fl_log *log, uint32_t serial) {
  fl_entry entry;
  (void)memset(&entry, 0, sizeof entry);
  entry.kind = FL_BAD;
  entry.seq = serial;
  log->seen.failed++;
  (void)fl_put_here(log, &entry, NULL);
}

int32_t fl_prepare(fl_log *log) {
  int32_t status = ML_FLASH_FAILED;
  log->ready = 0u;
  for (uint32_t i = 1u; i <= FL_TRIES && i + 1u < log->flash.page_count; i++) {
    const uint32_t serial = log->serial + i;
    status = fl_page_is_ready(&log->flash, serial) ? ML_OK : clear_page(log, serial);
    if (status == ML_OK) {
      log->ready = serial;
      return ML_OK;
    }
    if (status == ML_FLASH_FAILED) note_bad(log, serial);
  }
  return status;
}

/* The state at the head of the next page. */
static int32_t begin_page(fl_log *log) {
  fl_entry entry;
  for (uint32_t tries = 0u; tries < FL_TRIES; tries++) {
    /* What was ready may not be any more: bits flip. */
    const bool is_ready = log->ready != 0u && fl_page_is_ready(&log->flash, log->ready);
    if (!is_ready && fl_prepare(log) != ML_OK) return ML_FLASH_FAILED;
    const uint32_t serial = log->ready;
    log->ready = 0u;
    if (fl_state_write(log, serial, FL_MARK_BYTES, &entry) == ML_OK) {
      log->serial = serial;
      log->at = entry.next;
      return ML_OK;
    }
    log->seen.failed++;
  }
  return ML_FLASH_FAILED;
}

int32_t fl_turn(fl_log *log) {
  const int32_t status = begin_page(log);
  if (status < 0) return status;
  /* When no page can be made ready now, it is tried again when this one is full. */
  (void)fl_prepare(log);
  fl_values_copy(log);
  fl_find_first(log);
  return ML_OK;
}

/* ---- entries */

/* Behind what could not be written whole, as whoever reads it will see it. */
static uint32_t behind_failure(const fl_log *log) {
  fl_entry entry;
  const fl_found found = fl_entry_read(&log->flash, log->serial, log->at, &entry);
  return (found == FL_FOUND_FREE) ? log->flash.page_bytes : entry.next;
}

int32_t fl_put_here(fl_log *log, fl_entry *entry, const uint8_t *payload) {
  entry->serial = log->serial;
  entry->at = log->at;
  entry->next = log->at + fl_entry_space(entry->kind, entry->bytes);
  if (entry->next > log->flash.page_bytes) return ML_FULL;
  const int32_t status = fl_entry_write(&log->flash, entry, payload);
  log->at = (status == ML_OK) ? entry->next : behind_failure(log);
  if (status < 0) log->seen.failed++;
  return status;
}

int32_t fl_put(fl_log *log, fl_entry *entry, const uint8_t *payload) {
  for (uint32_t tries = 0u; tries < FL_TRIES; tries++) {
    if (fl_put_here(log, entry, payload) == ML_OK) return ML_OK;
    const int32_t status = fl_turn(log);
    if (status < 0) return status;
  }
  const int32_t status = fl_put_here(log, entry, payload);
  return (status == ML_OK) ? ML_OK : ML_FLASH_FAILED;
}

int32_t fl_put_state(fl_log *log) {
  fl_entry entry;
  const int32_t status = fl_state_write(log, log->serial, log->at, &entry);
  if (status == ML_OK) {
    log->at = entry.next;
    return ML_OK;
  }
  if (status != ML_FULL) log->seen.failed++;
  return fl_turn(log);
}

int32_t fl_log_append(fl_log *log, uint16_t number, const uint8_t *item, uint32_t count, uint64_t *seq) {
  fl_one *one = fl_one_of(log, number);
  if (one == NULL || item == NULL || count == 0u || count > fl_item_bytes_max(log) || one->head >= ML_SEQ_MAX) return ML_BAD_ARGUMENT;
  if (one->is_final) return ML_LOG_IS_FINAL;
  fl_entry entry;
  (void)memset(&entry, 0, sizeof entry);
  entry.kind = FL_ITEM;
  entry.number = number;
  entry.seq = one->head;
  entry.bytes = count;
  ml_copy(entry.epoch, one->epoch, ML_EPOCH_BYTES);
  ml_copy(entry.chain, one->chain, ML_HASH_BYTES);
  const int32_t status = fl_put(log, &entry, item);
  if (status < 0) return status;
  ml_chain_after(&log->options.hash, one->chain, one->chain, item, count);
  if (seq != NULL) *seq = one->head;
  one->head++;
  return ML_OK;
}

int32_t fl_log_finish(fl_log *log, uint16_t number) {
  fl_one *one = fl_one_of(log, number);
  if (one == NULL) return ML_BAD_ARGUMENT;
  if (one->is_final) return ML_OK;
  one->is_final = true;
  const int32_t status = fl_put_state(log);
  if (status < 0) one->is_final = false;
  return status;
}

int32_t fl_log_renew(fl_log *log, uint16_t number) {
  fl_one *one = fl_one_of(log, number);
  if (one == NULL) return ML_BAD_ARGUMENT;
  const fl_one before = *one;
  (void)memset(one, 0, sizeof *one);
  one->number = number;
  do {
    const int32_t drawn = log->options.random(log->options.random_context, one->epoch, ML_EPOCH_BYTES);
    if (drawn < 0) {
      *one = before;
      return ML_NO_RANDOM;
    }
  } while (ml_equal(one->epoch, before.epoch, ML_EPOCH_BYTES));
  const int32_t status = fl_put_state(log);
  if (status < 0) *one = before;
  return status;
}
