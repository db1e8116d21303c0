/* What the files of the session share. Not for others. */
#ifndef ML_SESSION_INSIDE_H
#define ML_SESSION_INSIDE_H

#include "ml_hello.h"
#include "ml_session.h"

/* What `give` shall say, in this order. */
#define ML_DUE_HELLO_OK 1u
#define ML_DUE_NOISE 2u
#define ML_DUE_COMMIT 4u
#define ML_DUE_REVEAL 8u
#define ML_DUE_CONFIRM 16u
#define ML_DUE_NO_VERSION 32u
#define ML_DUE_BYE 64u

void ml_session_enter(ml_session *session, uint32_t state, uint32_t limit_ms, uint32_t now_ms);
/* Wipes everything and answers the reason. */
int32_t ml_session_close(ml_session *session, int32_t reason, uint32_t now_ms);
/* Closes once `last_word` was given. */
void ml_session_wind_up(ml_session *session, uint32_t last_word, int32_t reason, uint32_t now_ms);
/* The peer has proved itself: keeps its key if it was paired. */
void ml_session_become_ready(ml_session *session, uint32_t now_ms);

/* ml_session_hello.c */
int32_t ml_session_take_hello(ml_session *session, const ml_handshake_message *hello, const uint8_t *bytes, uint32_t count,
                              uint32_t now_ms);
int32_t ml_session_give_hello_ok(ml_session *session, uint8_t *into, uint32_t bytes, uint32_t now_ms);
/* Whether hello-ok has to wait because so many handshakes were refused. */
bool ml_session_is_held(const ml_session *session, uint32_t now_ms);
int32_t ml_session_take_noise(ml_session *session, const ml_handshake_message *message, uint8_t *data, uint32_t now_ms);
int32_t ml_session_give_noise(ml_session *session, uint8_t *into, uint32_t bytes, uint32_t now_ms);

/* ml_session_proof.c: seals `count` bytes on channel 0 (a negative count is passed on) ... */
int32_t ml_session_seal_own(ml_session *session, uint8_t *bytes, int32_t count);
/* ... takes an opened message before READY, and says what is due then. */
int32_t ml_session_take_proof(ml_session *session, uint32_t channel, const uint8_t *bytes, uint32_t count, uint32_t now_ms);
int32_t ml_session_give_proof(ml_session *session, uint32_t what, uint8_t *into, uint32_t bytes, uint32_t now_ms);

#endif
