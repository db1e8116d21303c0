/* The functions that wasm-rt.h promises: one static memory that neither grows nor goes. */
#include "board.h"
#include "wasm-rt.h"

uint8_t linear_memory[LINEAR_BYTES] __attribute__((aligned(16)));

void wasm_rt_trap(wasm_rt_trap_t code) {
  fail("trap", (uint32_t)code);
}

bool wasm_rt_is_initialized(void) {
  return true;
}

void wasm_rt_allocate_memory(wasm_rt_memory_t *memory, uint64_t pages, uint64_t max_pages, bool is64, uint32_t page_size) {
  const uint64_t whole_pages = (LINEAR_BYTES + page_size - 1u) / page_size;
  memory->data = linear_memory;
  /* A core asks for this before it takes a place: as many as there are, the last one in part. What is missing of it is out of bounds. */
  memory->pages = pages > whole_pages ? pages : whole_pages;
  memory->max_pages = max_pages;
  memory->size = LINEAR_BYTES;
  memory->page_size = page_size;
  memory->is64 = is64;
}

void wasm_rt_free_memory(wasm_rt_memory_t *memory) {
  memory->size = 0;
}
