/* One end of a packet link (SPEC.md 3): whole messages, each once, in the order of their channel, over a bearer that may lose, double or
 * damage what it carries. Packets and the time go in, packets and messages come out; nothing is sent or waited for here.
 *
 *   ml_packets_take      a packet came from the bearer
 *   ml_packets_receive   ... and now perhaps a message is whole: ask until it answers 0
 *   ml_packets_buffer    where to write a message for a channel, if it has room; ml_packets_commit sends it
 *   ml_packets_give      the next packet for the bearer: ask until it answers 0
 *   ml_packets_wait_ms   when to ask again though nothing comes
 *
 * The link opens by itself: `generation` counts the openings. Each drops everything that was on the way, both ways, and so ends a session.
 * Look at `generation` after every packet taken, before asking for messages. A link that is dead stays so; open it again.
 */
#ifndef ML_PACKET_H
#define ML_PACKET_H

#include <stdbool.h>
#include <stdint.h>

#include "ml_bytes.h"
#include "ml_status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- what the memory is for; a build may name other numbers */

#ifndef ML_PACKETS_WINDOW
#define ML_PACKETS_WINDOW 8u /* Packets on the way, each direction: 1..64. */
#endif
#ifndef ML_PACKETS_IN_BYTES
#define ML_PACKETS_IN_BYTES 512u /* Longest message taken, 272..16383: what is in clear has at most 256. */
#endif
#ifndef ML_PACKETS_OUT_BYTES
#define ML_PACKETS_OUT_BYTES 2048u /* Longest message sent, sealed, 272..16383. */
#endif
#ifndef ML_PACKETS_PACKET_BYTES
#define ML_PACKETS_PACKET_BYTES 244u /* Longest packet sent, 20..1024. Taken is whatever a message of ML_PACKETS_IN_BYTES makes. */
#endif
#ifndef ML_PACKETS_CHANNELS
#define ML_PACKETS_CHANNELS 3u /* Channels 0..this-1 can be sent on: control, live, bulk. 1..16. */
#endif
#ifndef ML_PACKETS_PARTS
#define ML_PACKETS_PARTS 1u /* Channels whose messages may come in parts at the same time, 1..16: a host has one, channel 0. */
#endif

#define ML_CHANNEL_CONTROL 0u
#define ML_CHANNEL_LIVE 1u
#define ML_CHANNEL_BULK 2u
#define ML_CHANNEL_BLOBS 3u
#define ML_CHANNEL_COUNT 16u

#define ML_PACKET_BYTES_MIN 20u
#define ML_PACKET_BYTES_MAX 1024u
/* A message of n bytes comes in packets of at most n + 3. */
#define ML_PACKETS_SLOT_BYTES \
  (((ML_PACKETS_IN_BYTES) + 4u < ML_PACKET_BYTES_MAX) ? ((ML_PACKETS_IN_BYTES) + 4u) : ML_PACKET_BYTES_MAX)
/* Longest packet taken: room for a frame receiver is ML_FRAME_ROOM(ML_PACKETS_SLOT_BYTES). */

#define ML_PACKET_NONCE_BYTES 4u
#define ML_KEEP_ALIVE_MS 10000u

/* ---- settings */

typedef struct {
  uint32_t window;            /* 1..ML_PACKETS_WINDOW: 8 on a UART, up to 16 on BLE. */
  uint32_t message_bytes_max; /* Longest message this end takes, 1..ML_PACKETS_IN_BYTES. */
  uint32_t packet_bytes;      /* Longest packet the bearer takes, 20..ML_PACKETS_PACKET_BYTES. */
  uint32_t keep_alive_ms;     /* ML_KEEP_ALIVE_MS, at most 600,000; 0: never a word without need, and silence is no end. */
  ml_random random;           /* For the nonces. */
  void *random_context;
} ml_packets_options;

typedef enum {
  ML_PACKETS_CLOSED = 0, /* Before ml_packets_open. All zero bytes are a closed link. */
  ML_PACKETS_BEGINNING,  /* The other end has not answered yet. */
  ML_PACKETS_OPEN,
  ML_PACKETS_DEAD
} ml_packets_state;

/* ---- the link's memory. Only `state`, `why`, `generation` and `counts` are to be read from outside. */

typedef struct {
  uint32_t taken;            /* DATA packets, repeats included. */
  uint32_t repeats;          /* Of them: came before, or lay outside the window. */
  uint32_t refused;          /* Packets that are none of this protocol. */
  uint32_t sent;             /* DATA packets, repeats included. */
  uint32_t repeated;         /* Of them. */
  uint32_t timeouts;
  uint32_t acknowledgements; /* Sent. */
  uint32_t challenges;       /* Beginnings that came while the link was open. */
} ml_packets_counts;

typedef struct {
  uint8_t bytes[ML_PACKETS_SLOT_BYTES];
  uint16_t count; /* 0: empty */
} ml_packet_in;

typedef struct {
  uint8_t bytes[ML_PACKETS_PACKET_BYTES];
  uint16_t count;
  bool has_come;
  bool is_repeated;
  uint32_t order; /* Of its last transmission. */
  uint32_t sent_ms;
} ml_packet_out;

typedef struct {
  uint8_t bytes[ML_PACKETS_IN_BYTES];
  uint32_t total; /* 0: no message is in parts here */
  uint32_t filled;
  uint32_t channel;
} ml_packet_parts;

typedef struct {
  uint8_t bytes[ML_PACKETS_OUT_BYTES];
  uint32_t count; /* 0: empty */
  uint32_t cut;   /* So many bytes have gone into packets. */
} ml_packet_message;

