/* Two logs behind one door, so that test/sync.c runs on memory and on flash. */
#ifndef STORE_H
#define STORE_H

#include "ml_log.h"

#define STORE_LOGS 2u

/* The logs' numbers are 1 and 2. `hash` is what the chain is made with. ML_OK. */
int32_t store_open(const ml_hash *hash);
/* As after power went and came: ML_OK. */
int32_t store_reopen(void);
int32_t store_append(uint16_t number, const uint8_t *item, uint32_t count);
int32_t store_finish(uint16_t number);
/* Another epoch; the store may draw its own. */
int32_t store_renew(uint16_t number, const uint8_t epoch[ML_EPOCH_BYTES]);
/* Makes item `seq` unreadable; with `is_chain` the chain behind it too. */
int32_t store_spoil(uint16_t number, uint32_t seq, bool is_chain);
const ml_log_calls *store_calls(void);
void *store_state(void);

#endif
