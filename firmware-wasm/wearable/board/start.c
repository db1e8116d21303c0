/* From reset to main on an Armv7-M or Armv8-M processor: memory, paint under the stack, FPU, vectors. Faults and a starved watchdog
 * start the board anew; why is kept over the reset. */
#include <stddef.h>

#include "board.h"
#include "interrupts.h"

#define COPROCESSOR_ACCESS (*(volatile uint32_t *)0xE000ED88u)
#define RESET_CONTROL (*(volatile uint32_t *)0xE000ED0Cu)
#define RESET_REQUEST 0x05FA0004u
#define PAINT 0x5AFE57ACu
#define PAINT_MARGIN_BYTES 64u
#define REASON_MARK 0x4D420000u /* "MB": anything else in that word is what power-on left there. */

/* Places that the linker knows. Compared as numbers: to C they are different objects. */
extern uint32_t data_source, data_start, data_end, bss_start, bss_end, stack_low, stack_top;
#define PLACE(of) ((uintptr_t)(of))
int main(void);
void board_start(void);

static uint32_t kept_reason __attribute__((section(".kept")));
static uint32_t reset_reason;

uint32_t board_reset_reason(void) {
  return reset_reason;
}

uint32_t board_stack_used(void) {
  const uint32_t *at = &stack_low;
  while (PLACE(at) < PLACE(&stack_top) && *at == PAINT) at++;
  return (uint32_t)(PLACE(&stack_top) - PLACE(at));
}

static void start_anew(uint32_t reason) {
  kept_reason = REASON_MARK | reason;
  __asm__ volatile("dsb" : : : "memory");
  RESET_CONTROL = RESET_REQUEST;
  for (;;) {
  }
}

static void take_fault(void) {
  start_anew(BOARD_RESET_FAULT);
}

/* On this board the watchdog's first warning. */
static void take_nmi(void) {
  start_anew(BOARD_RESET_WATCHDOG);
}

/* Not used by whoever links no UART. */
static void ignore(void) {
}
void uart_0_received(void) __attribute__((weak, alias("ignore")));
void uart_0_sent(void) __attribute__((weak, alias("ignore")));
void uart_1_received(void) __attribute__((weak, alias("ignore")));
void uart_1_sent(void) __attribute__((weak, alias("ignore")));
void clock_ticked(void) __attribute__((weak, alias("ignore")));

static void prepare_memory(void) {
  const uint32_t *from = &data_source;
  for (uint32_t *to = &data_start; PLACE(to) < PLACE(&data_end); to++) *to = *from++;
  for (uint32_t *to = &bss_start; PLACE(to) < PLACE(&bss_end); to++) *to = 0u;
  const uintptr_t here = PLACE(__builtin_frame_address(0)) - PAINT_MARGIN_BYTES;
  for (uint32_t *to = &stack_low; PLACE(to) < here; to++) *to = PAINT;
}

void board_start(void) {
  prepare_memory();
  reset_reason = ((kept_reason & 0xFFFF0000u) == REASON_MARK) ? (kept_reason & 0xFFFFu) : (uint32_t)BOARD_RESET_POWER;
  kept_reason = 0u;
  COPROCESSOR_ACCESS |= 0xFu << 20;
  __asm__ volatile("dsb\n isb");
  (void)main();
  start_anew(BOARD_RESET_FAULT); /* main does not return. */
}

enum { EXCEPTION_COUNT = 16, INTERRUPT_COUNT = 4 };

typedef void (*vector)(void);

__attribute__((section(".vectors"), used)) static const vector vectors[EXCEPTION_COUNT + INTERRUPT_COUNT] = {
    (vector)(uintptr_t)&stack_top,
    board_start,
    take_nmi,
    take_fault, /* hard fault */
    take_fault, /* memory */
    take_fault, /* bus */
    take_fault, /* usage */
    NULL,
    NULL,
    NULL,
    NULL,
    take_fault, /* supervisor call: there is no supervisor */
    take_fault,
    NULL,
    take_fault,
    clock_ticked,
    uart_0_received,
    uart_0_sent,
    uart_1_received,
    uart_1_sent,
};
