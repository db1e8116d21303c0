/* How two ends agree that they begin anew. Each names its beginning with a nonce and is open once the other has said that nonce back.
 *
 *  begin  (own, 0, ASK)        -->
 *                              <--  (own', own, ASK)      heard you: say mine back
 *         (own, own')          -->                        open on both sides
 *
 * While a link is open, a beginning with another nonce is first challenged with a nonce nobody has seen: an old RESET that comes late, or
 * comes twice, cannot answer and clears nothing.
 */
#include "ml_packet_inside.h"

#define ASK_AGAIN_MS 250u
#define ASK_AGAIN_MAX_MS 4000u
#define CHALLENGE_AGAIN_MAX_MS 1000u
#define CHALLENGES_MAX 12u

static int32_t draw_nonce(const ml_packets *packets, uint8_t *nonce) {
  const int32_t status = packets->options.random(packets->options.random_context, nonce, ML_PACKET_NONCE_BYTES);
  if (status != ML_OK) return ML_NO_RANDOM;
  /* Zeros mean "unknown". */
  if (ml_is_zero(nonce, ML_PACKET_NONCE_BYTES)) nonce[ML_PACKET_NONCE_BYTES - 1u] = 1u;
  return ML_OK;
}

static bool is_challenging(const ml_packets *packets) {
  return packets->opening.challenge_count > 0u;
}

static void ask_now(ml_packets_opening *opening, uint32_t now_ms) {
  opening->ask_at_ms = now_ms;
  opening->ask_wait_ms = ASK_AGAIN_MS;
}

int32_t ml_opening_begin(ml_packets *packets, uint32_t now_ms) {
  ml_packets_opening *const opening = &packets->opening;
  (void)memset(opening, 0, sizeof *opening);
  ask_now(opening, now_ms);
  return draw_nonce(packets, opening->own);
}

bool ml_opening_is_in_doubt(const ml_packets *packets) {
  return packets->state != ML_PACKETS_OPEN || is_challenging(packets);
}

/* Somebody begins: no end has said this end's nonce back. */
static int32_t take_beginning(ml_packets *packets, const reset_packet *reset, uint32_t now_ms) {
  ml_packets_opening *const opening = &packets->opening;
  if (packets->state != ML_PACKETS_OPEN) {
    ml_copy(opening->peer, reset->nonce, ML_PACKET_NONCE_BYTES);
    ask_now(opening, now_ms);
    return ML_OK;
  }
  if (ml_equal(reset->nonce, opening->peer, ML_PACKET_NONCE_BYTES)) {
    opening->owes_answer = true;
    return ML_OK;
  }
  if (is_challenging(packets) && ml_equal(reset->nonce, opening->challenge_peer, ML_PACKET_NONCE_BYTES)) return ML_OK;
  const int32_t status = draw_nonce(packets, opening->challenge_own);
  if (status != ML_OK) return status;
  ml_copy(opening->challenge_peer, reset->nonce, ML_PACKET_NONCE_BYTES);
  opening->challenge_count = 1u;
  packets->counts.challenges += 1u;
  ask_now(opening, now_ms);
  return ML_OK;
}

static int32_t open_with(ml_packets_opening *opening, const reset_packet *reset) {
  ml_copy(opening->peer, reset->nonce, ML_PACKET_NONCE_BYTES);
  opening->owes_answer = reset->asks;
  opening->challenge_count = 0u;
  return 1;
}

int32_t ml_opening_take(ml_packets *packets, const reset_packet *reset, uint32_t now_ms) {
  ml_packets_opening *const opening = &packets->opening;
  if (reset->version != PACKET_VERSION) return 0;
  if (ml_is_zero(reset->peer_nonce, ML_PACKET_NONCE_BYTES)) return take_beginning(packets, reset, now_ms);
  if (ml_equal(reset->peer_nonce, opening->own, ML_PACKET_NONCE_BYTES)) {
    if (packets->state != ML_PACKETS_OPEN) return open_with(opening, reset);
    if (reset->asks && ml_equal(reset->nonce, opening->peer, ML_PACKET_NONCE_BYTES)) opening->owes_answer = true;
    return 0;
  }
  const bool is_met = is_challenging(packets) && ml_equal(reset->peer_nonce, opening->challenge_own, ML_PACKET_NONCE_BYTES) &&
                      ml_equal(reset->nonce, opening->challenge_peer, ML_PACKET_NONCE_BYTES);
  if (!is_met) return 0;
  ml_copy(opening->own, opening->challenge_own, ML_PACKET_NONCE_BYTES);
  return open_with(opening, reset);
}

static uint32_t write_reset(const ml_packets *packets, const uint8_t *own, const uint8_t *peer, bool asks, uint8_t *into) {
  into[0] = (uint8_t)(((uint32_t)KIND_RESET << KIND_SHIFT) | (asks ? FLAG_ASK : 0u));
  into[1] = (uint8_t)PACKET_VERSION;
  into[2] = (uint8_t)packets->options.window;
  ml_write_u16(&into[3], (uint16_t)packets->options.message_bytes_max);
  ml_copy(&into[5], own, ML_PACKET_NONCE_BYTES);
  ml_copy(&into[5u + ML_PACKET_NONCE_BYTES], peer, ML_PACKET_NONCE_BYTES);
  return RESET_BYTES;
}

static uint32_t give_challenge(ml_packets *packets, uint8_t *into) {
  ml_packets_opening *const opening = &packets->opening;
  if (opening->challenge_count > CHALLENGES_MAX) {
    opening->challenge_count = 0u; /* It was about a RESET of old. */
    return 0u;
  }
  opening->challenge_count += 1u;
  return write_reset(packets, opening->challenge_own, opening->challenge_peer, true, into);
}

uint32_t ml_opening_give(ml_packets *packets, uint8_t *into, uint32_t now_ms) {
  ml_packets_opening *const opening = &packets->opening;
  if (opening->owes_answer) {
    opening->owes_answer = false;
    return write_reset(packets, opening->own, opening->peer, false, into);
  }
  if (!ml_opening_is_in_doubt(packets) || !ml_is_due(now_ms, opening->ask_at_ms)) return 0u;
  opening->ask_at_ms = now_ms + opening->ask_wait_ms;
  const uint32_t most_ms = is_challenging(packets) ? CHALLENGE_AGAIN_MAX_MS : ASK_AGAIN_MAX_MS;
  opening->ask_wait_ms = ml_least(most_ms, 2u * opening->ask_wait_ms);
  if (is_challenging(packets)) return give_challenge(packets, into);
  return write_reset(packets, opening->own, opening->peer, true, into);
}

uint32_t ml_opening_wait_ms(const ml_packets *packets, uint32_t now_ms) {
  if (packets->opening.owes_answer) return 0u;
  return ml_opening_is_in_doubt(packets) ? ml_wait_ms(now_ms, packets->opening.ask_at_ms) : ML_FOREVER;
}
