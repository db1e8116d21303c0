/* For test programs that check themselves: what is not as it should be is named, and the program ends with 1. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>

#define CHECK(what) \
  do { \
    if (!(what)) { \
      (void)fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #what); \
      exit(1); \
    } \
  } while (0)

#endif
