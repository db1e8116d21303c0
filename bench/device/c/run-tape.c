/* Plays a tape of pushes to the core and collects what it finds, as ../tape.ts does on V8, by the calls that firmware uses (maibo.h). Only
 * they are timed.
 *
 *  | count u32 | count x ELEMENT_BYTES |  one push, again and again  | END u32 |
 */
#include "board.h"
#include "driver.h"
#include "maibo_config.h"

#define END 0xFFFFFFFFu

static MAIBO_STORAGE(storage, STORAGE_BYTES);
static maibo_instance core = MAIBO_NO_INSTANCE;
static uint64_t input[(INPUT_BYTES + 7u) / 8u];
static uint64_t findings[(POLL_COUNT * FINDING_BYTES + 7u) / 8u];
static uint32_t hash = 0x811C9DC5u; /* FNV-1a */
static uint64_t finding_count, push_ticks, poll_ticks, most_ticks;

static uint32_t expect(int32_t answer, const char *call) {
  if (answer < 0) fail(call, (uint32_t)-answer);
  return (uint32_t)answer;
}

/* Polls until nothing comes. Ticks that it took. */
static uint32_t collect(void) {
  uint32_t ticks = 0;
  for (;;) {
    start_clock();
    const int32_t answer = maibo_poll(&core, findings, POLL_COUNT);
    const uint32_t own = stop_clock();
    const uint32_t count = expect(answer, "poll");
    if (count == 0) return ticks;
    ticks += own;
    const uint8_t *bytes = (const uint8_t *)findings;
    for (uint32_t at = 0; at < count * FINDING_BYTES; at++) hash = (hash ^ bytes[at]) * 16777619u;
    finding_count += count;
  }
}

static void offer(uint32_t count) {
  uint32_t ticks = 0;
  for (uint32_t taken = 0; taken < count;) {
    const uint64_t before = finding_count;
    const uint8_t *const from = (const uint8_t *)input + taken * ELEMENT_BYTES;
    start_clock();
    const int32_t more = maibo_push(&core, from, count - taken);
    const uint32_t own = stop_clock();
    taken += expect(more, "push");
    push_ticks += own;
    const uint32_t polled = collect();
    poll_ticks += polled;
    ticks += own + polled;
    if (more == 0 && finding_count == before) fail("stuck", taken);
  }
  if (ticks > most_ticks) most_ticks = ticks;
}

int main(void) {
  static const DRIVER_SETTINGS_TYPE settings = DRIVER_SETTINGS;
  say("calibration", calibrate());
  start_clock();
  const int32_t status = maibo_init(&core, &DRIVER_CORE, storage, sizeof storage, &settings);
  const uint32_t init_ticks = stop_clock();
  expect(status, "init");
  open_tape();
  for (;;) {
    uint32_t count;
    read_tape(&count, sizeof count);
    if (count == END) break;
    if (count * ELEMENT_BYTES > INPUT_BYTES) fail("long-push", count);
    read_tape(input, count * ELEMENT_BYTES);
    offer(count);
  }
  start_clock();
  const int32_t flushed = maibo_flush(&core);
  const uint32_t flush_ticks = stop_clock();
  expect(flushed, "flush");
  const uint32_t last_ticks = collect();
  say("hash", hash);
  say("findings", finding_count);
  say("storage", STORAGE_BYTES);
  say("init", init_ticks);
  say("push", push_ticks);
  say("poll", poll_ticks);
  say("flush", (uint64_t)flush_ticks + last_ticks);
  say("most", most_ticks);
  say("stack", stack_used());
  return 0;
}
