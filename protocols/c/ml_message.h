/* Messages of a session and items of a log <-> bytes (schema/link.cddl; SPEC.md 5). A table of shapes reads them all, so that a member's
 * range stands in one place; ml_shape.c holds it.
 *
 *   ml_message message;
 *   if (ml_message_read(&message, bytes, count) == ML_OK && message.number == ML_MESSAGE_PULL) ... message.members[2].number ...
 */
#ifndef ML_MESSAGE_H
#define ML_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "ml_cbor.h"
#include "ml_status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ML_MESSAGE_INFO 5u
#define ML_MESSAGE_WANT_LIVE 12u
#define ML_MESSAGE_PULL 16u
#define ML_MESSAGE_FAILURE 18u
#define ML_MESSAGE_LIVE 20u
#define ML_MESSAGE_ACK 23u
#define ML_MESSAGE_TIME_PING 24u
#define ML_MESSAGE_TIME_PONG 25u
#define ML_MESSAGE_BYE 26u
#define ML_MESSAGE_LOG_END 27u
#define ML_MESSAGE_ITEMS 28u
#define ML_MESSAGE_LOST 29u
#define ML_MESSAGE_CHECKPOINT 30u
#define ML_MESSAGE_CLOCK_SET 31u

#define ML_FAILURE_UNKNOWN_MESSAGE 2u
#define ML_FAILURE_UNKNOWN_LOG 3u
#define ML_FAILURE_WRONG_EPOCH 4u
#define ML_FAILURE_BAD_REQUEST 5u
#define ML_FAILURE_BETTER_CLOCK 6u

#define ML_ITEM_SAMPLES 1u
#define ML_ITEM_NUMBER 2u
#define ML_ITEM_EVENT 3u
#define ML_ITEM_CLOCK 4u
#define ML_ITEM_GATT 5u

#define ML_FORMAT_INT16 1u
#define ML_FORMAT_INT32 2u
#define ML_FORMAT_WAVE 3u /* A wave block of the core wave-encode. */
#define ML_SAMPLE_BYTES_MAX 4096u
#define ML_GATT_VALUE_BYTES_MAX 512u
#define ML_QUALITY_UNKNOWN (-1)

#define ML_MEMBERS_MAX 7u /* Behind the number: live. */

/* One member, as it came. */
typedef struct {
  ml_cbor_type type;
  int64_t number;       /* Of an integer; 0 or 1 of a bool. */
  const uint8_t *bytes; /* Of a byte string or text; of an array with its items, all the bytes of it. Into the caller's bytes. */
  uint32_t count;
} ml_member;

typedef struct {
  uint32_t number;
  ml_member members[ML_MEMBERS_MAX]; /* In the order of the schema, without the number. */
  /* Of a message that was refused: */
  uint32_t fault_at;  /* Byte of the item that is wrong. */
  const char *fault;  /* Name of the member, of "message" or "extensions"; empty for CBOR itself. */
} ml_message;

/* Reads one message of a session. ML_OK; ML_UNKNOWN_NUMBER: a number, or a critical extension, of another version; or the fault of the
 * bytes. What the schema cannot say (from <= to, whole samples) is checked too. */
int32_t ml_message_read(ml_message *message, const uint8_t *bytes, uint32_t count);

/* Reads one item of a log: members as in the schema. As ml_message_read; items take no extensions. */
int32_t ml_item_read(ml_message *item, const uint8_t *bytes, uint32_t count);

/* ---- items for a log, into `into`, which has `bytes` bytes. Each answers how many were written, ML_TOO_SMALL or ML_BAD_ARGUMENT. `boot`
 * and `ticks`: when, on the device's own counter. */

/* `first_sample`: samples before these, since the log began. `format`: ML_FORMAT_...; `count`: bytes, at most ML_SAMPLE_BYTES_MAX. */
int32_t ml_item_samples(uint8_t *into, uint32_t bytes, uint32_t boot, uint64_t ticks, uint64_t first_sample, uint8_t format,
                        const uint8_t *samples, uint32_t count);
/* number x 10^scale (-9..9) in the unit that belongs to `code`; `quality` 0..255 or ML_QUALITY_UNKNOWN. */
int32_t ml_item_number(uint8_t *into, uint32_t bytes, uint32_t boot, uint64_t ticks, uint16_t code, int32_t number, int8_t scale,
                       int32_t quality);
/* `number`: null for none. */
int32_t ml_item_event(uint8_t *into, uint32_t bytes, uint32_t boot, uint64_t ticks, uint16_t code, const int32_t *number);
int32_t ml_item_clock(uint8_t *into, uint32_t bytes, uint32_t boot, uint64_t ticks, uint64_t utc_us, uint8_t source,
                      uint64_t uncertainty_us);
/* One value of a standard Bluetooth health characteristic; `before`: samples (RR intervals, measurements) in the items before. */
int32_t ml_item_gatt(uint8_t *into, uint32_t bytes, uint32_t boot, uint64_t ticks, uint64_t before, uint16_t characteristic,
                     const uint8_t *value, uint32_t count);

#ifdef __cplusplus
}
#endif

#endif
