/* What is on the way, and what of it has to go again. Selective repeat: the other's bitmap says what came, and a packet counts as lost
 * when one that was sent after it has come. So nothing goes twice within a round trip, however often the other complains. */
#include "ml_packet_inside.h"

#define RTO_MIN_MS 200u
#define RTO_FIRST_MS 1000u
#define RTO_MAX_MS 3000u
#define DOUBLINGS_MAX 4u
#define SILENCES_MAX 10u /* Time-outs in a row without any progress: the other is gone. */
#define PROBE_MS 1000u
#define TRIP_MAX_MS 60000u

static ml_packet_out *slot_at(ml_packets_sender *sender, uint32_t index) {
  return &sender->slots[(sender->oldest + index) % ML_PACKETS_WINDOW];
}

/* Transmissions are counted without end; two that are compared lie close together. */
static bool is_before(uint32_t order, uint32_t other) {
  return (other - order - 1u) < 0x7FFFFFFFu;
}

void ml_sender_begin(ml_packets *packets, uint32_t peer_window, uint32_t now_ms) {
  ml_packets_sender *const sender = &packets->sender;
  for (uint32_t i = 0u; i < ML_PACKETS_CHANNELS; i++) {
    sender->messages[i].count = 0u;
    sender->messages[i].cut = 0u;
  }
  sender->oldest = 0u;
  sender->count = 0u;
  sender->base = 0u;
  sender->window = ml_least(packets->options.window, peer_window);
  sender->credit = sender->window;
  sender->order = 0u;
  sender->lost_before = 0u;
  sender->round_trip_8 = 0u;
  sender->silences = 0u;
  sender->quiet_since_ms = now_ms;
  sender->has_spoken = false;
}

/* ---- acknowledgements */

/* Smoothed over eight round trips. Kept above 0, which means that none is known. */
static void measure(ml_packets_sender *sender, uint32_t trip_ms) {
  const uint32_t trip = ml_least(trip_ms, TRIP_MAX_MS);
  const uint32_t before = sender->round_trip_8;
  sender->round_trip_8 = (before == 0u) ? (8u * trip) : (before - (before / 8u) + trip);
  if (sender->round_trip_8 == 0u) sender->round_trip_8 = 1u;
}

static bool came(ml_packets_sender *sender, ml_packet_out *slot, uint32_t now_ms) {
  if (slot->has_come) return false;
  slot->has_come = true;
  if (is_before(sender->lost_before, slot->order)) sender->lost_before = slot->order;
  /* Karn: of a packet that went twice nobody knows which of them was answered. */
  if (!slot->is_repeated) measure(sender, now_ms - slot->sent_ms);
  return true;
}

bool ml_sender_take(ml_packets *packets, const ack_packet *ack, uint32_t now_ms) {
  ml_packets_sender *const sender = &packets->sender;
  const uint32_t past = (ack->next - sender->base) & (SEQ_COUNT - 1u);
  /* An older acknowledgement that was overtaken lies behind the base. */
  if (past > SEQ_COUNT / 2u) return true;
  if (past > sender->count) return false;
  sender->credit = ml_least(ack->credit, sender->window);
  bool is_progress = past > 0u;
  for (uint32_t i = 0u; i < past; i++) (void)came(sender, slot_at(sender, i), now_ms);
  sender->oldest = (sender->oldest + past) % ML_PACKETS_WINDOW;
  sender->count -= past;
  sender->base = ack->next;
  for (uint32_t i = 1u; i < sender->count && ((i - 1u) / 8u) < ack->bitmap_count; i++) {
    const bool is_here = (((uint32_t)ack->bitmap[(i - 1u) / 8u] >> ((i - 1u) % 8u)) & 1u) != 0u;
    if (is_here && came(sender, slot_at(sender, i), now_ms)) is_progress = true;
  }
  if (is_progress || sender->count == 0u) {
    sender->silences = 0u;
    sender->quiet_since_ms = now_ms;
  }
  return true;
}

/* ---- what goes next */

/* The oldest packet on the way that has not come, or null; `is_lost`: only one that counts as lost. */
static ml_packet_out *missing(ml_packets_sender *sender, bool is_lost) {
  for (uint32_t i = 0u; i < sender->count; i++) {
    ml_packet_out *const slot = slot_at(sender, i);
    if (!slot->has_come && (!is_lost || is_before(slot->order, sender->lost_before))) return slot;
  }
  return NULL;
}

static uint32_t repeat(ml_packets *packets, ml_packet_out *slot, uint8_t *into, uint32_t now_ms) {
  ml_packets_sender *const sender = &packets->sender;
  sender->order += 1u;
  slot->order = sender->order;
  slot->sent_ms = now_ms;
  slot->is_repeated = true;
  packets->counts.sent += 1u;
  packets->counts.repeated += 1u;
  ml_copy(into, slot->bytes, slot->count);
  return slot->count;
}

/* Lowest channel that has something, or ML_PACKETS_CHANNELS. The choice is made anew for every packet, so that a long message of one
 * channel delays another's by one packet and no more. */
static uint32_t next_channel(const ml_packets_sender *sender) {
  uint32_t channel = 0u;
  while (channel < ML_PACKETS_CHANNELS && sender->messages[channel].count == 0u) channel += 1u;
  return channel;
}

