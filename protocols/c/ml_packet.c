/* The link: opening, sender and receiver joined, and its ends. */
#include "ml_packet_inside.h"

#if ML_PACKETS_WINDOW < 1 || ML_PACKETS_WINDOW > 64
#error "ML_PACKETS_WINDOW is 1..64"
#endif
#if ML_PACKETS_IN_BYTES < 272 || ML_PACKETS_IN_BYTES > 16383 || ML_PACKETS_OUT_BYTES < 272 || ML_PACKETS_OUT_BYTES > 16383
#error "ML_PACKETS_IN_BYTES and ML_PACKETS_OUT_BYTES are 272..16383"
#endif
#if ML_PACKETS_PACKET_BYTES < 20 || ML_PACKETS_PACKET_BYTES > 1024
#error "ML_PACKETS_PACKET_BYTES is 20..1024"
#endif
#if ML_PACKETS_CHANNELS < 1 || ML_PACKETS_CHANNELS > 16 || ML_PACKETS_PARTS < 1 || ML_PACKETS_PARTS > 16
#error "ML_PACKETS_CHANNELS and ML_PACKETS_PARTS are 1..16"
#endif

#define KEEP_ALIVES_MAX 3u
#define KEEP_ALIVE_MAX_MS 600000u
#define RESET_RESERVED 0x1Fu
#define ACK_RESERVED 0x3Fu

static bool are_in_range(const ml_packets_options *options) {
  return options->window >= 1u && options->window <= ML_PACKETS_WINDOW && options->message_bytes_max >= 1u &&
         options->message_bytes_max <= ML_PACKETS_IN_BYTES && options->packet_bytes >= ML_PACKET_BYTES_MIN &&
         options->packet_bytes <= ML_PACKETS_PACKET_BYTES && options->keep_alive_ms <= KEEP_ALIVE_MAX_MS &&
         options->random != NULL;
}

/* For every call: is there a link, and does it go on? */
static int32_t check(const ml_packets *packets) {
  if (packets == NULL) return ML_BAD_ARGUMENT;
  if (packets->state == ML_PACKETS_CLOSED) return ML_WRONG_STATE;
  return (packets->state == ML_PACKETS_DEAD) ? ML_DEAD : ML_OK;
}

static int32_t die(ml_packets *packets, int32_t why) {
  packets->state = ML_PACKETS_DEAD;
  packets->why = why;
  return ML_DEAD;
}

int32_t ml_packets_open(ml_packets *packets, const ml_packets_options *options, uint32_t now_ms) {
  if (packets == NULL || options == NULL || !are_in_range(options)) return ML_BAD_ARGUMENT;
  packets->options = *options;
  packets->state = ML_PACKETS_BEGINNING;
  packets->why = ML_OK;
  packets->peer_message_bytes_max = 0u;
  packets->heard_ms = now_ms;
  packets->said_ms = now_ms;
  ml_sender_begin(packets, 1u, now_ms);
  ml_receiver_begin(packets, now_ms);
  const int32_t status = ml_opening_begin(packets, now_ms);
  if (status != ML_OK) (void)die(packets, status);
  return status;
}

int32_t ml_packets_set_packet_bytes(ml_packets *packets, uint32_t packet_bytes) {
  const int32_t status = check(packets);
  if (status != ML_OK) return status;
  if (packet_bytes < ML_PACKET_BYTES_MIN || packet_bytes > ML_PACKETS_PACKET_BYTES) return ML_BAD_ARGUMENT;
  packets->options.packet_bytes = packet_bytes;
  return ML_OK;
}

/* ---- what comes */

static void open_anew(ml_packets *packets, const reset_packet *reset, uint32_t now_ms) {
  packets->state = ML_PACKETS_OPEN;
  packets->generation += 1u;
  packets->peer_message_bytes_max = reset->message_bytes_max;
  ml_sender_begin(packets, reset->window, now_ms);
  ml_receiver_begin(packets, now_ms);
}

