/* Right and wrong use of the log, case by case; ends with 1 and the line that is not so. */
#include "check.h"
#include "flash_sim.h"

#define PAGE_BYTES 1024u
#define PAGES 8u

static sim flash;
static fl_log fl;
static uint8_t item[8192];
static const uint8_t HOST[ML_KEY_BYTES] = {0u};

static int32_t open_with(const uint16_t *numbers, uint32_t count) {
  const fl_options options = sim_options(&flash, numbers, count);
  return fl_log_open(&fl, &flash.flash, &options);
}

static void begin(void) {
  static const uint16_t ONE[1] = {1u};
  sim_open(&flash, PAGE_BYTES, PAGES, 5u);
  CHECK(open_with(ONE, 1u) == ML_OK);
}

static int32_t fail_random(void *context, uint8_t *into, uint32_t count) {
  (void)context;
  (void)into;
  (void)count;
  return ML_NO_RANDOM;
}

static void try_options(void) {
  static const uint16_t TWICE[2] = {1u, 1u};
  static const uint16_t ONE[1] = {1u};
  begin();
  CHECK(open_with(TWICE, 2u) == ML_BAD_ARGUMENT);
  CHECK(open_with(ONE, 0u) == ML_BAD_ARGUMENT);
  fl_options options = sim_options(&flash, ONE, 1u);
  CHECK(fl_log_open(NULL, &flash.flash, &options) == ML_BAD_ARGUMENT);
  CHECK(fl_log_open(&fl, NULL, &options) == ML_BAD_ARGUMENT);
  CHECK(fl_log_open(&fl, &flash.flash, NULL) == ML_BAD_ARGUMENT);
  options.free_level = 4u;
  CHECK(fl_log_open(&fl, &flash.flash, &options) == ML_BAD_ARGUMENT);
  options.free_level = 1u;
  fl_flash other = flash.flash;
  other.page_bytes = 1000u;
  CHECK(fl_log_open(&fl, &other, &options) == ML_BAD_ARGUMENT);
  other.page_bytes = 1024u;
  other.page_count = 3u;
  CHECK(fl_log_open(&fl, &other, &options) == ML_BAD_ARGUMENT);
  sim_open(&flash, PAGE_BYTES, PAGES, 5u);
  options.random = fail_random;
  CHECK(fl_log_open(&fl, &flash.flash, &options) == ML_NO_RANDOM);
}

static void try_other_geometry(void) {
  static const uint16_t ONE[1] = {1u};
  const fl_options options = sim_options(&flash, ONE, 1u);
  begin();
  for (uint32_t i = 0u; i < 40u; i++) CHECK(fl_log_append(&fl, 1u, item, 90u, NULL) == ML_OK);
  fl_flash other = flash.flash;
  other.page_bytes = 2048u;
  other.page_count = 4u;
  CHECK(fl_log_open(&fl, &other, &options) == ML_OTHER_GEOMETRY);
  CHECK(open_with(ONE, 1u) == ML_OK && fl_log_look(&fl, 1u)->head == 40u);
  CHECK(fl_wipe(&flash.flash) == ML_OK);
  flash.flash = other;
  CHECK(fl_log_open(&fl, &other, &options) == ML_OK && fl.seen.is_new && fl_log_look(&fl, 1u)->head == 0u);
}

static void try_appends(void) {
  uint64_t seq = 99u;
  begin();
  const uint32_t most = fl_item_bytes_max(&fl);
  CHECK(fl_log_append(&fl, 2u, item, 5u, &seq) == ML_BAD_ARGUMENT && seq == 99u);
  CHECK(fl_log_append(&fl, 1u, item, 0u, &seq) == ML_BAD_ARGUMENT);
  CHECK(fl_log_append(&fl, 1u, NULL, 5u, &seq) == ML_BAD_ARGUMENT);
  CHECK(fl_log_append(&fl, 1u, item, most + 1u, &seq) == ML_BAD_ARGUMENT);
  for (uint32_t i = 0u; i < 60u; i++) CHECK(fl_log_append(&fl, 1u, item, most, &seq) == ML_OK && seq == i);
  CHECK(FL_LOG_CALLS.read(&fl, 1u, 59u, item, most - 1u) == ML_TOO_SMALL);
  CHECK(FL_LOG_CALLS.read(&fl, 1u, 59u, item, most) == (int32_t)most);
  CHECK(FL_LOG_CALLS.read(&fl, 1u, 60u, item, most) == ML_NOT_THERE);
  CHECK(FL_LOG_CALLS.read(&fl, 9u, 0u, item, most) == ML_NOT_THERE);
  const fl_one *one = fl_log_look(&fl, 1u);
  CHECK(fl_log_look(&fl, 2u) == NULL && fl_log_waiting(&fl, 2u) == 0u);
  CHECK(one->first > 0u && fl_log_waiting(&fl, 1u) == 60u - one->first);
  FL_LOG_CALLS.acknowledge(&fl, 1u, 58u, 1u, HOST);
  CHECK(fl_log_waiting(&fl, 1u) == 1u);
  /* Not what was never there, not backwards, not at a level that does not count. */
  FL_LOG_CALLS.acknowledge(&fl, 1u, 60u, 1u, HOST);
  FL_LOG_CALLS.acknowledge(&fl, 1u, 3u, 1u, HOST);
  FL_LOG_CALLS.acknowledge(&fl, 1u, 59u, 0u, HOST);
  CHECK(fl_log_waiting(&fl, 1u) == 1u);
}

