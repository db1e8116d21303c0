/* A session's answers, and whose turn it is. */
#include "ml_sync.h"

#include "ml_bytes.h"
#include "ml_sync_inside.h"

#define ANSWERS_OF_ONE_MESSAGE 2u
#define TEXT_BYTES_MAX 64u

/* ---- begin */

static bool is_word(const char *word) {
  return word != NULL && strlen(word) <= TEXT_BYTES_MAX;
}

static bool is_log_right(const ml_log *log) {
  const ml_log_stream *stream = log->stream;
  return log->calls != NULL && stream != NULL && is_word(stream->signal) && is_word(stream->sensor) && is_word(stream->unit);
}

static bool is_device_right(const ml_sync_device *device) {
  if (device == NULL || device->logs == NULL || device->sign == NULL || device->now_ticks == NULL || !is_word(device->firmware)) return false;
  if (device->log_count > ML_SYNC_LOGS_MAX) return false;
  for (uint32_t i = 0u; i < device->log_count; i++) {
    if (!is_log_right(&device->logs[i])) return false;
    for (uint32_t j = 0u; j < i; j++) {
      if (device->logs[i].number == device->logs[j].number) return false;
    }
  }
  return true;
}

static void queue_answer(ml_sync *sync, uint8_t kind, uint8_t code, uint32_t id, const char *text) {
  ml_sync_answer *answer = &sync->answers[(sync->answer_at + sync->answer_count) % ML_SYNC_ANSWERS_MAX];
  answer->kind = kind;
  answer->code = code;
  answer->id = id;
  answer->text = text;
  sync->answer_count++;
}

static void fail(ml_sync *sync, uint32_t code, const char *text) {
  queue_answer(sync, ML_MESSAGE_FAILURE, (uint8_t)code, 0u, text);
}

int32_t ml_sync_begin(ml_sync *sync, const ml_sync_device *device, const uint8_t host[ML_KEY_BYTES]) {
  if (sync == NULL || host == NULL || !is_device_right(device)) return ML_BAD_ARGUMENT;
  (void)memset(sync, 0, sizeof *sync);
  sync->device = device;
  ml_copy(sync->host, host, ML_KEY_BYTES);
  queue_answer(sync, ML_MESSAGE_INFO, 0u, 0u, NULL);
  return ML_OK;
}

/* ---- what the host says */

static const ml_log *log_of(const ml_sync *sync, int64_t number, uint32_t *index) {
  for (uint32_t i = 0u; i < sync->device->log_count; i++) {
    *index = i;
    if ((int64_t)sync->device->logs[i].number == number) return &sync->device->logs[i];
  }
  return NULL;
}

/* The log that a pull or an ack is about, with where it stands; null when the host was told that there is none. */
static const ml_log *log_asked_for(ml_sync *sync, const ml_message *message, uint32_t *index, ml_log_place *place) {
  const ml_log *log = log_of(sync, message->members[0].number, index);
  if (log == NULL) {
    fail(sync, ML_FAILURE_UNKNOWN_LOG, "no such log");
    return NULL;
  }
  log->calls->look(log->store, log->number, place);
  if (ml_equal(place->epoch, message->members[1].bytes, ML_EPOCH_BYTES)) return log;
  fail(sync, ML_FAILURE_WRONG_EPOCH, "the log was erased");
  if (message->number == ML_MESSAGE_PULL) queue_answer(sync, ML_MESSAGE_INFO, 0u, 0u, NULL);
  return NULL;
}

static void take_pull(ml_sync *sync, const ml_message *pull) {
  uint32_t index = 0u;
  ml_log_place place;
  if (log_asked_for(sync, pull, &index, &place) == NULL) return;
  const uint64_t from = (uint64_t)pull->members[2].number;
  if (from > place.head) {
    fail(sync, ML_FAILURE_BAD_REQUEST, "the log does not reach that far");
    return;
  }
  ml_sync_serving *serving = &sync->serving[index];
  const bool is_live = serving->is_live;
  (void)memset(serving, 0, sizeof *serving);
  serving->is_live = is_live;
  serving->is_served = true;
  serving->is_first = true;
  ml_copy(serving->epoch, place.epoch, ML_EPOCH_BYTES);
  serving->credit = (uint32_t)pull->members[3].number;
  serving->from = from;
  serving->next = from;
  serving->limit = from + serving->credit;
  serving->signed_to = UINT64_MAX;
}

static void take_ack(ml_sync *sync, const ml_message *ack) {
  uint32_t index = 0u;
  ml_log_place place;
  const ml_log *log = log_asked_for(sync, ack, &index, &place);
  if (log == NULL) return;
  const uint64_t upto = (uint64_t)ack->members[2].number;
  if (upto >= place.head) {
    fail(sync, ML_FAILURE_BAD_REQUEST, "an acknowledgement of what was never there");
    return;
  }
  ml_sync_serving *serving = &sync->serving[index];
  const uint64_t limit = upto + 1u + serving->credit;
  if (serving->is_served && limit > serving->limit) serving->limit = limit;
  log->calls->acknowledge(log->store, log->number, upto, (uint8_t)ack->members[3].number, sync->host);
}

