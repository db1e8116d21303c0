#include "front_end.h"

#define BREATH_US 4200000
#define RR_US 860000
#define RR_BREATH_US 45000
#define WALK_EVERY_US 180000000u
#define WALK_US 30000000u
#define STEP_US 540000 /* Two steps: a swing of the arm. */

/* A wave of a beat: highest at `centre_us` behind the R peak, nothing from `half_us` away. */
typedef struct {
  int32_t centre_us;
  int32_t half_us;
  int32_t height;
} wave;

/* P, Q, R, S, T; the pulse and its echo, which come later. */
static const wave ECG_WAVES[5] = {
    {-160000, 55000, 120}, {-28000, 15000, -110}, {0, 24000, 1150}, {30000, 20000, -240}, {230000, 110000, 280}};
static const wave LIGHT_WAVES[2] = {{330000, 170000, 1800}, {600000, 190000, 700}};

/* Numerical Recipes' generator: noise of `most` at most, either way. */
static int32_t noise(front_end *end, int32_t most) {
  end->chance = end->chance * 1664525u + 1013904223u;
  return (int32_t)(end->chance >> 16) % (2 * most + 1) - most;
}

/* From -1000 to 1000 and back. */
static int32_t swing(uint64_t at_us, int32_t period_us) {
  const int32_t phase = (int32_t)(at_us % (uint64_t)period_us);
  const int32_t quarter = period_us / 4;
  if (phase < quarter) return phase / (quarter / 1000);
  if (phase < 3 * quarter) return (2 * quarter - phase) / (quarter / 1000);
  return (phase - 4 * quarter) / (quarter / 1000);
}

static int32_t height_of(const wave *of, int64_t behind_us) {
  const int64_t away_us = behind_us - of->centre_us;
  if (away_us <= -of->half_us || away_us >= of->half_us) return 0;
  const int32_t part = (int32_t)(away_us * 1024 / of->half_us);
  const int32_t near = (1024 * 1024 - part * part) >> 10; /* 0..1024 */
  return (of->height * ((near * near) >> 10)) / 1024;
}

static void go_on(front_end *end, uint64_t at_us) {
  while (end->beats_us[2] <= (int64_t)at_us) {
    const int32_t rr_us = RR_US + swing(at_us, BREATH_US) * (RR_BREATH_US / 1000) + noise(end, 12000);
    end->beats_us[0] = end->beats_us[1];
    end->beats_us[1] = end->beats_us[2];
    end->beats_us[2] += rr_us;
  }
}

/* All waves of the beats around this moment. */
static int32_t sum_of(front_end *end, const wave *waves, uint32_t count, uint64_t at_us) {
  int32_t sum = 0;
  go_on(end, at_us);
  for (uint32_t beat = 0u; beat < 3u; beat++) {
    const int64_t behind_us = (int64_t)at_us - end->beats_us[beat];
    for (uint32_t i = 0u; i < count; i++) sum += height_of(&waves[i], behind_us);
  }
  return sum;
}

void front_end_begin(front_end *end, uint64_t now_us) {
  end->chance = 1u;
  end->beats_us[0] = (int64_t)now_us - 2 * RR_US;
  end->beats_us[1] = (int64_t)now_us - RR_US;
  end->beats_us[2] = (int64_t)now_us;
}

int16_t front_end_ecg(front_end *end, uint64_t at_us) {
  const int32_t wander = swing(at_us, BREATH_US) / 20;
  return (int16_t)(sum_of(end, ECG_WAVES, 5u, at_us) + wander + noise(end, 8));
}

int16_t front_end_light(front_end *end, uint64_t at_us) {
  const int32_t wander = swing(at_us, BREATH_US) / 10;
  return (int16_t)(12000 + sum_of(end, LIGHT_WAVES, 2u, at_us) + wander + noise(end, 12));
}

void front_end_motion(front_end *end, uint64_t at_us, int16_t xyz[3]) {
  const int32_t arm = ((at_us % WALK_EVERY_US) < WALK_US) ? swing(at_us, STEP_US) : 0;
  xyz[0] = (int16_t)(arm / 4 + noise(end, 4));
  xyz[1] = (int16_t)(125 + noise(end, 4));
  xyz[2] = (int16_t)(992 + arm / 3 + noise(end, 4));
}
