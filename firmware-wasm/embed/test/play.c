/* Pushes the elements of stdin, PUSH_COUNT at a time, and writes every finding to stdout. CORE and MACRO name the core. */
#include <stdio.h>

#include "maibo_config.h"

#define JOIN_(a, b, c) a##b##c
#define JOIN(a, b, c) JOIN_(a, b, c)

enum { BUFFER_BYTES = 1 << 16 };

static MAIBO_STORAGE(storage, JOIN(MAIBO_, MACRO, _STORAGE_BYTES));
static uint8_t input[BUFFER_BYTES];
static uint8_t findings[BUFFER_BYTES];
static maibo_instance instance = MAIBO_NO_INSTANCE;

static int32_t collect(void) {
  const uint32_t bytes = instance.core->finding_bytes;
  int32_t all = 0;
  for (;;) {
    const int32_t count = maibo_poll(&instance, findings, BUFFER_BYTES / bytes);
    if (count <= 0) return (count < 0) ? count : all;
    (void)fwrite(findings, bytes, (size_t)count, stdout);
    all += count;
  }
}

int main(void) {
  const maibo_known_input *const known = &JOIN(maibo_, CORE, _known_input);
  const uint32_t bytes = known->core->input_bytes;
  if (maibo_init(&instance, known->core, storage, sizeof storage, known->settings) != MAIBO_OK) return 1;
  for (;;) {
    const uint32_t count = (uint32_t)fread(input, bytes, PUSH_COUNT, stdin);
    if (count == 0) break;
    for (uint32_t taken = 0; taken < count;) {
      const int32_t more = maibo_push(&instance, &input[taken * bytes], count - taken);
      const int32_t found = collect();
      if (more < 0 || found < 0 || (more == 0 && found == 0)) return 2;
      taken += (uint32_t)more;
    }
  }
  if (maibo_flush(&instance) != MAIBO_OK) return 3;
  return (collect() < 0) ? 4 : 0;
}
