/* Power goes in every program and every erase of a long script, in each step of the recovery from that, and at last in none: the log opens
 * and holds what was said to be written. `cuts SEED OPERATIONS VARIANTS PAGE_BYTES PAGES` prints what it did. */
#include "check.h"
#include "model.h"

/* As much as a power cut needs: everything, to try another end of it. */
typedef struct {
  sim flash;
  fl_log log;
  model world;
} moment;

static moment now;
static moment before;      /* The operation. */
static moment after_cut;   /* What was left. */
static moment after_again; /* What was left of the recovery. */
static uint32_t cut_count;
static uint32_t nested_count;
static uint32_t commit_count; /* Recoveries that found the interrupted operation done. */

/* Opens the log; with a cut at that step of it, false. */
static bool open_again(uint32_t cut_step) {
  const fl_options options = sim_options(&now.flash, MODEL_NUMBERS, MODEL_LOGS);
  now.flash.cut_at = (cut_step == 0u) ? 0u : now.flash.steps + cut_step;
  if (setjmp(now.flash.on_cut) != 0) return false;
  const int32_t status = fl_log_open(&now.log, &now.flash.flash, &options);
  now.flash.cut_at = 0u;
  CHECK(status == ML_OK);
  return true;
}

static void check_recovered(const operation *interrupted) {
  const uint64_t head = now.world.logs[interrupted->log % MODEL_LOGS].head;
  CHECK(now.log.seen.skipped == 0u && now.log.seen.damaged == 0u && now.log.seen.failed == 0u);
  CHECK(fl_log_boot(&now.log) > now.world.boot);
  now.world.boot = fl_log_boot(&now.log);
  model_check(&now.world, &now.flash, &now.log, interrupted);
  if (now.world.logs[interrupted->log % MODEL_LOGS].head != head) commit_count++;
}

/* The log goes on as if nothing had been: what recovery left is good to write into. */
static void go_on(uint32_t count) {
  operation one = {DO_REOPEN, 0u, 0u};
  for (uint32_t i = 0u; i < count; i++) {
    const operation next = model_choose(&now.world, &now.flash, fl_item_bytes_max(&now.log));
    model_do(&now.world, &now.flash, &now.log, &next);
  }
  model_do(&now.world, &now.flash, &now.log, &one);
  model_check(&now.world, &now.flash, &now.log, NULL);
}

/* Every cut of the recovery, a third one somewhere in the recovery from that, and then none. */
static void try_nested(const operation *interrupted) {
  after_cut = now;
  for (uint32_t step = 1u;; step++) {
    now = after_cut;
    now.flash.random += step;
    if (open_again(step)) return;
    nested_count++;
    after_again = now;
    if (!open_again(1u + sim_random(&now.flash, 4u))) (void)open_again(0u);
    check_recovered(interrupted);
    now = after_again;
    CHECK(open_again(0u));
    check_recovered(interrupted);
  }
}

/* Does `one` with a cut in its step; false when it has no such step. */
static bool do_until(const operation *one, uint32_t step) {
  now.flash.cut_at = now.flash.steps + step;
  if (setjmp(now.flash.on_cut) != 0) return false;
  model_do(&now.world, &now.flash, &now.log, one);
  now.flash.cut_at = 0u;
  return true;
}

static void try_cuts(const operation *one, uint32_t variants) {
  before = now;
  for (uint32_t step = 1u;; step++) {
    for (uint32_t variant = 0u; variant < variants; variant++) {
      now = before;
      now.flash.random += ((uint64_t)step << 20) + variant;
      if (do_until(one, step)) return;
      cut_count++;
      try_nested(one);
      check_recovered(one);
      go_on(3u);
    }
  }
}

int main(int count, char **words) {
  CHECK(count == 6);
  const uint32_t operations = (uint32_t)strtoul(words[2], NULL, 10);
  const uint32_t variants = (uint32_t)strtoul(words[3], NULL, 10);
  sim_open(&now.flash, (uint32_t)strtoul(words[4], NULL, 10), (uint32_t)strtoul(words[5], NULL, 10), strtoull(words[1], NULL, 10));
  /* Also the first start of a device is cut everywhere, with nothing known yet. */
  before = now;
  for (uint32_t step = 1u;; step++) {
    now = before;
    now.flash.random += step;
    if (open_again(step)) break;
    cut_count++;
    CHECK(open_again(0u));
  }
  model_open(&now.world, &now.log);
  for (uint32_t i = 0u; i < operations; i++) {
    const operation one = model_choose(&now.world, &now.flash, fl_item_bytes_max(&now.log));
    try_cuts(&one, variants);
  }
  (void)printf("%u operations, %u cuts, %u in the recovery, %u found done; %u pages begun\n", operations, cut_count, nested_count, commit_count,
               now.log.serial + 1u);
  return 0;
}
