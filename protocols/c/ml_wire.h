/* A device on a stream of bytes that may lose or damage some: UART, USB serial, pty (SPEC.md 2). Bytes of the line go in and come out.
 *
 *   static ml_wire wire;
 *   ml_wire_open(&wire, &options, now_ms);
 *   for (;;) {
 *     ml_wire_take(&wire, received, count, now_ms);
 *     count = ml_wire_give(&wire, into, room, now_ms);     as many bytes as the UART has room for
 *     ...
 *   }
 */
#ifndef ML_WIRE_H
#define ML_WIRE_H

#include "ml_device.h"
#include "ml_frame.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Zero it before the first ml_wire_open. `device` is used with the calls of ml_device.h; `frames` has counters to read. */
typedef struct {
  ml_device device;
  ml_frames frames;
  uint8_t room[ML_FRAME_ROOM(ML_PACKETS_SLOT_BYTES)];
  uint8_t packet[ML_PACKETS_PACKET_BYTES];
  uint8_t line[1u + ML_FRAME_BYTES(ML_PACKETS_PACKET_BYTES)]; /* A frame on its way out. */
  uint32_t line_count;
  uint32_t line_at;
} ml_wire;

/* The line is there: it begins with one 0x00, so that the other end drops what it heard before. As ml_device_open. */
int32_t ml_wire_open(ml_wire *wire, const ml_device_options *options, uint32_t now_ms);

/* Bytes came, however they were cut. Faults are counted in `frames` and in `device.packets.counts`. */
void ml_wire_take(ml_wire *wire, const uint8_t *bytes, uint32_t count, uint32_t now_ms);

/* Bytes for the line: how many were written into `into`, at most `bytes`. 0 for none by now. */
uint32_t ml_wire_give(ml_wire *wire, uint8_t *into, uint32_t bytes, uint32_t now_ms);

/* Milliseconds until ml_wire_give has something although nothing came and nothing was appended; ML_FOREVER for never. */
uint32_t ml_wire_wait_ms(const ml_wire *wire, uint32_t now_ms);

#ifdef __cplusplus
}
#endif

#endif
