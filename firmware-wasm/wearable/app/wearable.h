/* The wearable as one machine, on no particular board: time, bytes and chance go in, bytes come out. main.c binds it to a board; a test
 * can bind it to anything.
 *
 *   wearable_begin     with a flash and a source of chance
 *   wearable_measure   up to now: front end, cores, logs
 *   wearable_hear      bytes came on the link's UART
 *   wearable_speak     bytes for it
 *   wearable_press     what its person does: pairing, yes, no
 */
#ifndef WEARABLE_H
#define WEARABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "cores.h"
#include "front_end.h"
#include "ml_wire.h"
#include "recorder.h"

typedef enum { WEARABLE_PAIR, WEARABLE_YES, WEARABLE_NO, WEARABLE_FORGET } wearable_button;

typedef struct {
  fl_flash flash;
  ml_random random;
  void *random_context;
  uint64_t (*clock_us)(void *context); /* Microseconds since the board's start; never goes back. */
  void *clock_context;
  uint32_t reset_reason; /* For the log. */
} wearable_options;

typedef struct {
  wearable_options options;
  cores all;
  front_end end;
  recorder recorder;
  fl_log log;
  ml_sha256_state chain_state;
  ml_identity identity;
  uint8_t sign_key[ML_SIGN_KEY_BYTES];
  ml_gate gate;
  ml_log logs[LOG_COUNT];
  ml_sync_device device;
  ml_wire wire;
  uint64_t offset_us; /* Ticks less time of the board. */
  uint64_t ecg_next;  /* The next sample of each grid. */
  uint64_t light_next;
  uint64_t motion_next;
  uint8_t clock_source;
  uint32_t skipped;   /* Times that it was too far behind, and left a hole. */
} wearable;

/* ML_OK; or what flash, chance, cores or link answered: the device must not go on. */
int32_t wearable_begin(wearable *own, cores_memory *memory, const wearable_options *options);

/* Everything that is due by now. */
void wearable_measure(wearable *own);

void wearable_hear(wearable *own, const uint8_t *bytes, uint32_t count);
uint32_t wearable_speak(wearable *own, uint8_t *into, uint32_t bytes);

/* False when it means nothing now. WEARABLE_FORGET: no host is allowed any more. */
bool wearable_press(wearable *own, wearable_button button);

#endif