static void take_want_live(ml_sync *sync, const ml_message *want) {
  uint32_t index = 0u;
  if (log_of(sync, want->members[0].number, &index) == NULL) {
    fail(sync, ML_FAILURE_UNKNOWN_LOG, "no such log");
  } else {
    sync->serving[index].is_live = want->members[1].number == 1;
  }
}

static void take_clock(ml_sync *sync, const ml_message *message) {
  ml_clock_set clock;
  const ml_sync_device *device = sync->device;
  clock.utc_us = (uint64_t)message->members[0].number;
  clock.source = (uint8_t)message->members[1].number;
  clock.uncertainty_us = (uint64_t)message->members[2].number;
  if (device->set_clock == NULL || !device->set_clock(device->context, &clock)) {
    fail(sync, ML_FAILURE_BETTER_CLOCK, "the device has a better time");
  }
}

static int32_t take_violation(ml_sync *sync, const char *text) {
  sync->violations++;
  if (sync->violations > ML_SYNC_VIOLATIONS_MAX) return ML_VIOLATIONS;
  fail(sync, ML_FAILURE_BAD_REQUEST, text);
  return ML_OK;
}

bool ml_sync_has_room(const ml_sync *sync) {
  return sync->answer_count + ANSWERS_OF_ONE_MESSAGE <= ML_SYNC_ANSWERS_MAX;
}

int32_t ml_sync_take(ml_sync *sync, const uint8_t *message, uint32_t count) {
  ml_message read;
  if (!ml_sync_has_room(sync)) return ML_FULL;
  const int32_t status = ml_message_read(&read, message, count);
  if (status == ML_UNKNOWN_NUMBER) {
    sync->unknown++;
    fail(sync, ML_FAILURE_UNKNOWN_MESSAGE, read.fault);
    return ML_OK;
  }
  if (status < 0) return take_violation(sync, (read.fault[0] == '\0') ? "not a message" : read.fault);
  switch (read.number) {
    case ML_MESSAGE_PULL:
      take_pull(sync, &read);
      return ML_OK;
    case ML_MESSAGE_ACK:
      take_ack(sync, &read);
      return ML_OK;
    case ML_MESSAGE_TIME_PING:
      queue_answer(sync, ML_MESSAGE_TIME_PONG, 0u, (uint32_t)read.members[0].number, NULL);
      return ML_OK;
    case ML_MESSAGE_CLOCK_SET:
      take_clock(sync, &read);
      return ML_OK;
    case ML_MESSAGE_WANT_LIVE:
      take_want_live(sync, &read);
      return ML_OK;
    case ML_MESSAGE_BYE:
      return ML_SYNC_BYE;
    default:
      return take_violation(sync, "a host does not say that");
  }
}

/* ---- what the device says */

static void write_log_info(ml_cbor_writer *writer, const ml_log *log, const ml_log_place *place) {
  const ml_log_stream *stream = log->stream;
  ml_cbor_write_array(writer, 6u);
  ml_cbor_write_uint(writer, log->number);
  ml_cbor_write_bytes(writer, place->epoch, ML_EPOCH_BYTES);
  ml_cbor_write_uint(writer, place->first);
  ml_cbor_write_uint(writer, place->head);
  ml_cbor_write_bool(writer, place->is_final);
  ml_cbor_write_array(writer, 7u);
  ml_cbor_write_word(writer, stream->signal);
  ml_cbor_write_word(writer, stream->sensor);
  if (stream->rate_hz > 0.0) {
    ml_cbor_write_double(writer, stream->rate_hz);
  } else {
    ml_cbor_write_null(writer);
  }
  ml_cbor_write_word(writer, stream->unit);
  ml_cbor_write_double(writer, stream->gain);
  ml_cbor_write_int(writer, stream->offset);
  ml_cbor_write_uint(writer, stream->bits);
}

static int32_t give_info(ml_sync *sync, uint8_t *into, uint32_t bytes) {
  ml_cbor_writer writer;
  ml_log_place place;
  const ml_sync_device *device = sync->device;
  ml_cbor_begin(&writer, into, bytes);
  ml_cbor_write_array(&writer, 7u);
  ml_cbor_write_uint(&writer, ML_MESSAGE_INFO);
  ml_cbor_write_bytes(&writer, device->id, ML_DEVICE_ID_BYTES);
  ml_cbor_write_word(&writer, device->firmware);
  ml_cbor_write_uint(&writer, device->boot);
  ml_cbor_write_uint(&writer, device->tick_rate_hz);
  ml_cbor_write_bytes(&writer, device->signer, ML_SIGNER_BYTES);
  ml_cbor_write_array(&writer, device->log_count);
  for (uint32_t i = 0u; i < device->log_count; i++) {
    device->logs[i].calls->look(device->logs[i].store, device->logs[i].number, &place);
    write_log_info(&writer, &device->logs[i], &place);
    ml_copy(sync->announced[i], place.epoch, ML_EPOCH_BYTES);
  }
  return ml_cbor_end(&writer);
}

