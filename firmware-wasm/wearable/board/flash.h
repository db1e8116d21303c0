/* The flash of this board, as the log sees it. QEMU's has none: a part of the PSRAM stands for it, every change of which goes to the file
 * `flash.bin` in the host's working folder before the call returns. So it is kept over a reset, and over the death of QEMU at any moment. On
 * a product these are the calls of its flash driver. */
#ifndef BOARD_FLASH_H
#define BOARD_FLASH_H

#include "fl_flash.h"

#define BOARD_FLASH_PAGE_BYTES 4096u
#define BOARD_FLASH_PAGES 256u

/* ML_OK, or ML_FLASH_FAILED: there is no host, or it cannot open the file. */
int32_t board_flash_open(fl_flash *flash);

#endif
