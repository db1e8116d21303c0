/* One end of a framed packet link, played by commands on standard input, in made time.
 *
 *   Z seed                                                     all memory zero                         -> nothing
 *   O now, window, message bytes, packet bytes, keep-alive     open                                    -> status i32
 *   P packet bytes                                                                                     -> status i32
 *   T now, bytes of the line                                   take them, and what is whole            -> happenings
 *   H 0 or 1                                                   whether messages are left in the link   -> nothing
 *   R                                                          take what was left there                -> happenings
 *   S channel, message                                                                                 -> status i32
 *   G now                                                      everything that is to be sent           -> frames
 *   C                                                          counts                                  -> 8 u32
 *   V packet                                                   taken without a frame                   -> status i32
 *   X                                                          wrong use; the program checks itself    -> 0
 *
 * Numbers are u32, bytes stand behind their length. Happenings: 'o' generation, 'm' channel message, 'd' why, '.' end. Frames: each behind
 * its length, 0, then wait u32, state u32, whether idle u32.
 */
#include <stdio.h>
#include <stdlib.h>

#include "../ml_frame.h"
#include "../ml_packet.h"
#include "check.h"

typedef struct {
  ml_packets packets;
  ml_frames frames;
  uint8_t *room;    /* Of the frame receiver. */
  uint8_t *message; /* Exactly as long as the longest message. */
  uint8_t *packet;  /* Exactly as long as a packet may be. */
  uint32_t generation;
  uint32_t random;
  int is_held;
} end;

static uint8_t *room_of(uint32_t bytes) {
  uint8_t *const room = (uint8_t *)malloc((bytes > 0u) ? bytes : 1u);
  CHECK(room != NULL);
  return room;
}

static uint32_t get_u32(void) {
  uint8_t bytes[4];
  CHECK(fread(bytes, 1u, 4u, stdin) == 4u);
  return ml_read_u32(bytes);
}

static void put_u32(uint32_t value) {
  uint8_t bytes[4];
  ml_write_u32(bytes, value);
  (void)fwrite(bytes, 1u, 4u, stdout);
}

static void put_bytes(const uint8_t *bytes, uint32_t count) {
  put_u32(count);
  (void)fwrite(bytes, 1u, count, stdout);
}

static uint8_t *get_bytes(uint32_t *count) {
  *count = get_u32();
  uint8_t *const bytes = room_of(*count);
  CHECK(fread(bytes, 1u, *count, stdin) == *count);
  return bytes;
}

/* Park & Miller (1988). Good enough for nonces of a test. */
static int32_t draw(void *context, uint8_t *into, uint32_t count) {
  end *const self = (end *)context;
  for (uint32_t i = 0u; i < count; i++) {
    self->random = (uint32_t)(((uint64_t)self->random * 48271u) % 2147483647u);
    into[i] = (uint8_t)(self->random >> 8);
  }
  return ML_OK;
}

static int32_t draw_nothing(void *context, uint8_t *into, uint32_t count) {
  (void)context;
  (void)into;
  (void)count;
  return ML_NO_RANDOM;
}

static void open_link(end *self) {
  ml_packets_options options;
  const uint32_t now_ms = get_u32();
  options.window = get_u32();
  options.message_bytes_max = get_u32();
  options.packet_bytes = get_u32();
  options.keep_alive_ms = get_u32();
  options.random = draw;
  options.random_context = self;
  free(self->message);
  self->message = room_of(options.message_bytes_max);
  put_u32((uint32_t)ml_packets_open(&self->packets, &options, now_ms));
}

static void tell_opening(end *self) {
  if (self->packets.generation == self->generation) return;
  self->generation = self->packets.generation;
  put_u32('o');
  put_u32(self->generation);
}

static void receive(end *self) {
  uint32_t channel = 0u;
  int32_t count = 0;
  do {
    count = ml_packets_receive(&self->packets, &channel, self->message, self->packets.options.message_bytes_max);
    if (count > 0) {
      put_u32('m');
      put_u32(channel);
      put_bytes(self->message, (uint32_t)count);
    }
  } while (count > 0);
}

static void tell_end(const end *self) {
  if (self->packets.state == ML_PACKETS_DEAD) {
    put_u32('d');
    put_u32((uint32_t)self->packets.why);
  }
  put_u32('.');
}

/* The packet is copied to memory of exactly its size. */
static void take_packet(end *self, uint32_t count, uint32_t now_ms) {
  uint8_t *const packet = room_of(count);
  ml_copy(packet, self->room, count);
  (void)ml_packets_take(&self->packets, packet, count, now_ms);
  free(packet);
  tell_opening(self);
  if (self->is_held == 0) receive(self);
}

