/* COBS (Cheshire & Baker, IEEE/ACM Trans. Networking 7(2), 1999): code n = 1..254 is followed by n - 1 bytes and stands for a zero behind
 * them, 255 is followed by 254 bytes and no zero; the zero of the last group is not part of the data. */
#include "ml_frame.h"

#include <stddef.h>

#include "ml_bytes.h"
#include "ml_crc32c.h"

#define FULL_GROUP 0xFFu

/* ---- receiving */

static void begin_frame(ml_frames *frames) {
  frames->count = 0u;
  frames->seen = 0u;
  frames->left = 0u;
  frames->is_zero_behind = false;
  frames->is_dropping = false;
}

int32_t ml_frames_open(ml_frames *frames, uint8_t *room, uint32_t bytes) {
  if (frames == NULL || room == NULL) return ML_BAD_ARGUMENT;
  if (bytes <= ML_FRAME_CHECK_BYTES || bytes > ML_FRAME_ROOM(ML_FRAME_PACKET_BYTES_MAX)) return ML_BAD_ARGUMENT;
  (void)memset(frames, 0, sizeof *frames);
  frames->room = room;
  frames->room_bytes = bytes;
  return ML_OK;
}

void ml_frames_reset(ml_frames *frames) {
  if (frames == NULL) return;
  if (!frames->is_dropping) frames->junk_bytes += frames->seen;
  begin_frame(frames);
}

/* The frame is no good: `seen` bytes were junk. */
static int32_t fault(ml_frames *frames, int32_t status, uint32_t at, uint32_t *counter) {
  frames->fault_at = at;
  frames->junk_bytes += frames->seen;
  *counter += 1u;
  return status;
}

/* The 0x00 behind a frame has come, and is counted in `seen`. */
static int32_t end_frame(ml_frames *frames) {
  if (frames->left > 0u || frames->count <= ML_FRAME_CHECK_BYTES) {
    return fault(frames, ML_TORN, frames->seen - 1u, &frames->torn);
  }
  const uint32_t count = frames->count - ML_FRAME_CHECK_BYTES;
  if (ml_crc32c(frames->room, count) != ml_read_u32(&frames->room[count])) {
    return fault(frames, ML_BAD_CHECK, 0u, &frames->bad_check);
  }
  frames->frames += 1u;
  return (int32_t)count;
}

static bool append(ml_frames *frames, uint8_t byte) {
  if (frames->count >= frames->room_bytes) return false;
  frames->room[frames->count] = byte;
  frames->count += 1u;
  return true;
}

/* A byte of a frame that is not 0x00. False when the frame is too long. */
static bool decode(ml_frames *frames, uint8_t byte) {
  if (frames->left > 0u) {
    frames->left -= 1u;
    return append(frames, byte);
  }
  const bool has_room = !frames->is_zero_behind || append(frames, 0u);
  frames->left = (uint32_t)byte - 1u;
  frames->is_zero_behind = byte != FULL_GROUP;
  return has_room;
}

int32_t ml_frames_take(ml_frames *frames, uint8_t byte) {
  if (frames == NULL || frames->room == NULL) return ML_BAD_ARGUMENT;
  if (frames->is_dropping) {
    frames->junk_bytes += 1u;
    if (byte == 0u) begin_frame(frames);
    return 0;
  }
  if (byte == 0u && frames->seen == 0u) return 0;
  frames->seen += 1u;
  if (byte == 0u) {
    const int32_t answer = end_frame(frames);
    begin_frame(frames);
    return answer;
  }
  if (decode(frames, byte)) return 0;
  frames->is_dropping = true;
  return fault(frames, ML_TOO_LONG, 0u, &frames->too_long);
}

/* ---- sending */

/* Where the encoding goes; a group's code is written when the group is full or ends. */
typedef struct {
  uint8_t *into;
  uint32_t bytes;
  uint32_t count;
  uint32_t code_at;
  uint32_t code;
} cobs_writer;

static void end_group(cobs_writer *writer) {
  if (writer->code_at < writer->bytes) writer->into[writer->code_at] = (uint8_t)writer->code;
}

static void begin_group(cobs_writer *writer) {
  writer->code_at = writer->count;
  writer->count += 1u;
  writer->code = 1u;
}

static void encode(cobs_writer *writer, uint8_t byte) {
  /* Only now is it known that the full group was not the last: a last one has no empty group behind it. */
  if (writer->code == FULL_GROUP) {
    end_group(writer);
    begin_group(writer);
  }
  if (byte == 0u) {
    end_group(writer);
    begin_group(writer);
    return;
  }
  if (writer->count < writer->bytes) writer->into[writer->count] = byte;
  writer->count += 1u;
  writer->code += 1u;
}

int32_t ml_frame_write(const uint8_t *packet, uint32_t count, uint8_t *into, uint32_t bytes) {
  if (packet == NULL || into == NULL || count < 1u || count > ML_FRAME_PACKET_BYTES_MAX) return ML_BAD_ARGUMENT;
  uint8_t check[ML_FRAME_CHECK_BYTES];
  ml_write_u32(check, ml_crc32c(packet, count));
  cobs_writer writer = {into, bytes, 0u, 0u, 0u};
  begin_group(&writer);
  for (uint32_t i = 0u; i < count; i++) encode(&writer, packet[i]);
  for (uint32_t i = 0u; i < ML_FRAME_CHECK_BYTES; i++) encode(&writer, check[i]);
  end_group(&writer);
  if (writer.count >= bytes) return ML_TOO_SMALL;
  into[writer.count] = 0u;
  return (int32_t)(writer.count + 1u);
}