static void try_ends(void) {
  static const uint16_t ONE[1] = {1u};
  uint8_t before[ML_EPOCH_BYTES];
  begin();
  CHECK(fl_log_append(&fl, 1u, item, 8u, NULL) == ML_OK);
  ml_copy(before, fl_log_look(&fl, 1u)->epoch, ML_EPOCH_BYTES);
  CHECK(fl_log_finish(&fl, 1u) == ML_OK && fl_log_finish(&fl, 1u) == ML_OK);
  CHECK(fl_log_append(&fl, 1u, item, 8u, NULL) == ML_LOG_IS_FINAL);
  CHECK(open_with(ONE, 1u) == ML_OK);
  CHECK(fl_log_append(&fl, 1u, item, 8u, NULL) == ML_LOG_IS_FINAL && fl_log_look(&fl, 1u)->is_final);
  CHECK(fl_log_renew(&fl, 1u) == ML_OK);
  CHECK(!ml_equal(before, fl_log_look(&fl, 1u)->epoch, ML_EPOCH_BYTES) && fl_log_look(&fl, 1u)->head == 0u);
  CHECK(FL_LOG_CALLS.read(&fl, 1u, 0u, item, sizeof item) == ML_NOT_THERE);
  CHECK(fl_log_append(&fl, 1u, item, 8u, NULL) == ML_OK);
  CHECK(fl_log_finish(&fl, 7u) == ML_BAD_ARGUMENT && fl_log_renew(&fl, 7u) == ML_BAD_ARGUMENT);
}

/* A firmware with more logs finds the old ones as they were; one with fewer forgets with the next page, and the number comes back with
 * another epoch. */
static void try_other_logs(void) {
  static const uint16_t MORE[3] = {5u, 1u, 6u};
  static const uint16_t LESS[1] = {5u};
  uint8_t epoch[ML_EPOCH_BYTES];
  begin();
  for (uint32_t i = 0u; i < 3u; i++) CHECK(fl_log_append(&fl, 1u, item, 8u, NULL) == ML_OK);
  ml_copy(epoch, fl_log_look(&fl, 1u)->epoch, ML_EPOCH_BYTES);
  CHECK(open_with(MORE, 3u) == ML_OK);
  CHECK(fl_log_look(&fl, 1u)->head == 3u && ml_equal(epoch, fl_log_look(&fl, 1u)->epoch, ML_EPOCH_BYTES));
  CHECK(fl_log_append(&fl, 5u, item, 8u, NULL) == ML_OK);
  CHECK(open_with(MORE, 3u) == ML_OK && fl_log_look(&fl, 5u)->head == 1u && fl_log_boot(&fl) == 3u);
  CHECK(open_with(LESS, 1u) == ML_OK && fl_log_look(&fl, 1u) == NULL && fl_log_look(&fl, 5u)->head == 1u);
  for (uint32_t i = 0u; i < 20u; i++) CHECK(fl_log_append(&fl, 5u, item, 60u, NULL) == ML_OK);
  CHECK(open_with(MORE, 3u) == ML_OK && fl_log_look(&fl, 1u)->head == 0u);
  CHECK(!ml_equal(epoch, fl_log_look(&fl, 1u)->epoch, ML_EPOCH_BYTES));
}

