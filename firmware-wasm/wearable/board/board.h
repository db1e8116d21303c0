/* What the wearable asks of its board. Another board is another set of files behind this header: NOTES.md says which.
 *
 *   time     microseconds since the start, and a wait for the next interrupt
 *   serial   the link's UART and the console's, each with a ring in both directions
 *   chance   bytes that nobody can foresee
 *   safety   a watchdog, why the last reset came, the stack's depth
 *
 * The flash is in flash.h. Nothing here may be called from an interrupt.
 */
#ifndef BOARD_H
#define BOARD_H

#include <stdint.h>

#define BOARD_OK 0
#define BOARD_NO_CHANCE (-1) /* There is no source of chance; the caller must not go on. */

/* ---- time ---- */

uint64_t board_now_us(void); /* Since the start; never goes back. */
uint32_t board_now_ms(void); /* The same, wrapping after 49 days. */
void board_wait(void);       /* Until something may have happened: an interrupt, 4 ms at most. */

/* ---- serial ---- */

enum { BOARD_LINK = 0, BOARD_CONSOLE = 1, BOARD_UART_COUNT = 2 };

void board_serial_begin(void);
/* Bytes that came, at most `bytes` of them; how many. */
uint32_t board_serial_take(uint32_t uart, uint8_t *into, uint32_t bytes);
/* Hands over as many as there is room for; how many. */
uint32_t board_serial_give(uint32_t uart, const uint8_t *from, uint32_t count);
uint32_t board_serial_room(uint32_t uart);
/* Bytes that came while the ring was full and are lost, since the start. */
uint32_t board_serial_lost(uint32_t uart);

/* ---- chance ---- */

/* Fills `into` from a cryptographic source. BOARD_OK or BOARD_NO_CHANCE. */
int32_t board_random(void *context, uint8_t *into, uint32_t bytes);

/* ---- safety ---- */

enum { BOARD_RESET_POWER = 0, BOARD_RESET_WATCHDOG = 1, BOARD_RESET_FAULT = 2 };

uint32_t board_reset_reason(void);
/* From here on the board starts anew if it is not fed for eight seconds. */
void board_watchdog_begin(void);
void board_watchdog_feed(void);
/* Bytes of the stack that were ever used. */
uint32_t board_stack_used(void);
/* Nothing can work: without flash, chance or memory. Says so as far as this board can, and does not return. */
void board_stop(int32_t status) __attribute__((noreturn));

#endif
