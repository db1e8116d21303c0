/* What the parts of the sync have in common. Not for its users. */
#ifndef ML_SYNC_INSIDE_H
#define ML_SYNC_INSIDE_H

#include "ml_sync.h"

/* What log `index` has to say within the credit: bytes written, 0 for nothing, ML_TOO_SMALL. */
int32_t ml_sync_serve(ml_sync *sync, uint32_t index, uint8_t *into, uint32_t bytes);

/* The head of a message about a log: array of `member_count` + 1, number, log, epoch. */
void ml_sync_begin_message(ml_cbor_writer *writer, uint8_t *into, uint32_t bytes, uint32_t member_count, uint32_t number,
                           const ml_log *log, const uint8_t epoch[ML_EPOCH_BYTES]);

#endif
