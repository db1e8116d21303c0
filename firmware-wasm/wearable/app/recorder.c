#include "recorder.h"

#include "front_end.h"
#include "ml_bytes.h"

#define RESERVED_BYTES 16u
/* A start loses at most so much of the numbers, and the flash is written as often. */
#define RESERVE_US 64000000u
#define RESERVE_AHEAD_US 16000000u
#define RESERVE_INTERVALS 256u
#define RESERVE_AHEAD_INTERVALS 64u
#define INTERVALS_US_MAX 10000000u

const ml_log_stream RECORDER_STREAMS[LOG_COUNT] = {
    {.signal = "ecg", .sensor = "made ECG", .unit = "mV", .rate_hz = (double)ECG_HZ, .gain = 1000.0, .offset = 0, .bits = 16u},
    {.signal = "rr", .sensor = "beats of the made ECG", .unit = "us", .rate_hz = 0.0, .gain = 1.0, .offset = 0, .bits = 32u},
    {.signal = "ppg", .sensor = "made light", .unit = "counts", .rate_hz = (double)LIGHT_HZ, .gain = 1.0, .offset = 0, .bits = 16u},
};

/* ---- reservation */

static int32_t reserve(recorder *own, uint64_t until_us, uint64_t until_interval) {
  uint8_t bytes[RESERVED_BYTES];
  ml_write_u64(bytes, until_us);
  ml_write_u64(&bytes[8], until_interval);
  const int32_t status = fl_value_set(own->log, RESERVED_VALUE, bytes, sizeof bytes);
  if (status != ML_OK) {
    own->failed++;
    return status;
  }
  own->reserved_us = until_us;
  own->reserved_intervals = until_interval;
  return ML_OK;
}

int32_t recorder_begin(recorder *own, fl_log *log, cores *all, uint64_t *from_us) {
  uint8_t bytes[RESERVED_BYTES] = {0u};
  own->log = log;
  own->all = all;
  own->boot = fl_log_boot(log);
  own->ecg.count = 0u;
  own->light.count = 0u;
  own->interval_count = 0u;
  own->failed = 0u;
  const int32_t status = fl_value_get(log, RESERVED_VALUE, bytes, sizeof bytes);
  if (status < 0 && status != ML_NOT_THERE) return status;
  *from_us = ml_read_u64(bytes);
  own->interval_first = ml_read_u64(&bytes[8]);
  return reserve(own, *from_us + RESERVE_US, own->interval_first + RESERVE_INTERVALS);
}

void recorder_reserve(recorder *own, uint64_t now_us) {
  const bool is_near = now_us + RESERVE_AHEAD_US >= own->reserved_us ||
                       own->interval_first + own->interval_count + RESERVE_AHEAD_INTERVALS >= own->reserved_intervals;
  if (is_near) (void)reserve(own, now_us + RESERVE_US, own->interval_first + RESERVE_INTERVALS);
}

/* ---- items */

static void append(recorder *own, uint16_t number, int32_t count) {
  if (count <= 0 || fl_log_append(own->log, number, own->item, (uint32_t)count, NULL) != ML_OK) {
    own->failed++;
    return;
  }
  own->preview(own->context, number, own->item, (uint32_t)count);
}

/* Coded where that is shorter, as it is else. */
static void close_block(recorder *own, block *of, uint16_t number, uint32_t coder, uint32_t length, uint32_t step_us) {
  uint8_t coded[WEARABLE_ECG_BLOCK * 2u + MAIBO_WAVE_ENCODE_OVERHEAD_BYTES_MAX];
  uint8_t plain[WEARABLE_ECG_BLOCK * 2u];
  if (of->count == 0u) return;
  const uint64_t ticks = of->first * step_us;
  uint32_t bytes = (of->count == length) ? cores_code(own->all, coder, of->samples, length, coded, sizeof coded) : 0u;
  if (bytes > 0u) {
    append(own, number, ml_item_samples(own->item, sizeof own->item, own->boot, ticks, of->first, ML_FORMAT_WAVE, coded, bytes));
  } else {
    bytes = of->count * 2u;
    for (uint32_t i = 0u; i < of->count; i++) ml_write_u16(&plain[2u * i], (uint16_t)of->samples[i]);
    append(own, number, ml_item_samples(own->item, sizeof own->item, own->boot, ticks, of->first, ML_FORMAT_INT16, plain, bytes));
  }
  of->count = 0u;
}

static void take_sample(recorder *own, block *into, uint16_t number, uint32_t coder, uint32_t length, uint32_t step_us, int16_t sample,
                        uint64_t place) {
  if (into->count > 0u && into->first + into->count != place) close_block(own, into, number, coder, length, step_us);
  if (into->count == 0u) into->first = place;
  into->samples[into->count] = sample;
  into->count++;
  if (into->count == length) close_block(own, into, number, coder, length, step_us);
}

void recorder_take_ecg(recorder *own, int16_t sample, uint64_t number) {
  take_sample(own, &own->ecg, LOG_ECG, CORE_ECG_WAVE, WEARABLE_ECG_BLOCK, ECG_STEP_US, sample, number);
}

void recorder_take_light(recorder *own, int16_t sample, uint64_t number) {
  take_sample(own, &own->light, LOG_PPG, CORE_PPG_WAVE, WEARABLE_LIGHT_BLOCK, LIGHT_STEP_US, sample, number);
}

static void close_intervals(recorder *own) {
  if (own->interval_count == 0u) return;
  append(own, LOG_RR, ml_item_samples(own->item, sizeof own->item, own->boot, own->intervals_from_us, own->interval_first,
                                      ML_FORMAT_INT32, own->intervals, own->interval_count * 4u));
  own->interval_first += own->interval_count;
  own->interval_count = 0u;
}

void recorder_take_interval(recorder *own, uint64_t from_us, uint32_t length_us, bool is_after_gap) {
  if (is_after_gap) {
    close_intervals(own);
    own->interval_first++; /* A hole, and nobody knows how many beats it had. */
  }
  if (own->interval_count == 0u) own->intervals_from_us = from_us;
  ml_write_u32(&own->intervals[4u * own->interval_count], length_us);
  own->interval_count++;
  const bool is_long = from_us + length_us - own->intervals_from_us >= INTERVALS_US_MAX;
  if (own->interval_count == INTERVALS_MAX || is_long) close_intervals(own);
}

void recorder_take_number(recorder *own, uint64_t at_us, uint16_t code, int32_t value, int8_t scale) {
  append(own, LOG_RR, ml_item_number(own->item, sizeof own->item, own->boot, at_us, code, value, scale, ML_QUALITY_UNKNOWN));
}

void recorder_take_event(recorder *own, uint64_t at_us, uint16_t code, int32_t number) {
  append(own, LOG_RR, ml_item_event(own->item, sizeof own->item, own->boot, at_us, code, &number));
}

void recorder_take_clock(recorder *own, uint64_t at_us, const ml_clock_set *clock) {
  append(own, LOG_RR, ml_item_clock(own->item, sizeof own->item, own->boot, at_us, clock->utc_us, clock->source, clock->uncertainty_us));
}
