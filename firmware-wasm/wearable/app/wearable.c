#include "wearable.h"

#include "ml_bytes.h"

#define TICK_RATE_HZ 1000000u
/* One call measures so much at most, so that the link is heard in between; further behind than that it leaves a hole. */
#define MEASURED_US_MAX 1000000u
#define BEHIND_US_MAX 10000000u
#define IDENTITY_BYTES 64u /* X25519 secret, Ed25519 seed. */

static const char FIRMWARE[] = "maibo-wearable 1";

static uint64_t now_us(const wearable *own) {
  return own->options.clock_us(own->options.clock_context) + own->offset_us;
}

static uint32_t now_ms(const wearable *own) {
  return (uint32_t)(now_us(own) / 1000u);
}

/* ---- hosts that are allowed, in flash */

static int32_t read_host(void *context, uint32_t place, uint8_t key[ML_KEY_BYTES]) {
  const int32_t status = fl_value_get((fl_log *)context, (uint16_t)(HOST_VALUE + place), key, ML_KEY_BYTES);
  if (status == ML_NOT_THERE) return 0;
  return (status < 0) ? status : 1;
}

static int32_t write_host(void *context, uint32_t place, const uint8_t key[ML_KEY_BYTES]) {
  return fl_value_set((fl_log *)context, (uint16_t)(HOST_VALUE + place), key, ML_KEY_BYTES);
}

static int32_t erase_host(void *context, uint32_t place) {
  return fl_value_remove((fl_log *)context, (uint16_t)(HOST_VALUE + place));
}

/* ---- what the sync asks */

static int32_t sign(void *context, const uint8_t *bytes, uint32_t count, uint8_t signature[ML_SIGNATURE_BYTES]) {
  ml_sign(((const wearable *)context)->sign_key, bytes, count, signature);
  return ML_OK;
}

static uint64_t tell_ticks(void *context) {
  return now_us((const wearable *)context);
}

static bool set_clock(void *context, const ml_clock_set *clock) {
  wearable *const own = (wearable *)context;
  if (clock->source < own->clock_source) return false;
  own->clock_source = clock->source;
  recorder_take_clock(&own->recorder, now_us(own), clock);
  return true;
}

/* ---- what the cores and the recorder tell */

static void take_interval(void *context, uint64_t from_us, uint32_t length_us, bool is_after_gap) {
  recorder_take_interval(&((wearable *)context)->recorder, from_us, length_us, is_after_gap);
}

static void take_number(void *context, uint64_t at_us, uint16_t code, int32_t value, int8_t scale) {
  recorder_take_number(&((wearable *)context)->recorder, at_us, code, value, scale);
}

static void take_fault(void *context, uint32_t core, int32_t status) {
  wearable *const own = (wearable *)context;
  (void)status; /* Of little use beside the core's number; all that stop a core are bugs. */
  recorder_take_event(&own->recorder, now_us(own), EVENT_CORE_FAULT, (int32_t)core);
}

static void preview(void *context, uint16_t number, const uint8_t *item, uint32_t count) {
  ml_device_preview(&((wearable *)context)->wire.device, number, item, count);
}

/* ---- the beginning, a step at a time */

static int32_t open_log(wearable *own) {
  fl_options options = {.numbers = {LOG_ECG, LOG_RR, LOG_PPG},
                        .log_count = LOG_COUNT,
                        .free_level = 1u,
                        .random = own->options.random,
                        .random_context = own->options.random_context};
  ml_hash_of_crypto(&options.hash, &own->chain_state);
  return fl_log_open(&own->log, &own->options.flash, &options);
}

/* The device's keys: made at the first start, kept in flash ever since. */
static int32_t open_identity(wearable *own) {
  uint8_t secrets[IDENTITY_BYTES];
  int32_t status = fl_value_get(&own->log, IDENTITY_VALUE, secrets, sizeof secrets);
  if (status == ML_NOT_THERE) {
    status = own->options.random(own->options.random_context, secrets, sizeof secrets);
    if (status == ML_OK) status = fl_value_set(&own->log, IDENTITY_VALUE, secrets, sizeof secrets);
  }
  if (status >= 0) {
    ml_copy(own->identity.own.secret, secrets, ML_KEY_BYTES);
    ml_x25519_public(own->identity.own.secret, own->identity.own.public_key);
    ml_sign_key(&secrets[ML_KEY_BYTES], own->sign_key, own->device.signer);
    own->identity.label_policy = ML_LABEL_OFF; /* This device has no label. */
    status = ML_OK;
  }
  ml_wipe(secrets, sizeof secrets);
  return status;
}

static int32_t open_gate(wearable *own) {
  const ml_host_store store = {&own->log, read_host, write_host, erase_host};
  return ml_gate_begin(&own->gate, &own->identity, &store, own->options.random, own->options.random_context);
}

static void describe(wearable *own) {
  for (uint32_t i = 0u; i < LOG_COUNT; i++) {
    own->logs[i] = (ml_log){&FL_LOG_CALLS, &own->log, (uint16_t)(i + 1u), &RECORDER_STREAMS[i]};
  }
  ml_device_id(own->identity.own.public_key, own->device.id);
  own->device.firmware = FIRMWARE;
  own->device.boot = fl_log_boot(&own->log);
  own->device.tick_rate_hz = TICK_RATE_HZ;
  own->device.logs = own->logs;
  own->device.log_count = LOG_COUNT;
  own->device.context = own;
  own->device.sign = sign;
  own->device.now_ticks = tell_ticks;
  own->device.set_clock = set_clock;
}

