#include "fl_inside.h"
#include "ml_crc32c.h"

#define PREFIX 8u
#define ONE 56u

static void read_one(const uint8_t *from, fl_one *one) {
  (void)memset(one, 0, sizeof *one);
  one->number = ml_read_u16(from);
  one->is_final = (from[2] == 1u);
  ml_copy(one->epoch, &from[4], ML_EPOCH_BYTES);
  one->head = ml_read_u64(&from[8]);
  one->acked_past = ml_read_u64(&from[16]);
  ml_copy(one->chain, &from[24], ML_HASH_BYTES);
}

static void write_one(uint8_t *into, const fl_one *one) {
  ml_write_u16(into, one->number);
  into[2] = one->is_final ? 1u : 0u;
  into[3] = 0u;
  ml_copy(&into[4], one->epoch, ML_EPOCH_BYTES);
  ml_write_u64(&into[8], one->head);
  ml_write_u64(&into[16], one->acked_past);
  ml_copy(&into[24], one->chain, ML_HASH_BYTES);
}

bool fl_state_read(const fl_flash *flash, const fl_entry *entry, fl_state *state) {
  uint8_t bytes[FL_STATE_BYTES_MAX];
  const uint32_t count = entry->bytes;
  if (entry->kind != FL_STATE || count < PREFIX || count > sizeof bytes) return false;
  if (flash->read(flash->context, fl_entry_payload(flash, entry), bytes, count) != ML_OK) return false;
  if (ml_crc32c(bytes, count) != entry->payload_check) return false;
  state->boot = ml_read_u32(bytes);
  state->log_count = bytes[4];
  if (state->log_count > FL_LOGS_MAX || count != PREFIX + (state->log_count * ONE)) return false;
  for (uint32_t i = 0u; i < state->log_count; i++) read_one(&bytes[PREFIX + (i * ONE)], &state->logs[i]);
  return true;
}

bool fl_state_of_page(const fl_flash *flash, uint32_t serial, fl_state *state, fl_entry *entry) {
  return fl_entry_read(flash, serial, FL_MARK_BYTES, entry) == FL_FOUND_ENTRY && entry->seq == serial &&
         fl_state_read(flash, entry, state);
}

const fl_one *fl_state_one(const fl_state *state, uint16_t number) {
  for (uint32_t i = 0u; i < state->log_count; i++) {
    if (state->logs[i].number == number) return &state->logs[i];
  }
  return NULL;
}

int32_t fl_state_write(const fl_log *log, uint32_t serial, uint32_t at, fl_entry *entry) {
  uint8_t bytes[FL_STATE_BYTES_MAX];
  (void)memset(bytes, 0, sizeof bytes);
  ml_write_u32(bytes, log->boot);
  bytes[4] = (uint8_t)log->options.log_count;
  for (uint32_t i = 0u; i < log->options.log_count; i++) write_one(&bytes[PREFIX + (i * ONE)], &log->logs[i]);
  (void)memset(entry, 0, sizeof *entry);
  entry->kind = FL_STATE;
  entry->serial = serial;
  entry->at = at;
  entry->seq = serial;
  entry->bytes = PREFIX + (log->options.log_count * ONE);
  entry->next = at + fl_entry_space(FL_STATE, entry->bytes);
  return (entry->next > log->flash.page_bytes) ? ML_FULL : fl_entry_write(&log->flash, entry, bytes);
}
