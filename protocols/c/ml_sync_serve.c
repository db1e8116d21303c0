/* Serves one log: items, what is lost, the signed chain, the end. */
#include "ml_bytes.h"
#include "ml_sync_inside.h"

#define STRING_HEAD_BYTES_MAX 3u /* Of an item, at most 4,352 bytes. */

void ml_sync_begin_message(ml_cbor_writer *writer, uint8_t *into, uint32_t bytes, uint32_t member_count, uint32_t number,
                           const ml_log *log, const uint8_t epoch[ML_EPOCH_BYTES]) {
  ml_cbor_begin(writer, into, bytes);
  ml_cbor_write_array(writer, member_count + 1u);
  ml_cbor_write_uint(writer, number);
  ml_cbor_write_uint(writer, log->number);
  ml_cbor_write_bytes(writer, epoch, ML_EPOCH_BYTES);
}

/* ---- items */

/* Reads item `seq` as a byte string to `into`; its bytes with the head, or what the log answered. */
static int32_t put_item(const ml_log *log, uint64_t seq, uint8_t *into, uint32_t room) {
  ml_cbor_writer head;
  if (room < STRING_HEAD_BYTES_MAX) return ML_TOO_SMALL;
  const uint32_t room_behind = room - STRING_HEAD_BYTES_MAX;
  const int32_t count = log->calls->read(log->store, log->number, seq, &into[STRING_HEAD_BYTES_MAX], room_behind);
  if (count <= 0) return (count == 0) ? ML_NOT_THERE : count;
  const uint32_t whole = ml_cbor_string_bytes((uint32_t)count);
  (void)memmove(&into[whole - (uint32_t)count], &into[STRING_HEAD_BYTES_MAX], (size_t)count);
  ml_cbor_begin(&head, into, whole);
  (void)ml_cbor_write_room(&head, (uint32_t)count);
  return (int32_t)whole;
}

/* As many items as fit, up to the credit and the next checkpoint. `*at` moves on; why it ended is answered. */
static int32_t put_items(const ml_log *log, const ml_sync_serving *serving, uint64_t past, uint8_t *into, uint32_t bytes, uint32_t *at,
                         uint32_t *item_count) {
  uint32_t room = bytes;
  if (serving->is_first) room = ml_least(bytes, ML_SYNC_FIRST_BYTES);
  for (uint64_t seq = serving->next; seq < past; seq++) {
    int32_t count = put_item(log, seq, &into[*at], room - *at);
    /* One there must be, however long. */
    if (count == ML_TOO_SMALL && *item_count == 0u) count = put_item(log, seq, &into[*at], bytes - *at);
    if (count < 0) return count;
    *at += (uint32_t)count;
    (*item_count)++;
    if (*at >= room) break;
  }
  return ML_OK;
}

static uint64_t least64(uint64_t one, uint64_t other) {
  return (one < other) ? one : other;
}

/* Bytes written, or ML_NOT_THERE when the next item cannot be read. */
static int32_t give_items(const ml_log *log, const ml_log_place *place, ml_sync_serving *serving, uint8_t *into, uint32_t bytes) {
  ml_cbor_writer writer;
  uint32_t item_count = 0u;
  const uint64_t until_checkpoint = ML_SYNC_CHECKPOINT_ITEMS - (serving->next % ML_SYNC_CHECKPOINT_ITEMS);
  uint64_t past = serving->next + least64(ML_SYNC_ITEMS_MAX, until_checkpoint);
  past = least64(past, least64(serving->limit, place->head));
  ml_sync_begin_message(&writer, into, bytes, 4u, ML_MESSAGE_ITEMS, log, place->epoch);
  ml_cbor_write_uint(&writer, serving->next);
  /* The count of items is known later, and takes one byte or two. */
  const uint32_t array_at = writer.count;
  ml_cbor_write_array(&writer, ML_SYNC_ITEMS_MAX);
  if (writer.status != ML_OK) return writer.status;
  const uint32_t items_at = writer.count;
  uint32_t at = items_at;
  const int32_t status = put_items(log, serving, past, into, bytes, &at, &item_count);
  if (item_count == 0u) return status;
  ml_cbor_begin(&writer, &into[array_at], items_at - array_at);
  ml_cbor_write_array(&writer, item_count);
  const uint32_t moved = (items_at - array_at) - writer.count;
  (void)memmove(&into[items_at - moved], &into[items_at], (size_t)(at - items_at));
  serving->next += item_count;
  return (int32_t)(at - moved);
}

/* ---- what is lost */

