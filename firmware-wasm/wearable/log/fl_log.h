/* Logs and small values in one ring of flash pages. What a call said is written, is written: power may go at any moment, and the next
 * fl_log_open finds everything that was. All logs share the ring, page after page, so all pages wear alike.
 *
 *   static fl_log log;
 *   fl_log_open(&log, &flash, &options);                          also after every start of the device
 *   fl_log_append(&log, 1, item, count, NULL);
 *   const ml_log ecg = {&FL_LOG_CALLS, &log, 1, &ecg_stream};     what the sync serves
 *
 * When the ring is full the oldest page makes room: its items are lost, by name: freed if they were acknowledged, else wrapped. An append
 * that fills a page takes as long as an erase. Not for two threads at a time.
 */
#ifndef FL_LOG_H
#define FL_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "fl_flash.h"
#include "ml_bytes.h"
#include "ml_log.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FL_LOGS_MAX 4u
#define FL_VALUES_MAX 24u
#define FL_VALUE_BYTES_MAX 256u
/* A part of a page that all values together may take, each with 32 bytes of head and rounded up to 8. */
#define FL_VALUE_SHARE 4u

typedef struct {
  uint16_t numbers[FL_LOGS_MAX]; /* Of the logs, different ones. One that is new gets an epoch; one that is left out is forgotten with the next page. */
  uint32_t log_count;            /* 1..FL_LOGS_MAX. */
  uint8_t free_level;            /* 1..3: acknowledged at this level by any host, an item that makes room counts as freed, not wrapped. */
  ml_hash hash;
  ml_random random; /* For epochs. */
  void *random_context;
} fl_options;

/* One log, as it stands. */
typedef struct {
  uint16_t number;
  bool is_final;
  uint8_t epoch[ML_EPOCH_BYTES];
  uint64_t first;
  uint64_t head;
  uint64_t acked_past; /* One past the last item that was acknowledged at free_level; 0 for none. */
  uint8_t chain[ML_HASH_BYTES]; /* Behind head - 1. */
  /* Where the item behind the last that was read stands: a guess that is checked. */
  uint32_t hint_serial;
  uint32_t hint_at;
} fl_one;

/* Where the newest copy of a value stands. */
typedef struct {
  uint16_t key;
  uint16_t bytes; /* 0: it was removed. */
  uint32_t serial;
  uint32_t at;
  bool is_copy; /* A second copy, in another page than the first. */
} fl_place;

/* What was met since the log was opened; may be read. */
typedef struct {
  uint32_t torn;     /* Entries that power left unfinished. */
  uint32_t damaged;  /* Spans that hold neither entries nor nothing. */
  uint32_t skipped;  /* Items that were named lost because nobody can say whether they were. */
  uint32_t failed;   /* Pages that did not program or erase. */
  bool is_new;       /* There was no log in the flash. */
} fl_seen;

/* All of them. Not to be looked into, but for `seen`. */
typedef struct {
  fl_flash flash;
  fl_options options;
  fl_one logs[FL_LOGS_MAX];
  fl_place values[FL_VALUES_MAX];
  uint32_t value_count;
  uint32_t boot;
  uint32_t serial; /* Of the page that is written. Page `serial` stands at `serial` modulo the count of pages. */
  uint32_t at;     /* In it: where the next entry goes. */
  uint32_t ready;  /* Serial of the next page, which is erased; 0 for none. */
  fl_seen seen;
} fl_log;

/* Opens what is in the flash, or begins anew where nothing is. Counts a start of the device (fl_log_boot). ML_OK; ML_BAD_ARGUMENT,
 * ML_OTHER_GEOMETRY, ML_NO_RANDOM, ML_FLASH_FAILED: not opened. */
int32_t fl_log_open(fl_log *log, const fl_flash *flash, const fl_options *options);

/* Starts of this device so far, from 1; another number each time. */
uint32_t fl_log_boot(const fl_log *log);

/* The longest item that pages of this size hold. */
uint32_t fl_item_bytes_max(const fl_log *log);

/* Writes one item (CBOR, 1..fl_item_bytes_max bytes) behind the others; its number in `*seq`, which may be null. On ML_OK it is in flash.
 * ML_BAD_ARGUMENT (no such log, its length), ML_LOG_IS_FINAL, ML_FLASH_FAILED: it is not there. */
int32_t fl_log_append(fl_log *log, uint16_t number, const uint8_t *item, uint32_t count, uint64_t *seq);

/* Nothing will be added to the log until it is renewed. */
int32_t fl_log_finish(fl_log *log, uint16_t number);

/* Erases the log for every host: another epoch, counting from 0. The old items' bytes stay until their pages are needed; to be rid of them
 * at once, fl_wipe. */
int32_t fl_log_renew(fl_log *log, uint16_t number);

/* How the log stands; null when there is none of this number. */
const fl_one *fl_log_look(const fl_log *log, uint16_t number);

/* Items that are kept and no host has acknowledged. */
uint64_t fl_log_waiting(const fl_log *log, uint16_t number);

/* For ml_log: `store` is the fl_log. */
extern const ml_log_calls FL_LOG_CALLS;

/* ---- small values by key: identity, host keys. Written twice, in two pages, once the first page is full.
 * A value whose only copy becomes unreadable is as it was before it was last set. */

/* Bytes of the value, copied into `into`; ML_NOT_THERE, ML_TOO_SMALL. */
int32_t fl_value_get(fl_log *log, uint16_t key, uint8_t *into, uint32_t bytes);
/* ML_OK; ML_FULL: too many values, or too long together; ML_BAD_ARGUMENT: not 1..FL_VALUE_BYTES_MAX bytes; ML_FLASH_FAILED. */
int32_t fl_value_set(fl_log *log, uint16_t key, const uint8_t *bytes, uint32_t count);
/* ML_OK also when there was none. */
int32_t fl_value_remove(fl_log *log, uint16_t key);

/* Erases every page that is not: logs, values and keys are gone. Power may go in it; then call it again. */
int32_t fl_wipe(const fl_flash *flash);

#ifdef __cplusplus
}
#endif

#endif
