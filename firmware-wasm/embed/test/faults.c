/* Everything that a caller may do wrong, with red zones around the storage of every instance. Prints a line for each wrong answer;
 * ends with their number. The library: ecg, rr and hrv; faulty.c adds a core that traps when it is told to. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "maibo_config.h"

enum { ZONE_BYTES = 64, ZONE_BYTE = 0xA5, SNAPSHOT_ROOM = 40000 };

extern const maibo_core maibo_faulty;

static int failures = 0;

static void expect(const char *what, int32_t answer, int32_t wanted) {
  if (answer == wanted) return;
  printf("%s: %d instead of %d\n", what, (int)answer, (int)wanted);
  failures++;
}

/* Storage between two zones that nobody may touch. */
#define ZONED(name, bytes)        \
  static struct {                 \
    uint8_t before[ZONE_BYTES];   \
    MAIBO_STORAGE(storage, bytes); \
    uint8_t after[ZONE_BYTES];    \
  } name

#define PAINT(name)                                     \
  do {                                                  \
    (void)memset(name.before, ZONE_BYTE, ZONE_BYTES);   \
    (void)memset(name.after, ZONE_BYTE, ZONE_BYTES);    \
  } while (0)

#define EXPECT_ZONES(name)                                        \
  do {                                                            \
    expect(#name " before", count_painted(name.before), ZONE_BYTES); \
    expect(#name " after", count_painted(name.after), ZONE_BYTES);   \
  } while (0)

static int32_t count_painted(const uint8_t *zone) {
  int32_t count = 0;
  for (int i = 0; i < ZONE_BYTES; i++) count += (zone[i] == ZONE_BYTE) ? 1 : 0;
  return count;
}

ZONED(ecg, MAIBO_ECG_STORAGE_BYTES);
ZONED(rr, MAIBO_RR_STORAGE_BYTES);
ZONED(hrv, MAIBO_HRV_STORAGE_BYTES);
ZONED(faulty, 512);
static uint8_t snapshot[SNAPSHOT_ROOM];
static uint8_t other[SNAPSHOT_ROOM];

static void before_init(void) {
  maibo_instance instance = MAIBO_NO_INSTANCE;
  float sample = 0.0f;
  maibo_ecg_finding finding;
  expect("push before init", maibo_push(&instance, &sample, 1), MAIBO_NOT_INITIALISED);
  expect("poll before init", maibo_poll(&instance, &finding, 1), MAIBO_NOT_INITIALISED);
  expect("flush before init", maibo_flush(&instance), MAIBO_NOT_INITIALISED);
  expect("reset before init", maibo_reset(&instance), MAIBO_NOT_INITIALISED);
  expect("snapshot before init", maibo_snapshot(&instance, snapshot, sizeof snapshot), MAIBO_NOT_INITIALISED);
  expect("restore before init", maibo_restore(&instance, snapshot, sizeof snapshot), MAIBO_NOT_INITIALISED);
  expect("push to nothing", maibo_push(NULL, &sample, 1), MAIBO_BAD_ADDRESS);
  expect("size of nothing", (int32_t)maibo_size(NULL), 0);
  expect("hash of nothing", maibo_hash(NULL) == NULL, 1);
  expect("version of nothing", maibo_version(NULL)[0], 0);
}

static void bad_init(void) {
  maibo_instance instance = MAIBO_NO_INSTANCE;
  uint8_t *const odd = (uint8_t *)ecg.storage + 4;
  expect("no storage", maibo_ecg_init(&instance, NULL, sizeof ecg.storage, 250.0f), MAIBO_BAD_ADDRESS);
  expect("crooked storage", maibo_ecg_init(&instance, odd, sizeof ecg.storage, 250.0f), MAIBO_BAD_ADDRESS);
  expect("short storage", maibo_ecg_init(&instance, ecg.storage, sizeof ecg.storage - 8, 250.0f), MAIBO_TOO_SMALL);
  expect("no rate", maibo_ecg_init(&instance, ecg.storage, sizeof ecg.storage, 0.0f), MAIBO_BAD_ARGUMENT);
  expect("rate NaN", maibo_ecg_init(&instance, ecg.storage, sizeof ecg.storage, NAN), MAIBO_BAD_ARGUMENT);
  expect("no settings", maibo_init(&instance, &maibo_ecg, ecg.storage, sizeof ecg.storage, NULL), MAIBO_BAD_ADDRESS);
  expect("no core", maibo_init(&instance, NULL, ecg.storage, sizeof ecg.storage, &instance), MAIBO_BAD_ADDRESS);
  expect("more intervals than built for",
         maibo_hrv_init(&instance, hrv.storage, sizeof hrv.storage, 4000, 300000.0, 60000.0, 0, 0), MAIBO_TOO_SMALL);
  expect("flush after a bad init", maibo_flush(&instance), MAIBO_NOT_INITIALISED);
}

static void odd_pushes(void) {
  static float samples[5000];
  static maibo_ecg_finding findings[300];
  maibo_instance instance = MAIBO_NO_INSTANCE;
  const float wild[6] = {NAN, INFINITY, -INFINITY, 3.4e38f, -3.4e38f, 1e-45f};
  expect("init", maibo_ecg_init(&instance, ecg.storage, sizeof ecg.storage, 250.0f), MAIBO_OK);
  expect("push of 0", maibo_ecg_push(&instance, samples, 0), 0);
  expect("push of 0 from nowhere", maibo_ecg_push(&instance, NULL, 0), 0);
  expect("push from nowhere", maibo_ecg_push(&instance, NULL, 1), MAIBO_BAD_ADDRESS);
  expect("push of too many", maibo_ecg_push(&instance, samples, 0x80000000u), MAIBO_BAD_ARGUMENT);
  expect("poll into nowhere", maibo_ecg_poll(&instance, NULL, 1), MAIBO_BAD_ADDRESS);
  expect("poll of 0", maibo_ecg_poll(&instance, findings, 0), 0);
  for (uint32_t i = 0; i < 5000; i++) samples[i] = wild[(i / 7u) % 6u];
  for (int round = 0; round < 8; round++) {
    uint32_t taken = 0;
    while (taken < 5000) {
      const int32_t more = maibo_ecg_push(&instance, &samples[taken], 5000 - taken);
      const int32_t found = maibo_ecg_poll(&instance, findings, 300);
      if (more < 0 || found < 0 || (more == 0 && found == 0)) {
        expect("wild samples", more, 1);
        return;
      }
      taken += (uint32_t)more;
      for (int32_t i = 0; i < found; i++) {
        expect("no NaN", isnan(findings[i].sample) || isnan(findings[i].quality), 0);
      }
    }
  }
  expect("flush", maibo_flush(&instance), MAIBO_OK);
  expect("push after flush", maibo_ecg_push(&instance, samples, 0), MAIBO_WRONG_STATE);
  expect("reset", maibo_reset(&instance), MAIBO_OK);
  expect("push after reset", maibo_ecg_push(&instance, samples, 1), 1);
}

/* Without a poll a core takes no more at some time, and says so. */
static void more_than_fits(void) {
  static maibo_rr_input inputs[500];
  maibo_instance instance = MAIBO_NO_INSTANCE;
  maibo_rr_finding finding;
  for (int i = 0; i < 500; i++) inputs[i] = (maibo_rr_input){.rrMs = 800.0 + (i % 9), .quality = 1.0f, .flags = 0};
  expect("rr init", maibo_rr_init(&instance, rr.storage, sizeof rr.storage, 2000.0), MAIBO_OK);
  const int32_t taken = maibo_rr_push(&instance, inputs, 500);
  expect("takes what fits", taken > 0 && taken < 500, 1);
  expect("takes no more", maibo_rr_push(&instance, inputs, 500), 0);
  expect("polls", maibo_rr_poll(&instance, &finding, 1), 1);
  inputs[0].rrMs = (double)NAN;
  expect("interval NaN", maibo_rr_push(&instance, inputs, 1), MAIBO_BAD_ARGUMENT);
  expect("input of another core", maibo_ecg_push(&instance, (const float *)(const void *)inputs, 1), MAIBO_OTHER_CORE);
}

static void snapshots(void) {
  maibo_instance first = MAIBO_NO_INSTANCE;
  maibo_instance second = MAIBO_NO_INSTANCE;
  (void)maibo_ecg_init(&first, ecg.storage, sizeof ecg.storage, 250.0f);
  (void)maibo_rr_init(&second, rr.storage, sizeof rr.storage, 2000.0);
  expect("snapshot", maibo_snapshot(&first, snapshot, sizeof snapshot), (int32_t)MAIBO_ECG_SNAPSHOT_BYTES);
  expect("snapshot into too little", maibo_snapshot(&first, snapshot, MAIBO_ECG_SNAPSHOT_BYTES - 1u), MAIBO_TOO_SMALL);
  expect("snapshot into nowhere", maibo_snapshot(&first, NULL, sizeof snapshot), MAIBO_BAD_ADDRESS);
  expect("restore", maibo_restore(&first, snapshot, MAIBO_ECG_SNAPSHOT_BYTES), MAIBO_OK);
  expect("restore another core's", maibo_restore(&second, snapshot, MAIBO_ECG_SNAPSHOT_BYTES), MAIBO_OTHER_CORE);
  expect("restore of 0", maibo_restore(&first, snapshot, 0), MAIBO_NOT_A_SNAPSHOT);
  expect("restore from nowhere", maibo_restore(&first, NULL, 100), MAIBO_BAD_ADDRESS);
  expect("restore a part", maibo_restore(&first, snapshot, MAIBO_ECG_SNAPSHOT_BYTES - 1u), MAIBO_BROKEN);
  for (uint32_t at = 4; at < MAIBO_ECG_SNAPSHOT_BYTES; at += 97) {
    (void)memcpy(other, snapshot, sizeof other);
    other[at] = (uint8_t)(other[at] ^ 1u);
    expect("restore an altered one", maibo_restore(&first, other, MAIBO_ECG_SNAPSHOT_BYTES), MAIBO_BROKEN);
  }
  expect("still there", maibo_flush(&first), MAIBO_OK);
}

/* The same core, a patch later: what a device finds in its flash after an update. */
static void other_versions(void) {
  maibo_instance instance = MAIBO_NO_INSTANCE;
  maibo_core later = maibo_ecg;
  later.version_number++;
  maibo_core rebuilt = maibo_ecg;
  rebuilt.hash[31] ^= 1u;
  (void)maibo_ecg_init(&instance, ecg.storage, sizeof ecg.storage, 250.0f);
  (void)maibo_snapshot(&instance, snapshot, sizeof snapshot);
  instance.core = &later;
  expect("restore another version's", maibo_restore(&instance, snapshot, MAIBO_ECG_SNAPSHOT_BYTES), MAIBO_OTHER_VERSION);
  instance.core = &rebuilt;
  expect("restore another build's", maibo_restore(&instance, snapshot, MAIBO_ECG_SNAPSHOT_BYTES), MAIBO_OTHER_VERSION);
  maibo_instance larger = MAIBO_NO_INSTANCE;
  (void)maibo_hrv_init(&larger, hrv.storage, sizeof hrv.storage, 300, 300000.0, 60000.0, 0, 0);
  const int32_t bytes = maibo_snapshot(&larger, snapshot, sizeof snapshot);
  (void)maibo_hrv_init(&larger, hrv.storage, sizeof hrv.storage, 600, 300000.0, 60000.0, 0, 0);
  expect("restore another size's", maibo_restore(&larger, snapshot, (uint32_t)bytes), MAIBO_OTHER_SIZE);
}

/* A core that does what it is told: see faulty.wat. */
static void after_a_trap(void) {
  static const int32_t kinds[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  const uint32_t settings = 0;
  uint8_t bytes[64];
  for (unsigned i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
    maibo_instance instance = MAIBO_NO_INSTANCE;
    expect("faulty init", maibo_init(&instance, &maibo_faulty, faulty.storage, sizeof faulty.storage, &settings), MAIBO_OK);
    expect("good push", maibo_push(&instance, &(int32_t){0}, 1), 1);
    expect("trap", maibo_push(&instance, &kinds[i], 1), MAIBO_TRAPPED);
    expect("push after a trap", maibo_push(&instance, &kinds[i], 1), MAIBO_TRAPPED);
    expect("poll after a trap", maibo_poll(&instance, bytes, 1), MAIBO_TRAPPED);
    expect("flush after a trap", maibo_flush(&instance), MAIBO_TRAPPED);
    expect("reset after a trap", maibo_reset(&instance), MAIBO_TRAPPED);
    expect("snapshot after a trap", maibo_snapshot(&instance, snapshot, sizeof snapshot), MAIBO_TRAPPED);
    expect("restore after a trap", maibo_restore(&instance, snapshot, 100), MAIBO_TRAPPED);
  }
}

int main(void) {
  PAINT(ecg);
  PAINT(rr);
  PAINT(hrv);
  PAINT(faulty);
  before_init();
  bad_init();
  odd_pushes();
  more_than_fits();
  snapshots();
  other_versions();
  after_a_trap();
  EXPECT_ZONES(ecg);
  EXPECT_ZONES(rr);
  EXPECT_ZONES(hrv);
  EXPECT_ZONES(faulty);
  if (failures == 0) printf("all answers as they should be\n");
  return (failures == 0) ? 0 : 1;
}
