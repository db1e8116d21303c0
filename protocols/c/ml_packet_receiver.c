/* What has come, in and out of order, when to say so, and messages out of it. Packets stay in their slots until somebody asks for the
 * message they are part of; slots that are free are the credit, so the other end can never send more than there is room for. */
#include "ml_packet_inside.h"

#define ACK_DELAY_MS 50u
/* In the middle of a message the last acknowledgement is said again this often: the one before may be lost. */
#define ACK_AGAIN_MS 1000u
#define MORE 0 /* The message goes on in packets to come. */

static ml_packet_in *slot_at(ml_packets_receiver *receiver, uint32_t index) {
  return &receiver->slots[(receiver->first + index) % ML_PACKETS_WINDOW];
}

void ml_receiver_begin(ml_packets *packets, uint32_t now_ms) {
  ml_packets_receiver *const receiver = &packets->receiver;
  for (uint32_t i = 0u; i < ML_PACKETS_WINDOW; i++) receiver->slots[i].count = 0u;
  for (uint32_t i = 0u; i < ML_PACKETS_PARTS; i++) receiver->parts[i].total = 0u;
  receiver->first = 0u;
  receiver->ready = 0u;
  receiver->expected = 0u;
  receiver->early_end = 0u;
  receiver->unsaid = 0u;
  receiver->said_room = packets->options.window;
  receiver->owes_ack = false;
  receiver->ack_at_ms = now_ms;
  receiver->last_ack_ms = now_ms - ACK_AGAIN_MS;
}

/* ---- packets */

static void say_by(ml_packets_receiver *receiver, uint32_t at_ms) {
  if (!receiver->owes_ack || !ml_is_due(at_ms, receiver->ack_at_ms)) receiver->ack_at_ms = at_ms;
  receiver->owes_ack = true;
}

static void take_repeat(ml_packets *packets, uint32_t now_ms) {
  ml_packets_receiver *const receiver = &packets->receiver;
  const uint32_t since_ms = now_ms - receiver->last_ack_ms;
  packets->counts.repeats += 1u;
  say_by(receiver, (since_ms < ACK_DELAY_MS) ? (receiver->last_ack_ms + ACK_DELAY_MS) : now_ms);
}

/* Steps over what is here from the expected packet on. */
static void advance(ml_packets_receiver *receiver, uint32_t window) {
  while (receiver->ready < window && slot_at(receiver, receiver->ready)->count > 0u) {
    receiver->ready += 1u;
    receiver->expected = (receiver->expected + 1u) & (SEQ_COUNT - 1u);
    if (receiver->early_end > 0u) receiver->early_end -= 1u;
  }
}

void ml_receiver_take(ml_packets *packets, uint32_t seq, const uint8_t *packet, uint32_t count, uint32_t now_ms) {
  ml_packets_receiver *const receiver = &packets->receiver;
  const uint32_t window = packets->options.window;
  const uint32_t ahead = (seq - receiver->expected) & (SEQ_COUNT - 1u);
  if (ahead >= window - receiver->ready || slot_at(receiver, receiver->ready + ahead)->count > 0u) {
    take_repeat(packets, now_ms);
    return;
  }
  ml_packet_in *const slot = slot_at(receiver, receiver->ready + ahead);
  ml_copy(slot->bytes, packet, count);
  slot->count = (uint16_t)count;
  /* A new hole, and a hole that was filled, are worth saying at once; so is half of what the other may send. */
  const bool is_hole = ahead > receiver->early_end;
  const bool is_filled = ahead == 0u && receiver->early_end > 0u;
  if (ahead > 0u && ahead >= receiver->early_end) receiver->early_end = ahead + 1u;
  if (ahead == 0u) advance(receiver, window);
  receiver->unsaid += 1u;
  const bool is_urgent = is_hole || is_filled || (2u * receiver->unsaid >= packets->sender.window);
  say_by(receiver, is_urgent ? now_ms : (now_ms + ACK_DELAY_MS));
}

/* ---- acknowledgements */

static uint32_t room_of(const ml_packets *packets) {
  return packets->options.window - packets->receiver.ready;
}

bool ml_receiver_owes(const ml_packets *packets) {
  return packets->receiver.owes_ack;
}

bool ml_receiver_is_relieved(const ml_packets *packets) {
  const uint32_t half = (packets->options.window + 1u) / 2u;
  return packets->receiver.said_room < half && room_of(packets) >= half;
}

static bool is_mid_message(const ml_packets_receiver *receiver) {
  bool is_mid = false;
  for (uint32_t i = 0u; i < ML_PACKETS_PARTS; i++) is_mid = is_mid || receiver->parts[i].total > 0u;
  return is_mid;
}

