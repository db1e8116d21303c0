/* SysTick at the processor's clock: a tick every 4 ms, as often as the fastest sensor gives a sample. */
#include "board.h"
#include "interrupts.h"

#define SYSTICK_CONTROL (*(volatile uint32_t *)0xE000E010u)
#define SYSTICK_RELOAD (*(volatile uint32_t *)0xE000E014u)
#define SYSTICK_VALUE (*(volatile uint32_t *)0xE000E018u)
#define INTERRUPT_STATE (*(volatile uint32_t *)0xE000ED04u)
#define TICK_IS_PENDING (1u << 26)
#define RUN_ON_PROCESSOR_CLOCK_AND_INTERRUPT 7u

#define CLOCK_MHZ 25u /* AN386 */
#define TICK_US 4000u
#define TICK_CYCLES (TICK_US * CLOCK_MHZ)

static volatile uint32_t tick_count;
static uint32_t ticks_seen;
static uint64_t whole_ticks;

void clock_ticked(void) {
  tick_count++;
}

static void begin(void) {
  SYSTICK_RELOAD = TICK_CYCLES - 1u;
  SYSTICK_VALUE = 0u;
  SYSTICK_CONTROL = RUN_ON_PROCESSOR_CLOCK_AND_INTERRUPT;
}

uint64_t board_now_us(void) {
  uint32_t ticks;
  uint32_t left;
  uint32_t state;
  if (SYSTICK_CONTROL == 0u) begin();
  do {
    ticks = tick_count;
    left = SYSTICK_VALUE;
    state = INTERRUPT_STATE;
  } while (ticks != tick_count || (state & TICK_IS_PENDING) != 0u);
  whole_ticks += ticks - ticks_seen;
  ticks_seen = ticks;
  return whole_ticks * TICK_US + (TICK_CYCLES - 1u - left) / CLOCK_MHZ;
}

uint32_t board_now_ms(void) {
  return (uint32_t)(board_now_us() / 1000u);
}

void board_wait(void) {
  __asm__ volatile("wfi" : : : "memory");
}
