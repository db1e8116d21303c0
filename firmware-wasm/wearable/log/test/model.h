/* What the log should hold: everything that was said to be written. Items are made from their names, so none has to be kept. */
#ifndef MODEL_H
#define MODEL_H

#include "flash_sim.h"

#define MODEL_LOGS 2u
#define MODEL_KEYS 4u
#ifndef MODEL_ITEMS_MAX
#define MODEL_ITEMS_MAX 4096u
#endif

typedef struct {
  uint8_t epoch[ML_EPOCH_BYTES];
  uint32_t life; /* Epochs so far. */
  uint64_t head;
  uint64_t acked_past;
  bool is_final;
  uint8_t chains[MODEL_ITEMS_MAX][ML_HASH_BYTES]; /* Behind each item; zeros where it is not known. */
  uint16_t sizes[MODEL_ITEMS_MAX];                /* 0: a number that was given up. */
} model_log;

typedef struct {
  model_log logs[MODEL_LOGS];
  uint8_t values[MODEL_KEYS]; /* Which one was set; 0 for none. */
  uint32_t boot;
} model;

/* One thing that is done to the log. */
typedef struct {
  uint32_t kind;
  uint32_t log;
  uint32_t number; /* Of bytes, of a value, or the item that is acknowledged. */
} operation;

#define DO_APPEND 0u
#define DO_ACK 1u
#define DO_SET 2u
#define DO_REMOVE 3u
#define DO_RENEW 4u
#define DO_FINISH 5u
#define DO_REOPEN 6u

extern const uint16_t MODEL_NUMBERS[MODEL_LOGS];

void model_item(const model *world, uint32_t log, uint64_t seq, uint8_t *into, uint32_t count);
uint32_t model_value(uint32_t key, uint8_t number, uint8_t *into);
void model_open(model *world, const fl_log *log);
operation model_choose(const model *world, sim *flash, uint32_t item_bytes_max);
/* Does it, and notes in `world` what has to be there from now on. */
void model_do(model *world, sim *flash, fl_log *log, const operation *one);
/* After power was lost in `interrupted` (null: in nothing): it was done or not; everything else is there. Ends the program if not. */
void model_check(model *world, sim *flash, fl_log *log, const operation *interrupted);
/* Whether everything in `world` reads back; items that do not must be named. How many of [first, head) could not be read. */
uint32_t model_check_reading(const model *world, fl_log *log, uint32_t index, bool is_damage_allowed);

#endif