uint32_t ml_receiver_wait_ms(const ml_packets *packets, uint32_t now_ms) {
  const ml_packets_receiver *const receiver = &packets->receiver;
  if (ml_receiver_is_relieved(packets)) return 0u;
  if (receiver->owes_ack) return ml_wait_ms(now_ms, receiver->ack_at_ms);
  return is_mid_message(receiver) ? ml_wait_ms(now_ms, receiver->last_ack_ms + ACK_AGAIN_MS) : ML_FOREVER;
}

uint32_t ml_receiver_give(ml_packets *packets, uint8_t *into, uint32_t now_ms) {
  ml_packets_receiver *const receiver = &packets->receiver;
  receiver->owes_ack = false;
  receiver->unsaid = 0u;
  receiver->last_ack_ms = now_ms;
  receiver->said_room = room_of(packets);
  packets->counts.acknowledgements += 1u;
  into[0] = (uint8_t)((uint32_t)KIND_ACK << KIND_SHIFT);
  into[1] = (uint8_t)receiver->expected;
  into[2] = (uint8_t)receiver->said_room;
  const uint32_t bits = (receiver->early_end > 0u) ? (receiver->early_end - 1u) : 0u;
  const uint32_t bitmap_bytes = (bits + 7u) / 8u;
  for (uint32_t i = 0u; i < bitmap_bytes; i++) into[ACK_HEAD_BYTES + i] = 0u;
  for (uint32_t i = 0u; i < bits; i++) {
    if (slot_at(receiver, receiver->ready + 1u + i)->count == 0u) continue;
    uint8_t *const byte = &into[ACK_HEAD_BYTES + (i / 8u)];
    *byte = (uint8_t)(*byte | (1u << (i % 8u)));
  }
  return ACK_HEAD_BYTES + bitmap_bytes;
}

/* ---- messages */

/* Where the message of this channel is put together; null when none is. */
static ml_packet_parts *parts_of(ml_packets_receiver *receiver, uint32_t channel) {
  for (uint32_t i = 0u; i < ML_PACKETS_PARTS; i++) {
    if (receiver->parts[i].total > 0u && receiver->parts[i].channel == channel) return &receiver->parts[i];
  }
  return NULL;
}

static ml_packet_parts *free_parts(ml_packets_receiver *receiver) {
  for (uint32_t i = 0u; i < ML_PACKETS_PARTS; i++) {
    if (receiver->parts[i].total == 0u) return &receiver->parts[i];
  }
  return NULL;
}

static int32_t take_whole(const ml_packets *packets, const data_packet *data, uint8_t *into) {
  if (data->count == 0u) return ML_BAD_MESSAGE;
  if (data->count > packets->options.message_bytes_max) return ML_OVER_BUDGET;
  ml_copy(into, data->bytes, data->count);
  return (int32_t)data->count;
}

static int32_t take_first(ml_packets *packets, const data_packet *data) {
  if (data->total > packets->options.message_bytes_max) return ML_OVER_BUDGET;
  if (data->count == 0u || data->count >= data->total) return ML_BAD_MESSAGE;
  ml_packet_parts *const parts = free_parts(&packets->receiver);
  if (parts == NULL) return ML_MANY_CHANNELS;
  parts->channel = data->channel;
  parts->total = data->total;
  parts->filled = data->count;
  ml_copy(parts->bytes, data->bytes, data->count);
  return MORE;
}

static int32_t take_later(ml_packet_parts *parts, const data_packet *data, uint8_t *into) {
  const uint32_t left = parts->total - parts->filled;
  if (data->count == 0u || data->count > left || data->is_last != (data->count == left)) return ML_BAD_MESSAGE;
  ml_copy(&parts->bytes[parts->filled], data->bytes, data->count);
  parts->filled += data->count;
  if (!data->is_last) return MORE;
  const uint32_t total = parts->total;
  ml_copy(into, parts->bytes, total);
  parts->total = 0u;
  return (int32_t)total;
}

/* One packet in order. Answers the length of the message that it ends, MORE, or why no honest sender sends it. */
static int32_t assemble(ml_packets *packets, const data_packet *data, uint8_t *into) {
  ml_packet_parts *const parts = parts_of(&packets->receiver, data->channel);
  if (data->is_first != (parts == NULL)) return ML_BAD_MESSAGE;
  if (parts != NULL) return take_later(parts, data, into);
  return data->is_last ? take_whole(packets, data, into) : take_first(packets, data);
}

int32_t ml_receiver_message(ml_packets *packets, uint32_t *channel, uint8_t *into) {
  ml_packets_receiver *const receiver = &packets->receiver;
  int32_t answer = MORE;
  while (answer == MORE && receiver->ready > 0u) {
    ml_packet_in *const slot = slot_at(receiver, 0u);
    data_packet data;
    answer = ml_data_read(&data, slot->bytes, slot->count);
    if (answer == ML_OK) answer = assemble(packets, &data, into);
    *channel = data.channel;
    slot->count = 0u;
    receiver->first = (receiver->first + 1u) % ML_PACKETS_WINDOW;
    receiver->ready -= 1u;
  }
  return answer;
}
