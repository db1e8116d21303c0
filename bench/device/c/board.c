/* Cortex-M with semihosting (Arm, "Semihosting for AArch32 and AArch64"), SysTick and vectors (Armv7-M Architecture Reference Manual). */
#include "board.h"

enum { SYS_OPEN = 0x01, SYS_WRITE0 = 0x04, SYS_READ = 0x06, SYS_EXIT_EXTENDED = 0x20 };
enum { OPEN_READ_BINARY = 1, STOPPED_APPLICATION_EXIT = 0x20026 };
enum { PAINT = 0x5AFE57AC, PAINT_MARGIN_BYTES = 128 };
enum { CLOCK_PERIODS_MAX = 255 };

#define SYSTICK_CONTROL (*(volatile uint32_t *)0xE000E010u)
#define SYSTICK_RELOAD (*(volatile uint32_t *)0xE000E014u)
#define SYSTICK_VALUE (*(volatile uint32_t *)0xE000E018u)
#define COPROCESSOR_ACCESS (*(volatile uint32_t *)0xE000ED88u)
#define SYSTICK_MAX 0xFFFFFFu
#define SYSTICK_PERIOD (SYSTICK_MAX + 1u)
#define SYSTICK_RUN_ON_CORE_CLOCK_AND_INTERRUPT 7u

extern uint32_t data_source, data_start, data_end, bss_start, bss_end, stack_low, stack_top;
int main(void);

static int32_t tape;
static volatile uint32_t passed_zero;

static int32_t call_host(uint32_t operation, const void *arguments) {
  register uint32_t r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = arguments;
  __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
  return (int32_t)r0;
}

static void leave(uint32_t status) {
  const uint32_t arguments[2] = {STOPPED_APPLICATION_EXIT, status};
  call_host(SYS_EXIT_EXTENDED, arguments);
  for (;;) {
  }
}

void say(const char *name, uint64_t value) {
  char digits[24];
  int at = sizeof digits;
  digits[--at] = 0;
  digits[--at] = '\n';
  do {
    digits[--at] = (char)('0' + value % 10);
    value /= 10;
  } while (value > 0);
  call_host(SYS_WRITE0, name);
  call_host(SYS_WRITE0, " ");
  call_host(SYS_WRITE0, digits + at);
}

void fail(const char *reason, uint32_t code) {
  say(reason, code);
  leave(1);
  __builtin_unreachable();
}

void finish(void) {
  leave(0);
  __builtin_unreachable();
}

void open_tape(void) {
  static const char path[] = "tape.bin";
  const uint32_t arguments[3] = {(uint32_t)path, OPEN_READ_BINARY, sizeof path - 1};
  tape = call_host(SYS_OPEN, arguments);
  if (tape < 0) fail("no-tape", 0);
}

void read_tape(void *into, uint32_t bytes) {
  const uint32_t arguments[3] = {(uint32_t)tape, (uint32_t)into, bytes};
  if (bytes > 0 && call_host(SYS_READ, arguments) != 0) fail("tape-ended", bytes);
}

void start_clock(void) {
  passed_zero = 0;
  SYSTICK_VALUE = 0;
}

uint32_t stop_clock(void) {
  uint32_t periods, left;
  do {
    periods = passed_zero;
    left = SYSTICK_VALUE;
  } while (periods != passed_zero);
  if (periods >= CLOCK_PERIODS_MAX) fail("call-too-long", periods);
  return periods * SYSTICK_PERIOD + (SYSTICK_MAX - left);
}

static void count_period(void) {
  passed_zero++;
}

uint32_t calibrate(void) {
  uint32_t rounds = CALIBRATION_INSTRUCTIONS / 2;
  start_clock();
  __asm__ volatile("1: subs %0, %0, #1\n bne 1b" : "+r"(rounds) : : "cc");
  return stop_clock();
}

uint32_t stack_used(void) {
  const uint32_t *at = &stack_low;
  while (at < &stack_top && *at == PAINT) at++;
  return (uint32_t)((const uint8_t *)&stack_top - (const uint8_t *)at);
}

void reset(void) {
  const uint32_t *from = &data_source;
  for (uint32_t *to = &data_start; to < &data_end; to++) *to = *from++;
  for (uint32_t *to = &bss_start; to < &bss_end; to++) *to = 0;
  const uint32_t here = (uint32_t)__builtin_frame_address(0);
  for (uint32_t *to = &stack_low; (uint32_t)to < here - PAINT_MARGIN_BYTES; to++) *to = PAINT;
  COPROCESSOR_ACCESS |= 0xFu << 20;
  __asm__ volatile("dsb\n isb");
  SYSTICK_RELOAD = SYSTICK_MAX;
  SYSTICK_VALUE = 0;
  SYSTICK_CONTROL = SYSTICK_RUN_ON_CORE_CLOCK_AND_INTERRUPT;
  main();
  finish();
}

static void fault(void) {
  fail("fault", 0);
}

__attribute__((section(".vectors"), used)) static void (*const vectors[16])(void) = {
    (void (*)(void))&stack_top, reset, fault, fault, fault, fault, fault, 0, 0, 0, 0, fault, fault, 0, fault, count_period};
