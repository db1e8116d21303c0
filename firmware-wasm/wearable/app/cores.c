#include "cores.h"

#include "front_end.h"

#define PAUSE_MS 2000.0
#define HRV_WINDOW_MS 300000.0
#define HRV_STEP_MS 60000.0
#define HRV_NO_ERRORS 0
/* Beats are known two seconds after they were (ABI.md), motion at once: so late are intervals told to stress, which wants them in order. */
#define TOLD_LATE_S 2.0
#define EPOCH_S 30.0
#define EPOCH_HALF_S 15.0
#define PULSE_TOLD_US 60000000u
#define PERCENT 100.0

/* Bits of `valid`: places of the values in their findings (maibo_cores.h). */
enum { HRV_MEAN_NN = 0, HRV_SDNN = 1, HRV_RMSSD = 8, STRESS_PROBABILITY = 0, MOTION_COUNTS_FIRST = 0, MOTION_COUNTS_SECOND = 1, MOTION_ENMO = 2, MOTION_STEPS = 7 };

static const char *const NAMES[CORE_COUNT] = {"ecg", "ppg", "motion", "rr", "hrv", "stress", "sleep", "ecg-wave", "ppg-wave"};

const char *cores_name(uint32_t core) {
  return (core < (uint32_t)CORE_COUNT) ? NAMES[core] : "";
}

/* ---- beginnings and faults */

static int32_t begin_core(cores *all, uint32_t which) {
  maibo_instance *const one = &all->instances[which];
  cores_memory *const at = all->memory;
  switch (which) {
    case CORE_ECG:
      return maibo_ecg_init(one, at->ecg, sizeof at->ecg, (float)ECG_HZ);
    case CORE_PPG:
      return maibo_ppg_init(one, at->ppg, sizeof at->ppg, (float)LIGHT_HZ, 1, 4);
    case CORE_MOTION:
      return maibo_motion_init(one, at->motion, sizeof at->motion, (float)MOTION_HZ);
    case CORE_RR:
      return maibo_rr_init(one, at->rr, sizeof at->rr, PAUSE_MS);
    case CORE_HRV:
      return maibo_hrv_init(one, at->hrv, sizeof at->hrv, WEARABLE_HRV_INTERVALS, HRV_WINDOW_MS, HRV_STEP_MS, MAIBO_HRV_PROFILE_MAIBO,
                            HRV_NO_ERRORS);
    case CORE_STRESS:
      return maibo_stress_init(one, at->stress, sizeof at->stress, MAIBO_STRESS_SENSOR_MOTION);
    case CORE_SLEEP:
      return maibo_sleep_init(one, at->sleep, sizeof at->sleep, WEARABLE_SLEEP_EPOCHS, MAIBO_SLEEP_MODE_LIVE);
    case CORE_ECG_WAVE:
      return maibo_wave_encode_init(one, at->ecg_wave, sizeof at->ecg_wave, 1, (int32_t)WEARABLE_ECG_BLOCK);
    default:
      return maibo_wave_encode_init(one, at->ppg_wave, sizeof at->ppg_wave, 1, (int32_t)WEARABLE_LIGHT_BLOCK);
  }
}

/* What goes with a core's memory of the signal. */
static void forget(cores *all, uint32_t which) {
  if (which == (uint32_t)CORE_ECG) {
    all->ecg_base = all->ecg_next;
    all->last_beat_us = 0u;
    all->is_gap = true;
  }
  if (which == (uint32_t)CORE_PPG) {
    all->light_base = all->light_next;
    all->pulses = 0u;
  }
  if (which == (uint32_t)CORE_MOTION) all->motion_base = all->motion_next;
  if (which == (uint32_t)CORE_HRV) all->nn_gap_ms = -1.0;
  if (which == (uint32_t)CORE_STRESS) {
    all->begun_us = all->now_us;
    all->stress_s = 0.0;
  }
  if (which == (uint32_t)CORE_SLEEP) {
    all->sleep_us = all->now_us;
    all->sleep_s = 0.0;
  }
}

/* Whether a call did what it says. If not, the core begins anew. */
static bool is_well(cores *all, uint32_t which, int32_t status) {
  if (status >= 0) return true;
  all->faults[which]++;
  all->news.fault(all->news.context, which, status);
  (void)begin_core(all, which);
  forget(all, which);
  return false;
}

