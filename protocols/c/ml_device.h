/* A whole device on one link (SPEC.md 3 to 6): packets and the time go in, packets come out; the logs are served to hosts that are
 * allowed. Nothing is sent or waited for here: a bearer of packets (BLE) calls `take_packet` and `give_packet`; for a stream of bytes
 * (UART, USB) ml_wire.h stands between.
 *
 *   ml_device_open          a bearer is there
 *   ml_device_take_packet   a packet came
 *   ml_device_give_packet   the next packet for the bearer: ask until it answers 0, and after every append to a log
 *   ml_device_wait_ms       when to ask again though nothing happens
 *   ml_device_preview       what was just measured, for a host that wants to see it at once
 *
 * Pairing: ml_gate_open_pairing when a person asks for it; then, while ml_device_digits is not null, show them and hand the person's word
 * to ml_device_answer.
 *
 * A link that dies, and a session that ends behind its handshake, begin anew by themselves; the log goes on where the host acknowledged it.
 */
#ifndef ML_DEVICE_H
#define ML_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "ml_packet.h"
#include "ml_session.h"
#include "ml_sync.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the device is made of. All of it is the caller's and stays as it is while the device is open. */
typedef struct {
  ml_gate *gate;                /* One for all links of the device. */
  const ml_sync_device *device; /* Its name, its logs, its clock. */
  const uint32_t *capabilities; /* As ml_session_begin takes them; null for none. */
  uint32_t capability_count;
  ml_packets_options packets;
} ml_device_options;

typedef struct {
  uint32_t sessions;  /* That became ready. */
  uint32_t refused;   /* Handshakes that came to nothing. */
  uint32_t broken;    /* Sessions that ended behind their handshake for any reason but bye or age. */
  uint32_t byes;
  uint32_t deaths;    /* Of the packet link. */
  uint32_t previews_dropped; /* In this session. */
  int32_t last_reason; /* Of the last session that ended, or link that died: a status. */
} ml_device_counts;

/* Zero it before the first ml_device_open. Only `packets.counts` and `counts` are to be read from outside. */
typedef struct {
  ml_device_options options;
  ml_device_counts counts;
  ml_packets packets;
  ml_session session;
  ml_sync sync;
  uint32_t generation; /* The opening of the packets that the session lives on. */
  bool is_live;        /* A session was begun on this opening and is not over. */
  bool has_agreed;     /* It has, or had, keys that both ends hold. */
  bool is_ready;       /* The sync was begun: the host has proved itself. */
  bool is_leaving;     /* The last word is on its way; then the link begins anew. */
  uint32_t now_ms;     /* Of the last call. */
  uint8_t message[ML_PACKETS_IN_BYTES];
} ml_device;

/* Begins on a bearer, or on one that was connected again. ML_OK, ML_BAD_ARGUMENT or ML_NO_RANDOM. */
int32_t ml_device_open(ml_device *device, const ml_device_options *options, uint32_t now_ms);

/* The bearer is gone. The session ends in silence; ml_device_open begins anew. */
void ml_device_close(ml_device *device, uint32_t now_ms);

/* A packet came. ML_OK, or the fault of it: it was counted and changed nothing. */
int32_t ml_device_take_packet(ml_device *device, const uint8_t *packet, uint32_t count, uint32_t now_ms);

/* The next packet, of at most options.packets.packet_bytes bytes; `bytes` is at least that. Its length; 0 for none now; ML_TOO_SMALL,
 * ML_NO_RANDOM (asked again with the next call), ML_WRONG_STATE (not open). */
int32_t ml_device_give_packet(ml_device *device, uint8_t *into, uint32_t bytes, uint32_t now_ms);

/* Milliseconds until ml_device_give_packet has something to say although nothing came and nothing was appended; ML_FOREVER for never. */
uint32_t ml_device_wait_ms(const ml_device *device, uint32_t now_ms);

/* The sample-item that was just appended to log `number`. It is dropped, and counted, when the link has no room for it at this moment. */
void ml_device_preview(ml_device *device, uint16_t number, const uint8_t *item, uint32_t count);

/* A host that has proved itself is there. */
bool ml_device_is_ready(const ml_device *device);
/* Its static key; null while none is there. */
const uint8_t *ml_device_host(const ml_device *device);
/* Six digits and a zero while a person is to compare them; else null. */
const char *ml_device_digits(const ml_device *device);
/* What the person says of them. */
void ml_device_answer(ml_device *device, bool is_same, uint32_t now_ms);

#ifdef __cplusplus
}
#endif

#endif
