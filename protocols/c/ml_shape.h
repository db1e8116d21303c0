/* The shapes of messages and items as tables (schema/link.cddl). Inside of ml_message. */
#ifndef ML_SHAPE_H
#define ML_SHAPE_H

#include <stdint.h>

/* What a member is; small numbers, so that a table of sixty members stays small. */
#define ML_SHAPE_INT 0u   /* least..most */
#define ML_SHAPE_U32 1u
#define ML_SHAPE_I32 2u
#define ML_SHAPE_SEQ 3u   /* 0..2^53 - 1 */
#define ML_SHAPE_BOOL 4u
#define ML_SHAPE_BYTES 5u /* least..most of them */
#define ML_SHAPE_TEXT 6u  /* at most `most` bytes */
#define ML_SHAPE_LIST 7u  /* least..most items. What is in them is not looked at: only a host is told such lists. */
#define ML_SHAPE_OR_NULL 0x80u

typedef struct {
  const char *name;
  uint8_t kind;
  int16_t least;
  uint16_t most;
} ml_shape_member;

typedef struct {
  const char *name;
  uint32_t number;
  uint32_t count; /* Of members, without the number. */
  const ml_shape_member *members;
} ml_shape;

/* Null where no shape has the number. */
const ml_shape *ml_shape_of_message(uint64_t number);
const ml_shape *ml_shape_of_item(uint64_t number);

#endif
