/* Opens the log after anything: finds the newest page, goes through it, finishes what power interrupted, and where it cannot tell whether
 * an item was written, goes on behind its number: a number is never used twice. */
#include "fl_inside.h"

/* What the newest page leaves open. */
typedef struct {
  bool is_suspect[FL_LOGS_MAX];    /* Items may have stood in what is damaged. */
  bool is_chain_lost[FL_LOGS_MAX]; /* The newest item is there by its head, but not its bytes. */
  uint32_t bound;                  /* So many at most. */
  uint32_t bad_to;                 /* Pages behind this one, up to this serial, do not erase. */
  bool is_damaged;                 /* Nothing more is written into that page. */
} fl_doubt;

/* ---- the newest page */

/* The page's serial by its own word. */
static uint32_t claimed_serial(const fl_flash *flash, uint32_t slot) {
  uint8_t seq[4];
  if (flash->read(flash->context, fl_address(flash, slot, FL_MARK_BYTES + 22u), seq, sizeof seq) != ML_OK) return slot + 1u;
  return ml_read_u32(seq);
}

static bool find_newest(const fl_flash *flash, uint32_t *newest) {
  bool is_found = false;
  fl_state state;
  fl_entry entry;
  for (uint32_t slot = 0u; slot < flash->page_count; slot++) {
    const uint32_t serial = claimed_serial(flash, slot);
    if (serial == UINT32_MAX || serial % flash->page_count != slot) continue;
    if (is_found && serial <= *newest) continue;
    if (!fl_state_of_page(flash, serial, &state, &entry)) continue;
    *newest = serial;
    is_found = true;
  }
  return is_found;
}

/* Pages behind the newest readable one that once were begun and cannot be read: a page is ready only once the one before it was begun. */
static uint32_t count_hidden(const fl_flash *flash, uint32_t newest, uint32_t bad_to) {
  fl_state state;
  fl_entry entry;
  const uint32_t bad_count = (bad_to > newest) ? (bad_to - newest) : 0u;
  for (uint32_t i = 1u + bad_count; i + 1u < flash->page_count; i++) {
    const uint32_t serial = newest + i;
    if (fl_page_is_ready(flash, serial)) return (i == 1u + bad_count) ? 0u : (i - 1u);
    if (serial >= flash->page_count && fl_state_of_page(flash, serial - flash->page_count, &state, &entry)) return 0u;
  }
  return 0u;
}

/* ---- going through it */

static void doubt_all(fl_log *log, fl_doubt *doubt, uint32_t bytes) {
  for (uint32_t i = 0u; i < log->options.log_count; i++) doubt->is_suspect[i] = true;
  /* As many as may have stood there, and one more: who has read them all must still meet a hole before the chain that begins anew. */
  doubt->bound += 2u + (bytes / FL_HEAD_BYTES_MAX);
  doubt->is_damaged = true;
  log->seen.damaged++;
}

static void load_state(fl_log *log, const fl_state *state, fl_doubt *doubt) {
  log->boot = state->boot;
  for (uint32_t i = 0u; i < log->options.log_count; i++) {
    const fl_one *one = fl_state_one(state, log->logs[i].number);
    if (one != NULL) log->logs[i] = *one;
    doubt->is_suspect[i] = false;
    doubt->is_chain_lost[i] = false;
  }
}

static void replay_item(fl_log *log, const fl_entry *entry, fl_doubt *doubt) {
  for (uint32_t i = 0u; i < log->options.log_count; i++) {
    fl_one *one = &log->logs[i];
    if (one->number != entry->number) continue;
    /* The state that began this epoch is among what was damaged. */
    if (!ml_equal(one->epoch, entry->epoch, ML_EPOCH_BYTES)) one->acked_past = 0u;
    ml_copy(one->epoch, entry->epoch, ML_EPOCH_BYTES);
    one->head = entry->seq + 1u;
    doubt->is_suspect[i] = false;
    doubt->is_chain_lost[i] = !fl_entry_is_whole(&log->flash, entry);
    if (doubt->is_chain_lost[i]) {
      log->seen.damaged++;
    } else {
      fl_chain_of_item(log, entry, one->chain);
    }
  }
}

