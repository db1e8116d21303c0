/* Reads streams and packets, says what the receiver gives for each, and frames the packets.
 *
 *   in:  for each: 'r' u32, room u32, length u32, bytes of a stream     (the receiver)
 *                  'w' u32, room u32, length u32, bytes of a packet     (the writer)
 *   out: for 'r': number of events u32, for each: status i32, byte of a fault or length u32, bytes of a packet;
 *                 then frames, torn, bad checks, too long, junk bytes
 *        for 'w': status i32, length u32, frame
 */
#include <stdio.h>
#include <stdlib.h>

#include "../ml_bytes.h"
#include "../ml_crc32c.h"
#include "../ml_frame.h"
#include "check.h"
#include "numbers.h"

static uint8_t *room_of(uint32_t bytes) {
  uint8_t *const room = (uint8_t *)malloc((bytes > 0u) ? bytes : 1u);
  CHECK(room != NULL);
  return room;
}

static void receive(const uint8_t *stream, uint32_t count, uint32_t room_bytes) {
  uint8_t *const room = room_of(room_bytes);
  ml_frames frames;
  CHECK(ml_frames_open(&frames, room, room_bytes) == ML_OK);
  uint32_t events = 0u;
  for (uint32_t i = 0u; i < count; i++) events += (ml_frames_take(&frames, stream[i]) != 0) ? 1u : 0u;
  put_u32(events);
  CHECK(ml_frames_open(&frames, room, room_bytes) == ML_OK);
  for (uint32_t i = 0u; i < count; i++) {
    const int32_t answer = ml_frames_take(&frames, stream[i]);
    if (answer == 0) continue;
    put_u32((answer > 0) ? 0u : (uint32_t)answer);
    put_u32((answer > 0) ? (uint32_t)answer : frames.fault_at);
    if (answer > 0) (void)fwrite(room, 1u, (size_t)answer, stdout);
  }
  ml_frames_reset(&frames);
  put_u32(frames.frames);
  put_u32(frames.torn);
  put_u32(frames.bad_check);
  put_u32(frames.too_long);
  put_u32(frames.junk_bytes);
  free(room);
}

static void write(const uint8_t *packet, uint32_t count, uint32_t room_bytes) {
  uint8_t *const room = room_of(room_bytes);
  const int32_t answer = ml_frame_write(packet, count, room, room_bytes);
  put_u32((uint32_t)answer);
  put_u32((answer > 0) ? (uint32_t)answer : 0u);
  if (answer > 0) (void)fwrite(room, 1u, (size_t)answer, stdout);
  free(room);
}

static void wrong_use_is_named(void) {
  uint8_t room[8];
  ml_frames frames;
  CHECK(ml_frames_open(NULL, room, 8u) == ML_BAD_ARGUMENT);
  CHECK(ml_frames_open(&frames, NULL, 8u) == ML_BAD_ARGUMENT);
  CHECK(ml_frames_open(&frames, room, 4u) == ML_BAD_ARGUMENT);
  CHECK(ml_frames_open(&frames, room, ML_FRAME_ROOM(ML_FRAME_PACKET_BYTES_MAX) + 1u) == ML_BAD_ARGUMENT);
  CHECK(ml_frames_take(NULL, 1u) == ML_BAD_ARGUMENT);
  CHECK(ml_frame_write(NULL, 1u, room, 8u) == ML_BAD_ARGUMENT);
  CHECK(ml_frame_write(room, 1u, NULL, 8u) == ML_BAD_ARGUMENT);
}

/* RFC 3720, B.4 */
static void checks_are_those_of_the_standard(void) {
  uint8_t bytes[32];
  for (uint32_t i = 0u; i < 32u; i++) bytes[i] = 0u;
  CHECK(ml_crc32c(bytes, 32u) == 0x8A9136AAu);
  for (uint32_t i = 0u; i < 32u; i++) bytes[i] = 0xFFu;
  CHECK(ml_crc32c(bytes, 32u) == 0x62A8AB43u);
  for (uint32_t i = 0u; i < 32u; i++) bytes[i] = (uint8_t)i;
  CHECK(ml_crc32c(bytes, 32u) == 0x46DD794Eu);
  CHECK(ml_crc32c_end(ml_crc32c_more(ml_crc32c_more(ML_CRC32C_BEGIN, bytes, 5u), &bytes[5], 27u)) == 0x46DD794Eu);
}

int main(void) {
  uint32_t kind, room_bytes, count;
  wrong_use_is_named();
  checks_are_those_of_the_standard();
  while (read_u32(&kind)) {
    CHECK(read_u32(&room_bytes) && read_u32(&count));
    uint8_t *const bytes = room_of(count);
    CHECK(fread(bytes, 1u, count, stdin) == count);
    if (kind == 'r') receive(bytes, count, room_bytes);
    else write(bytes, count, room_bytes);
    free(bytes);
  }
  return 0;
}
