#include "ml_shape.h"

#include <stddef.h>

#include "ml_log.h"
#include "ml_message.h"

#define TEXT_MOST 64

#define LOG {"log", ML_SHAPE_INT, 0, UINT16_MAX}
#define EPOCH {"epoch", ML_SHAPE_BYTES, (int16_t)ML_EPOCH_BYTES, ML_EPOCH_BYTES}
#define SEQ(name) {name, ML_SHAPE_SEQ, 0, 0}
#define U32(name) {name, ML_SHAPE_U32, 0, 0}
#define U16(name) {name, ML_SHAPE_INT, 0, UINT16_MAX}
#define BOOL(name) {name, ML_SHAPE_BOOL, 0, 0}
#define HASH(name) {name, ML_SHAPE_BYTES, (int16_t)ML_HASH_BYTES, ML_HASH_BYTES}
#define FORMAT {"format", ML_SHAPE_INT, 1, 3}
#define SAMPLES {"samples", ML_SHAPE_BYTES, 0, ML_SAMPLE_BYTES_MAX}
#define SOURCE {"source", ML_SHAPE_INT, 0, 4}

static const ml_shape_member INFO[] = {{"device", ML_SHAPE_BYTES, 16, 16},
                                       {"firmware", ML_SHAPE_TEXT, 0, TEXT_MOST},
                                       U32("boot"),
                                       U32("tickRateHz"),
                                       HASH("signer"),
                                       {"logs", ML_SHAPE_LIST, 0, 8}};
static const ml_shape_member WANT_LIVE[] = {LOG, BOOL("on")};
static const ml_shape_member PULL[] = {LOG, EPOCH, SEQ("from"), {"credit", ML_SHAPE_INT, 1, 1024}};
static const ml_shape_member FAILURE[] = {{"code", ML_SHAPE_INT, 1, 6}, {"detail", ML_SHAPE_TEXT, 0, TEXT_MOST}};
static const ml_shape_member LIVE[] = {LOG, EPOCH, U32("dropped"), SEQ("firstSample"), SEQ("ticks"), FORMAT, SAMPLES};
static const ml_shape_member ACK[] = {LOG, EPOCH, SEQ("upto"), {"level", ML_SHAPE_INT, 1, 3}};
static const ml_shape_member TIME_PING[] = {U32("id")};
static const ml_shape_member TIME_PONG[] = {U32("id"), U32("boot"), SEQ("ticks")};
static const ml_shape_member BYE[] = {{"code", ML_SHAPE_INT, 0, UINT8_MAX}};
static const ml_shape_member LOG_END[] = {LOG, EPOCH, SEQ("head"), BOOL("final")};
static const ml_shape_member ITEMS[] = {LOG, EPOCH, SEQ("first"), {"items", ML_SHAPE_LIST, 1, 64}};
static const ml_shape_member LOST[] = {LOG, EPOCH, SEQ("from"), SEQ("to"), {"reason", ML_SHAPE_INT, 1, 4}, {"chain", ML_SHAPE_BYTES | ML_SHAPE_OR_NULL, 32, 32}};
static const ml_shape_member CHECKPOINT[] = {LOG, EPOCH, SEQ("upto"), HASH("chain"), {"signature", ML_SHAPE_BYTES, 64, 64}};
static const ml_shape_member CLOCK_SET[] = {SEQ("utcUs"), SOURCE, SEQ("uncertaintyUs")};

#define SHAPE(name, number, members) {name, number, (uint32_t)(sizeof(members) / sizeof((members)[0])), members}

static const ml_shape MESSAGES[] = {
    SHAPE("info", ML_MESSAGE_INFO, INFO),
    SHAPE("want-live", ML_MESSAGE_WANT_LIVE, WANT_LIVE),
    SHAPE("pull", ML_MESSAGE_PULL, PULL),
    SHAPE("failure", ML_MESSAGE_FAILURE, FAILURE),
    SHAPE("live", ML_MESSAGE_LIVE, LIVE),
    SHAPE("ack", ML_MESSAGE_ACK, ACK),
    SHAPE("time-ping", ML_MESSAGE_TIME_PING, TIME_PING),
    SHAPE("time-pong", ML_MESSAGE_TIME_PONG, TIME_PONG),
    SHAPE("bye", ML_MESSAGE_BYE, BYE),
    SHAPE("log-end", ML_MESSAGE_LOG_END, LOG_END),
    SHAPE("items", ML_MESSAGE_ITEMS, ITEMS),
    SHAPE("lost", ML_MESSAGE_LOST, LOST),
    SHAPE("checkpoint", ML_MESSAGE_CHECKPOINT, CHECKPOINT),
    SHAPE("clock-set", ML_MESSAGE_CLOCK_SET, CLOCK_SET),
};

static const ml_shape_member SAMPLE_ITEM[] = {U32("boot"), SEQ("ticks"), SEQ("firstSample"), FORMAT, SAMPLES};
static const ml_shape_member NUMBER_ITEM[] = {U32("boot"),
                                              SEQ("ticks"),
                                              U16("code"),
                                              {"number", ML_SHAPE_I32, 0, 0},
                                              {"scale", ML_SHAPE_INT, -9, 9},
                                              {"quality", ML_SHAPE_INT | ML_SHAPE_OR_NULL, 0, UINT8_MAX}};
static const ml_shape_member EVENT_ITEM[] = {U32("boot"), SEQ("ticks"), U16("code"), {"number", ML_SHAPE_I32 | ML_SHAPE_OR_NULL, 0, 0}};
static const ml_shape_member CLOCK_ITEM[] = {U32("boot"), SEQ("ticks"), SEQ("utcUs"), SOURCE, SEQ("uncertaintyUs")};
static const ml_shape_member GATT_ITEM[] = {U32("boot"), SEQ("ticks"), SEQ("count"), U16("characteristic"), {"value", ML_SHAPE_BYTES, 0, ML_GATT_VALUE_BYTES_MAX}};

static const ml_shape ITEM_SHAPES[] = {
    SHAPE("sample-item", ML_ITEM_SAMPLES, SAMPLE_ITEM),
    SHAPE("number-item", ML_ITEM_NUMBER, NUMBER_ITEM),
    SHAPE("event-item", ML_ITEM_EVENT, EVENT_ITEM),
    SHAPE("clock-item", ML_ITEM_CLOCK, CLOCK_ITEM),
    SHAPE("gatt-item", ML_ITEM_GATT, GATT_ITEM),
};

static const ml_shape *find(const ml_shape *shapes, uint32_t count, uint64_t number) {
  for (uint32_t i = 0u; i < count; i++) {
    if (shapes[i].number == number) return &shapes[i];
  }
  return NULL;
}

const ml_shape *ml_shape_of_message(uint64_t number) {
  return find(MESSAGES, (uint32_t)(sizeof MESSAGES / sizeof MESSAGES[0]), number);
}

const ml_shape *ml_shape_of_item(uint64_t number) {
  return find(ITEM_SHAPES, (uint32_t)(sizeof ITEM_SHAPES / sizeof ITEM_SHAPES[0]), number);
}
