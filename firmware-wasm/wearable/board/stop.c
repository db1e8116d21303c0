/* The emulator ends, and says why. A product would go to sleep with a light on, or wait for its watchdog. */
#include "board.h"
#include "semihost.h"

void board_stop(int32_t status) {
  semihost_say_number("the board cannot go on: status -", (uint32_t)-status);
  semihost_exit(1u);
}