static int32_t open_link(wearable *own) {
  const ml_device_options options = {.gate = &own->gate,
                                     .device = &own->device,
                                     .packets = {.window = ML_PACKETS_WINDOW,
                                                 .message_bytes_max = ML_PACKETS_IN_BYTES,
                                                 .packet_bytes = ML_PACKETS_PACKET_BYTES,
                                                 .keep_alive_ms = ML_KEEP_ALIVE_MS,
                                                 .random = own->options.random,
                                                 .random_context = own->options.random_context}};
  return ml_wire_open(&own->wire, &options, now_ms(own));
}

/* Behind everything that was measured before: on each grid the next whole step. */
static int32_t begin_measuring(wearable *own, cores_memory *memory) {
  const cores_news news = {own, take_interval, take_number, take_fault};
  const uint64_t from_us = now_us(own) + ECG_STEP_US + LIGHT_STEP_US + MOTION_STEP_US;
  own->ecg_next = from_us / ECG_STEP_US;
  own->light_next = from_us / LIGHT_STEP_US;
  own->motion_next = from_us / MOTION_STEP_US;
  front_end_begin(&own->end, from_us);
  return cores_begin(&own->all, memory, &news, from_us);
}

int32_t wearable_begin(wearable *own, cores_memory *memory, const wearable_options *options) {
  uint64_t from_us = 0u;
  own->options = *options;
  own->recorder.context = own;
  own->recorder.preview = preview;
  int32_t status = open_log(own);
  if (status == ML_OK) status = open_identity(own);
  if (status == ML_OK) status = open_gate(own);
  if (status == ML_OK) status = recorder_begin(&own->recorder, &own->log, &own->all, &from_us);
  if (status != ML_OK) return status;
  own->offset_us = from_us;
  describe(own);
  status = open_link(own);
  if (status == ML_OK) status = begin_measuring(own, memory);
  if (status == ML_OK) recorder_take_event(&own->recorder, now_us(own), EVENT_STARTED, (int32_t)options->reset_reason);
  return status;
}

/* ---- measuring */

static void measure_ecg(wearable *own, uint64_t until_us) {
  int16_t samples[CORES_BLOCK];
  while (own->ecg_next * ECG_STEP_US <= until_us) {
    const uint64_t first = own->ecg_next;
    uint32_t count = 0u;
    while (count < CORES_BLOCK && own->ecg_next * ECG_STEP_US <= until_us) {
      samples[count] = front_end_ecg(&own->end, own->ecg_next * ECG_STEP_US);
      recorder_take_ecg(&own->recorder, samples[count], own->ecg_next);
      own->ecg_next++;
      count++;
    }
    cores_take_ecg(&own->all, samples, count, first);
  }
}

static void measure_light(wearable *own, uint64_t until_us) {
  while (own->light_next * LIGHT_STEP_US <= until_us) {
    const int16_t sample = front_end_light(&own->end, own->light_next * LIGHT_STEP_US);
    recorder_take_light(&own->recorder, sample, own->light_next);
    cores_take_light(&own->all, &sample, 1u, own->light_next);
    own->light_next++;
  }
}

static void measure_motion(wearable *own, uint64_t until_us) {
  while (own->motion_next * MOTION_STEP_US <= until_us) {
    int16_t xyz[3];
    front_end_motion(&own->end, own->motion_next * MOTION_STEP_US, xyz);
    cores_take_motion(&own->all, xyz, own->motion_next);
    own->motion_next++;
  }
}

static void skip_to(wearable *own, uint64_t at_us) {
  own->ecg_next = at_us / ECG_STEP_US + 1u;
  own->light_next = at_us / LIGHT_STEP_US + 1u;
  own->motion_next = at_us / MOTION_STEP_US + 1u;
  own->skipped++;
}

void wearable_measure(wearable *own) {
  const uint64_t at_us = now_us(own);
  recorder_reserve(&own->recorder, at_us);
  if (at_us > own->ecg_next * ECG_STEP_US + BEHIND_US_MAX) skip_to(own, at_us);
  const uint64_t most_us = own->ecg_next * ECG_STEP_US + MEASURED_US_MAX;
  const uint64_t until_us = (at_us < most_us) ? at_us : most_us;
  measure_motion(own, until_us);
  measure_light(own, until_us);
  measure_ecg(own, until_us);
}

/* ---- the link, and its person */

void wearable_hear(wearable *own, const uint8_t *bytes, uint32_t count) {
  ml_wire_take(&own->wire, bytes, count, now_ms(own));
}

uint32_t wearable_speak(wearable *own, uint8_t *into, uint32_t bytes) {
  return ml_wire_give(&own->wire, into, bytes, now_ms(own));
}

static bool forget_hosts(wearable *own) {
  bool is_done = true;
  for (uint32_t place = 0u; place < ML_HOSTS_MAX; place++) {
    if (ml_gate_host(&own->gate, place) != NULL) is_done = ml_gate_remove_host(&own->gate, place) == ML_OK && is_done;
  }
  return open_link(own) == ML_OK && is_done; /* Removing ends no session that runs. */
}

bool wearable_press(wearable *own, wearable_button button) {
  ml_device *const device = &own->wire.device;
  switch (button) {
    case WEARABLE_PAIR:
      return ml_gate_open_pairing(&own->gate, now_ms(own)) == ML_OK;
    case WEARABLE_YES:
    case WEARABLE_NO:
      if (ml_device_digits(device) == NULL) return false;
      ml_device_answer(device, button == WEARABLE_YES, now_ms(own));
      return true;
    default:
      return forget_hosts(own);
  }
}
