/* What the vectors of start.c call. */
#ifndef INTERRUPTS_H
#define INTERRUPTS_H

#include <stdint.h>

void clock_ticked(void);
void uart_0_received(void);
void uart_0_sent(void);
void uart_1_received(void);
void uart_1_sent(void);

static inline uint32_t stop_interrupts(void) {
  uint32_t before;
  __asm__ volatile("mrs %0, primask\n cpsid i" : "=r"(before) : : "memory");
  return before;
}

static inline void restore_interrupts(uint32_t before) {
  __asm__ volatile("msr primask, %0" : : "r"(before) : "memory");
}

#endif