static void take(end *self) {
  const uint32_t now_ms = get_u32();
  uint32_t count = 0u;
  uint8_t *const bytes = get_bytes(&count);
  for (uint32_t i = 0u; i < count; i++) {
    const int32_t answer = ml_frames_take(&self->frames, bytes[i]);
    if (answer > 0) take_packet(self, (uint32_t)answer, now_ms);
  }
  free(bytes);
  tell_end(self);
}

static void send_message(end *self) {
  uint32_t count = 0u;
  const uint32_t channel = get_u32();
  uint8_t *const message = get_bytes(&count);
  put_u32((uint32_t)ml_packets_send(&self->packets, channel, message, count));
  free(message);
}

static void give(end *self) {
  const uint32_t now_ms = get_u32();
  uint32_t given = 0u;
  int32_t count = 0;
  do {
    count = ml_packets_give(&self->packets, self->packet, ML_PACKETS_PACKET_BYTES, now_ms);
    if (count > 0) {
      uint8_t *const frame = room_of(ML_FRAME_BYTES((uint32_t)count));
      const int32_t bytes = ml_frame_write(self->packet, (uint32_t)count, frame, ML_FRAME_BYTES((uint32_t)count));
      CHECK(bytes > 0);
      put_bytes(frame, (uint32_t)bytes);
      free(frame);
      given += 1u;
      CHECK(given < 1000u);
    }
  } while (count > 0);
  put_u32(0u);
  const uint32_t wait_ms = ml_packets_wait_ms(&self->packets, now_ms);
  CHECK(wait_ms > 0u); /* Who has just been asked until nothing was left has nothing to say. */
  put_u32(wait_ms);
  put_u32((uint32_t)self->packets.state);
  put_u32(ml_packets_is_idle(&self->packets) ? 1u : 0u);
}

static void judge(end *self) {
  uint32_t count = 0u;
  uint8_t *const packet = get_bytes(&count);
  put_u32((uint32_t)ml_packets_take(&self->packets, packet, count, 0u));
  free(packet);
}

static void put_counts(const ml_packets_counts *counts) {
  put_u32(counts->taken);
  put_u32(counts->repeats);
  put_u32(counts->refused);
  put_u32(counts->sent);
  put_u32(counts->repeated);
  put_u32(counts->timeouts);
  put_u32(counts->acknowledgements);
  put_u32(counts->challenges);
}

static void wrong_options_are_refused(end *self) {
  static const uint32_t wrong[][4] = {{0u, 272u, 20u, 0u},
                                      {ML_PACKETS_WINDOW + 1u, 272u, 20u, 0u},
                                      {1u, 0u, 20u, 0u},
                                      {1u, ML_PACKETS_IN_BYTES + 1u, 20u, 0u},
                                      {1u, 272u, 19u, 0u},
                                      {1u, 272u, ML_PACKETS_PACKET_BYTES + 1u, 0u},
                                      {1u, 272u, 20u, 600001u}};
  for (uint32_t i = 0u; i < sizeof wrong / sizeof wrong[0]; i++) {
    const ml_packets_options options = {wrong[i][0], wrong[i][1], wrong[i][2], wrong[i][3], draw, self};
    CHECK(ml_packets_open(&self->packets, &options, 0u) == ML_BAD_ARGUMENT);
  }
  const ml_packets_options none = {1u, 272u, 20u, 0u, NULL, NULL};
  CHECK(ml_packets_open(&self->packets, &none, 0u) == ML_BAD_ARGUMENT);
  CHECK(ml_packets_open(&self->packets, NULL, 0u) == ML_BAD_ARGUMENT);
  CHECK(ml_packets_open(NULL, &none, 0u) == ML_BAD_ARGUMENT);
}

static void use_before_opening_is_refused(end *self) {
  uint8_t bytes[ML_PACKETS_IN_BYTES] = {0};
  uint8_t packet[ML_PACKETS_PACKET_BYTES];
  uint32_t channel = 0u;
  ml_packets *const link = &self->packets;
  CHECK(ml_packets_take(link, bytes, 2u, 0u) == ML_WRONG_STATE && ml_packets_take(NULL, bytes, 2u, 0u) == ML_BAD_ARGUMENT);
  CHECK(ml_packets_give(link, packet, sizeof packet, 0u) == ML_WRONG_STATE);
  CHECK(ml_packets_receive(link, &channel, bytes, sizeof bytes) == ML_WRONG_STATE);
  CHECK(ml_packets_send(link, 0u, bytes, 1u) == ML_WRONG_STATE && ml_packets_set_packet_bytes(link, 20u) == ML_WRONG_STATE);
  CHECK(!ml_packets_room(link, 0u) && ml_packets_buffer(link, 0u) == NULL && ml_packets_message_bytes_max(link) == 0u);
  CHECK(ml_packets_wait_ms(link, 0u) == ML_FOREVER && ml_packets_is_idle(link));
}

