/* One packet, byte for byte.
 *
 *  DATA  | kind 0, FIRST, LAST, channel | seq | total length, varint: only FIRST without LAST | bytes of the message |
 *  ACK   | kind 1                       | next expected seq | credit | bitmap, 0..8 bytes |
 *  RESET | kind 2, ASK                  | version | window | longest message, u16 | own nonce, 4 | the other's nonce, 4 | ...
 */
#include "ml_packet_inside.h"

#define VARINT_MORE 0x80u

uint32_t ml_data_head_bytes(bool is_split_first, uint32_t total) {
  if (!is_split_first) return HEAD_BYTES;
  return HEAD_BYTES + ((total < VARINT_MORE) ? 1u : 2u);
}

/* 1 or 2 bytes, in the shortest form: lengths end at 16,383. */
static int32_t read_total(data_packet *data) {
  if (data->count < 1u) return ML_TORN;
  data->total = data->bytes[0];
  uint32_t size = 1u;
  if (data->total >= VARINT_MORE) {
    if (data->count < 2u) return ML_TORN;
    const uint32_t high = data->bytes[1];
    if (high == 0u || high >= VARINT_MORE) return ML_BAD_SHAPE;
    data->total = (data->total - VARINT_MORE) | (high << 7);
    size = 2u;
  }
  data->bytes = &data->bytes[size];
  data->count -= size;
  return ML_OK;
}

int32_t ml_data_read(data_packet *data, const uint8_t *packet, uint32_t count) {
  data->channel = packet[0] & CHANNEL_MASK;
  data->is_first = (packet[0] & FLAG_FIRST) != 0u;
  data->is_last = (packet[0] & FLAG_LAST) != 0u;
  data->seq = packet[1];
  data->total = 0u;
  data->bytes = &packet[HEAD_BYTES];
  data->count = count - HEAD_BYTES;
  return (data->is_first && !data->is_last) ? read_total(data) : ML_OK;
}

uint32_t ml_data_write(const data_packet *data, uint8_t *into) {
  const uint32_t head = ml_data_head_bytes(data->is_first && !data->is_last, data->total);
  into[0] = (uint8_t)((data->is_first ? FLAG_FIRST : 0u) | (data->is_last ? FLAG_LAST : 0u) | data->channel);
  into[1] = (uint8_t)data->seq;
  if (head == HEAD_BYTES + 1u) into[HEAD_BYTES] = (uint8_t)data->total;
  if (head == HEAD_BYTES + 2u) {
    into[HEAD_BYTES] = (uint8_t)((data->total & 0x7Fu) | VARINT_MORE);
    into[HEAD_BYTES + 1u] = (uint8_t)(data->total >> 7);
  }
  ml_copy(&into[head], data->bytes, data->count);
  return head + data->count;
}

int32_t ml_ack_read(ack_packet *ack, const uint8_t *packet, uint32_t count) {
  if (count < ACK_HEAD_BYTES) return ML_TORN;
  if (count > ACK_HEAD_BYTES + BITMAP_BYTES_MAX) return ML_BAD_SHAPE;
  ack->next = packet[1];
  ack->credit = packet[2];
  ack->bitmap = &packet[ACK_HEAD_BYTES];
  ack->bitmap_count = count - ACK_HEAD_BYTES;
  return (ack->credit > WINDOW_MAX) ? ML_BAD_SHAPE : ML_OK;
}

/* What later versions say behind it is passed over. */
int32_t ml_reset_read(reset_packet *reset, const uint8_t *packet, uint32_t count) {
  if (count < RESET_BYTES) return ML_TORN;
  reset->asks = (packet[0] & FLAG_ASK) != 0u;
  reset->version = packet[1];
  reset->window = packet[2];
  reset->message_bytes_max = ml_read_u16(&packet[3]);
  reset->nonce = &packet[5];
  reset->peer_nonce = &packet[5u + ML_PACKET_NONCE_BYTES];
  /* Another version's numbers may mean something else. */
  if (reset->version != PACKET_VERSION) return ML_OK;
  if (reset->window < 1u || reset->window > WINDOW_MAX) return ML_BAD_SHAPE;
  if (reset->message_bytes_max < 1u || reset->message_bytes_max > MESSAGE_BYTES_MAX) return ML_BAD_SHAPE;
  return ml_is_zero(reset->nonce, ML_PACKET_NONCE_BYTES) ? ML_BAD_SHAPE : ML_OK;
}
