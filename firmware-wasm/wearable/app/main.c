/* The wearable on its board: one loop, no operating system. It sleeps until an interrupt whenever there is nothing to do. */
#include "board.h"
#include "console.h"
#include "flash.h"
#include "wearable.h"

#define CHUNK_BYTES 128u

static cores_memory core_memory; /* All linear memory of all cores. */
static wearable device;
static console dialogue;

static uint64_t tell_clock(void *context) {
  (void)context;
  return board_now_us();
}

static void say(void *context, const char *text, uint32_t count) {
  (void)context;
  (void)board_serial_give((uint32_t)BOARD_CONSOLE, (const uint8_t *)text, count);
}

static void begin(void) {
  wearable_options options = {.random = board_random, .clock_us = tell_clock, .reset_reason = board_reset_reason()};
  board_watchdog_begin();
  board_serial_begin();
  int32_t status = board_flash_open(&options.flash);
  if (status == ML_OK) status = wearable_begin(&device, &core_memory, &options);
  if (status != ML_OK) board_stop(status);
  dialogue.say = say;
  console_begin(&dialogue, &device);
}

/* Whether there was anything. */
static bool hear(void) {
  uint8_t bytes[CHUNK_BYTES];
  const uint32_t heard = board_serial_take((uint32_t)BOARD_LINK, bytes, sizeof bytes);
  wearable_hear(&device, bytes, heard);
  const uint32_t typed = board_serial_take((uint32_t)BOARD_CONSOLE, bytes, sizeof bytes);
  dialogue.stack_used = (typed > 0u) ? board_stack_used() : 0u;
  dialogue.bytes_lost = board_serial_lost((uint32_t)BOARD_LINK);
  console_hear(&dialogue, bytes, typed);
  return heard + typed > 0u;
}

static bool speak(void) {
  uint8_t bytes[CHUNK_BYTES];
  const uint32_t room = board_serial_room((uint32_t)BOARD_LINK);
  const uint32_t count = wearable_speak(&device, bytes, (room < CHUNK_BYTES) ? room : CHUNK_BYTES);
  (void)board_serial_give((uint32_t)BOARD_LINK, bytes, count);
  return count > 0u;
}

int main(void) {
  begin();
  for (;;) {
    board_watchdog_feed();
    wearable_measure(&device);
    const bool has_heard = hear();
    const bool has_spoken = speak();
    console_look(&dialogue);
    if (!has_heard && !has_spoken) board_wait();
  }
}
