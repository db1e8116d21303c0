/* Frames on a byte stream such as a UART (SPEC.md 2): COBS( packet, CRC-32C ) 0x00
 *
 * The receiver takes byte for byte, needs memory for one packet and its check, and after any junk is ready for the next good frame.
 *
 *   static uint8_t room[ML_FRAME_ROOM(516)];
 *   ml_frames_open(&frames, room, sizeof room);
 *   const int32_t count = ml_frames_take(&frames, byte);
 *   if (count > 0) ml_packets_take(&packets, room, (uint32_t)count, now_ms);
 */
#ifndef ML_FRAME_H
#define ML_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "ml_status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ML_FRAME_CHECK_BYTES 4u
#define ML_FRAME_PACKET_BYTES_MAX 16383u /* What framing itself allows; a link carries packets of at most 1,024. */

/* Bytes a receiver needs for packets of at most `packet_bytes`. */
#define ML_FRAME_ROOM(packet_bytes) ((packet_bytes) + 4u)
/* Longest frame of such a packet, its 0x00 included. */
#define ML_FRAME_BYTES(packet_bytes) ((packet_bytes) + 4u + (((packet_bytes) + 4u) / 254u) + 2u)

/* One direction of one stream. The counters may be read and wrap; the rest is not to be looked into. */
typedef struct {
  uint8_t *room;
  uint32_t room_bytes;
  uint32_t count;      /* Bytes decoded of this frame. */
  uint32_t seen;       /* Bytes of this frame as they came. */
  uint32_t left;       /* Bytes that the COBS group still has. */
  bool is_zero_behind; /* The group stands for a zero behind it, if another follows. */
  bool is_dropping;    /* An over-long frame is passing. */
  uint32_t fault_at;   /* Of the last fault: byte of the frame as it came. */
  uint32_t frames;     /* Good ones. */
  uint32_t torn;
  uint32_t bad_check;
  uint32_t too_long;
  uint32_t junk_bytes; /* Bytes that ended up in no good frame. */
} ml_frames;

/* `room` stays the receiver's; of `bytes` bytes, 5..ML_FRAME_ROOM(16383), packets of bytes - 4 are taken. Counters begin at 0.
 * Answers ML_OK or ML_BAD_ARGUMENT. */
int32_t ml_frames_open(ml_frames *frames, uint8_t *room, uint32_t bytes);

/* Takes the next byte of the line. Answers
 *   0                    nothing is complete
 *   1..16383             so many bytes of a packet are in `room`, until the next call
 *   ML_TORN, ML_BAD_CHECK, ML_TOO_LONG  a frame was dropped, and counted; go on with the next byte. */
int32_t ml_frames_take(ml_frames *frames, uint8_t byte);

/* Forgets half a frame, as when the line is opened again. Counters stay. */
void ml_frames_reset(ml_frames *frames);

/* Writes the frame of a packet of `count` bytes, 1..16383, its 0x00 included. `into` has `bytes` bytes and does not overlap the packet.
 * Answers how many were written, ML_TOO_SMALL (ML_FRAME_BYTES(count) are always enough) or ML_BAD_ARGUMENT. */
int32_t ml_frame_write(const uint8_t *packet, uint32_t count, uint8_t *into, uint32_t bytes);

#ifdef __cplusplus
}
#endif

#endif
