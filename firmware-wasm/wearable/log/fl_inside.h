/* What the parts of the log have in common. Not for its users. */
#ifndef FL_INSIDE_H
#define FL_INSIDE_H

#include "fl_entry.h"
#include "fl_log.h"

/* Pages in a row that may fail before the flash counts as failed. */
#define FL_TRIES 4u

/* Where every log stands: the payload of FL_STATE. */
#define FL_STATE_BYTES_MAX (8u + (FL_LOGS_MAX * 56u))
typedef struct {
  uint32_t boot;
  uint32_t log_count;
  fl_one logs[FL_LOGS_MAX];
} fl_state;

/* ---- fl_state.c */

/* Reads the payload of an FL_STATE; false when it is not whole. */
bool fl_state_read(const fl_flash *flash, const fl_entry *entry, fl_state *state);
/* The state at the head of a page; false when there is none of this serial. */
bool fl_state_of_page(const fl_flash *flash, uint32_t serial, fl_state *state, fl_entry *entry);
/* Of log `number` in it; null when there is none. */
const fl_one *fl_state_one(const fl_state *state, uint16_t number);
/* Writes where the logs stand now at `at` of page `serial`; the entry that was written is in `entry`. */
int32_t fl_state_write(const fl_log *log, uint32_t serial, uint32_t at, fl_entry *entry);

/* ---- fl_log.c: pages are turned, entries appended */

fl_one *fl_one_of(fl_log *log, uint16_t number);
/* The serial of the oldest page that may hold something. */
uint32_t fl_oldest(const fl_log *log);
/* Writes an entry into the page that is open; its serial and at are set here. ML_FULL: no room in this page. ML_FLASH_FAILED: not here. */
int32_t fl_put_here(fl_log *log, fl_entry *entry, const uint8_t *payload);
/* As above, in another page if need be. */
int32_t fl_put(fl_log *log, fl_entry *entry, const uint8_t *payload);
/* Writes where the logs stand now: into the page that is open, or at the head of the next. */
int32_t fl_put_state(fl_log *log);
/* Makes the next page ready, and drops what was in it. */
int32_t fl_prepare(fl_log *log);
/* Goes on in the next page. */
int32_t fl_turn(fl_log *log);

/* ---- fl_value.c */

/* Notes a value that was found, the newer over the older. */
void fl_value_note(fl_log *log, const fl_entry *entry);
/* Writes again what stands in the page that `serial` will take the place of. */
int32_t fl_values_carry(fl_log *log, uint32_t serial);
/* Writes again what stands in one page only, which is not the open one. As far as there is room. */
void fl_values_copy(fl_log *log);

/* ---- fl_find.c */

/* The oldest item of each log anew. */
void fl_find_first(fl_log *log);
/* The chain behind `seq` < head. */
int32_t fl_find_chain(fl_log *log, fl_one *one, uint64_t seq, uint8_t chain[ML_HASH_BYTES]);
/* Hash of the chain in an item's head, its length and its bytes. */
void fl_chain_of_item(const fl_log *log, const fl_entry *entry, uint8_t chain[ML_HASH_BYTES]);

#endif
