#include "console.h"

#include <string.h>

#define HEX_DIGITS 8u
#define NUMBER_DIGITS 20u

static void say(console *own, const char *text) {
  own->say(own->context, text, (uint32_t)strlen(text));
}

static void say_number(console *own, const char *name, uint64_t value) {
  char digits[NUMBER_DIGITS];
  uint32_t at = NUMBER_DIGITS;
  uint64_t rest = value;
  do {
    at--;
    digits[at] = (char)('0' + (char)(rest % 10u));
    rest /= 10u;
  } while (rest > 0u && at > 0u);
  say(own, name);
  own->say(own->context, &digits[at], NUMBER_DIGITS - at);
}

/* The beginning of the device's id, as a gateway's log calls it. */
static void say_name(console *own) {
  static const char HEX[] = "0123456789abcdef";
  char digits[HEX_DIGITS];
  for (uint32_t i = 0u; i < HEX_DIGITS; i++) {
    const uint32_t byte = own->device->device.id[i / 2u];
    digits[i] = HEX[((i % 2u) == 0u) ? (byte >> 4) : (byte & 15u)];
  }
  say(own, "device ");
  own->say(own->context, digits, HEX_DIGITS);
}

void console_begin(console *own, wearable *device) {
  own->device = device;
  own->count = 0u;
  own->is_showing = false;
  own->is_ready = false;
  say_name(own);
  say_number(own, ", start ", device->device.boot);
  say_number(own, ", reset ", device->options.reset_reason);
  say(own, "\n");
}

static void say_logs(console *own) {
  for (uint16_t number = 1u; number <= LOG_COUNT; number++) {
    const fl_one *const log = fl_log_look(&own->device->log, number);
    if (log == NULL) continue;
    say_number(own, "log ", number);
    say_number(own, ": first ", log->first);
    say_number(own, ", head ", log->head);
    say_number(own, ", acknowledged to ", log->acked_past);
    say(own, "\n");
  }
}

static void say_faults(console *own) {
  const wearable *const device = own->device;
  for (uint32_t core = 0u; core < (uint32_t)CORE_COUNT; core++) {
    if (device->all.faults[core] == 0u) continue;
    say(own, "core ");
    say(own, cores_name(core));
    say_number(own, ": faults ", device->all.faults[core]);
    say(own, "\n");
  }
  say_number(own, "flash: failed ", device->recorder.failed);
  say_number(own, ", torn ", device->log.seen.torn);
  say_number(own, ", damaged ", device->log.seen.damaged);
  say_number(own, ", skipped ", device->log.seen.skipped);
  say_number(own, "\nholes ", device->skipped);
  say(own, "\n");
}

static void say_link(console *own) {
  const ml_wire *const wire = &own->device->wire;
  const ml_device_counts *const counts = &wire->device.counts;
  say_number(own, "link: sessions ", counts->sessions);
  say_number(own, ", refused ", counts->refused);
  say_number(own, ", broken ", counts->broken);
  say_number(own, ", deaths ", counts->deaths);
  say_number(own, ", byes ", counts->byes);
  say_number(own, ", last reason -", (uint64_t)-(int64_t)counts->last_reason);
  say_number(own, "\nframes: good ", wire->frames.frames);
  say_number(own, ", torn ", wire->frames.torn);
  say_number(own, ", bad check ", wire->frames.bad_check);
  say_number(own, ", too long ", wire->frames.too_long);
  say_number(own, "\npackets: taken ", wire->device.packets.counts.taken);
  say_number(own, ", repeats ", wire->device.packets.counts.repeats);
  say_number(own, ", sent ", wire->device.packets.counts.sent);
  say_number(own, ", repeated ", wire->device.packets.counts.repeated);
  say_number(own, "\nuart: lost ", own->bytes_lost);
  say(own, "\n");
}

static void say_status(console *own) {
  say_name(own);
  say_number(own, ", hosts ", ml_gate_host_count(&own->device->gate));
  say_number(own, ", stack ", own->stack_used);
  say(own, "\n");
  say_logs(own);
  say_link(own);
  say_faults(own);
  say(own, "end of status\n");
}

static void press(console *own, wearable_button button, const char *done) {
  say(own, wearable_press(own->device, button) ? done : "not now\n");
}

static void obey(console *own) {
  if (strcmp(own->line, "pair") == 0) {
    press(own, WEARABLE_PAIR, "pairing is open for two minutes\n");
  } else if (strcmp(own->line, "yes") == 0) {
    press(own, WEARABLE_YES, "you said yes\n");
  } else if (strcmp(own->line, "no") == 0) {
    press(own, WEARABLE_NO, "you said no\n");
  } else if (strcmp(own->line, "forget") == 0) {
    press(own, WEARABLE_FORGET, "no host is allowed any more\n");
  } else if (strcmp(own->line, "status") == 0) {
    say_status(own);
  } else if (own->line[0] != '\0') {
    say(own, "commands: pair, yes, no, forget, status\n");
  } else {
    /* An empty line. */
  }
}

void console_hear(console *own, const uint8_t *bytes, uint32_t count) {
  for (uint32_t i = 0u; i < count; i++) {
    if (bytes[i] == (uint8_t)'\r' || bytes[i] == (uint8_t)'\n') {
      const uint32_t end = (own->count < CONSOLE_LINE_BYTES) ? own->count : 0u;
      own->line[end] = '\0';
      own->count = 0u;
      obey(own);
    } else if (own->count < CONSOLE_LINE_BYTES - 1u) {
      own->line[own->count] = (char)bytes[i];
      own->count++;
    } else {
      own->count = CONSOLE_LINE_BYTES;
    }
  }
}

void console_look(console *own) {
  const ml_device *const device = &own->device->wire.device;
  const char *const digits = ml_device_digits(device);
  if (digits != NULL && !own->is_showing) {
    say(own, "does the other show ");
    own->say(own->context, digits, 3u);
    say(own, " ");
    own->say(own->context, &digits[3], 3u);
    say(own, "? yes or no\n");
  }
  own->is_showing = digits != NULL;
  if (ml_device_is_ready(device) == own->is_ready) return;
  own->is_ready = !own->is_ready;
  say(own, own->is_ready ? "a host is here\n" : "the host is gone\n");
}
