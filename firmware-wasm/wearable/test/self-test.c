/* On a board of QEMU: the self-test of every core of a library. CORES names them. The exit code is the number of those that fail. */
#include "maibo_config.h"
#include "semihost.h"

#define RUN(id, macro)                                                                            \
  do {                                                                                            \
    static MAIBO_STORAGE(storage, MAIBO_##macro##_STORAGE_BYTES);                                 \
    const int32_t status = maibo_self_test(&maibo_##id##_known_input, storage, sizeof storage); \
    semihost_say_number(maibo_##id.name, (uint32_t)-status);                                      \
    if (status != MAIBO_OK) failures++;                                                           \
  } while (0)

int main(void) {
  uint32_t failures = 0u;
  CORES
  semihost_exit(failures);
}
