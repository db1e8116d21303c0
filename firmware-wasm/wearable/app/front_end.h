/* In place of sensors: a wearer who breathes, whose heart follows, and who walks for half a minute now and then. Whole numbers only, and
 * the same signal on every start. A product has its drivers here instead; what matters to the rest is the grid: sample n of a signal is
 * that of tick n / rate, so a time in which nothing was measured is a hole in the numbers and in nothing else.
 *
 *   ECG    250 Hz  microvolts
 *   light   64 Hz  counts of the converter
 *   motion  32 Hz  x, y, z in thousandths of g
 */
#ifndef FRONT_END_H
#define FRONT_END_H

#include <stdint.h>

#define ECG_HZ 250u
#define LIGHT_HZ 64u
#define MOTION_HZ 32u
#define ECG_STEP_US 4000u
#define LIGHT_STEP_US 15625u
#define MOTION_STEP_US 31250u

typedef struct {
  int64_t beats_us[3]; /* R peaks: the one before the last, the last, the next. */
  uint32_t chance;
} front_end;

/* The first beat comes at `now_us`. */
void front_end_begin(front_end *end, uint64_t now_us);

/* The signals at a moment; asked in the order of time, each signal at its own pace. */
int16_t front_end_ecg(front_end *end, uint64_t at_us);
int16_t front_end_light(front_end *end, uint64_t at_us);
void front_end_motion(front_end *end, uint64_t at_us, int16_t xyz[3]);

#endif
