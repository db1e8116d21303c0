/* Pages and entries: how the log lies in flash.
 *
 *   page    0  mark      16   written when the page has been erased; made zero before it is erased again
 *          16  state     ...  first entry: where every log stood when the page was begun. Names the page's serial
 *              entries   ...  of every kind, one behind the other, to the end or to where nothing is written yet
 *
 *   entry   0  commit     8   ones while it is being written, zeros once everything of it is there
 *           8  check      4   CRC-32C of serial, place in the page, and the head from byte 12 on
 *          12  check      4   CRC-32C of the payload
 *          16  bytes      2   of the payload
 *          18  kind       1
 *          19  tag        1   FL_ACK: level. FL_VALUE: 1 for a second copy
 *          20  number     2   of the log, or key of the value
 *          22  seq        6   FL_ITEM: its number. FL_STATE, FL_BAD: a page's serial. FL_ACK: one past what is acknowledged
 *          28  epoch      4
 *          32  chain     32   FL_ITEM only: the chain before the item
 *              payload   ...  filled up with ones to a multiple of 8
 *
 * Three programs write an entry, four when the payload does not end on a unit: head, payload, commit. So of a cut one knows how far it can
 * have come, and a commit that is not all ones means that the entry once was whole: if it is not any more, the flash lost it. One that is
 * whole but for its commit counts.
 */
#ifndef FL_ENTRY_H
#define FL_ENTRY_H

#include <stdbool.h>
#include <stdint.h>

#include "fl_flash.h"
#include "ml_log.h"

#define FL_MARK_BYTES 16u
#define FL_HEAD_BYTES 32u
#define FL_HEAD_BYTES_MAX 64u /* With the chain. */

#define FL_STATE 1u
#define FL_ITEM 2u
#define FL_ACK 3u
#define FL_VALUE 4u
#define FL_BAD 5u /* A page that does not erase any more and is passed over. */

typedef struct {
  uint32_t serial;
  uint32_t at;   /* In its page. */
  uint32_t next; /* Where the next one begins. */
  uint32_t payload_check;
  uint32_t bytes;
  uint8_t kind;
  uint8_t tag;
  uint16_t number;
  uint64_t seq;
  uint8_t epoch[ML_EPOCH_BYTES];
  uint8_t chain[ML_HASH_BYTES];
} fl_entry;

/* What stands at a place of a page. */
typedef enum {
  FL_FOUND_FREE,   /* Nothing from here to the page's end. */
  FL_FOUND_ENTRY,  /* Its head is right; the payload has its own check. */
  FL_FOUND_TORN,   /* Power went while it was written. */
  FL_FOUND_DAMAGED /* There was something. The next entry that can be read is at `next`. */
} fl_found;

/* Address of byte `at` of page `serial`. */
uint32_t fl_address(const fl_flash *flash, uint32_t serial, uint32_t at);

/* Bytes that an entry takes. */
uint32_t fl_entry_space(uint8_t kind, uint32_t bytes);

/* What stands at `at` of page `serial`; `entry` has at least `at` and `next`. Flash that cannot be read counts as damaged. */
fl_found fl_entry_read(const fl_flash *flash, uint32_t serial, uint32_t at, fl_entry *entry);

/* Whether the payload is as it was written. */
bool fl_entry_is_whole(const fl_flash *flash, const fl_entry *entry);
/* Where the payload stands. */
uint32_t fl_entry_payload(const fl_flash *flash, const fl_entry *entry);

/* Writes an entry whose serial, at, kind, tag, number, seq, epoch, bytes and (FL_ITEM) chain are set, and reads it back. */
int32_t fl_entry_write(const fl_flash *flash, const fl_entry *entry, const uint8_t *payload);

/* One past the last byte at or behind `at` that is not all ones; `at` when there is none. */
uint32_t fl_written_to(const fl_flash *flash, uint32_t serial, uint32_t at);

/* Whether the page was erased to the end, and nothing was written since. */
bool fl_page_is_ready(const fl_flash *flash, uint32_t serial);
/* Whether the page has a mark of another geometry. */
bool fl_page_is_foreign(const fl_flash *flash, uint32_t serial);
bool fl_page_has_mark(const fl_flash *flash, uint32_t serial);
/* Erases and marks it. ML_OK or ML_FLASH_FAILED. */
int32_t fl_page_make_ready(const fl_flash *flash, uint32_t serial);

#endif