int32_t cores_begin(cores *all, cores_memory *memory, const cores_news *news, uint64_t now_us) {
  static const maibo_instance NONE = MAIBO_NO_INSTANCE;
  int32_t first = MAIBO_OK;
  all->memory = memory;
  all->news = *news;
  all->now_us = now_us;
  all->ecg_next = now_us / ECG_STEP_US;
  all->light_next = now_us / LIGHT_STEP_US;
  all->motion_next = now_us / MOTION_STEP_US;
  for (uint32_t which = 0u; which < (uint32_t)CORE_COUNT; which++) {
    all->instances[which] = NONE;
    all->faults[which] = 0u;
    const int32_t status = begin_core(all, which);
    if (first == MAIBO_OK) first = status;
    forget(all, which);
  }
  all->is_gap = false;
  return first;
}

/* A core that owes findings for a long gap gives them a few at a time and takes nothing until then. */
#define IDLE_PUSHES_MAX 1000u

/* Offers all of it; `collect` takes what is found in between. */
static void push_all(cores *all, uint32_t which, const void *input, uint32_t count, uint32_t element_bytes, void (*collect)(cores *)) {
  const uint8_t *const bytes = (const uint8_t *)input;
  uint32_t idle = 0u;
  for (uint32_t taken = 0u; taken < count;) {
    const int32_t more = maibo_push(&all->instances[which], &bytes[taken * element_bytes], count - taken);
    idle = (more == 0) ? idle + 1u : 0u;
    if (!is_well(all, which, (idle > IDLE_PUSHES_MAX) ? MAIBO_WRONG_STATE : more)) return;
    taken += (uint32_t)more;
    collect(all);
  }
}

static bool has(uint32_t valid, uint32_t bit) {
  return ((valid >> bit) & 1u) != 0u;
}

/* A value to the tenth. */
static void tell(cores *all, uint32_t valid, uint32_t bit, uint16_t code, double value) {
  if (has(valid, bit)) all->news.number(all->news.context, all->now_us, code, (int32_t)(value * 10.0 + 0.5), -1);
}

static double seconds_since(uint64_t from_us, uint64_t at_us) {
  return (at_us > from_us) ? (double)(at_us - from_us) * 1e-6 : 0.0;
}

/* ---- heart rate variability, stress, sleep */

static void collect_hrv(cores *all) {
  maibo_hrv_indices found;
  int32_t status;
  while ((status = maibo_hrv_poll(&all->instances[CORE_HRV], &found, 1u)) == 1) {
    if (found.kind != MAIBO_HRV_KIND_VALUES) continue;
    tell(all, found.valid, HRV_MEAN_NN, CODE_MEAN_NN_MS, found.MeanNN);
    tell(all, found.valid, HRV_SDNN, CODE_SDNN_MS, found.SDNN);
    tell(all, found.valid, HRV_RMSSD, CODE_RMSSD_MS, found.RMSSD);
  }
  (void)is_well(all, CORE_HRV, status);
}

static void collect_stress(cores *all) {
  maibo_stress_finding found;
  int32_t status;
  while ((status = maibo_stress_poll(&all->instances[CORE_STRESS], &found, 1u)) == 1) {
    tell(all, found.valid, STRESS_PROBABILITY, CODE_STRESS_PERCENT, found.probability * PERCENT);
  }
  (void)is_well(all, CORE_STRESS, status);
}

static void collect_sleep(cores *all) {
  maibo_sleep_finding found;
  int32_t status;
  while ((status = maibo_sleep_poll(&all->instances[CORE_SLEEP], &found, 1u)) == 1) {
    if (found.stage4 == MAIBO_SLEEP_STAGE_UNKNOWN) continue;
    all->news.number(all->news.context, all->now_us, CODE_SLEEP_STAGE, (int32_t)found.stage4, 0);
  }
  (void)is_well(all, CORE_SLEEP, status);
}

static void tell_stress(cores *all, maibo_stress_input *input, uint64_t at_us, double late_s) {
  const double at_s = seconds_since(all->begun_us, at_us) + late_s;
  all->stress_s = (at_s > all->stress_s) ? at_s : all->stress_s;
  input->timeS = all->stress_s;
  push_all(all, CORE_STRESS, input, 1u, sizeof *input, collect_stress);
}

/* A night that is longer than the core has memory for is another night. */
static void tell_sleep(cores *all, uint16_t kind, float value, double at_s) {
  if (at_s >= (double)WEARABLE_SLEEP_EPOCHS * EPOCH_S) {
    if (!is_well(all, CORE_SLEEP, maibo_reset(&all->instances[CORE_SLEEP]))) return;
    forget(all, CORE_SLEEP);
    return;
  }
  const maibo_sleep_input input = {.timeS = at_s, .value = value, .kind = kind};
  push_all(all, CORE_SLEEP, &input, 1u, sizeof input, collect_sleep);
}

