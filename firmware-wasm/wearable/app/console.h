/* What stands in for the wearable's button and display: a line of text each way. Commands: pair, yes, no, forget, status.
 *
 *   pair      as a press of the button: pairing is open for two minutes
 *   yes, no   whether the digits are those that the other screen shows
 *   forget    no host is allowed any more
 *   status    what there is to know of the device
 */
#ifndef CONSOLE_H
#define CONSOLE_H

#include "wearable.h"

#define CONSOLE_LINE_BYTES 16u

typedef struct {
  void *context;
  void (*say)(void *context, const char *text, uint32_t count);
  wearable *device;
  char line[CONSOLE_LINE_BYTES];
  uint32_t count; /* Beyond the line's bytes: it is too long, and passed over. */
  bool is_showing;
  bool is_ready;
  uint32_t stack_used; /* The caller's to fill in. */
  uint32_t bytes_lost; /* Likewise: of the link's UART. */
} console;

void console_begin(console *own, wearable *device);
void console_hear(console *own, const uint8_t *bytes, uint32_t count);
/* Says what has changed: digits to compare, a host that came or went. */
void console_look(console *own);

#endif
