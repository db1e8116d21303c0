/* Plays the wearer for as many seconds as the argument says, then breaks each core's memory in turn. One line for everything that is told. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cores.h"
#include "front_end.h"

static cores all;
static cores_memory memory;
static front_end end;

static void say_interval(void *context, uint64_t from_us, uint32_t length_us, bool is_after_gap) {
  (void)context;
  printf("interval %llu %u %d\n", (unsigned long long)from_us, (unsigned)length_us, (int)is_after_gap);
}

static void say_number(void *context, uint64_t at_us, uint16_t code, int32_t value, int8_t scale) {
  (void)context;
  printf("number %llu %u %d %d\n", (unsigned long long)at_us, (unsigned)code, (int)value, (int)scale);
}

static void say_fault(void *context, uint32_t core, int32_t status) {
  (void)context;
  printf("fault %s %d\n", cores_name(core), (int)status);
}

/* A quarter of a second of everything. */
static void play(uint64_t from_us, uint64_t to_us) {
  int16_t samples[CORES_BLOCK];
  for (uint64_t at = from_us; at < to_us; at += 125000u) {
    const uint64_t ecg = at / ECG_STEP_US;
    const uint64_t light = at / LIGHT_STEP_US;
    const uint64_t motion = at / MOTION_STEP_US;
    const uint32_t ecg_count = (uint32_t)((at + 125000u) / ECG_STEP_US - ecg);
    for (uint32_t i = 0u; i < ecg_count; i++) samples[i] = front_end_ecg(&end, (ecg + i) * ECG_STEP_US);
    cores_take_ecg(&all, samples, ecg_count, ecg);
    for (uint32_t i = 0u; i < 8u; i++) samples[i] = front_end_light(&end, (light + i) * LIGHT_STEP_US);
    cores_take_light(&all, samples, 8u, light);
    for (uint32_t i = 0u; i < 4u; i++) {
      int16_t xyz[3];
      front_end_motion(&end, (motion + i) * MOTION_STEP_US, xyz);
      cores_take_motion(&all, xyz, motion + i);
    }
  }
}

int main(int argc, char **argv) {
  const cores_news news = {NULL, say_interval, say_number, say_fault};
  const uint64_t seconds = (argc > 1) ? strtoull(argv[1], NULL, 10) : 60u;
  uint64_t now_us = 250000u;
  uint8_t *const bytes = (uint8_t *)&memory;
  front_end_begin(&end, now_us);
  printf("begin %d\n", (int)cores_begin(&all, &memory, &news, now_us));
  play(now_us, now_us + seconds * 1000000u);
  now_us += seconds * 1000000u;
  printf("hole\n");
  now_us += 3000000u;
  play(now_us, now_us + 10000000u);
  now_us += 10000000u;
  printf("broken\n");
  (void)memset(bytes, 0xFF, sizeof memory);
  play(now_us, now_us + 40000000u);
  for (uint32_t i = 0u; i < (uint32_t)CORE_COUNT; i++) printf("faults %s %u\n", cores_name(i), (unsigned)all.faults[i]);
  return 0;
}
