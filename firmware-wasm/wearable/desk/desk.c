/* The whole wearable without its board, for a test that has the other end of the line: time, bytes and buttons come on standard input, what
 * the wearable says goes to standard output. The same input, seed and flash give the same output.
 *
 *   wearable FLASH SEED CUT LIES
 *                         FLASH: a file, kept as it is written; CUT: the power goes in this call of its flash (0: never), exit code 9;
 *                         LIES: so many changes, at most 64, that the flash says are done and are not: those of the last moment are lost
 *
 *   in    'T' u32 ms        it is so late, counted from the start; measures
 *         'B' u32 n, bytes  came on the line
 *         'P' u32 button
 *         'L' u32 number    how does this log stand
 *   out   u32 n, n bytes of the line (of 'L': text), 1 if digits are on show, digits
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "wearable.h"

enum { PAGE_BYTES = 4096, PAGES = 64, FLASH_BYTES = PAGES * PAGE_BYTES, CUT_EXIT = 9, OUT_BYTES = 1 << 20, DIGITS = 6, LIES_MAX = 64 };

/* A change of the flash that is not in the file yet. */
typedef struct {
  uint32_t at;
  uint32_t count;
  uint8_t bytes[PAGE_BYTES];
} change;

static uint8_t cells[FLASH_BYTES];
static FILE *file;
static unsigned long calls_left;
static bool is_cut_planned;
static change pending[LIES_MAX];
static uint32_t pending_count;
static uint32_t lies;
static uint32_t chance;
static uint64_t now_us;

static cores_memory memory;
static wearable device;
static uint8_t input[1 << 16];
static uint8_t output[OUT_BYTES];

static void put(uint32_t at, const uint8_t *bytes, uint32_t count) {
  if (fseek(file, (long)at, SEEK_SET) != 0 || fwrite(bytes, 1u, count, file) != count || fflush(file) != 0) exit(2);
}

static void keep(uint32_t at, uint32_t count) {
  if (lies == 0u) {
    put(at, &cells[at], count);
    return;
  }
  if (pending_count == lies) {
    put(pending[0].at, pending[0].bytes, pending[0].count);
    pending_count--;
    (void)memmove(&pending[0], &pending[1], pending_count * sizeof pending[0]);
  }
  pending[pending_count].at = at;
  pending[pending_count].count = count;
  (void)memcpy(pending[pending_count].bytes, &cells[at], count);
  pending_count++;
}

/* Half of it is done when the power goes. */
static void mind_cut(uint32_t at, uint32_t count) {
  if (!is_cut_planned) return;
  calls_left--;
  if (calls_left > 0u) return;
  keep(at, count / 2u);
  _exit(CUT_EXIT);
}

static int32_t read_cells(void *context, uint32_t at, uint8_t *into, uint32_t count) {
  (void)context;
  (void)memcpy(into, &cells[at], count);
  return ML_OK;
}

static int32_t program_cells(void *context, uint32_t at, const uint8_t *from, uint32_t count) {
  (void)context;
  for (uint32_t i = 0u; i < count; i++) cells[at + i] = (uint8_t)(cells[at + i] & from[i]);
  mind_cut(at, count);
  keep(at, count);
  return (memcmp(&cells[at], from, count) == 0) ? ML_OK : ML_FLASH_FAILED;
}

static int32_t erase_page(void *context, uint32_t page) {
  (void)context;
  (void)memset(&cells[page * PAGE_BYTES], 0xFF, PAGE_BYTES);
  mind_cut(page * PAGE_BYTES, PAGE_BYTES);
  keep(page * PAGE_BYTES, PAGE_BYTES);
  return ML_OK;
}

/* Numerical Recipes' generator: no secret, but the same for the same seed. */
static int32_t give_chance(void *context, uint8_t *into, uint32_t count) {
  (void)context;
  for (uint32_t i = 0u; i < count; i++) {
    chance = chance * 1664525u + 1013904223u;
    into[i] = (uint8_t)(chance >> 24);
  }
  return ML_OK;
}

static uint64_t tell_clock(void *context) {
  (void)context;
  return now_us;
}

static void open_flash(const char *path) {
  (void)memset(cells, 0xFF, sizeof cells);
  file = fopen(path, "r+b");
  if (file != NULL) {
    if (fread(cells, 1u, sizeof cells, file) != sizeof cells) exit(2);
    return;
  }
  file = fopen(path, "w+b");
  if (file == NULL) exit(2);
  put(0u, cells, sizeof cells);
}

static void answer(const uint8_t *bytes, uint32_t count) {
  const char *const digits = ml_device_digits(&device.wire.device);
  uint8_t head[4];
  uint8_t tail[1 + DIGITS] = {0};
  ml_write_u32(head, count);
  if (digits != NULL) {
    tail[0] = 1u;
    (void)memcpy(&tail[1], digits, DIGITS);
  }
  if (fwrite(head, 1u, sizeof head, stdout) != sizeof head) exit(2);
  if (fwrite(bytes, 1u, count, stdout) != count || fwrite(tail, 1u, sizeof tail, stdout) != sizeof tail) exit(2);
  (void)fflush(stdout);
}

static void answer_log(uint16_t number) {
  char text[200];
  const fl_one *const log = fl_log_look(&device.log, number);
  const int count = snprintf(text, sizeof text, "%llu %llu %llu %u", (unsigned long long)log->first, (unsigned long long)log->head,
                             (unsigned long long)log->acked_past, (unsigned)(device.recorder.failed + device.log.seen.damaged));
  answer((const uint8_t *)text, (uint32_t)count);
}

static void obey(char command, uint32_t number) {
  if (command == 'T') {
    now_us = (uint64_t)number * 1000u;
    wearable_measure(&device);
  } else if (command == 'B') {
    if (number > sizeof input || fread(input, 1u, number, stdin) != number) exit(2);
    wearable_hear(&device, input, number);
  } else if (command == 'P') {
    (void)wearable_press(&device, (wearable_button)number);
  } else {
    answer_log((uint16_t)number);
    return;
  }
  answer(output, wearable_speak(&device, output, sizeof output));
}

int main(int argc, char **argv) {
  wearable_options options = {.flash = {NULL, PAGE_BYTES, PAGES, read_cells, program_cells, erase_page},
                              .random = give_chance,
                              .clock_us = tell_clock};
  uint8_t head[5];
  if (argc != 5) return 2;
  open_flash(argv[1]);
  chance = (uint32_t)strtoul(argv[2], NULL, 10);
  calls_left = strtoul(argv[3], NULL, 10);
  is_cut_planned = calls_left > 0u;
  lies = (uint32_t)strtoul(argv[4], NULL, 10);
  if (lies > LIES_MAX) return 2;
  if (wearable_begin(&device, &memory, &options) != ML_OK) return 3;
  while (fread(head, 1u, sizeof head, stdin) == sizeof head) obey((char)head[0], ml_read_u32(&head[1]));
  return 0;
}
