/* What the sync needs of a log (SPEC.md 6), whatever keeps it: flash (firmware-wasm/wearable/log), a file, or memory. And the log's chain.
 *
 * A log is known by its number. Items count from 0 without holes; (device, log, epoch, seq) names one item for ever. A store that keeps
 * several logs gives one ml_log for each.
 */
#ifndef ML_LOG_H
#define ML_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "ml_crypto.h"
#include "ml_status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ML_EPOCH_BYTES 4u
#define ML_SEQ_MAX UINT64_C(0xFFFFFFFFFFFF) /* 2^48 - 1: no number in a log is larger. */
#define ML_ITEM_BYTES_MAX 4352u
#define ML_LOG_WORD_BYTES 64u /* Of a sensor's name or a unit, in UTF-8. */

/* Why items are gone (gap-reason). */
#define ML_GONE_WRAPPED 1u
#define ML_GONE_ERASED 2u
#define ML_GONE_CORRUPT 3u
#define ML_GONE_FREED 4u /* After it was acknowledged. */

/* What the samples of a log mean (stream-info). Constant: the maker's. Physical value = (count - offset) / gain in `unit`. */
typedef struct {
  const char *signal; /* "ecg", "ppg", "rr" or "vital". */
  const char *sensor;
  const char *unit;
  double rate_hz; /* 0 where there is none (rr, vital). */
  double gain;
  int32_t offset;
  uint8_t bits;
} ml_log_stream;

/* Where a log stands. */
typedef struct {
  uint8_t epoch[ML_EPOCH_BYTES];
  bool is_final;  /* Nothing will be added to this epoch. */
  uint64_t first; /* The oldest item still kept. */
  uint64_t head;  /* One past the newest. */
} ml_log_place;

/* Items that cannot be had. */
typedef struct {
  uint64_t to;    /* The last of them. */
  uint8_t reason; /* ML_GONE_... */
  bool has_chain;
  uint8_t chain[ML_HASH_BYTES]; /* Behind `to`, if has_chain. */
} ml_log_loss;

/* What keeps logs. Each call is about the log of this number; `store` is what ml_log has. None may take longer than the device can wait:
 * they are called one a message. */
typedef struct {
  void (*look)(void *store, uint16_t number, ml_log_place *place);
  /* Copies item `seq` into `into`; its count. ML_NOT_THERE: it is not kept, or cannot be read. ML_TOO_SMALL: it is longer than `bytes`, and
   * nothing was written. */
  int32_t (*read)(void *store, uint16_t number, uint64_t seq, uint8_t *into, uint32_t bytes);
  /* Asked when `read` answered ML_NOT_THERE for `from` < head: how far that goes, for one reason, and why. */
  void (*lose)(void *store, uint16_t number, uint64_t from, ml_log_loss *loss);
  /* The chain behind `seq` < head: ML_OK, or ML_NOT_THERE where it is not known. It is known at head - 1 and at first - 1. */
  int32_t (*chain_at)(void *store, uint16_t number, uint64_t seq, uint8_t chain[ML_HASH_BYTES]);
  /* `host` (its static key) says that everything up to `upto` < head is durable at `level`, 1..3. What may be freed then is the store's
   * own policy. */
  void (*acknowledge)(void *store, uint16_t number, uint64_t upto, uint8_t level, const uint8_t host[ML_KEY_BYTES]);
} ml_log_calls;

typedef struct {
  const ml_log_calls *calls;
  void *store;
  uint16_t number;
  const ml_log_stream *stream;
} ml_log;

/* ---- the chain */

/* SHA-256 in parts, so that a store can be tried, and a chip's own engine used, without ml_crypto.c. `context` is handed to each call. */
typedef struct {
  void *context;
  void (*begin)(void *context);
  void (*add)(void *context, const uint8_t *bytes, uint32_t count);
  void (*end)(void *context, uint8_t hash[ML_HASH_BYTES]);
} ml_hash;

/* The hash of ml_crypto.h, in `state`, which must live as long as `hash` is used. */
void ml_hash_of_crypto(ml_hash *hash, ml_sha256_state *state);

/* chain(n) = SHA-256( chain(n-1), u32 LE length of item n, item n ); chain(-1) is 32 zero bytes. In parts: begin with the chain before and
 * the item's length, add the item, end. `into` may be `before`. */
void ml_chain_begin(const ml_hash *hash, const uint8_t before[ML_HASH_BYTES], uint32_t item_bytes);
void ml_chain_after(const ml_hash *hash, uint8_t into[ML_HASH_BYTES], const uint8_t before[ML_HASH_BYTES], const uint8_t *item,
                    uint32_t count);

/* The bytes that a checkpoint's signature is over: CBOR of ["maibo checkpoint 1", device, log, epoch, upto, chain]. `into` has
 * ML_CLAIM_BYTES_MAX bytes. Answers how many were written. */
#define ML_CLAIM_BYTES_MAX 96u
int32_t ml_claim_write(uint8_t into[ML_CLAIM_BYTES_MAX], const uint8_t device[ML_DEVICE_ID_BYTES], uint16_t number,
                       const uint8_t epoch[ML_EPOCH_BYTES], uint64_t upto, const uint8_t chain[ML_HASH_BYTES]);

#ifdef __cplusplus
}
#endif

#endif
