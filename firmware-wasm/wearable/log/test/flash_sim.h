/* A flash for tests: power goes at a step that is asked for, pages wear out, and what the log may not do ends the program. */
#ifndef FLASH_SIM_H
#define FLASH_SIM_H

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>

#include "fl_log.h"

#ifndef SIM_BYTES_MAX
#define SIM_BYTES_MAX (1u << 20)
#endif
#define SIM_PAGES_MAX 1024u

/* What survives a loss of power. */
typedef struct {
  uint8_t bytes[SIM_BYTES_MAX];
  bool is_programmed[SIM_BYTES_MAX / FL_UNIT_BYTES];
} sim_cells;

typedef struct {
  fl_flash flash;
  sim_cells cells;
  uint64_t random;
  uint32_t steps;      /* Programs and erases so far. */
  uint32_t cut_at;     /* Power goes in this step; 0 for never. */
  jmp_buf on_cut;
  uint32_t erased[SIM_PAGES_MAX];
  uint64_t programmed_bytes;
  bool is_bad[SIM_PAGES_MAX]; /* Does not erase, and programs wrongly. */
  uint8_t hash_state[64];
} sim;

void sim_open(sim *one, uint32_t page_bytes, uint32_t page_count, uint64_t seed);
uint32_t sim_random(sim *one, uint32_t below);
/* fl_options with a hash that stands in for SHA-256: the log does not care, and the tests need no library. */
fl_options sim_options(sim *one, const uint16_t *numbers, uint32_t log_count);

#endif