static void use_while_beginning_is_refused(end *self) {
  uint8_t bytes[ML_PACKETS_IN_BYTES] = {0};
  uint8_t packet[ML_PACKETS_PACKET_BYTES];
  uint32_t channel = 0u;
  ml_packets *const link = &self->packets;
  const ml_packets_options options = {1u, 272u, 20u, 0u, draw, self};
  CHECK(ml_packets_open(link, &options, 7u) == ML_OK && link->state == ML_PACKETS_BEGINNING);
  CHECK(ml_packets_take(link, NULL, 2u, 7u) == ML_BAD_ARGUMENT && ml_packets_take(link, bytes, 1u, 7u) == ML_TORN);
  CHECK(ml_packets_give(link, NULL, 99u, 7u) == ML_BAD_ARGUMENT);
  CHECK(ml_packets_give(link, packet, ML_PACKETS_PACKET_BYTES - 1u, 7u) == ML_TOO_SMALL);
  CHECK(ml_packets_receive(link, NULL, bytes, sizeof bytes) == ML_BAD_ARGUMENT);
  CHECK(ml_packets_receive(link, &channel, NULL, sizeof bytes) == ML_BAD_ARGUMENT);
  CHECK(ml_packets_receive(link, &channel, bytes, 271u) == ML_TOO_SMALL);
  CHECK(ml_packets_send(link, 0u, bytes, 1u) == ML_WRONG_STATE && ml_packets_send(link, 0u, NULL, 1u) == ML_BAD_ARGUMENT);
  CHECK(ml_packets_commit(link, ML_PACKETS_CHANNELS, 1u) == ML_BAD_ARGUMENT && ml_packets_commit(link, 0u, 0u) == ML_BAD_ARGUMENT);
  CHECK(ml_packets_set_packet_bytes(link, 19u) == ML_BAD_ARGUMENT);
  CHECK(ml_packets_wait_ms(link, 7u) == 0u && ml_packets_give(link, packet, sizeof packet, 7u) == 13);
  CHECK(ml_packets_wait_ms(link, 7u) == 250u);
}

static void a_link_without_chance_is_dead(end *self) {
  const ml_packets_options options = {1u, 272u, 20u, 0u, draw_nothing, NULL};
  CHECK(ml_packets_open(&self->packets, &options, 0u) == ML_NO_RANDOM);
  CHECK(self->packets.state == ML_PACKETS_DEAD && self->packets.why == ML_NO_RANDOM);
  CHECK(ml_packets_take(&self->packets, self->packet, 2u, 0u) == ML_DEAD);
}

static void obey(end *self, int command) {
  if (command == 'O') open_link(self);
  if (command == 'P') put_u32((uint32_t)ml_packets_set_packet_bytes(&self->packets, get_u32()));
  if (command == 'T') take(self);
  if (command == 'R') {
    receive(self);
    tell_end(self);
  }
  if (command == 'H') self->is_held = (int)get_u32();
  if (command == 'S') send_message(self);
  if (command == 'G') give(self);
  if (command == 'C') put_counts(&self->packets.counts);
  if (command == 'V') judge(self);
  if (command == 'X') {
    wrong_options_are_refused(self);
    use_before_opening_is_refused(self);
    use_while_beginning_is_refused(self);
    a_link_without_chance_is_dead(self);
    put_u32(0u);
  }
  if (command == 'Z') {
    (void)memset(&self->packets, 0, sizeof self->packets);
    self->generation = 0u;
    self->is_held = 0;
    self->random = 1u + (get_u32() % 2147483646u);
    CHECK(ml_frames_open(&self->frames, self->room, ML_FRAME_ROOM(ML_PACKETS_SLOT_BYTES)) == ML_OK);
  }
}

int main(void) {
  end *const self = (end *)calloc(1u, sizeof *self);
  CHECK(self != NULL);
  self->room = room_of(ML_FRAME_ROOM(ML_PACKETS_SLOT_BYTES));
  self->packet = room_of(ML_PACKETS_PACKET_BYTES);
  for (int command = getchar(); command != EOF; command = getchar()) {
    obey(self, command);
    (void)fflush(stdout);
  }
  free(self->room);
  free(self->packet);
  free(self->message);
  free(self);
  return 0;
}
