/* The device's side of a session that is ready (SPEC.md 5, 6): says who it is, answers, and serves its logs within the host's credit.
 * Messages in, messages out, in plain; sealing and sending is the layers' below. Begin it anew for each session.
 *
 *   ml_sync_begin(&sync, &device, host_key);
 *   while (ml_sync_has_room(&sync) && <a message came>) answer = ml_sync_take(&sync, message, count);
 *   count = ml_sync_give(&sync, <channels with room>, &channel, into, bytes);    also after something was appended to a log
 *
 * What was given counts as said.
 */
#ifndef ML_SYNC_H
#define ML_SYNC_H

#include <stdbool.h>
#include <stdint.h>

#include "ml_log.h"
#include "ml_message.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ML_CHANNEL_CONTROL 0u
#define ML_CHANNEL_LIVE 1u
#define ML_CHANNEL_BULK 2u

#define ML_SYNC_LOGS_MAX 8u
#define ML_SYNC_CREDIT_MAX 1024u
#define ML_SYNC_ITEMS_MAX 64u         /* In a message. */
#define ML_SYNC_CHECKPOINT_ITEMS 256u /* The chain is signed at every such number of items. */
#define ML_SYNC_ANSWERS_MAX 8u        /* That wait to be given. */
#define ML_SYNC_VIOLATIONS_MAX 16u    /* One more ends the session. */
#define ML_SYNC_FIRST_BYTES 256u      /* The first items behind a pull: short, so that the host soon sees that it is served. */
#define ML_SYNC_GIVE_BYTES_MIN 256u   /* The least that `give` works with: a checkpoint takes 127. */

/* What `take` answers beside ML_OK. */
#define ML_SYNC_BYE 1 /* The host will say no more: end the session. */

/* The time as a host states it (clock-set). */
typedef struct {
  uint64_t utc_us;
  uint64_t uncertainty_us;
  uint8_t source; /* 0 unknown, 1 by hand, 2 the host's system, 3 NTP, 4 GNSS or radio. */
} ml_clock_set;

/* The device, as it is told to every host. Stays as it is while a session lasts. */
typedef struct {
  uint8_t id[ML_DEVICE_ID_BYTES];
  const char *firmware; /* At most 64 bytes of UTF-8. */
  uint32_t boot;        /* Changes with every restart. */
  uint32_t tick_rate_hz;
  uint8_t signer[ML_SIGNER_BYTES];
  const ml_log *logs; /* Different numbers. */
  uint32_t log_count; /* At most ML_SYNC_LOGS_MAX. */
  void *context;      /* For the three below. */
  /* Ed25519 with the key of `signer`. ML_OK, or the checkpoint is left out. */
  int32_t (*sign)(void *context, const uint8_t *bytes, uint32_t count, uint8_t signature[ML_SIGNATURE_BYTES]);
  uint64_t (*now_ticks)(void *context);
  /* The host says what time it is; answers whether that is taken, and then a clock-item is to be written. Null: it is not. */
  bool (*set_clock)(void *context, const ml_clock_set *clock);
} ml_sync_device;

/* A log that a host has pulled. */
typedef struct {
  bool is_served;
  bool is_first;      /* Nothing was sent since the pull. */
  bool is_end_said;
  bool was_final;     /* When the end was said. */
  bool is_live;
  uint8_t epoch[ML_EPOCH_BYTES];
  uint32_t credit;
  uint64_t from;
  uint64_t next;
  uint64_t limit;     /* The first item beyond the credit. */
  uint64_t signed_to; /* One past what the last checkpoint covers. */
} ml_sync_serving;

typedef struct {
  uint8_t kind;     /* Number of the message. */
  uint8_t code;     /* Of a failure. */
  uint32_t id;      /* Of a ping. */
  const char *text; /* Of a failure. */
} ml_sync_answer;

/* One session. The counters may be read; the rest is not to be looked into. */
typedef struct {
  const ml_sync_device *device;
  uint8_t host[ML_KEY_BYTES];
  ml_sync_serving serving[ML_SYNC_LOGS_MAX];
  uint8_t announced[ML_SYNC_LOGS_MAX][ML_EPOCH_BYTES]; /* Epochs that the host was told. */
  ml_sync_answer answers[ML_SYNC_ANSWERS_MAX];
  uint32_t answer_at;
  uint32_t answer_count;
  uint32_t turn;       /* The log that is asked first. */
  uint32_t violations; /* Messages that make no sense. */
  uint32_t unknown;    /* Messages, and critical extensions, of another version. */
  uint32_t unsigned_checkpoints;
} ml_sync;

/* Begins a session with the host of this static key. ML_OK, or ML_BAD_ARGUMENT: too many logs, one number twice, a word too long. */
int32_t ml_sync_begin(ml_sync *sync, const ml_sync_device *device, const uint8_t host[ML_KEY_BYTES]);

/* Whether a message may be taken: its answers have room. While false, leave what comes in the packet layer. */
bool ml_sync_has_room(const ml_sync *sync);

/* One message of the host. ML_OK, ML_SYNC_BYE; ML_FULL when there is no room for answers (nothing has changed); ML_VIOLATIONS: end the
 * session. What is wrong with a message is answered to the host and counted. */
int32_t ml_sync_take(ml_sync *sync, const uint8_t *message, uint32_t count);

/* The next message, on `*channel`, of those channels whose bit is set in `channels`: how many bytes were written into `into`, 0 for
 * nothing to say there. `bytes`: of `into`, less what sealing adds; messages are made to fit, so give it what one message may have (at
 * most 16,367). ML_TOO_SMALL: the next item, or info, is longer than that. ML_BAD_ARGUMENT. */
int32_t ml_sync_give(ml_sync *sync, uint32_t channels, uint32_t *channel, uint8_t *into, uint32_t bytes);

/* Whether the host wants previews of this log. */
bool ml_sync_wants_live(const ml_sync *sync, uint16_t number);

/* Writes a preview, to be sent droppable on ML_CHANNEL_LIVE, of a sample-item's bytes as they are appended. `dropped`: previews that were
 * dropped in this session. How many bytes were written; 0 when the host does not want it or it is no sample-item; ML_TOO_SMALL. */
int32_t ml_sync_live(const ml_sync *sync, uint16_t number, const uint8_t *item, uint32_t count, uint32_t dropped, uint8_t *into,
                     uint32_t bytes);

#ifdef __cplusplus
}
#endif

#endif
