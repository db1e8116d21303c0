/* What a forged snapshot can do: bytes and words of an instance become others, such as addresses about the end of the memory, and the core
 * is played its known input. Whatever comes of it, nothing may happen outside of the memory: the sanitizers watch that, and here the words
 * behind the memory. CORES names the cores, ROUNDS says how often. */
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "maibo_config.h"

enum { FINDINGS_BYTES = 4096, CHANGES_MAX = 64, PUSHES = 400 };

static sigjmp_buf beyond_time;
static uint32_t chance = 1u;

static uint32_t draw(uint32_t count) {
  chance = chance * 1664525u + 1013904223u;
  return (chance >> 8) % count;
}

/* A forged number of rounds may keep a core busy for hours: that is no harm to anybody's memory. */
static void stop_waiting(int number) {
  (void)number;
  siglongjmp(beyond_time, 1);
}

/* Numbers that lie about the limits. */
static uint32_t wild_word(const maibo_core *core) {
  const uint32_t end = core->origin + core->trap_at;
  const uint32_t limits[6] = {0u, 0x7FFFFFFFu, 0xFFFFFFFFu, core->origin, core->instance_at, end};
  return limits[draw(6u)] + draw(33u) - 16u;
}

static void forge_one(const maibo_core *core, uint8_t *body, uint32_t bytes) {
  if (draw(2u) == 0u) {
    body[draw(bytes)] = (uint8_t)draw(256u);
  } else {
    const uint32_t word = wild_word(core);
    (void)memcpy(&body[draw(bytes / 4u) * 4u], &word, sizeof word);
  }
}

static void play(maibo_instance *instance, const maibo_known_input *known) {
  static uint8_t findings[FINDINGS_BYTES];
  const uint32_t bytes = known->core->input_bytes;
  uint32_t at = 0;
  for (int i = 0; i < PUSHES; i++) {
    const uint32_t count = (at + known->push_count <= known->count) ? known->push_count : known->count - at;
    const int32_t taken = maibo_push(instance, &((const uint8_t *)known->elements)[at * bytes], count);
    const int32_t found = maibo_poll(instance, findings, FINDINGS_BYTES / known->core->finding_bytes);
    if (taken < 0 || found < 0) return;
    at = (at + (uint32_t)taken) % known->count;
  }
  (void)maibo_flush(instance);
  (void)maibo_poll(instance, findings, FINDINGS_BYTES / known->core->finding_bytes);
  (void)maibo_reset(instance);
}

/* In the storage behind the memory: a trap's number, and a word that nobody writes. */
static int is_unharmed(const maibo_instance *instance, const uint8_t *storage) {
  uint32_t behind[2];
  (void)memcpy(behind, &storage[instance->core->trap_at], sizeof behind);
  return behind[0] <= 4u && behind[1] == 0u;
}

static int forge(const maibo_known_input *known, uint32_t rounds) {
  const maibo_core *const core = known->core;
  volatile uint32_t trapped = 0;
  volatile uint32_t late = 0;
  volatile int harmed = 0;
  for (volatile uint32_t round = 0; round < rounds; round++) {
    uint8_t *const storage = malloc(core->storage_bytes);
    maibo_instance instance = MAIBO_NO_INSTANCE;
    if (storage == NULL || maibo_init(&instance, core, storage, core->storage_bytes, known->settings) != MAIBO_OK) return 1;
    play(&instance, known);
    (void)maibo_init(&instance, core, storage, core->storage_bytes, known->settings);
    (void)maibo_push(&instance, known->elements, known->push_count);
    /* A snapshot with a right checksum is exactly these bytes put in place. */
    uint8_t *const body = &storage[core->instance_at - core->origin];
    const uint32_t changes = 1u + draw(CHANGES_MAX);
    for (uint32_t i = 0; i < changes; i++) forge_one(core, body, instance.instance_bytes);
    if (sigsetjmp(beyond_time, 1) == 0) {
      (void)alarm(1);
      play(&instance, known);
      if (maibo_flush(&instance) == MAIBO_TRAPPED) trapped++;
    } else {
      late++;
    }
    (void)alarm(0);
    if (is_unharmed(&instance, storage) == 0) harmed++;
    free(storage);
  }
  printf("%s %s: of %u forged, %u trapped, %u went on without end\n", core->name, core->version, (unsigned)rounds, (unsigned)trapped, (unsigned)late);
  return harmed;
}

#define RUN(id, macro) harmed += forge(&maibo_##id##_known_input, ROUNDS)

int main(void) {
  int harmed = 0;
  (void)signal(SIGALRM, stop_waiting);
  CORES
  return harmed;
}
