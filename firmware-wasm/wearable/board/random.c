/* QEMU's board has no source of chance. So it asks its host for one, which only works under semihosting. On a product this file reads
 * the chip's TRNG through whatever conditions it (a DRBG): keys and nonces of the link are as good as what comes from here. */
#include "board.h"
#include "semihost.h"

static int32_t source = -1;

int32_t board_random(void *context, uint8_t *into, uint32_t bytes) {
  static const char path[] = "/dev/urandom";
  (void)context;
  if (source < 0) source = semihost_open(path, sizeof path - 1u, SEMIHOST_READ);
  if (source < 0 || semihost_read(source, into, bytes) != 0) return BOARD_NO_CHANCE;
  return BOARD_OK;
}
