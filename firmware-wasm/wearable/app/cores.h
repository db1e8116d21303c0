/* The signal cores of the wearable, fed in the order of a body: ECG to beats to intervals to heart rate variability, stress and sleep; light
 * to pulses; motion to movement. All their memory is one block, cores_memory; the stack and nothing else is used beside it.
 *
 * A core that stops (a trap: a fault of it, or of memory) is counted, told, and begun anew; the others go on.
 */
#ifndef CORES_H
#define CORES_H

#include <stdbool.h>
#include <stdint.h>

#include "maibo_config.h"
#include "wearable_config.h"

enum { CORE_ECG, CORE_PPG, CORE_MOTION, CORE_RR, CORE_HRV, CORE_STRESS, CORE_SLEEP, CORE_ECG_WAVE, CORE_PPG_WAVE, CORE_COUNT };

typedef struct {
  MAIBO_STORAGE(ecg, MAIBO_ECG_STORAGE_BYTES);
  MAIBO_STORAGE(ppg, MAIBO_PPG_STORAGE_BYTES);
  MAIBO_STORAGE(motion, MAIBO_MOTION_STORAGE_BYTES);
  MAIBO_STORAGE(rr, MAIBO_RR_STORAGE_BYTES);
  MAIBO_STORAGE(hrv, MAIBO_HRV_STORAGE_BYTES);
  MAIBO_STORAGE(stress, MAIBO_STRESS_STORAGE_BYTES);
  MAIBO_STORAGE(sleep, MAIBO_SLEEP_STORAGE_BYTES);
  MAIBO_STORAGE(ecg_wave, MAIBO_WAVE_ENCODE_STORAGE_BYTES);
  MAIBO_STORAGE(ppg_wave, MAIBO_WAVE_ENCODE_STORAGE_BYTES);
} cores_memory;

/* What a number means: this wearable's own codes of number-items. */
enum {
  CODE_MEAN_NN_MS = 1,
  CODE_SDNN_MS = 2,
  CODE_RMSSD_MS = 3,
  CODE_STRESS_PERCENT = 4,
  CODE_SLEEP_STAGE = 5, /* 0 wake, 1 light, 2 deep, 3 REM */
  CODE_PULSE_BPM = 6,
  CODE_ENMO_MG = 7,
  CODE_STEPS = 8
};

/* What is told while samples are taken. Times are the device's ticks, in microseconds. */
typedef struct {
  void *context;
  /* An interval between two beats, and where it begins; a gap lies before it if `is_after_gap`. */
  void (*interval)(void *context, uint64_t from_us, uint32_t length_us, bool is_after_gap);
  /* value x 10^scale */
  void (*number)(void *context, uint64_t at_us, uint16_t code, int32_t value, int8_t scale);
  void (*fault)(void *context, uint32_t core, int32_t status);
} cores_news;

typedef struct {
  cores_memory *memory;
  cores_news news;
  maibo_instance instances[CORE_COUNT];
  uint32_t faults[CORE_COUNT];
  uint64_t now_us;      /* Of the newest sample. */
  uint64_t begun_us;    /* Where the seconds of stress begin. */
  uint64_t sleep_us;    /* And those of sleep. */
  uint64_t ecg_base;    /* Sample that the ECG core counts as its first. */
  uint64_t ecg_next;
  uint64_t light_base;
  uint64_t light_next;
  uint64_t motion_base;
  uint64_t motion_next;
  uint64_t last_beat_us; /* 0: none, or there is a gap behind it. */
  bool is_gap;           /* Before the next interval. */
  double nn_gap_ms;      /* What lies between the last interval for HRV and the next; below 0: nothing does. */
  double stress_s;       /* Time of the last input, which the next must not precede. */
  double sleep_s;
  float still[3];        /* The newest acceleration, in g. */
  uint64_t pulse_from_us; /* Of the light: first and last pulse since the rate was told. */
  uint64_t pulse_to_us;
  uint32_t pulses;
} cores;

/* MAIBO_OK, or the first status that was none. `now_us`: ticks from which samples will come. */
int32_t cores_begin(cores *all, cores_memory *memory, const cores_news *news, uint64_t now_us);

/* At most CORES_BLOCK samples each; `first` is the number of the first on its grid. A hole between blocks is a gap for the cores. */
#define CORES_BLOCK 32u
void cores_take_ecg(cores *all, const int16_t *samples, uint32_t count, uint64_t first);
void cores_take_light(cores *all, const int16_t *samples, uint32_t count, uint64_t first);
void cores_take_motion(cores *all, const int16_t xyz[3], uint64_t frame);

/* Codes one block of WEARABLE_ECG_BLOCK or WEARABLE_LIGHT_BLOCK samples for the log (sample format 3). `which` is CORE_ECG_WAVE or
 * CORE_PPG_WAVE. Bytes written; 0 where the block would not be shorter than its samples, or the core failed. */
uint32_t cores_code(cores *all, uint32_t which, const int16_t *samples, uint32_t count, uint8_t *into, uint32_t bytes);

const char *cores_name(uint32_t core);

#endif
