#include "maibo_self_test.h"

#include <stddef.h>
#include <string.h>

enum { ELEMENT_BYTES_MAX = 64, FINDING_BYTES_MAX = 704 };

/* FNV-1a (Fowler, Noll, Vo). */
static uint32_t add_to_hash(uint32_t hash, const uint8_t *from, uint32_t bytes) {
  uint32_t sum = hash;
  for (uint32_t i = 0u; i < bytes; i++) sum = (sum ^ from[i]) * 16777619u;
  return sum;
}

/* Polls until nothing comes; how many findings there were, or a status. */
static int32_t collect(maibo_instance *instance, uint32_t *hash) {
  uint8_t findings[FINDING_BYTES_MAX];
  const uint32_t bytes = instance->core->finding_bytes;
  int32_t count = 0;
  for (;;) {
    const int32_t more = maibo_poll(instance, findings, (uint32_t)FINDING_BYTES_MAX / bytes);
    if (more < 0) return more;
    if (more == 0) return count;
    *hash = add_to_hash(*hash, findings, (uint32_t)more * bytes);
    count += more;
  }
}

static int32_t offer(maibo_instance *instance, const uint8_t *elements, uint32_t count, uint32_t *hash) {
  for (;;) {
    const int32_t taken = maibo_push(instance, elements, count);
    if (taken < 0) return taken;
    const int32_t found = collect(instance, hash);
    if (found < 0) return found;
    if (taken > 0) return MAIBO_OK;
    if (found == 0) return MAIBO_WRONG_STATE;
  }
}

/* An element of the given repetition. */
static void write_element(const maibo_known_input *known, const uint8_t *from, uint32_t repeat, uint8_t *element) {
  double clock;
  (void)memcpy(element, from, known->core->input_bytes);
  (void)memcpy(&clock, element, sizeof clock);
  clock += (double)repeat * known->clock_step;
  (void)memcpy(element, &clock, sizeof clock);
}

static int32_t play(maibo_instance *instance, const maibo_known_input *known, uint32_t repeat, uint32_t *hash) {
  uint8_t element[ELEMENT_BYTES_MAX];
  const uint8_t *const elements = (const uint8_t *)known->elements;
  int32_t status = MAIBO_OK;
  for (uint32_t i = 0u; i < known->count && status == MAIBO_OK; i += known->push_count) {
    const uint8_t *from = &elements[(size_t)i * known->core->input_bytes];
    if (known->clock_step > 0.0) {
      write_element(known, from, repeat, element);
      from = element;
    }
    status = offer(instance, from, known->push_count, hash);
  }
  return status;
}

int32_t maibo_self_test(const maibo_known_input *known, void *storage, uint32_t bytes) {
  maibo_instance instance = MAIBO_NO_INSTANCE;
  uint32_t hash = 0x811C9DC5u;
  if (known == NULL) return MAIBO_BAD_ADDRESS;
  if (known->core->input_bytes > (uint32_t)ELEMENT_BYTES_MAX) return MAIBO_TOO_SMALL;
  if (known->core->finding_bytes > (uint32_t)FINDING_BYTES_MAX) return MAIBO_TOO_SMALL;
  int32_t status = maibo_init(&instance, known->core, storage, bytes, known->settings);
  for (uint32_t repeat = 0u; repeat < known->repeats && status == MAIBO_OK; repeat++) {
    status = play(&instance, known, repeat, &hash);
  }
  if (status == MAIBO_OK) status = maibo_flush(&instance);
  if (status == MAIBO_OK) status = collect(&instance, &hash);
  if (status < 0) return status;
  return (hash == known->hash) ? MAIBO_OK : MAIBO_OTHER_BITS;
}
