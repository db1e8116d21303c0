/* A NOR flash as the log sees it: pages that are erased whole to 0xff, and programmed by turning ones to zeros.
 *
 * The log programs in units of FL_UNIT_BYTES at multiples of it, each unit once between two erases; the one exception is the first unit of a
 * page, which is programmed to zeros before the page is erased (parts with error correction allow just that). That suits internal flash with
 * words of 1, 2, 4 or 8 bytes and serial NOR; not parts that program 16 or 32 bytes at a time.
 *
 * A driver answers ML_OK or a negative status. A call returns when it is done and the flash holds it.
 */
#ifndef FL_FLASH_H
#define FL_FLASH_H

#include <stdint.h>

#define FL_UNIT_BYTES 8u
#define FL_PAGE_BYTES_MIN 1024u
#define FL_PAGE_BYTES_MAX 65536u
#define FL_PAGE_COUNT_MIN 4u
#define FL_PAGE_COUNT_MAX 65536u

typedef struct {
  void *context;
  uint32_t page_bytes; /* What one erase clears: 4096 for most parts. */
  uint32_t page_count;
  /* `at` counts bytes from the log's first page. */
  int32_t (*read)(void *context, uint32_t at, uint8_t *into, uint32_t count);
  int32_t (*program)(void *context, uint32_t at, const uint8_t *from, uint32_t count);
  int32_t (*erase)(void *context, uint32_t page);
} fl_flash;

#endif
