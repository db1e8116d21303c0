/* UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF. */
#include <stddef.h>
#include <string.h>

#include "ml_cbor_rules.h"

#define MARK_BYTES 3u

static uint32_t size_by_lead(uint8_t lead) {
  if (lead < 0x80u) return 1u;
  if (lead < 0xC2u) return 0u;
  if (lead < 0xE0u) return 2u;
  if (lead < 0xF0u) return 3u;
  return (lead < 0xF5u) ? 4u : 0u;
}

/* The second byte carries the rules that the lead cannot: overlong (e0, f0), surrogates (ed), the ceiling (f4). */
static bool is_second(uint8_t lead, uint8_t second) {
  const uint8_t least = (lead == 0xE0u) ? 0xA0u : ((lead == 0xF0u) ? 0x90u : 0x80u);
  const uint8_t most = (lead == 0xEDu) ? 0x9Fu : ((lead == 0xF4u) ? 0x8Fu : 0xBFu);
  return second >= least && second <= most;
}

/* Bytes of the character at `text`, of which `left` are there; 0 when it is none. */
static uint32_t size_of_character(const uint8_t *text, uint32_t left) {
  const uint32_t size = size_by_lead(text[0]);
  if (size < 2u) return size;
  if (size > left || !is_second(text[0], text[1])) return 0u;
  for (uint32_t i = 2u; i < size; i++) {
    if ((text[i] & 0xC0u) != 0x80u) return 0u;
  }
  return size;
}

uint32_t ml_text_fault_at(const uint8_t *text, uint32_t count) {
  static const uint8_t mark[MARK_BYTES] = {0xEFu, 0xBBu, 0xBFu};
  uint32_t at = 0u;
  while (at < count) {
    const uint32_t size = size_of_character(&text[at], count - at);
    if (size == 0u) return at;
    at += size;
  }
  return (count >= MARK_BYTES && memcmp(text, mark, sizeof mark) == 0) ? 0u : count;
}
