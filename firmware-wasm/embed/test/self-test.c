/* Runs the self-test of every core of a library; ends with the number of those that fail. CORES names them. */
#include <stdio.h>

#include "maibo_config.h"

#define RUN(id, macro)                                                                            \
  do {                                                                                            \
    static MAIBO_STORAGE(storage, MAIBO_##macro##_STORAGE_BYTES);                                 \
    const int32_t status = maibo_self_test(&maibo_##id##_known_input, storage, sizeof storage); \
    printf("%s %s %d\n", maibo_##id.name, maibo_version(&maibo_##id), (int)status);               \
    if (status != MAIBO_OK) failures++;                                                           \
  } while (0)

int main(void) {
  int failures = 0;
  CORES
  return failures;
}