static void try_values(void) {
  static const uint16_t ONE[1] = {1u};
  uint8_t found[FL_VALUE_BYTES_MAX];
  begin();
  CHECK(fl_value_get(&fl, 3u, found, sizeof found) == ML_NOT_THERE && fl_value_remove(&fl, 3u) == ML_OK);
  CHECK(fl_value_set(&fl, 3u, item, 0u) == ML_BAD_ARGUMENT && fl_value_set(&fl, 3u, NULL, 3u) == ML_BAD_ARGUMENT);
  CHECK(fl_value_set(&fl, 3u, item, FL_VALUE_BYTES_MAX + 1u) == ML_BAD_ARGUMENT);
  /* A quarter of a page: 256 bytes with the heads. */
  CHECK(fl_value_set(&fl, 3u, item, 225u) == ML_FULL && fl_value_set(&fl, 3u, item, 224u) == ML_OK);
  CHECK(fl_value_set(&fl, 4u, item, 1u) == ML_FULL && fl_value_set(&fl, 3u, item, 20u) == ML_OK);
  CHECK(fl_value_set(&fl, 4u, item, 1u) == ML_OK);
  CHECK(fl_value_get(&fl, 3u, found, 19u) == ML_TOO_SMALL && fl_value_get(&fl, 3u, found, 20u) == 20);
  CHECK(fl_value_remove(&fl, 3u) == ML_OK && fl_value_get(&fl, 3u, found, sizeof found) == ML_NOT_THERE);
  /* Three times round the ring. */
  for (uint32_t i = 0u; i < 300u; i++) CHECK(fl_log_append(&fl, 1u, item, 60u, NULL) == ML_OK);
  CHECK(open_with(ONE, 1u) == ML_OK);
  CHECK(fl_value_get(&fl, 4u, found, sizeof found) == 1 && fl_value_get(&fl, 3u, found, sizeof found) == ML_NOT_THERE);
  CHECK(fl_wipe(&flash.flash) == ML_OK && open_with(ONE, 1u) == ML_OK);
  CHECK(fl_value_get(&fl, 4u, found, sizeof found) == ML_NOT_THERE);
}

/* An item that was whole but for its commit is there; and its number is not used again when it is lost later. */
static void try_late_commit(void) {
  static const uint16_t ONE[1] = {1u};
  begin();
  const uint32_t at = ((fl.serial % PAGES) * PAGE_BYTES) + fl.at;
  CHECK(fl_log_append(&fl, 1u, item, 8u, NULL) == ML_OK);
  (void)memset(&flash.cells.bytes[at], 0xFF, FL_UNIT_BYTES);
  flash.cells.is_programmed[at / FL_UNIT_BYTES] = false;
  CHECK(open_with(ONE, 1u) == ML_OK && fl_log_look(&fl, 1u)->head == 1u);
  CHECK(FL_LOG_CALLS.read(&fl, 1u, 0u, item, sizeof item) == 8);
  flash.cells.bytes[at + 64u] ^= 1u;
  CHECK(open_with(ONE, 1u) == ML_OK && fl_log_look(&fl, 1u)->head == 1u);
  CHECK(FL_LOG_CALLS.read(&fl, 1u, 0u, item, sizeof item) == ML_NOT_THERE);
}

/* Once its first page is full a value stands in two, and either will do. */
static void try_second_copy(void) {
  static const uint16_t ONE[1] = {1u};
  uint8_t found[FL_VALUE_BYTES_MAX];
  for (uint32_t lost = 0u; lost < 2u; lost++) {
    begin();
    (void)memset(item, 0x5A, 20u);
    CHECK(fl_value_set(&fl, 3u, item, 20u) == ML_OK && fl_value_set(&fl, 4u, item, 10u) == ML_OK);
    while (fl.serial < 40u) CHECK(fl_log_append(&fl, 1u, item, 60u, NULL) == ML_OK);
    const uint32_t page = (fl.values[0].serial - lost) % PAGES;
    (void)memset(&flash.cells.bytes[page * PAGE_BYTES], 0x33, PAGE_BYTES);
    CHECK(open_with(ONE, 1u) == ML_OK);
    CHECK(fl_value_get(&fl, 3u, found, sizeof found) == 20 && found[19] == 0x5Au);
    CHECK(fl_value_get(&fl, 4u, found, sizeof found) == 10 && found[9] == 0x5Au);
  }
}

/* Pages fail one after the other: what is answered is true to the end. */
static void try_dying_flash(void) {
  static const uint16_t ONE[1] = {1u};
  uint32_t good = 0u;
  begin();
  for (uint32_t i = 0u; i < 2000u; i++) {
    if (i > 0u && i % 100u == 0u && i / 100u <= PAGES) flash.is_bad[(i / 100u) - 1u] = true;
    (void)memset(item, (int)(i & 0xFFu), 60u);
    const int32_t status = fl_log_append(&fl, 1u, item, 60u, NULL);
    CHECK(status == ML_OK || status == ML_FLASH_FAILED);
    if (status == ML_FLASH_FAILED) continue;
    CHECK(FL_LOG_CALLS.read(&fl, 1u, good, item, sizeof item) == 60 && item[0] == (uint8_t)(i & 0xFFu));
    good++;
  }
  CHECK(good >= 400u && good < 2000u && fl.seen.failed > 0u);
  const int32_t status = open_with(ONE, 1u);
  CHECK(status == ML_OK || status == ML_FLASH_FAILED);
}

int main(void) {
  try_options();
  try_other_geometry();
  try_appends();
  try_ends();
  try_other_logs();
  try_values();
  try_late_commit();
  try_second_copy();
  try_dying_flash();
  return 0;
}