static void replay_ack(fl_log *log, const fl_entry *entry) {
  fl_one *one = fl_one_of(log, entry->number);
  if (one == NULL || !ml_equal(one->epoch, entry->epoch, ML_EPOCH_BYTES)) return;
  if (entry->seq > one->acked_past) one->acked_past = entry->seq;
}

static void replay_entry(fl_log *log, const fl_entry *entry, fl_doubt *doubt) {
  fl_state state;
  if (entry->kind == FL_ITEM) replay_item(log, entry, doubt);
  if (entry->kind == FL_ACK) replay_ack(log, entry);
  if (entry->kind == FL_BAD) doubt->bad_to = (uint32_t)(entry->seq & 0xFFFFFFFFu);
  if (entry->kind != FL_STATE) return;
  if (fl_state_read(&log->flash, entry, &state)) {
    load_state(log, &state, doubt);
  } else {
    doubt_all(log, doubt, entry->bytes);
  }
}

/* Sets where every log stands, and where the next entry goes. */
static void replay_page(fl_log *log, fl_doubt *doubt) {
  fl_entry entry;
  log->at = FL_MARK_BYTES;
  while (log->at < log->flash.page_bytes) {
    const fl_found found = fl_entry_read(&log->flash, log->serial, log->at, &entry);
    if (found == FL_FOUND_FREE) {
      /* Too little room for a head is no room. */
      if (log->at + FL_HEAD_BYTES > log->flash.page_bytes) log->at = log->flash.page_bytes;
      return;
    }
    if (found == FL_FOUND_TORN) log->seen.torn++;
    if (found == FL_FOUND_DAMAGED) doubt_all(log, doubt, ml_least(entry.next, fl_written_to(&log->flash, log->serial, log->at)) - log->at);
    if (found == FL_FOUND_ENTRY) replay_entry(log, &entry, doubt);
    log->at = entry.next;
  }
}

/* Numbers that may have been used are not used again; the chain behind such a hole begins anew. */
static void settle(fl_log *log, const fl_doubt *doubt) {
  bool is_closed = doubt->is_damaged;
  for (uint32_t i = 0u; i < log->options.log_count; i++) {
    fl_one *one = &log->logs[i];
    if (!doubt->is_suspect[i] && !doubt->is_chain_lost[i]) continue;
    const uint32_t skipped = doubt->is_suspect[i] ? doubt->bound : 1u;
    one->head += skipped;
    (void)memset(one->chain, 0, ML_HASH_BYTES);
    log->seen.skipped += skipped;
    is_closed = true;
  }
  log->boot += 1u + doubt->bound;
  if (is_closed) log->at = log->flash.page_bytes;
}

/* ---- the whole */

static void index_values(fl_log *log) {
  fl_entry entry;
  const uint32_t count = log->flash.page_count;
  for (uint32_t serial = (log->serial + 1u > count) ? (log->serial + 1u - count) : 0u; serial <= log->serial; serial++) {
    uint32_t at = FL_MARK_BYTES;
    while (at < log->flash.page_bytes) {
      const fl_found found = fl_entry_read(&log->flash, serial, at, &entry);
      at = entry.next;
      if (found == FL_FOUND_FREE) break;
      if (found == FL_FOUND_ENTRY && entry.kind == FL_VALUE && fl_entry_is_whole(&log->flash, &entry)) fl_value_note(log, &entry);
    }
  }
}

/* Epochs for logs that the flash does not know yet. */
static int32_t draw_epochs(fl_log *log, const fl_state *known) {
  for (uint32_t i = 0u; i < log->options.log_count; i++) {
    if (known != NULL && fl_state_one(known, log->logs[i].number) != NULL) continue;
    if (log->options.random(log->options.random_context, log->logs[i].epoch, ML_EPOCH_BYTES) < 0) return ML_NO_RANDOM;
  }
  return ML_OK;
}

