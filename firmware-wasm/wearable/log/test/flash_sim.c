#include "flash_sim.h"

#include "check.h"

uint32_t sim_random(sim *one, uint32_t below) {
  one->random = (one->random * UINT64_C(6364136223846793005)) + UINT64_C(1442695040888963407);
  return (uint32_t)(one->random >> 33) % below;
}

/* ---- the flash */

static int32_t read_flash(void *context, uint32_t at, uint8_t *into, uint32_t count) {
  sim *one = (sim *)context;
  CHECK(at + count <= one->flash.page_bytes * one->flash.page_count);
  ml_copy(into, &one->cells.bytes[at], count);
  return ML_OK;
}

/* Of the bits that were to change any may have: none, all, those of the first bytes, one, or half. */
static uint8_t cut_mask(sim *one, uint32_t manner, uint32_t index, uint32_t chosen) {
  switch (manner) {
    case 0u: return 0u;
    case 1u: return 0xFFu;
    case 2u: return (index < chosen) ? 0xFFu : 0u;
    case 3u: return (uint8_t)((index == chosen) ? (1u << sim_random(one, 8u)) : 0u);
    default: return (uint8_t)sim_random(one, 256u);
  }
}

static bool is_cut(sim *one) {
  one->steps++;
  return one->steps == one->cut_at;
}

static void program_bytes(sim *one, uint32_t at, const uint8_t *from, uint32_t count, bool is_whole) {
  const uint32_t manner = sim_random(one, 6u);
  const uint32_t chosen = sim_random(one, count);
  for (uint32_t i = 0u; i < count; i++) {
    const uint8_t before = one->cells.bytes[at + i];
    const uint8_t mask = is_whole ? 0xFFu : cut_mask(one, manner, i, chosen);
    one->cells.bytes[at + i] = (uint8_t)(before & (from[i] | (uint8_t)~mask));
    if (is_whole || one->cells.bytes[at + i] != before) one->cells.is_programmed[(at + i) / FL_UNIT_BYTES] = true;
  }
}

static int32_t program_flash(void *context, uint32_t at, const uint8_t *from, uint32_t count) {
  sim *one = (sim *)context;
  const uint32_t page = at / one->flash.page_bytes;
  CHECK(count > 0u && at % FL_UNIT_BYTES == 0u && count % FL_UNIT_BYTES == 0u);
  CHECK((at + count - 1u) / one->flash.page_bytes == page && page < one->flash.page_count);
  for (uint32_t unit = at / FL_UNIT_BYTES; unit < (at + count) / FL_UNIT_BYTES; unit++) {
    const bool is_retired = unit % (one->flash.page_bytes / FL_UNIT_BYTES) == 0u && count == FL_UNIT_BYTES && ml_is_zero(from, count);
    CHECK(!one->cells.is_programmed[unit] || is_retired);
  }
  const bool is_power_going = is_cut(one);
  one->programmed_bytes += count;
  program_bytes(one, at, from, count, !is_power_going);
  if (one->is_bad[page]) one->cells.bytes[at] = (uint8_t)(one->cells.bytes[at] ^ 0x10u);
  if (is_power_going) longjmp(one->on_cut, 1);
  return ML_OK;
}

/* A page that was being erased reads as anything: what it was, erased, noise, or one of these here and another there. */
static void half_erase(sim *one, uint32_t from) {
  const uint32_t manner = sim_random(one, 6u);
  /* Also: nothing but the mark is left. */
  const uint32_t chosen = (sim_random(one, 4u) == 0u) ? FL_UNIT_BYTES * 2u : sim_random(one, one->flash.page_bytes);
  for (uint32_t i = 0u; i < one->flash.page_bytes; i++) {
    uint8_t *byte = &one->cells.bytes[from + i];
    const uint8_t noise = (uint8_t)sim_random(one, 256u);
    const bool is_early = i < chosen;
    if (manner == 1u || (manner == 2u && is_early) || (manner == 3u && !is_early)) *byte = 0xFFu;
    if (manner == 4u) *byte = (uint8_t)(*byte | noise);
    if (manner == 5u) *byte = noise;
    one->cells.is_programmed[(from + i) / FL_UNIT_BYTES] = true;
  }
}

static int32_t erase_flash(void *context, uint32_t page) {
  sim *one = (sim *)context;
  const uint32_t from = page * one->flash.page_bytes;
  CHECK(page < one->flash.page_count);
  one->erased[page]++;
  if (is_cut(one)) {
    half_erase(one, from);
    longjmp(one->on_cut, 1);
  }
  if (one->is_bad[page]) return -1;
  (void)memset(&one->cells.bytes[from], 0xFF, one->flash.page_bytes);
  (void)memset(&one->cells.is_programmed[from / FL_UNIT_BYTES], 0, one->flash.page_bytes / FL_UNIT_BYTES);
  return ML_OK;
}

void sim_open(sim *one, uint32_t page_bytes, uint32_t page_count, uint64_t seed) {
  CHECK(page_bytes * page_count <= SIM_BYTES_MAX && page_count <= SIM_PAGES_MAX);
  (void)memset(one, 0, sizeof *one);
  (void)memset(one->cells.bytes, 0xFF, sizeof one->cells.bytes);
  one->random = seed;
  one->flash.context = one;
  one->flash.page_bytes = page_bytes;
  one->flash.page_count = page_count;
  one->flash.read = read_flash;
  one->flash.program = program_flash;
  one->flash.erase = erase_flash;
}

/* ---- a hash that stands in: four FNV-1a of 64 bits with other beginnings */

static void begin_hash(void *context) {
  sim *one = (sim *)context;
  for (uint32_t i = 0u; i < 4u; i++) ml_write_u64(&one->hash_state[8u * i], UINT64_C(14695981039346656037) + i);
}

static void add_hash(void *context, const uint8_t *bytes, uint32_t count) {
  sim *one = (sim *)context;
  for (uint32_t i = 0u; i < 4u; i++) {
    uint64_t state = ml_read_u64(&one->hash_state[8u * i]);
    for (uint32_t j = 0u; j < count; j++) state = (state ^ bytes[j]) * UINT64_C(1099511628211);
    ml_write_u64(&one->hash_state[8u * i], state);
  }
}

static void end_hash(void *context, uint8_t hash[ML_HASH_BYTES]) {
  ml_copy(hash, ((sim *)context)->hash_state, ML_HASH_BYTES);
}

static int32_t draw(void *context, uint8_t *into, uint32_t count) {
  for (uint32_t i = 0u; i < count; i++) into[i] = (uint8_t)sim_random((sim *)context, 256u);
  return ML_OK;
}

fl_options sim_options(sim *one, const uint16_t *numbers, uint32_t log_count) {
  fl_options options;
  (void)memset(&options, 0, sizeof options);
  for (uint32_t i = 0u; i < log_count; i++) options.numbers[i] = numbers[i];
  options.log_count = log_count;
  options.free_level = 1u;
  options.hash.context = one;
  options.hash.begin = begin_hash;
  options.hash.add = add_hash;
  options.hash.end = end_hash;
  options.random = draw;
  options.random_context = one;
  return options;
}