/* ---- beats */

static void collect_rr(cores *all) {
  maibo_rr_finding found;
  int32_t status;
  while ((status = maibo_rr_poll(&all->instances[CORE_RR], &found, 1u)) == 1) {
    if (found.kind != MAIBO_RR_KIND_INTERVAL || found.correctedMs <= 0.0) continue;
    if (found.action == MAIBO_RR_ACTION_EXCLUDED) {
      all->nn_gap_ms = ((all->nn_gap_ms > 0.0) ? all->nn_gap_ms : 0.0) + found.correctedMs;
      continue;
    }
    const bool is_after_gap = all->nn_gap_ms >= 0.0 || (found.flags & MAIBO_RR_FLAG_AFTER_GAP) != 0u;
    const maibo_interval input = {.rrMs = found.correctedMs,
                                  .gapMs = (all->nn_gap_ms > 0.0) ? all->nn_gap_ms : 0.0,
                                  .quality = (found.value >= 0.0f) ? found.value : 0.0f,
                                  .flags = is_after_gap ? MAIBO_INTERVAL_FLAG_AFTER_GAP : 0u};
    all->nn_gap_ms = -1.0;
    push_all(all, CORE_HRV, &input, 1u, sizeof input, collect_hrv);
  }
  (void)is_well(all, CORE_RR, status);
}

static void take_interval(cores *all, uint64_t from_us, uint64_t to_us, float quality, bool is_after_gap) {
  const uint32_t length_us = (uint32_t)(to_us - from_us);
  const double rr_ms = (double)length_us * 1e-3;
  const maibo_rr_input input = {.rrMs = rr_ms, .quality = quality, .flags = is_after_gap ? MAIBO_RR_FLAG_AFTER_GAP : 0u};
  maibo_stress_input stress = {.x = (float)rr_ms, .y = quality, .kind = MAIBO_STRESS_INPUT_KIND_INTERVAL};
  if (is_after_gap) stress.flags = MAIBO_STRESS_INPUT_FLAG_AFTER_GAP;
  all->news.interval(all->news.context, from_us, length_us, is_after_gap);
  push_all(all, CORE_RR, &input, 1u, sizeof input, collect_rr);
  tell_stress(all, &stress, to_us, TOLD_LATE_S);
  all->sleep_s = seconds_since(all->sleep_us, to_us);
  tell_sleep(all, MAIBO_SLEEP_INPUT_KIND_INTERVAL, (float)rr_ms, all->sleep_s);
}

static void take_beat(cores *all, const maibo_ecg_finding *beat) {
  const uint64_t at_us = all->ecg_base * ECG_STEP_US + (uint64_t)(beat->sample * (double)ECG_STEP_US);
  const bool is_first = all->last_beat_us == 0u || at_us <= all->last_beat_us;
  if (!is_first) {
    take_interval(all, all->last_beat_us, at_us, beat->quality, all->is_gap);
    all->is_gap = false;
  }
  all->last_beat_us = at_us;
}

static void collect_ecg(cores *all) {
  maibo_ecg_finding found;
  int32_t status;
  while ((status = maibo_ecg_poll(&all->instances[CORE_ECG], &found, 1u)) == 1) {
    if (found.kind == MAIBO_ECG_KIND_BEAT) take_beat(all, &found);
    if (found.kind == MAIBO_ECG_KIND_UNUSABLE) {
      all->last_beat_us = 0u;
      all->is_gap = true;
    }
  }
  (void)is_well(all, CORE_ECG, status);
}

/* ---- samples */

/* Behind a hole a core begins anew. */
static void mind_hole(cores *all, uint32_t which, uint64_t *next, uint64_t first, uint32_t count) {
  const bool is_hole = *next != first;
  *next = first;
  if (is_hole && is_well(all, which, maibo_reset(&all->instances[which]))) forget(all, which);
  *next = first + count;
}

void cores_take_ecg(cores *all, const int16_t *samples, uint32_t count, uint64_t first) {
  float values[CORES_BLOCK];
  if (count > CORES_BLOCK) return;
  for (uint32_t i = 0u; i < count; i++) values[i] = (float)samples[i];
  mind_hole(all, CORE_ECG, &all->ecg_next, first, count);
  all->now_us = all->ecg_next * ECG_STEP_US;
  push_all(all, CORE_ECG, values, count, sizeof values[0], collect_ecg);
}

