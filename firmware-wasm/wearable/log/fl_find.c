/* Finds items: the page by the states at the pages' heads, the item by going through that page. No index is kept in memory. */
#include "fl_inside.h"

static bool is_item_of(const fl_one *one, const fl_entry *entry) {
  return entry->kind == FL_ITEM && entry->number == one->number && ml_equal(entry->epoch, one->epoch, ML_EPOCH_BYTES);
}

/* Whether page `serial` begins at or before item `seq`; of a page whose head cannot be read `*is_known` is false. */
static bool begins_before(const fl_log *log, uint32_t serial, const fl_one *one, uint64_t seq, bool *is_known) {
  fl_state state;
  fl_entry entry;
  *is_known = fl_state_of_page(&log->flash, serial, &state, &entry);
  if (!*is_known) return false;
  const fl_one *then = fl_state_one(&state, one->number);
  /* Another epoch is an older one. */
  return then == NULL || !ml_equal(then->epoch, one->epoch, ML_EPOCH_BYTES) || then->head <= seq;
}

/* The newest page that is known to begin at or before item `seq`, by halves. Pages behind it whose heads cannot be read may hold it too. */
static uint32_t page_of(const fl_log *log, const fl_one *one, uint64_t seq) {
  uint32_t low = fl_oldest(log);
  uint32_t high = log->serial;
  while (low < high) {
    const uint32_t middle = low + (((high - low) + 1u) / 2u);
    bool is_known = false;
    uint32_t probe = middle;
    bool is_before = begins_before(log, probe, one, seq, &is_known);
    while (!is_known && probe < high) {
      probe++;
      is_before = begins_before(log, probe, one, seq, &is_known);
    }
    if (is_before) {
      low = probe;
    } else {
      high = middle - 1u;
    }
  }
  return low;
}

/* The next entry of the ring behind serial, at; at the end of a page, the next page's first. False at the end of what is written. */
static bool step(const fl_log *log, uint32_t *serial, uint32_t *at, fl_entry *entry) {
  while (*serial <= log->serial) {
    while (*at < log->flash.page_bytes) {
      const fl_found found = fl_entry_read(&log->flash, *serial, *at, entry);
      *at = (found == FL_FOUND_FREE) ? log->flash.page_bytes : entry->next;
      if (found == FL_FOUND_ENTRY) return true;
    }
    (*serial)++;
    *at = FL_MARK_BYTES;
  }
  return false;
}

/* The first item at or behind `seq` that is there; `is_whole`: with its payload as it was written. */
static bool find_from(const fl_log *log, const fl_one *one, uint64_t seq, bool is_whole, fl_entry *entry) {
  uint32_t serial = page_of(log, one, seq);
  uint32_t at = FL_MARK_BYTES;
  while (step(log, &serial, &at, entry)) {
    if (!is_item_of(one, entry) || entry->seq < seq) continue;
    if (!is_whole || fl_entry_is_whole(&log->flash, entry)) return true;
  }
  return false;
}

/* Behind the item that was found last, past those of other logs, as far as the next page. */
static bool is_hinted(const fl_log *log, const fl_one *one, uint64_t seq, fl_entry *entry) {
  uint32_t serial = one->hint_serial;
  uint32_t at = one->hint_at;
  if (at == 0u || serial < fl_oldest(log)) return false;
  while (step(log, &serial, &at, entry) && serial <= one->hint_serial + 1u) {
    if (is_item_of(one, entry)) return entry->seq == seq;
  }
  return false;
}

/* The head of item `seq`, whatever its payload is. */
static bool find_item(const fl_log *log, fl_one *one, uint64_t seq, fl_entry *entry) {
  if (seq < one->first || seq >= one->head) return false;
  if (!is_hinted(log, one, seq, entry) && !(find_from(log, one, seq, false, entry) && entry->seq == seq)) return false;
  one->hint_serial = entry->serial;
  one->hint_at = entry->next;
  return true;
}

/* Items in pages older than the first whose head can be read. */
static void find_before(fl_log *log, uint32_t past) {
  fl_entry entry;
  uint32_t serial = fl_oldest(log);
  uint32_t at = FL_MARK_BYTES;
  while (serial < past && step(log, &serial, &at, &entry) && serial < past) {
    fl_one *one = (entry.kind == FL_ITEM) ? fl_one_of(log, entry.number) : NULL;
    if (one != NULL && is_item_of(one, &entry) && entry.seq < one->first) one->first = entry.seq;
  }
}

void fl_find_first(fl_log *log) {
  fl_state state;
  fl_entry entry;
  uint32_t serial = fl_oldest(log);
  while (serial < log->serial && !fl_state_of_page(&log->flash, serial, &state, &entry)) serial++;
  const bool is_known = fl_state_of_page(&log->flash, serial, &state, &entry);
  for (uint32_t i = 0u; i < log->options.log_count; i++) {
    fl_one *one = &log->logs[i];
    const fl_one *then = is_known ? fl_state_one(&state, one->number) : NULL;
    const bool is_same = then != NULL && ml_equal(then->epoch, one->epoch, ML_EPOCH_BYTES);
    one->first = is_same ? then->head : 0u;
  }
  find_before(log, serial);
}

/* ---- the chain */