static int32_t write_answer(ml_sync *sync, const ml_sync_answer *answer, uint8_t *into, uint32_t bytes) {
  ml_cbor_writer writer;
  if (answer->kind == ML_MESSAGE_INFO) return give_info(sync, into, bytes);
  ml_cbor_begin(&writer, into, bytes);
  if (answer->kind == ML_MESSAGE_FAILURE) {
    ml_cbor_write_array(&writer, 3u);
    ml_cbor_write_uint(&writer, ML_MESSAGE_FAILURE);
    ml_cbor_write_uint(&writer, answer->code);
    ml_cbor_write_word(&writer, answer->text);
  } else {
    ml_cbor_write_array(&writer, 4u);
    ml_cbor_write_uint(&writer, ML_MESSAGE_TIME_PONG);
    ml_cbor_write_uint(&writer, answer->id);
    ml_cbor_write_uint(&writer, sync->device->boot);
    ml_cbor_write_uint(&writer, sync->device->now_ticks(sync->device->context));
  }
  return ml_cbor_end(&writer);
}

/* A log that was erased is news to every host, whether it was reading it or not. */
static bool is_epoch_news(const ml_sync *sync) {
  ml_log_place place;
  for (uint32_t i = 0u; i < sync->device->log_count; i++) {
    const ml_log *log = &sync->device->logs[i];
    log->calls->look(log->store, log->number, &place);
    if (!ml_equal(place.epoch, sync->announced[i], ML_EPOCH_BYTES)) return true;
  }
  return false;
}

static int32_t give_control(ml_sync *sync, uint8_t *into, uint32_t bytes) {
  if (sync->answer_count == 0u) return is_epoch_news(sync) ? give_info(sync, into, bytes) : 0;
  const int32_t count = write_answer(sync, &sync->answers[sync->answer_at], into, bytes);
  if (count > 0) {
    sync->answer_at = (sync->answer_at + 1u) % ML_SYNC_ANSWERS_MAX;
    sync->answer_count--;
  }
  return count;
}

/* The logs in turn. */
static int32_t give_bulk(ml_sync *sync, uint8_t *into, uint32_t bytes) {
  const uint32_t log_count = sync->device->log_count;
  for (uint32_t tried = 0u; tried < log_count; tried++) {
    const uint32_t index = (sync->turn + tried) % log_count;
    const int32_t count = ml_sync_serve(sync, index, into, bytes);
    if (count == 0) continue;
    sync->turn = (index + 1u) % log_count;
    return count;
  }
  return 0;
}

int32_t ml_sync_give(ml_sync *sync, uint32_t channels, uint32_t *channel, uint8_t *into, uint32_t bytes) {
  if (sync == NULL || channel == NULL || into == NULL || bytes < ML_SYNC_GIVE_BYTES_MIN) return ML_BAD_ARGUMENT;
  int32_t count = 0;
  if ((channels & (1u << ML_CHANNEL_CONTROL)) != 0u) {
    *channel = ML_CHANNEL_CONTROL;
    count = give_control(sync, into, bytes);
  }
  if (count == 0 && (channels & (1u << ML_CHANNEL_BULK)) != 0u) {
    *channel = ML_CHANNEL_BULK;
    count = give_bulk(sync, into, bytes);
  }
  return count;
}

/* ---- previews */

bool ml_sync_wants_live(const ml_sync *sync, uint16_t number) {
  uint32_t index = 0u;
  return log_of(sync, number, &index) != NULL && sync->serving[index].is_live;
}

int32_t ml_sync_live(const ml_sync *sync, uint16_t number, const uint8_t *item, uint32_t count, uint32_t dropped, uint8_t *into,
                     uint32_t bytes) {
  uint32_t index = 0u;
  ml_message read;
  ml_log_place place;
  ml_cbor_writer writer;
  const ml_log *log = log_of(sync, number, &index);
  if (log == NULL || !sync->serving[index].is_live) return 0;
  if (ml_item_read(&read, item, count) != ML_OK || read.number != ML_ITEM_SAMPLES) return 0;
  log->calls->look(log->store, number, &place);
  ml_sync_begin_message(&writer, into, bytes, 7u, ML_MESSAGE_LIVE, log, place.epoch);
  ml_cbor_write_uint(&writer, dropped);
  ml_cbor_write_uint(&writer, (uint64_t)read.members[2].number);
  ml_cbor_write_uint(&writer, (uint64_t)read.members[1].number);
  ml_cbor_write_uint(&writer, (uint64_t)read.members[3].number);
  ml_cbor_write_bytes(&writer, read.members[4].bytes, read.members[4].count);
  return ml_cbor_end(&writer);
}
