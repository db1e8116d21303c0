/* Arm's CMSDK watchdog. At the first end of its count it interrupts (start.c starts the board anew and says why), at the second it resets
 * by itself, should even that not run. */
#include "board.h"

#define LOAD (*(volatile uint32_t *)0x40008000u)
#define CONTROL (*(volatile uint32_t *)0x40008008u)
#define CLEAR (*(volatile uint32_t *)0x4000800Cu)
#define LOCK (*(volatile uint32_t *)0x40008C00u)
#define UNLOCK 0x1ACCE551u
#define INTERRUPT_AND_RESET 3u
#define CLOCK_HZ 25000000u
#define PATIENCE_S 8u

void board_watchdog_begin(void) {
  LOCK = UNLOCK;
  LOAD = PATIENCE_S * CLOCK_HZ;
  CONTROL = INTERRUPT_AND_RESET;
  LOCK = 0u;
}

void board_watchdog_feed(void) {
  LOCK = UNLOCK;
  CLEAR = 1u; /* Reloads the count. */
  LOCK = 0u;
}
