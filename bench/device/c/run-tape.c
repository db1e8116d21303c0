/* Plays a tape of pushes to the core and collects what it finds, as ../tape.ts does on V8. Only the core's verbs are timed.
 *
 *  | count u32 | count x ELEMENT_BYTES |  one push, again and again  | END u32 |
 */
#include "board.h"
#include "core.h"
#include "driver.h"

#define END 0xFFFFFFFFu

static w2c_core core;
static uint32_t hash = 0x811C9DC5u; /* FNV-1a */
static uint64_t finding_count, push_ticks, poll_ticks, most_ticks;
static uint32_t instance, input, findings;

static uint32_t expect(uint32_t answer, const char *verb) {
  if ((int32_t)answer < 0) fail(verb, (uint32_t)-(int32_t)answer);
  return answer;
}

static uint32_t aligned(uint32_t place) {
  return (place + 15u) & ~15u;
}

/* Polls until nothing comes. Ticks that it took. */
static uint32_t collect(void) {
  uint32_t ticks = 0;
  for (;;) {
    start_clock();
    const uint32_t count = w2c_core_poll(&core, instance, findings, POLL_COUNT);
    const uint32_t own = stop_clock();
    expect(count, "poll");
    if (count == 0) return ticks;
    ticks += own;
    const uint8_t *bytes = linear_memory + findings;
    for (uint32_t at = 0; at < count * FINDING_BYTES; at++) hash = (hash ^ bytes[at]) * 16777619u;
    finding_count += count;
  }
}

static void offer(uint32_t count) {
  uint32_t ticks = 0;
  for (uint32_t taken = 0; taken < count;) {
    const uint64_t before = finding_count;
    start_clock();
    const uint32_t more = w2c_core_push(&core, instance, input + taken * ELEMENT_BYTES, count - taken);
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
  wasm2c_core_instantiate(&core);
  instance = aligned(w2c_core_arena(&core));
  input = aligned(instance + expect(DRIVER_SIZE(&core), "size"));
  findings = aligned(input + INPUT_BYTES);
  if (findings + POLL_COUNT * FINDING_BYTES > LINEAR_BYTES) fail("too-little-memory", LINEAR_BYTES);
  say("calibration", calibrate());
  start_clock();
  const uint32_t status = DRIVER_INIT(&core, instance);
  const uint32_t init_ticks = stop_clock();
  expect(status, "init");
  open_tape();
  for (;;) {
    uint32_t count;
    read_tape(&count, sizeof count);
    if (count == END) break;
    read_tape(linear_memory + input, count * ELEMENT_BYTES);
    offer(count);
  }
  start_clock();
  const uint32_t flushed = w2c_core_flush(&core, instance);
  const uint32_t flush_ticks = stop_clock();
  expect(flushed, "flush");
  const uint32_t last_ticks = collect();
  say("hash", hash);
  say("findings", finding_count);
  say("init", init_ticks);
  say("push", push_ticks);
  say("poll", poll_ticks);
  say("flush", (uint64_t)flush_ticks + last_ticks);
  say("most", most_ticks);
  say("stack", stack_used());
  return 0;
}
