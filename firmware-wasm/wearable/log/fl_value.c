/* Small values: entries as others, with an index in memory of where the newest copy of each stands. */
#include "fl_inside.h"

static fl_place *place_of(fl_log *log, uint16_t key) {
  for (uint32_t i = 0u; i < log->value_count; i++) {
    if (log->values[i].key == key) return &log->values[i];
  }
  return NULL;
}

static void drop_place(fl_log *log, fl_place *place) {
  log->value_count--;
  *place = log->values[log->value_count];
}

void fl_value_note(fl_log *log, const fl_entry *entry) {
  fl_place *place = place_of(log, entry->number);
  if (place == NULL) {
    if (log->value_count >= FL_VALUES_MAX) return;
    place = &log->values[log->value_count];
    log->value_count++;
  }
  place->key = entry->number;
  place->bytes = (uint16_t)entry->bytes;
  place->serial = entry->serial;
  place->at = entry->at;
  place->is_copy = (entry->tag == 1u);
}

/* The entry that holds the newest copy; false when it cannot be read any more. */
static bool find_entry(const fl_log *log, const fl_place *place, fl_entry *entry) {
  return fl_entry_read(&log->flash, place->serial, place->at, entry) == FL_FOUND_ENTRY && entry->kind == FL_VALUE &&
         entry->number == place->key && entry->bytes == place->bytes && fl_entry_is_whole(&log->flash, entry);
}

/* An older copy of what the newest one said; there is one once the first page was full. */
static bool find_other(const fl_log *log, const fl_place *place, fl_entry *entry) {
  bool is_found = false;
  fl_entry other;
  for (uint32_t serial = fl_oldest(log); serial <= log->serial; serial++) {
    uint32_t at = FL_MARK_BYTES;
    while (at < log->flash.page_bytes) {
      const fl_found found = fl_entry_read(&log->flash, serial, at, &other);
      at = other.next;
      if (found == FL_FOUND_FREE) break;
      if (found != FL_FOUND_ENTRY || other.kind != FL_VALUE || other.number != place->key) continue;
      if (!fl_entry_is_whole(&log->flash, &other)) continue;
      *entry = other;
      is_found = true;
    }
  }
  return is_found;
}

int32_t fl_value_get(fl_log *log, uint16_t key, uint8_t *into, uint32_t bytes) {
  fl_entry entry;
  fl_place *place = place_of(log, key);
  if (place == NULL || place->bytes == 0u) return ML_NOT_THERE;
  if (!find_entry(log, place, &entry)) {
    if (!find_other(log, place, &entry)) return ML_NOT_THERE;
    fl_value_note(log, &entry);
  }
  if (entry.bytes == 0u) return ML_NOT_THERE;
  if (into == NULL || entry.bytes > bytes) return ML_TOO_SMALL;
  const int32_t status = log->flash.read(log->flash.context, fl_entry_payload(&log->flash, &entry), into, entry.bytes);
  return (status == ML_OK) ? (int32_t)entry.bytes : ML_NOT_THERE;
}

static uint32_t space_of_others(const fl_log *log, uint16_t key) {
  uint32_t space = 0u;
  for (uint32_t i = 0u; i < log->value_count; i++) {
    if (log->values[i].key != key) space += fl_entry_space(FL_VALUE, log->values[i].bytes);
  }
  return space;
}

static int32_t put_value(fl_log *log, uint16_t key, const uint8_t *bytes, uint32_t count) {
  fl_entry entry;
  (void)memset(&entry, 0, sizeof entry);
  entry.kind = FL_VALUE;
  entry.number = key;
  entry.bytes = count;
  const int32_t status = fl_put(log, &entry, bytes);
  if (status == ML_OK) fl_value_note(log, &entry);
  return status;
}

int32_t fl_value_set(fl_log *log, uint16_t key, const uint8_t *bytes, uint32_t count) {
  const uint32_t space = log->flash.page_bytes / FL_VALUE_SHARE;
  if (bytes == NULL || count == 0u || count > FL_VALUE_BYTES_MAX) return ML_BAD_ARGUMENT;
  if (space_of_others(log, key) + fl_entry_space(FL_VALUE, count) > space) return ML_FULL;
  if (place_of(log, key) == NULL && log->value_count >= FL_VALUES_MAX) return ML_FULL;
  return put_value(log, key, bytes, count);
}

int32_t fl_value_remove(fl_log *log, uint16_t key) {
  const fl_place *place = place_of(log, key);
  return (place == NULL || place->bytes == 0u) ? ML_OK : put_value(log, key, NULL, 0u);
}

/* Values may be keys: nothing of them stays on the stack, whatever the compiler thinks of it. */
static void forget(uint8_t *bytes, uint32_t count) {
  volatile uint8_t *at = bytes;
  for (uint32_t i = 0u; i < count; i++) at[i] = 0u;
}

/* Writes a value once more, from flash to flash. */
static int32_t rewrite(fl_log *log, const fl_place *place, bool is_copy) {
  uint8_t bytes[FL_VALUE_BYTES_MAX];
  fl_entry entry;
  if (!find_entry(log, place, &entry) && !find_other(log, place, &entry)) return ML_NOT_THERE;
  if (entry.bytes > sizeof bytes) return ML_NOT_THERE;
  if (log->flash.read(log->flash.context, fl_entry_payload(&log->flash, &entry), bytes, entry.bytes) != ML_OK) return ML_NOT_THERE;
  entry.tag = is_copy ? 1u : 0u;
  const int32_t status = fl_put_here(log, &entry, bytes);
  forget(bytes, sizeof bytes);
  if (status == ML_OK) fl_value_note(log, &entry);
  return status;
}

int32_t fl_values_carry(fl_log *log, uint32_t serial) {
  if (serial < log->flash.page_count) return ML_OK;
  /* What stands in the page behind it is the second copy of what stands in it. */
  const uint32_t past = (serial - log->flash.page_count) + 2u;
  uint32_t i = 0u;
  while (i < log->value_count) {
    fl_place *place = &log->values[i];
    if (place->serial >= past) {
      i++;
      continue;
    }
    /* Nothing older is left that a removal would have to hide. */
    const int32_t status = (place->bytes == 0u) ? ML_NOT_THERE : rewrite(log, place, false);
    if (status == ML_FULL || status == ML_FLASH_FAILED) return status;
    if (status == ML_NOT_THERE) drop_place(log, place);
  }
  return ML_OK;
}

void fl_values_copy(fl_log *log) {
  for (uint32_t i = 0u; i < log->value_count; i++) {
    const fl_place *place = &log->values[i];
    /* Of a page that was passed over, because it does not erase any more or had no room to carry from. */
    const bool is_stranded = place->serial < fl_oldest(log);
    const bool is_single = !place->is_copy && place->serial != log->serial;
    if (is_stranded || is_single) (void)rewrite(log, place, !is_stranded);
  }
}