static int32_t give_lost(const ml_log *log, const ml_log_place *place, ml_sync_serving *serving, uint8_t *into, uint32_t bytes) {
  ml_cbor_writer writer;
  ml_log_loss loss;
  log->calls->lose(log->store, log->number, serving->next, &loss);
  ml_sync_begin_message(&writer, into, bytes, 6u, ML_MESSAGE_LOST, log, place->epoch);
  ml_cbor_write_uint(&writer, serving->next);
  ml_cbor_write_uint(&writer, loss.to);
  ml_cbor_write_uint(&writer, loss.reason);
  if (loss.has_chain) {
    ml_cbor_write_bytes(&writer, loss.chain, ML_HASH_BYTES);
  } else {
    ml_cbor_write_null(&writer);
  }
  if (writer.status == ML_OK) {
    /* A loss costs no credit, and gives none: a log that wraps faster than it is read would otherwise never stop. */
    serving->limit += (loss.to + 1u) - serving->next;
    serving->next = loss.to + 1u;
  }
  return ml_cbor_end(&writer);
}

/* ---- the signed chain, and the end */

/* Of everything before `next`. 0 where the chain is not known, or nobody signs: a later one will do. */
static int32_t give_checkpoint(ml_sync *sync, const ml_log *log, const ml_log_place *place, ml_sync_serving *serving, uint8_t *into,
                               uint32_t bytes) {
  ml_cbor_writer writer;
  uint8_t claim[ML_CLAIM_BYTES_MAX];
  uint8_t chain[ML_HASH_BYTES];
  const ml_sync_device *device = sync->device;
  const uint64_t upto = serving->next - 1u;
  serving->signed_to = serving->next;
  if (log->calls->chain_at(log->store, log->number, upto, chain) != ML_OK) return 0;
  const int32_t claim_bytes = ml_claim_write(claim, device->id, log->number, place->epoch, upto, chain);
  ml_sync_begin_message(&writer, into, bytes, 5u, ML_MESSAGE_CHECKPOINT, log, place->epoch);
  ml_cbor_write_uint(&writer, upto);
  ml_cbor_write_bytes(&writer, chain, ML_HASH_BYTES);
  uint8_t *signature = ml_cbor_write_room(&writer, ML_SIGNATURE_BYTES);
  if (claim_bytes < 0 || signature == NULL) return ML_TOO_SMALL;
  if (device->sign(device->context, claim, (uint32_t)claim_bytes, signature) != ML_OK) {
    sync->unsigned_checkpoints++;
    return 0;
  }
  return ml_cbor_end(&writer);
}

static int32_t give_end(const ml_log *log, const ml_log_place *place, ml_sync_serving *serving, uint8_t *into, uint32_t bytes) {
  ml_cbor_writer writer;
  ml_sync_begin_message(&writer, into, bytes, 4u, ML_MESSAGE_LOG_END, log, place->epoch);
  ml_cbor_write_uint(&writer, place->head);
  ml_cbor_write_bool(&writer, place->is_final);
  serving->is_end_said = true;
  serving->was_final = place->is_final;
  return ml_cbor_end(&writer);
}

/* ---- the order of it */

static bool is_checkpoint_due(const ml_log_place *place, const ml_sync_serving *serving, bool is_end_news) {
  if (serving->next == 0u || serving->signed_to == serving->next) return false;
  const bool is_run = serving->next % ML_SYNC_CHECKPOINT_ITEMS == 0u;
  if (serving->next >= place->head) return is_run || is_end_news;
  return is_run && serving->next > serving->from;
}

int32_t ml_sync_serve(ml_sync *sync, uint32_t index, uint8_t *into, uint32_t bytes) {
  const ml_log *log = &sync->device->logs[index];
  ml_sync_serving *serving = &sync->serving[index];
  ml_log_place place;
  log->calls->look(log->store, log->number, &place);
  if (!serving->is_served) return 0;
  if (!ml_equal(place.epoch, serving->epoch, ML_EPOCH_BYTES)) {
    serving->is_served = false;
    return 0;
  }
  if (serving->next < place.first) return give_lost(log, &place, serving, into, bytes);
  const bool is_at_head = serving->next >= place.head;
  const bool is_end_news = is_at_head && (!serving->is_end_said || (place.is_final && !serving->was_final));
  if (is_checkpoint_due(&place, serving, is_end_news)) {
    const int32_t count = give_checkpoint(sync, log, &place, serving, into, bytes);
    if (count != 0) return count;
  }
  if (is_end_news) return give_end(log, &place, serving, into, bytes);
  if (is_at_head || serving->next >= serving->limit) return 0;
  const int32_t count = give_items(log, &place, serving, into, bytes);
  if (count == ML_NOT_THERE) return give_lost(log, &place, serving, into, bytes);
  if (count > 0) serving->is_first = false;
  return count;
}