static int32_t begin_new(fl_log *log) {
  fl_entry entry;
  for (uint32_t slot = 0u; slot < log->flash.page_count; slot++) {
    if (fl_page_is_foreign(&log->flash, slot)) return ML_OTHER_GEOMETRY;
  }
  int32_t status = draw_epochs(log, NULL);
  if (status == ML_OK) status = fl_wipe(&log->flash);
  if (status == ML_OK) status = fl_page_make_ready(&log->flash, 0u);
  log->seen.is_new = true;
  log->boot = 1u;
  if (status == ML_OK) status = fl_state_write(log, 0u, FL_MARK_BYTES, &entry);
  if (status < 0) return status;
  log->at = entry.next;
  return fl_prepare(log);
}

static int32_t go_on(fl_log *log) {
  fl_state state;
  fl_entry entry;
  fl_doubt doubt;
  (void)memset(&doubt, 0, sizeof doubt);
  if (!fl_state_of_page(&log->flash, log->serial, &state, &entry)) return ML_FLASH_FAILED;
  int32_t status = draw_epochs(log, &state);
  if (status < 0) return status;
  replay_page(log, &doubt);
  const uint32_t last = log->serial + count_hidden(&log->flash, log->serial, doubt.bad_to);
  while (log->serial < last) {
    log->serial++;
    replay_page(log, &doubt);
    doubt_all(log, &doubt, log->flash.page_bytes);
  }
  settle(log, &doubt);
  index_values(log);
  /* What a cut left undone of turning the page. When no page can be made ready now, appends will say so. */
  (void)fl_prepare(log);
  fl_values_copy(log);
  status = fl_put_state(log);
  fl_find_first(log);
  return status;
}

static bool are_options_right(const fl_flash *flash, const fl_options *options) {
  if (flash == NULL || options == NULL || flash->read == NULL || flash->program == NULL || flash->erase == NULL) return false;
  if (flash->page_bytes < FL_PAGE_BYTES_MIN || flash->page_bytes > FL_PAGE_BYTES_MAX || flash->page_bytes % FL_UNIT_BYTES != 0u) return false;
  if (flash->page_count < FL_PAGE_COUNT_MIN || flash->page_count > FL_PAGE_COUNT_MAX) return false;
  if (flash->page_count > UINT32_MAX / flash->page_bytes) return false;
  if (options->log_count == 0u || options->log_count > FL_LOGS_MAX || options->free_level < 1u || options->free_level > 3u) return false;
  for (uint32_t i = 1u; i < options->log_count; i++) {
    for (uint32_t j = 0u; j < i; j++) {
      if (options->numbers[i] == options->numbers[j]) return false;
    }
  }
  return options->random != NULL && options->hash.begin != NULL && options->hash.add != NULL && options->hash.end != NULL;
}

int32_t fl_log_open(fl_log *log, const fl_flash *flash, const fl_options *options) {
  if (log == NULL || !are_options_right(flash, options)) return ML_BAD_ARGUMENT;
  (void)memset(log, 0, sizeof *log);
  log->flash = *flash;
  log->options = *options;
  for (uint32_t i = 0u; i < options->log_count; i++) log->logs[i].number = options->numbers[i];
  return find_newest(flash, &log->serial) ? go_on(log) : begin_new(log);
}

int32_t fl_wipe(const fl_flash *flash) {
  for (uint32_t slot = 0u; slot < flash->page_count; slot++) {
    if (fl_written_to(flash, slot, 0u) == 0u) continue;
    if (flash->erase(flash->context, slot) != ML_OK || fl_written_to(flash, slot, 0u) != 0u) return ML_FLASH_FAILED;
  }
  return ML_OK;
}
