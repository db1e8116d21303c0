/* Does this compiler on this processor give the bits that every other host gives? To be called once on a new board, compiler or set of
 * flags; what is not called costs no flash. */
#ifndef MAIBO_SELF_TEST_H
#define MAIBO_SELF_TEST_H

#include "maibo.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A known input and the hash of what V8 found in it. Made by build.mjs. */
typedef struct {
  const maibo_core *core;
  const void *settings;
  const void *elements;
  uint32_t count;
  uint32_t push_count; /* 1 where the clock is added to. */
  uint32_t repeats;
  double clock_step; /* Added to the f64 that begins an element, each time the elements are repeated. */
  uint32_t hash;     /* FNV-1a over the findings. */
} maibo_known_input;

/* MAIBO_OK, MAIBO_OTHER_BITS, or why it could not run. Storage as for maibo_init; what was in it is lost. */
int32_t maibo_self_test(const maibo_known_input *known, void *storage, uint32_t bytes);

#ifdef __cplusplus
}
#endif

#endif