static bool may_send(const ml_packets_sender *sender) {
  return sender->count < sender->window && sender->count < sender->credit;
}

/* The next packet of a message, into its place on the way. */
static void cut(const ml_packets *packets, ml_packet_message *message, uint32_t channel, uint32_t seq, ml_packet_out *slot) {
  const uint32_t most = packets->options.packet_bytes;
  data_packet data = {channel, seq, message->count, 0u, &message->bytes[message->cut], message->cut == 0u, false};
  const bool is_whole = data.is_first && message->count <= most - HEAD_BYTES;
  const uint32_t head = ml_data_head_bytes(data.is_first && !is_whole, message->count);
  data.count = ml_least(message->count - message->cut, most - head);
  message->cut += data.count;
  data.is_last = message->cut == message->count;
  slot->count = (uint16_t)ml_data_write(&data, slot->bytes);
  if (data.is_last) message->count = 0u;
}

static uint32_t send_new(ml_packets *packets, uint8_t *into, uint32_t now_ms) {
  ml_packets_sender *const sender = &packets->sender;
  const uint32_t channel = next_channel(sender);
  if (channel == ML_PACKETS_CHANNELS || !may_send(sender)) return 0u;
  ml_packet_out *const slot = slot_at(sender, sender->count);
  cut(packets, &sender->messages[channel], channel, (sender->base + sender->count) & (SEQ_COUNT - 1u), slot);
  if (sender->count == 0u) sender->quiet_since_ms = now_ms;
  sender->count += 1u;
  sender->order += 1u;
  slot->order = sender->order;
  slot->sent_ms = now_ms;
  slot->has_come = false;
  slot->is_repeated = false;
  packets->counts.sent += 1u;
  ml_copy(into, slot->bytes, slot->count);
  return slot->count;
}

/* Four smoothed round trips, doubled with each time-out in a row. */
static uint32_t timeout_ms(const ml_packets_sender *sender) {
  uint32_t usual_ms = RTO_FIRST_MS;
  if (sender->round_trip_8 > 0u) usual_ms = ml_least(RTO_MAX_MS, sender->round_trip_8 / 2u);
  if (usual_ms < RTO_MIN_MS) usual_ms = RTO_MIN_MS;
  return ml_least(RTO_MAX_MS, usual_ms << ml_least(sender->silences, DOUBLINGS_MAX));
}

static bool has_message(const ml_packets_sender *sender) {
  return next_channel(sender) < ML_PACKETS_CHANNELS;
}

/* How long a silence may last before something has to be done about it. */
static uint32_t silence_max_ms(const ml_packets_sender *sender) {
  if (sender->count > 0u) return timeout_ms(sender);
  return has_message(sender) ? PROBE_MS : ML_FOREVER;
}

/* A number that was acknowledged before: the other takes it for a repeat, drops it and says again where it is. */
static uint32_t probe(const ml_packets_sender *sender, uint8_t *into) {
  const data_packet data = {0u, (sender->base - 1u) & (SEQ_COUNT - 1u), 0u, 0u, into, false, false};
  return ml_data_write(&data, into);
}

static uint32_t break_silence(ml_packets *packets, uint8_t *into, uint32_t now_ms) {
  ml_packets_sender *const sender = &packets->sender;
  const uint32_t most_ms = silence_max_ms(sender);
  if (most_ms == ML_FOREVER || !ml_is_due(now_ms, sender->quiet_since_ms + most_ms)) return 0u;
  sender->quiet_since_ms = now_ms;
  sender->silences += 1u;
  if (ml_sender_is_dead(packets)) return 0u;
  packets->counts.timeouts += 1u;
  ml_packet_out *const oldest = missing(sender, false);
  return (oldest == NULL) ? probe(sender, into) : repeat(packets, oldest, into, now_ms);
}

uint32_t ml_sender_give(ml_packets *packets, uint8_t *into, uint32_t now_ms) {
  ml_packet_out *const lost = missing(&packets->sender, true);
  if (lost != NULL) return repeat(packets, lost, into, now_ms);
  const uint32_t count = send_new(packets, into, now_ms);
  return (count > 0u) ? count : break_silence(packets, into, now_ms);
}

bool ml_sender_is_dead(const ml_packets *packets) {
  return packets->sender.silences > SILENCES_MAX;
}

bool ml_sender_is_idle(const ml_packets *packets) {
  return packets->sender.count == 0u && !has_message(&packets->sender);
}

uint32_t ml_sender_wait_ms(const ml_packets *packets, uint32_t now_ms) {
  const ml_packets_sender *const sender = &packets->sender;
  if (has_message(sender) && may_send(sender)) return 0u;
  for (uint32_t i = 0u; i < sender->count; i++) {
    const ml_packet_out *const slot = &sender->slots[(sender->oldest + i) % ML_PACKETS_WINDOW];
    if (!slot->has_come && is_before(slot->order, sender->lost_before)) return 0u;
  }
  const uint32_t most_ms = silence_max_ms(sender);
  return (most_ms == ML_FOREVER) ? ML_FOREVER : ml_wait_ms(now_ms, sender->quiet_since_ms + most_ms);
}
