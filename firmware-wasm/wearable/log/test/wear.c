/* A long run as a wearable's: how often each page is erased, how many bytes are programmed for one that is kept, and what each call needs;
 * and the same on a flash some of whose pages stop working. `wear PAGE_BYTES PAGES ITEMS ITEM_BYTES BAD_PAGES` prints JSON. */
#include "check.h"
#include "flash_sim.h"

static sim flash;
static fl_log fl;
static const uint16_t NUMBERS[2] = {1u, 2u};

static uint32_t steps_max;

static void append(uint32_t index, uint64_t count_so_far, uint32_t bytes) {
  uint8_t item[4096];
  for (uint32_t i = 0u; i < bytes; i++) item[i] = (uint8_t)(count_so_far + i);
  const uint32_t before = flash.steps;
  CHECK(fl_log_append(&fl, NUMBERS[index], item, bytes, NULL) == ML_OK);
  if (flash.steps - before > steps_max) steps_max = flash.steps - before;
}

/* Nothing that can be had is wrong, and nothing behind the oldest is missing. */
static void check_reading(uint32_t bytes) {
  uint8_t item[4096];
  for (uint32_t index = 0u; index < 2u; index++) {
    const fl_one *one = fl_log_look(&fl, NUMBERS[index]);
    for (uint64_t seq = one->first; seq < one->head; seq++) {
      CHECK(FL_LOG_CALLS.read(&fl, one->number, seq, item, sizeof item) == (int32_t)bytes);
      CHECK(item[0] == (uint8_t)((seq * 2u) + index) && item[bytes - 1u] == (uint8_t)(item[0] + bytes - 1u));
    }
  }
}

static void reopen(void) {
  const fl_options options = sim_options(&flash, NUMBERS, 2u);
  CHECK(fl_log_open(&fl, &flash.flash, &options) == ML_OK);
}

int main(int count, char **words) {
  static const uint8_t KEY[32] = {7u};
  static const uint8_t HOST[ML_KEY_BYTES] = {0u};
  CHECK(count == 6);
  const uint32_t pages = (uint32_t)strtoul(words[2], NULL, 10);
  const uint32_t items = (uint32_t)strtoul(words[3], NULL, 10);
  const uint32_t bytes = (uint32_t)strtoul(words[4], NULL, 10);
  const uint32_t bad = (uint32_t)strtoul(words[5], NULL, 10);
  sim_open(&flash, (uint32_t)strtoul(words[1], NULL, 10), pages, 1u);
  reopen();
  /* A device's keys, and those of eight hosts. */
  for (uint16_t key = 0u; key < 9u; key++) CHECK(fl_value_set(&fl, key, KEY, sizeof KEY) == ML_OK);
  for (uint32_t i = 0u; i < items; i++) {
    if (bad > 0u && i == items / 2u) {
      for (uint32_t page = 0u; page < bad; page++) flash.is_bad[(page * 3u) % pages] = true;
    }
    append(i % 2u, i, bytes);
    if (i % 64u == 63u) FL_LOG_CALLS.acknowledge(&fl, NUMBERS[i % 2u], fl.logs[i % 2u].head - 1u, 1u, HOST);
  }
  check_reading(bytes);
  reopen();
  for (uint16_t key = 0u; key < 9u; key++) {
    uint8_t found[32];
    CHECK(fl_value_get(&fl, key, found, sizeof found) == 32 && ml_equal(found, KEY, 32u));
  }
  CHECK(fl.seen.skipped == 0u);
  uint32_t least = UINT32_MAX;
  uint32_t most = 0u;
  for (uint32_t page = 0u; page < pages; page++) {
    if (flash.is_bad[page]) continue;
    if (flash.erased[page] < least) least = flash.erased[page];
    if (flash.erased[page] > most) most = flash.erased[page];
  }
  (void)printf("{\"erasedLeast\": %u, \"erasedMost\": %u, \"amplification\": %.3f, \"stepsMax\": %u, \"ramBytes\": %u, \"keptItems\": %u, \"failed\": %u}\n", least,
               most, (double)flash.programmed_bytes / ((double)items * (double)bytes), steps_max, (unsigned)sizeof(fl_log),
               (unsigned)(fl.logs[0].head - fl.logs[0].first + fl.logs[1].head - fl.logs[1].first), fl.seen.failed);
  return 0;
}
