/* The wearable's logs, in flash: what was measured becomes items.
 *
 *   1  ecg  a second of samples an item, coded (sample format 3)
 *   2  rr   intervals between beats, and numbers, events and clock settings as they come
 *   3  ppg  two seconds of light an item, coded
 *
 * Ticks and counts of intervals never go back, over restarts neither: some of each are reserved in flash before they are used, and a start
 * goes on behind what was reserved. What lies between is a hole that everybody can see.
 */
#ifndef RECORDER_H
#define RECORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "cores.h"
#include "fl_log.h"
#include "ml_message.h"
#include "ml_sync.h"

#define LOG_ECG 1u
#define LOG_RR 2u
#define LOG_PPG 3u
#define LOG_COUNT 3u

enum { EVENT_STARTED = 1, EVENT_CORE_FAULT = 2 };

/* Keys of small values in flash. Hosts take HOST_VALUE and the seven behind it. */
enum { IDENTITY_VALUE = 1, RESERVED_VALUE = 2, HOST_VALUE = 16 };

#define INTERVALS_MAX 8u

/* Samples on their way into one item. */
typedef struct {
  int16_t samples[WEARABLE_ECG_BLOCK];
  uint32_t count;
  uint64_t first;
} block;

typedef struct {
  fl_log *log;
  cores *all; /* For the coders. */
  uint32_t boot;
  uint64_t reserved_us;
  uint64_t reserved_intervals;
  block ecg;
  block light;
  uint8_t intervals[4u * INTERVALS_MAX];
  uint32_t interval_count;
  uint64_t interval_first;
  uint64_t intervals_from_us;
  uint32_t failed; /* Items and reservations that the flash did not take. */
  void *context;
  void (*preview)(void *context, uint16_t number, const uint8_t *item, uint32_t count);
  uint8_t item[WEARABLE_ECG_BLOCK * 2u + 64u];
} recorder;

/* What the logs' samples mean. In the order of their numbers. */
extern const ml_log_stream RECORDER_STREAMS[LOG_COUNT];

/* Goes on behind what the flash holds; answers from which tick, in *from_us. ML_OK, or the flash's status: nothing may then be recorded. */
int32_t recorder_begin(recorder *own, fl_log *log, cores *all, uint64_t *from_us);

/* To be called with every look at the clock. */
void recorder_reserve(recorder *own, uint64_t now_us);

/* `number` of the sample on its grid. */
void recorder_take_ecg(recorder *own, int16_t sample, uint64_t number);
void recorder_take_light(recorder *own, int16_t sample, uint64_t number);
void recorder_take_interval(recorder *own, uint64_t from_us, uint32_t length_us, bool is_after_gap);
void recorder_take_number(recorder *own, uint64_t at_us, uint16_t code, int32_t value, int8_t scale);
void recorder_take_event(recorder *own, uint64_t at_us, uint16_t code, int32_t number);
void recorder_take_clock(recorder *own, uint64_t at_us, const ml_clock_set *clock);

#endif
