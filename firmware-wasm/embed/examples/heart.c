/* README.md shows this file. */
#include <stdio.h>

#include "maibo_config.h"

/* RAM: the cores' whole memory, nothing else is taken. */
static MAIBO_STORAGE(ecg_storage, MAIBO_ECG_STORAGE_BYTES);
static MAIBO_STORAGE(rr_storage, MAIBO_RR_STORAGE_BYTES);
static maibo_instance ecg = MAIBO_NO_INSTANCE;
static maibo_instance rr = MAIBO_NO_INSTANCE;

static const float RATE_HZ = 250.0f;
static double last_beat = -1.0; /* In samples. */
static uint32_t gap = 1u;
static unsigned beat_count = 0u;

static void take_interval(double beat) {
  const maibo_rr_input input = {.rrMs = (beat - last_beat) * 1000.0 / (double)RATE_HZ, .quality = 1.0f, .flags = gap};
  maibo_rr_finding finding;
  if (maibo_rr_push(&rr, &input, 1u) < 0) return;
  gap = 0u;
  while (maibo_rr_poll(&rr, &finding, 1u) == 1) {
    if (finding.kind == MAIBO_RR_KIND_INTERVAL) printf("interval %.0f ms\n", finding.correctedMs);
  }
}

/* To be called with every block of the front end. */
static int32_t take_samples(const float *samples, uint32_t count) {
  maibo_ecg_finding finding;
  for (uint32_t taken = 0u; taken < count;) {
    const int32_t more = maibo_ecg_push(&ecg, &samples[taken], count - taken);
    if (more < 0) return more;
    taken += (uint32_t)more;
    while (maibo_ecg_poll(&ecg, &finding, 1u) == 1) {
      if (finding.kind == MAIBO_ECG_KIND_UNUSABLE) last_beat = -1.0;
      if (finding.kind != MAIBO_ECG_KIND_BEAT) continue;
      if (last_beat >= 0.0) take_interval(finding.sample);
      if (last_beat < 0.0) gap = 1u;
      last_beat = finding.sample;
      beat_count++;
    }
  }
  return MAIBO_OK;
}

int main(void) {
  float samples[25];
  /* Once on a new board: are the bits those of every other host? */
  if (maibo_self_test(&maibo_ecg_known_input, ecg_storage, sizeof ecg_storage) != MAIBO_OK) return 1;
  if (maibo_ecg_init(&ecg, ecg_storage, sizeof ecg_storage, RATE_HZ) != MAIBO_OK) return 1;
  if (maibo_rr_init(&rr, rr_storage, sizeof rr_storage, 2000.0) != MAIBO_OK) return 1;
  /* In place of a front end: a spike every 200 samples. */
  for (unsigned block = 0u; block < 160u; block++) {
    for (unsigned i = 0u; i < 25u; i++) samples[i] = ((block * 25u + i) % 200u < 4u) ? 1.0f : 0.01f * (float)((block + i) % 3u);
    if (take_samples(samples, 25u) != MAIBO_OK) return 1;
  }
  printf("%u beats\n", beat_count);
  return (beat_count > 10u) ? 0 : 1;
}