static void take_pulse(cores *all, double sample) {
  const uint64_t at_us = all->light_base * LIGHT_STEP_US + (uint64_t)(sample * (double)LIGHT_STEP_US);
  if (all->pulses == 0u) all->pulse_from_us = at_us;
  all->pulse_to_us = at_us;
  all->pulses++;
  if (at_us - all->pulse_from_us < PULSE_TOLD_US) return;
  const double beats = (double)(all->pulses - 1u);
  tell(all, 1u, 0u, CODE_PULSE_BPM, beats * 60e6 / (double)(at_us - all->pulse_from_us));
  all->pulses = 1u;
  all->pulse_from_us = at_us;
}

static void collect_ppg(cores *all) {
  maibo_ppg_finding found;
  int32_t status;
  while ((status = maibo_ppg_poll(&all->instances[CORE_PPG], &found, 1u)) == 1) {
    if (found.kind == MAIBO_PPG_KIND_BEAT) take_pulse(all, found.sample);
    if (found.kind == MAIBO_PPG_KIND_UNUSABLE) all->pulses = 0u;
  }
  (void)is_well(all, CORE_PPG, status);
}

void cores_take_light(cores *all, const int16_t *samples, uint32_t count, uint64_t first) {
  float frames[4u * CORES_BLOCK];
  if (count > CORES_BLOCK) return;
  for (uint32_t i = 0u; i < count; i++) {
    frames[4u * i] = (float)samples[i];
    for (uint32_t axis = 0u; axis < 3u; axis++) frames[4u * i + 1u + axis] = all->still[axis];
  }
  mind_hole(all, CORE_PPG, &all->light_next, first, count);
  push_all(all, CORE_PPG, frames, 4u * count, sizeof frames[0], collect_ppg);
}

static void take_epoch(cores *all, const maibo_motion_finding *epoch) {
  const uint64_t end_us = all->motion_base * MOTION_STEP_US + (uint64_t)(epoch->timeS * 1e6);
  const double from_s = seconds_since(all->sleep_us, end_us) - EPOCH_S;
  tell(all, epoch->valid, MOTION_ENMO, CODE_ENMO_MG, epoch->enmoMg);
  if (has(epoch->valid, MOTION_STEPS) && epoch->steps > 0.0) tell(all, 1u, 0u, CODE_STEPS, epoch->steps);
  if (from_s < 0.0) return;
  if (has(epoch->valid, MOTION_COUNTS_FIRST)) {
    tell_sleep(all, MAIBO_SLEEP_INPUT_KIND_COUNT, (float)epoch->countsFirst, from_s);
  }
  if (has(epoch->valid, MOTION_COUNTS_SECOND)) {
    tell_sleep(all, MAIBO_SLEEP_INPUT_KIND_COUNT, (float)epoch->countsSecond, from_s + EPOCH_HALF_S);
  }
}

static void collect_motion(cores *all) {
  maibo_motion_finding found;
  int32_t status;
  while ((status = maibo_motion_poll(&all->instances[CORE_MOTION], &found, 1u)) == 1) {
    if (found.kind == MAIBO_MOTION_KIND_EPOCH) take_epoch(all, &found);
  }
  (void)is_well(all, CORE_MOTION, status);
}

void cores_take_motion(cores *all, const int16_t xyz[3], uint64_t frame) {
  maibo_stress_input stress = {.kind = MAIBO_STRESS_INPUT_KIND_ACCELERATION};
  for (uint32_t axis = 0u; axis < 3u; axis++) all->still[axis] = (float)xyz[axis] * 0.001f;
  stress.x = all->still[0];
  stress.y = all->still[1];
  stress.z = all->still[2];
  mind_hole(all, CORE_MOTION, &all->motion_next, frame, 1u);
  push_all(all, CORE_MOTION, all->still, 3u, sizeof all->still[0], collect_motion);
  tell_stress(all, &stress, frame * MOTION_STEP_US, 0.0);
}

/* ---- waveforms for the log */

uint32_t cores_code(cores *all, uint32_t which, const int16_t *samples, uint32_t count, uint8_t *into, uint32_t bytes) {
  maibo_instance *const coder = &all->instances[which];
  const int32_t taken = maibo_push(coder, samples, count);
  if (!is_well(all, which, taken)) return 0u;
  const int32_t coded = maibo_poll(coder, into, bytes);
  if (!is_well(all, which, coded)) return 0u;
  if (taken != (int32_t)count || coded == 0) (void)is_well(all, which, maibo_reset(coder)); /* Not a whole block. */
  return (taken == (int32_t)count && (uint32_t)coded < count * 2u) ? (uint32_t)coded : 0u;
}
