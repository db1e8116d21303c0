/* The parts of a packet link as they see each other: opening, sender, receiver, and the link that joins them. Inside ml_packet only. */
#ifndef ML_PACKET_INSIDE_H
#define ML_PACKET_INSIDE_H

#include "ml_packet.h"

#define WINDOW_MAX 64u
#define MESSAGE_BYTES_MAX 16383u
#define SEQ_COUNT 256u

/* First byte of a packet: kind in the two upper bits. */
#define KIND_SHIFT 6u
enum { KIND_DATA = 0, KIND_ACK, KIND_RESET, KIND_NONE };
#define FLAG_FIRST 0x20u
#define FLAG_LAST 0x10u
#define FLAG_ASK 0x20u
#define CHANNEL_MASK 0x0Fu

#define HEAD_BYTES 2u
#define ACK_HEAD_BYTES 3u
#define BITMAP_BYTES_MAX 8u
#define RESET_BYTES 13u
#define PACKET_VERSION 1u

/* DATA, read. `bytes` points into the packet. */
typedef struct {
  uint32_t channel;
  uint32_t seq;
  uint32_t total; /* Of the whole message; only FIRST without LAST. */
  uint32_t count;
  const uint8_t *bytes;
  bool is_first;
  bool is_last;
} data_packet;

typedef struct {
  uint32_t next;
  uint32_t credit;
  uint32_t bitmap_count;
  const uint8_t *bitmap;
} ack_packet;

typedef struct {
  const uint8_t *nonce;
  const uint8_t *peer_nonce;
  uint32_t version;
  uint32_t window;
  uint32_t message_bytes_max;
  bool asks;
} reset_packet;

/* ---- ml_packet_codec.c. Reading answers ML_OK, ML_TORN or ML_BAD_SHAPE; the packet has 2 bytes at least. */
int32_t ml_data_read(data_packet *data, const uint8_t *packet, uint32_t count);
int32_t ml_ack_read(ack_packet *ack, const uint8_t *packet, uint32_t count);
int32_t ml_reset_read(reset_packet *reset, const uint8_t *packet, uint32_t count);
/* Bytes of the head of a packet of a message of `total` bytes. */
uint32_t ml_data_head_bytes(bool is_split_first, uint32_t total);
/* Writes head and content; answers the packet's length. */
uint32_t ml_data_write(const data_packet *data, uint8_t *into);

/* ---- ml_packet_opening.c */
int32_t ml_opening_begin(ml_packets *packets, uint32_t now_ms);
/* DATA and ACK may belong to the link before or to the one to come: none is sent or taken. */
bool ml_opening_is_in_doubt(const ml_packets *packets);
/* Answers 1 when both ends begin anew, else 0, or ML_NO_RANDOM. */
int32_t ml_opening_take(ml_packets *packets, const reset_packet *reset, uint32_t now_ms);
uint32_t ml_opening_give(ml_packets *packets, uint8_t *into, uint32_t now_ms);
uint32_t ml_opening_wait_ms(const ml_packets *packets, uint32_t now_ms);

/* ---- ml_packet_sender.c */
void ml_sender_begin(ml_packets *packets, uint32_t peer_window, uint32_t now_ms);
/* False when no honest receiver says so. */
bool ml_sender_take(ml_packets *packets, const ack_packet *ack, uint32_t now_ms);
uint32_t ml_sender_give(ml_packets *packets, uint8_t *into, uint32_t now_ms);
uint32_t ml_sender_wait_ms(const ml_packets *packets, uint32_t now_ms);
bool ml_sender_is_dead(const ml_packets *packets);
bool ml_sender_is_idle(const ml_packets *packets);

/* ---- ml_packet_receiver.c */
void ml_receiver_begin(ml_packets *packets, uint32_t now_ms);
void ml_receiver_take(ml_packets *packets, uint32_t seq, const uint8_t *packet, uint32_t count, uint32_t now_ms);
/* As ml_packets_receive, or why no honest sender sends this. */
int32_t ml_receiver_message(ml_packets *packets, uint32_t *channel, uint8_t *into);
bool ml_receiver_owes(const ml_packets *packets);
/* The other end was told to pause, or nearly, and there is room again. */
bool ml_receiver_is_relieved(const ml_packets *packets);
/* Says where it stands, due or not. */
uint32_t ml_receiver_give(ml_packets *packets, uint8_t *into, uint32_t now_ms);
uint32_t ml_receiver_wait_ms(const ml_packets *packets, uint32_t now_ms);

#endif
