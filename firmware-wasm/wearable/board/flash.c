#include "flash.h"

#include <string.h>

#include "ml_status.h"
#include "semihost.h"

#define FLASH_BYTES (BOARD_FLASH_PAGES * BOARD_FLASH_PAGE_BYTES)
#define ERASED 0xFFu

static const char PATH[] = "flash.bin";
static uint8_t cells[FLASH_BYTES] __attribute__((section(".logs")));
static int32_t file = -1;

static int32_t keep(uint32_t at, uint32_t count) {
  if (semihost_seek(file, at) < 0 || semihost_write(file, &cells[at], count) != 0) return ML_FLASH_FAILED;
  return ML_OK;
}

static int32_t read_cells(void *context, uint32_t at, uint8_t *into, uint32_t count) {
  (void)context;
  if (at > FLASH_BYTES || count > FLASH_BYTES - at) return ML_BAD_ARGUMENT;
  (void)memcpy(into, &cells[at], count);
  return ML_OK;
}

/* Ones become zeros, never the other way; who asks for that is told that the cells are not what they should be. */
static int32_t program_cells(void *context, uint32_t at, const uint8_t *from, uint32_t count) {
  (void)context;
  if (at > FLASH_BYTES || count > FLASH_BYTES - at) return ML_BAD_ARGUMENT;
  for (uint32_t i = 0u; i < count; i++) cells[at + i] = (uint8_t)(cells[at + i] & from[i]);
  if (keep(at, count) != ML_OK || memcmp(&cells[at], from, count) != 0) return ML_FLASH_FAILED;
  return ML_OK;
}

static int32_t erase_page(void *context, uint32_t page) {
  (void)context;
  if (page >= BOARD_FLASH_PAGES) return ML_BAD_ARGUMENT;
  (void)memset(&cells[page * BOARD_FLASH_PAGE_BYTES], (int)ERASED, BOARD_FLASH_PAGE_BYTES);
  return keep(page * BOARD_FLASH_PAGE_BYTES, BOARD_FLASH_PAGE_BYTES);
}

int32_t board_flash_open(fl_flash *flash) {
  (void)memset(cells, (int)ERASED, sizeof cells);
  file = semihost_open(PATH, sizeof PATH - 1u, SEMIHOST_READ_WRITE);
  if (file < 0) file = semihost_open(PATH, sizeof PATH - 1u, SEMIHOST_WRITE_NEW);
  if (file < 0) return ML_FLASH_FAILED;
  const int32_t length = semihost_length(file);
  if (length == (int32_t)FLASH_BYTES) {
    if (semihost_seek(file, 0u) < 0 || semihost_read(file, cells, FLASH_BYTES) != 0) return ML_FLASH_FAILED;
  } else if (keep(0u, FLASH_BYTES) != ML_OK) {
    return ML_FLASH_FAILED;
  } else {
    /* A new chip. */
  }
  flash->context = NULL;
  flash->page_bytes = BOARD_FLASH_PAGE_BYTES;
  flash->page_count = BOARD_FLASH_PAGES;
  flash->read = read_cells;
  flash->program = program_cells;
  flash->erase = erase_page;
  return ML_OK;
}
