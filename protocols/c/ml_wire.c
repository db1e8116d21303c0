#include "ml_wire.h"

int32_t ml_wire_open(ml_wire *wire, const ml_device_options *options, uint32_t now_ms) {
  if (wire == NULL) return ML_BAD_ARGUMENT;
  const int32_t status = ml_frames_open(&wire->frames, wire->room, sizeof wire->room);
  if (status != ML_OK) return status;
  wire->line[0] = 0u;
  wire->line_count = 1u;
  wire->line_at = 0u;
  return ml_device_open(&wire->device, options, now_ms);
}

void ml_wire_take(ml_wire *wire, const uint8_t *bytes, uint32_t count, uint32_t now_ms) {
  for (uint32_t i = 0u; i < count; i++) {
    const int32_t packet_bytes = ml_frames_take(&wire->frames, bytes[i]);
    if (packet_bytes > 0) (void)ml_device_take_packet(&wire->device, wire->room, (uint32_t)packet_bytes, now_ms);
  }
}

/* Frames the next packet. False when there is none. */
static bool next_frame(ml_wire *wire, uint32_t now_ms) {
  const int32_t packet_bytes = ml_device_give_packet(&wire->device, wire->packet, sizeof wire->packet, now_ms);
  if (packet_bytes <= 0) return false;
  const int32_t count = ml_frame_write(wire->packet, (uint32_t)packet_bytes, wire->line, sizeof wire->line);
  wire->line_at = 0u;
  wire->line_count = (count > 0) ? (uint32_t)count : 0u;
  return count > 0;
}

uint32_t ml_wire_give(ml_wire *wire, uint8_t *into, uint32_t bytes, uint32_t now_ms) {
  uint32_t given = 0u;
  while (given < bytes) {
    if (wire->line_at >= wire->line_count && !next_frame(wire, now_ms)) break;
    const uint32_t count = ml_least(bytes - given, wire->line_count - wire->line_at);
    ml_copy(&into[given], &wire->line[wire->line_at], count);
    wire->line_at += count;
    given += count;
  }
  return given;
}

uint32_t ml_wire_wait_ms(const ml_wire *wire, uint32_t now_ms) {
  return (wire->line_at < wire->line_count) ? 0u : ml_device_wait_ms(&wire->device, now_ms);
}