static int32_t take_reset(ml_packets *packets, const uint8_t *packet, uint32_t count, uint32_t now_ms) {
  reset_packet reset;
  if ((packet[0] & RESET_RESERVED) != 0u) return ML_BAD_SHAPE;
  const int32_t status = ml_reset_read(&reset, packet, count);
  if (status != ML_OK) return status;
  const int32_t opened = ml_opening_take(packets, &reset, now_ms);
  if (opened < 0) return die(packets, opened);
  if (opened > 0) open_anew(packets, &reset, now_ms);
  return ML_OK;
}

static int32_t take_ack(ml_packets *packets, const uint8_t *packet, uint32_t count, uint32_t now_ms) {
  ack_packet ack;
  if ((packet[0] & ACK_RESERVED) != 0u) return ML_BAD_SHAPE;
  const int32_t status = ml_ack_read(&ack, packet, count);
  if (status != ML_OK || ml_opening_is_in_doubt(packets)) return status;
  return ml_sender_take(packets, &ack, now_ms) ? ML_OK : ML_BAD_SHAPE;
}

static int32_t take_data(ml_packets *packets, const uint8_t *packet, uint32_t count, uint32_t now_ms) {
  data_packet data;
  const int32_t status = ml_data_read(&data, packet, count);
  if (status != ML_OK || ml_opening_is_in_doubt(packets)) return status;
  /* No message of the length that was offered makes a longer one. */
  if (count > ML_PACKETS_SLOT_BYTES) return ML_OVER_BUDGET;
  packets->counts.taken += 1u;
  ml_receiver_take(packets, data.seq, packet, count, now_ms);
  return ML_OK;
}

static int32_t take_packet(ml_packets *packets, const uint8_t *packet, uint32_t count, uint32_t now_ms) {
  if (count < HEAD_BYTES) return ML_TORN;
  if (count > ML_PACKET_BYTES_MAX) return ML_OVER_BUDGET;
  const uint32_t kind = (uint32_t)packet[0] >> KIND_SHIFT;
  if (kind == (uint32_t)KIND_DATA) return take_data(packets, packet, count, now_ms);
  if (kind == (uint32_t)KIND_ACK) return take_ack(packets, packet, count, now_ms);
  return (kind == (uint32_t)KIND_RESET) ? take_reset(packets, packet, count, now_ms) : ML_BAD_SHAPE;
}

int32_t ml_packets_take(ml_packets *packets, const uint8_t *packet, uint32_t count, uint32_t now_ms) {
  int32_t status = check(packets);
  if (status != ML_OK) return status;
  if (packet == NULL && count > 0u) return ML_BAD_ARGUMENT;
  status = take_packet(packets, packet, count, now_ms);
  if (status == ML_OK) packets->heard_ms = now_ms;
  else if (status != ML_DEAD) packets->counts.refused += 1u;
  return status;
}

int32_t ml_packets_receive(ml_packets *packets, uint32_t *channel, uint8_t *into, uint32_t bytes) {
  const int32_t status = check(packets);
  if (status != ML_OK) return status;
  if (channel == NULL || into == NULL) return ML_BAD_ARGUMENT;
  if (bytes < packets->options.message_bytes_max) return ML_TOO_SMALL;
  const int32_t answer = ml_receiver_message(packets, channel, into);
  return (answer < 0) ? die(packets, answer) : answer;
}

/* ---- what is to be sent */

uint32_t ml_packets_message_bytes_max(const ml_packets *packets) {
  if (check(packets) != ML_OK || packets->state != ML_PACKETS_OPEN) return 0u;
  return ml_least(packets->peer_message_bytes_max, ML_PACKETS_OUT_BYTES);
}

bool ml_packets_room(const ml_packets *packets, uint32_t channel) {
  if (check(packets) != ML_OK || packets->state != ML_PACKETS_OPEN) return false;
  return channel < ML_PACKETS_CHANNELS && packets->sender.messages[channel].count == 0u;
}

uint8_t *ml_packets_buffer(ml_packets *packets, uint32_t channel) {
  return ml_packets_room(packets, channel) ? packets->sender.messages[channel].bytes : NULL;
}