typedef struct {
  uint8_t own[ML_PACKET_NONCE_BYTES];
  uint8_t peer[ML_PACKET_NONCE_BYTES]; /* Zeros while unknown. */
  uint8_t challenge_own[ML_PACKET_NONCE_BYTES];
  uint8_t challenge_peer[ML_PACKET_NONCE_BYTES];
  uint32_t challenge_count; /* 0: none; else one more than how often it was asked. */
  bool owes_answer;
  uint32_t ask_at_ms;
  uint32_t ask_wait_ms;
} ml_packets_opening;

typedef struct {
  /* A ring: `ready` packets in order from `first` on, then the place of the expected one, then early ones. */
  ml_packet_in slots[ML_PACKETS_WINDOW];
  ml_packet_parts parts[ML_PACKETS_PARTS];
  uint32_t first;
  uint32_t ready;
  uint32_t expected;  /* seq of the first packet that has not come, 0..255 */
  uint32_t early_end; /* One past the last early packet's distance from the expected one; 0: none. */
  uint32_t unsaid;    /* Packets since the last acknowledgement. */
  uint32_t said_room; /* Credit that was last said. */
  bool owes_ack;
  uint32_t ack_at_ms;
  uint32_t last_ack_ms;
} ml_packets_receiver;

typedef struct {
  ml_packet_out slots[ML_PACKETS_WINDOW]; /* A ring: the oldest at `oldest`. */
  ml_packet_message messages[ML_PACKETS_CHANNELS];
  uint32_t oldest;
  uint32_t count;
  uint32_t base; /* seq of the oldest, 0..255 */
  uint32_t window;
  uint32_t credit;
  uint32_t order;
  uint32_t lost_before; /* Order of the latest transmission that came. */
  uint32_t round_trip_8; /* Smoothed, in eighths of a millisecond; 0: none yet. */
  uint32_t silences;
  uint32_t quiet_since_ms;
  bool has_spoken; /* Something was committed: what was received is acknowledged first. */
} ml_packets_sender;

typedef struct {
  ml_packets_state state;
  int32_t why;         /* ML_OK, or why the link is dead: ML_SILENT, ML_NOT_ACKNOWLEDGED, ML_BAD_MESSAGE, ML_OVER_BUDGET,
                          ML_MANY_CHANNELS, ML_NO_RANDOM. */
  uint32_t generation; /* How often it has opened, since the memory was zero. */
  ml_packets_counts counts;
  ml_packets_options options;
  uint32_t peer_message_bytes_max;
  uint32_t heard_ms;
  uint32_t said_ms;
  ml_packets_opening opening;
  ml_packets_receiver receiver;
  ml_packets_sender sender;
} ml_packets;

/* ---- calls. They answer ML_BAD_ARGUMENT to a null pointer, ML_WRONG_STATE before ml_packets_open, ML_DEAD once the link is over. */

/* Begins with a fresh nonce; for a new bearer, a reconnected one, and after death. `generation` and `counts` go on. Answers ML_OK,
 * ML_BAD_ARGUMENT or ML_NO_RANDOM. Zero the memory before the first time. */
int32_t ml_packets_open(ml_packets *packets, const ml_packets_options *options, uint32_t now_ms);

/* The bearer's packets became longer or shorter; what is on the way keeps its size. */
int32_t ml_packets_set_packet_bytes(ml_packets *packets, uint32_t packet_bytes);

/* A packet came. Answers ML_OK (also for what is passed over), ML_TORN, ML_BAD_SHAPE or ML_OVER_BUDGET: it was none, was counted as
 * refused and changed nothing. */
int32_t ml_packets_take(ml_packets *packets, const uint8_t *packet, uint32_t count, uint32_t now_ms);

/* Copies the next whole message into `into` and its channel to *channel. `bytes` is at least options.message_bytes_max (ML_TOO_SMALL).
 * Answers its length; 0: none by now. Messages wait in the link while nobody asks, and the other end then pauses. */
int32_t ml_packets_receive(ml_packets *packets, uint32_t *channel, uint8_t *into, uint32_t bytes);

/* Whether a message can be given for this channel now: the link is open and the last one has been cut into packets. */
bool ml_packets_room(const ml_packets *packets, uint32_t channel);

/* Longest message that can be sent: the other end takes it, and it fits here. 0 while the link is not open. */
uint32_t ml_packets_message_bytes_max(const ml_packets *packets);

/* Where to write the next message of a channel, of at most ml_packets_message_bytes_max bytes; null when it has no room. */
uint8_t *ml_packets_buffer(ml_packets *packets, uint32_t channel);

/* Sends the `count` bytes written there. What is sealed MUST be sent. Answers ML_OK, ML_FULL, ML_OVER_BUDGET or ML_BAD_ARGUMENT. */
int32_t ml_packets_commit(ml_packets *packets, uint32_t channel, uint32_t count);

/* Both in one for a message that lies elsewhere. */
int32_t ml_packets_send(ml_packets *packets, uint32_t channel, const uint8_t *message, uint32_t count);

/* The next packet for the bearer; `bytes` is at least ML_PACKETS_PACKET_BYTES (ML_TOO_SMALL). Answers its length; 0: none by now. */
int32_t ml_packets_give(ml_packets *packets, uint8_t *into, uint32_t bytes, uint32_t now_ms);

/* How long until ml_packets_give has something to say although nothing comes; 0: now. ML_FOREVER: never. */
uint32_t ml_packets_wait_ms(const ml_packets *packets, uint32_t now_ms);

/* Nothing waits to be sent and nothing is on the way: everything given was acknowledged. */
bool ml_packets_is_idle(const ml_packets *packets);

#ifdef __cplusplus
}
#endif

#endif
