/* What the run needs of its surroundings: text and files of the host, a clock that counts instructions, the stack's depth. board.c has it
 * for a Cortex-M over semihosting; host.c for this machine, without clock and stack. */
#ifndef BOARD_H
#define BOARD_H

#include <stdint.h>

void say(const char *name, uint64_t value);
void fail(const char *reason, uint32_t code) __attribute__((noreturn));
void finish(void) __attribute__((noreturn));

/* The tape: opened once, read from its beginning to its end. Fails if it has fewer bytes. */
void open_tape(void);
void read_tape(void *into, uint32_t bytes);

/* Ticks since start_clock; fails if it ran for nearly 2^32 of them or more. */
void start_clock(void);
uint32_t stop_clock(void);
/* Ticks of a loop of known length. */
uint32_t calibrate(void);
enum { CALIBRATION_INSTRUCTIONS = 2000000 };

/* Bytes of the stack that were ever used. */
uint32_t stack_used(void);

#endif
