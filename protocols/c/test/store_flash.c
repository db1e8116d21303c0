/* test/store.h on the flash log of firmware-wasm/wearable/log, over 16 pages of 4 KiB in memory. */
#include "check.h"
#include "fl_log.h"
#include "store.h"

#define PAGE_BYTES 4096u
#define PAGES 16u

static uint8_t cells[PAGE_BYTES * PAGES];
static fl_log fl;
static fl_flash flash;
static fl_options options;
static uint32_t drawn;

static int32_t read_cells(void *context, uint32_t at, uint8_t *into, uint32_t count) {
  (void)context;
  CHECK(at + count <= sizeof cells);
  ml_copy(into, &cells[at], count);
  return ML_OK;
}

static int32_t program_cells(void *context, uint32_t at, const uint8_t *from, uint32_t count) {
  (void)context;
  CHECK(at + count <= sizeof cells);
  for (uint32_t i = 0u; i < count; i++) cells[at + i] = (uint8_t)(cells[at + i] & from[i]);
  return ML_OK;
}

static int32_t erase_cells(void *context, uint32_t page) {
  (void)context;
  CHECK(page < PAGES);
  (void)memset(&cells[page * PAGE_BYTES], 0xFF, PAGE_BYTES);
  return ML_OK;
}

static int32_t draw(void *context, uint8_t *into, uint32_t count) {
  (void)context;
  for (uint32_t i = 0u; i < count; i++) {
    drawn = (drawn * 1103515245u) + 12345u;
    into[i] = (uint8_t)(drawn >> 16);
  }
  return ML_OK;
}

int32_t store_open(const ml_hash *hash) {
  (void)memset(cells, 0xFF, sizeof cells);
  flash.page_bytes = PAGE_BYTES;
  flash.page_count = PAGES;
  flash.read = read_cells;
  flash.program = program_cells;
  flash.erase = erase_cells;
  options.numbers[0] = 1u;
  options.numbers[1] = 2u;
  options.log_count = STORE_LOGS;
  options.free_level = 2u;
  options.hash = *hash;
  options.random = draw;
  return store_reopen();
}

int32_t store_reopen(void) {
  return fl_log_open(&fl, &flash, &options);
}

int32_t store_append(uint16_t number, const uint8_t *item, uint32_t count) {
  return fl_log_append(&fl, number, item, count, NULL);
}

int32_t store_finish(uint16_t number) {
  return fl_log_finish(&fl, number);
}

int32_t store_renew(uint16_t number, const uint8_t epoch[ML_EPOCH_BYTES]) {
  (void)epoch;
  return fl_log_renew(&fl, number);
}

/* A bit of the item flips in flash; with `is_chain`, of its head, where the chain before it stands. */
int32_t store_spoil(uint16_t number, uint32_t seq, bool is_chain) {
  static uint8_t item[PAGE_BYTES];
  const int32_t count = FL_LOG_CALLS.read(&fl, number, seq, item, sizeof item);
  if (count < 0) return count;
  const fl_one *one = fl_log_look(&fl, number);
  const uint32_t end = ((one->hint_serial % PAGES) * PAGE_BYTES) + one->hint_at;
  const uint32_t space = ((uint32_t)count + 7u) & ~7u;
  cells[end - space - (is_chain ? 20u : 0u)] ^= 0x04u;
  return ML_OK;
}

const ml_log_calls *store_calls(void) {
  return &FL_LOG_CALLS;
}

void *store_state(void) {
  return &fl;
}
