/* The device's side of a session (SPEC.md, section 4): hello, Noise as responder, proof, then sealed messages on 16 channels. It lives on
 * one opening of the packet layer; when that opens anew, begin it again.
 *
 *   begin ─▶ HELLO ─▶ HANDSHAKE ─▶ CONFIRM (KK, IKpsk2) ─▶ READY ─▶ ENDING (bye 2 waits to be given) ─▶ CLOSED
 *                              └─▶ SAS (XX: digits)      ─┘
 *
 * Use: everything the packet layer received goes into `take`; whenever there is room, `give` is asked for what the session wants to say
 * itself, before anything is sealed. Whatever it gave or sealed MUST be sent, in that order. Call `give` also when `ml_session_wait_ms`
 * has passed: time limits are seen there.
 *
 *   uint32_t plain;
 *   int32_t answer = ml_session_take(&session, channel, bytes, count, now_ms, &plain);
 *   if (answer == ML_SESSION_MESSAGE) { ... bytes[0 .. plain-1] is a message of a peer that has proved itself ... }
 *   else if (answer < 0) { ... over: open the packet layer anew and begin again ... }
 *
 * A session that is over wiped its keys and stays silent.
 */
#ifndef ML_SESSION_H
#define ML_SESSION_H

#include "ml_channel.h"
#include "ml_gate.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ML_LINK_VERSION 2u
#define ML_SEALED_BYTES_MAX 16383u /* With the tag. */
#define ML_CLEAR_BYTES_MAX 256u
#define ML_HANDSHAKE_MS 10000u
#define ML_SAS_MS 120000u
#define ML_SESSION_MS 86400000u
#define ML_CAPABILITIES_MAX 8u /* Of this device; a host's 32 are all looked at. */
#define ML_SAS_BYTES 16u
#define ML_SESSION_GIVE_BYTES 128u /* What `give` needs room for, at most. */

/* States. */
#define ML_SESSION_HELLO 0u
#define ML_SESSION_HANDSHAKE 1u
#define ML_SESSION_SAS 2u
#define ML_SESSION_CONFIRM 3u
#define ML_SESSION_READY 4u
#define ML_SESSION_ENDING 5u
#define ML_SESSION_CLOSED 6u

/* What `take` answers beside ML_OK (the message was the session's own) and the reason it ended for (negative). */
#define ML_SESSION_MESSAGE 1

/* What is needed before there are channel keys, and not after. */
typedef struct {
  ml_noise noise;
  uint8_t hello[ML_CLEAR_BYTES_MAX];
  uint8_t hello_ok[ML_SESSION_GIVE_BYTES];
  uint8_t nonce[8]; /* The host's. */
  uint32_t hello_count;
  uint32_t hello_ok_count;
  uint32_t wanted; /* Bit n: the host can go pattern n. */
  uint32_t offered; /* ... and so can the device now. */
} ml_greeting;

/* Of both directions. */
typedef struct {
  ml_channel sending[ML_CHANNEL_COUNT];
  ml_channel receiving[ML_CHANNEL_COUNT];
} ml_channels;

/* Not to be looked into. */
typedef struct {
  ml_gate *gate;
  uint32_t capabilities[ML_CAPABILITIES_MAX]; /* The device's own. */
  uint32_t capability_count;
  uint32_t common; /* Bit i: the host named capabilities[i] too. */
  uint32_t state;
  uint32_t since_ms; /* When the state began. */
  uint32_t limit_ms; /* After which it ends; ML_FOREVER for none. */
  uint32_t hold_ms;  /* After which a hello is answered. */
  uint32_t due;      /* What `give` shall say. */
  int32_t reason;    /* Why it ended or will. */
  uint32_t pattern;
  uint8_t peer_key[ML_KEY_BYTES];
  uint8_t hash[ML_HASH_BYTES];
  uint8_t sas_random[ML_SAS_BYTES];
  char digits[8];
  bool has_entered; /* The gate counts this handshake. */
  bool is_showing;
  bool is_accepted_here;
  bool is_accepted_there;
  union {
    ml_greeting greeting;
    ml_channels channels;
  } u;
} ml_session;

/* Begins a session, and ends the one that was in it before (fill with zeros before the first time). `capabilities`: what this device can
 * do, at most ML_CAPABILITIES_MAX numbers, 0..65535, each once. ML_OK or ML_BAD_ARGUMENT. */
int32_t ml_session_begin(ml_session *session, ml_gate *gate, const uint32_t *capabilities, uint32_t capability_count,
                         uint32_t now_ms);

/* One whole message from the packet layer; it is opened in place. ML_SESSION_MESSAGE: the first `*plain_count` bytes are for the layer
 * above. ML_OK: nothing to do. Negative: the session is over, for this reason. */
int32_t ml_session_take(ml_session *session, uint32_t channel, uint8_t *bytes, uint32_t count, uint32_t now_ms,
                        uint32_t *plain_count);

/* What the session wants to say itself, on `*channel` (always 0), into `into`, which has `bytes` bytes: the count; 0 for nothing;
 * ML_TOO_SMALL if `bytes` < ML_SESSION_GIVE_BYTES. Other negative answers: the session is over (ask ml_session_reason). A count may be
 * given although the session is over afterwards. */
int32_t ml_session_give(ml_session *session, uint32_t *channel, uint8_t *into, uint32_t bytes, uint32_t now_ms);

/* Milliseconds until `give` should be called although nothing came; UINT32_MAX for never, 0 when it has something to say. */
uint32_t ml_session_wait_ms(const ml_session *session, uint32_t now_ms);

/* Seals a message in place for `channel`: `bytes` has `count` bytes of message and room for ML_TAG_BYTES more (`room` in all). Answers
 * the count to send. ML_TOO_SMALL, ML_BAD_ARGUMENT (channel, or longer than ML_SEALED_BYTES_MAX with the tag); ML_WRONG_STATE: not
 * ready, or `give` has something to say first. Only what will be sent may be sealed. */
int32_t ml_session_seal(ml_session *session, uint32_t channel, uint8_t *bytes, uint32_t count, uint32_t room);

uint32_t ml_session_state(const ml_session *session);
/* ML_OK while it goes on, else why it ended. For logs; the peer is never told. */
int32_t ml_session_reason(const ml_session *session);
/* Whether the layer above may talk: READY, and `give` has nothing to say. */
bool ml_session_is_ready(const ml_session *session);
/* ML_PATTERN_..., 0 while not known. */
uint32_t ml_session_pattern(const ml_session *session);
/* The host's static key, 32 bytes; null before READY. */
const uint8_t *ml_session_peer(const ml_session *session);
/* Whether both sides named the capability. */
bool ml_session_has_capability(const ml_session *session, uint32_t capability);
/* Six digits and a zero, while a person is to compare them; else null. */
const char *ml_session_digits(const ml_session *session);
/* What the person says of them. Without effect while none are shown, and the second time. */
void ml_session_answer(ml_session *session, bool is_same, uint32_t now_ms);
/* Ends it in silence and wipes it: the link is gone, or the caller wants no more. */
void ml_session_end(ml_session *session, uint32_t now_ms);

#ifdef __cplusplus
}
#endif

#endif