void fl_chain_of_item(const fl_log *log, const fl_entry *entry, uint8_t chain[ML_HASH_BYTES]) {
  uint8_t part[64];
  const ml_hash *hash = &log->options.hash;
  ml_chain_begin(hash, entry->chain, entry->bytes);
  for (uint32_t done = 0u; done < entry->bytes; done += (uint32_t)sizeof part) {
    const uint32_t count = ml_least((uint32_t)sizeof part, entry->bytes - done);
    /* The payload was found whole just before; what cannot be read now makes a chain that no host agrees with. */
    if (log->flash.read(log->flash.context, fl_entry_payload(&log->flash, entry) + done, part, count) != ML_OK) {
      (void)memset(part, 0, sizeof part);
    }
    hash->add(hash->context, part, count);
  }
  hash->end(hash->context, chain);
}

/* Item `seq` + 1 has it in its head, and so has a page that begins there; else it is made from item `seq`. */
int32_t fl_find_chain(fl_log *log, fl_one *one, uint64_t seq, uint8_t chain[ML_HASH_BYTES]) {
  fl_entry entry;
  fl_state state;
  if (seq + 1u == one->head) {
    ml_copy(chain, one->chain, ML_HASH_BYTES);
    return ML_OK;
  }
  if (seq + 1u > one->head) return ML_NOT_THERE;
  if (find_item(log, one, seq + 1u, &entry)) {
    ml_copy(chain, entry.chain, ML_HASH_BYTES);
    return ML_OK;
  }
  if (fl_state_of_page(&log->flash, page_of(log, one, seq + 1u), &state, &entry)) {
    const fl_one *then = fl_state_one(&state, one->number);
    if (then != NULL && then->head == seq + 1u && ml_equal(then->epoch, one->epoch, ML_EPOCH_BYTES)) {
      ml_copy(chain, then->chain, ML_HASH_BYTES);
      return ML_OK;
    }
  }
  if (!find_item(log, one, seq, &entry) || !fl_entry_is_whole(&log->flash, &entry)) return ML_NOT_THERE;
  fl_chain_of_item(log, &entry, chain);
  return ML_OK;
}

/* ---- what the sync asks for */

static void look(void *store, uint16_t number, ml_log_place *place) {
  const fl_one *one = fl_log_look((const fl_log *)store, number);
  (void)memset(place, 0, sizeof *place);
  if (one == NULL) return;
  ml_copy(place->epoch, one->epoch, ML_EPOCH_BYTES);
  place->is_final = one->is_final;
  place->first = one->first;
  place->head = one->head;
}

static int32_t read_item(void *store, uint16_t number, uint64_t seq, uint8_t *into, uint32_t bytes) {
  fl_log *log = (fl_log *)store;
  fl_one *one = fl_one_of(log, number);
  fl_entry entry;
  if (one == NULL || !find_item(log, one, seq, &entry)) return ML_NOT_THERE;
  if (into == NULL || entry.bytes > bytes) return fl_entry_is_whole(&log->flash, &entry) ? ML_TOO_SMALL : ML_NOT_THERE;
  if (!fl_entry_is_whole(&log->flash, &entry)) return ML_NOT_THERE;
  const int32_t status = log->flash.read(log->flash.context, fl_entry_payload(&log->flash, &entry), into, entry.bytes);
  return (status == ML_OK) ? (int32_t)entry.bytes : ML_NOT_THERE;
}

/* Before `first`: freed as far as it was acknowledged, wrapped behind that. Before the ring was full nothing was overwritten. */
static void lose_old(const fl_log *log, const fl_one *one, uint64_t from, ml_log_loss *loss) {
  const bool is_acked = from < one->acked_past;
  loss->to = ((is_acked && one->acked_past < one->first) ? one->acked_past : one->first) - 1u;
  loss->reason = (log->serial + 1u < log->flash.page_count) ? ML_GONE_CORRUPT : ML_GONE_WRAPPED;
  if (is_acked) loss->reason = ML_GONE_FREED;
}

static void lose(void *store, uint16_t number, uint64_t from, ml_log_loss *loss) {
  fl_log *log = (fl_log *)store;
  fl_one *one = fl_one_of(log, number);
  fl_entry entry;
  (void)memset(loss, 0, sizeof *loss);
  loss->to = from;
  loss->reason = ML_GONE_CORRUPT;
  if (one == NULL) return;
  if (from < one->first) {
    lose_old(log, one, from, loss);
  } else {
    loss->to = (find_from(log, one, from + 1u, true, &entry) ? entry.seq : one->head) - 1u;
  }
  loss->has_chain = fl_find_chain(log, one, loss->to, loss->chain) == ML_OK;
}

static int32_t chain_at(void *store, uint16_t number, uint64_t seq, uint8_t chain[ML_HASH_BYTES]) {
  fl_log *log = (fl_log *)store;
  fl_one *one = fl_one_of(log, number);
  return (one == NULL) ? ML_NOT_THERE : fl_find_chain(log, one, seq, chain);
}

/* Items are kept although they are acknowledged, until their page is needed: another host may want them, and nobody can make the device
 * forget. Rolling back is harmless, so a word that could not be written is only a later one's business. */
static void acknowledge(void *store, uint16_t number, uint64_t upto, uint8_t level, const uint8_t host[ML_KEY_BYTES]) {
  fl_log *log = (fl_log *)store;
  fl_one *one = fl_one_of(log, number);
  fl_entry entry;
  (void)host;
  if (one == NULL || level < log->options.free_level || upto >= one->head || upto < one->acked_past) return;
  one->acked_past = upto + 1u;
  (void)memset(&entry, 0, sizeof entry);
  entry.kind = FL_ACK;
  entry.tag = level;
  entry.number = number;
  entry.seq = one->acked_past;
  ml_copy(entry.epoch, one->epoch, ML_EPOCH_BYTES);
  (void)fl_put(log, &entry, NULL);
}

const ml_log_calls FL_LOG_CALLS = {look, read_item, lose, chain_at, acknowledge};
