/* Likewise: stands in for a board with a source of chance. */
#pragma once

#include <stddef.h>

void esp_fill_random(void *into, size_t count);
