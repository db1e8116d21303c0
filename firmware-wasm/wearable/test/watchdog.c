/* On a board of QEMU: hangs, is started anew by its watchdog, and knows why; then faults, and knows that. The exit code is 0. */
#include "board.h"
#include "semihost.h"

enum { FED_US = 1000000, TOO_LATE_US = 40000000 };

int main(void) {
  const uint32_t reason = board_reset_reason();
  semihost_say_number("reset", reason);
  if (reason == (uint32_t)BOARD_RESET_FAULT) semihost_exit(0u);
  if (reason == (uint32_t)BOARD_RESET_WATCHDOG) {
    *(volatile uint32_t *)0xFFFFFFF0u = 1u; /* Nothing is there. */
    semihost_exit(2u);
  }
  board_watchdog_begin();
  while (board_now_us() < FED_US) {
    board_watchdog_feed();
    board_wait();
  }
  while (board_now_us() < TOO_LATE_US) board_wait();
  semihost_exit(1u);
}