int32_t ml_packets_commit(ml_packets *packets, uint32_t channel, uint32_t count) {
  const int32_t status = check(packets);
  if (status != ML_OK) return status;
  if (channel >= ML_PACKETS_CHANNELS || count == 0u) return ML_BAD_ARGUMENT;
  if (packets->state != ML_PACKETS_OPEN) return ML_WRONG_STATE;
  if (!ml_packets_room(packets, channel)) return ML_FULL;
  if (count > ml_packets_message_bytes_max(packets)) return ML_OVER_BUDGET;
  packets->sender.messages[channel].count = count;
  packets->sender.messages[channel].cut = 0u;
  packets->sender.has_spoken = true;
  return ML_OK;
}

int32_t ml_packets_send(ml_packets *packets, uint32_t channel, const uint8_t *message, uint32_t count) {
  const int32_t status = check(packets);
  if (status != ML_OK) return status;
  if (message == NULL) return ML_BAD_ARGUMENT;
  uint8_t *const into = ml_packets_buffer(packets, channel);
  if (into != NULL && count <= ml_packets_message_bytes_max(packets)) ml_copy(into, message, count);
  return ml_packets_commit(packets, channel, count);
}

bool ml_packets_is_idle(const ml_packets *packets) {
  return check(packets) != ML_OK || ml_sender_is_idle(packets);
}

/* ---- what goes */

/* How long until the silence has lasted too long. It is no end of a link that never opened: nobody may be there yet. */
static uint32_t patience_ms(const ml_packets *packets, uint32_t now_ms) {
  if (packets->options.keep_alive_ms == 0u || packets->state != ML_PACKETS_OPEN) return ML_FOREVER;
  return ml_wait_ms(now_ms, packets->heard_ms + (KEEP_ALIVES_MAX * packets->options.keep_alive_ms));
}

static uint32_t keep_alive_wait_ms(const ml_packets *packets, uint32_t now_ms) {
  if (packets->options.keep_alive_ms == 0u) return ML_FOREVER;
  return ml_wait_ms(now_ms, packets->said_ms + packets->options.keep_alive_ms);
}

static uint32_t give_of_open(ml_packets *packets, uint8_t *into, uint32_t now_ms) {
  /* Who speaks says where it stands: the answer then does not wait for room in the other's window. */
  const bool is_owed = packets->sender.has_spoken && ml_receiver_owes(packets);
  packets->sender.has_spoken = false;
  if (is_owed || ml_receiver_wait_ms(packets, now_ms) == 0u) return ml_receiver_give(packets, into, now_ms);
  const uint32_t count = ml_sender_give(packets, into, now_ms);
  if (count > 0u || keep_alive_wait_ms(packets, now_ms) > 0u) return count;
  return ml_receiver_give(packets, into, now_ms);
}

int32_t ml_packets_give(ml_packets *packets, uint8_t *into, uint32_t bytes, uint32_t now_ms) {
  const int32_t status = check(packets);
  if (status != ML_OK) return status;
  if (into == NULL) return ML_BAD_ARGUMENT;
  if (bytes < ML_PACKETS_PACKET_BYTES) return ML_TOO_SMALL;
  if (patience_ms(packets, now_ms) == 0u) return die(packets, ML_SILENT);
  uint32_t count = ml_opening_give(packets, into, now_ms);
  if (count == 0u && !ml_opening_is_in_doubt(packets)) {
    count = give_of_open(packets, into, now_ms);
    if (ml_sender_is_dead(packets)) return die(packets, ML_NOT_ACKNOWLEDGED);
  }
  if (count > 0u) packets->said_ms = now_ms;
  return (int32_t)count;
}

uint32_t ml_packets_wait_ms(const ml_packets *packets, uint32_t now_ms) {
  if (check(packets) != ML_OK) return ML_FOREVER;
  uint32_t wait_ms = ml_least(ml_opening_wait_ms(packets, now_ms), patience_ms(packets, now_ms));
  if (ml_opening_is_in_doubt(packets)) return wait_ms;
  if (packets->sender.has_spoken && ml_receiver_owes(packets)) return 0u;
  wait_ms = ml_least(wait_ms, ml_sender_wait_ms(packets, now_ms));
  wait_ms = ml_least(wait_ms, ml_receiver_wait_ms(packets, now_ms));
  return ml_least(wait_ms, keep_alive_wait_ms(packets, now_ms));
}
