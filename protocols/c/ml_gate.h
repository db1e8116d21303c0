/* What all sessions of one device share, over all its links: the hosts it allows, the pairing window, one handshake at a time, and the
 * count of handshakes that were refused (SPEC.md, section 4). One for a device.
 *
 * Times are milliseconds of a counter that may wrap. Some session's `give` or `ml_gate_is_pairing` must be called at least once in 24
 * days, or a window that ended long ago may seem to be ahead again.
 */
#ifndef ML_GATE_H
#define ML_GATE_H

#include "ml_noise.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ML_HOSTS_MAX 8u
#define ML_PAIRING_MS 120000u
#define ML_REVEALS_MAX 3u
#define ML_GATE_MS 10000u /* For so long a handshake keeps others out. */
/* From the fifth refusal in a row on, a hello is answered 1 s after the last at the earliest, doubled each time up to a minute. */
#define ML_SLOW_FROM 5u
#define ML_SLOW_MS 1000u
#define ML_SLOW_MS_MAX 60000u

/* When the label's psk is good for pairing (IKpsk2). */
#define ML_LABEL_OFF 0u
#define ML_LABEL_IN_PAIRING 1u /* Recommended. */
#define ML_LABEL_ALWAYS 2u

/* Where the firmware keeps the keys of allowed hosts, in places 0..ML_HOSTS_MAX-1, so that they are there after a restart. */
typedef struct {
  void *context;
  /* 1 and the key, 0 when the place is empty, or negative. */
  int32_t (*read)(void *context, uint32_t place, uint8_t key[ML_KEY_BYTES]);
  /* ML_OK once it is durable, or negative. */
  int32_t (*write)(void *context, uint32_t place, const uint8_t key[ML_KEY_BYTES]);
  /* ML_OK once the key is gone, or negative. */
  int32_t (*erase)(void *context, uint32_t place);
} ml_host_store;

/* An allowed host. `shared` is X25519 of the two static keys, worked out once: a KK message 1 is then tried with a few hashes. */
typedef struct {
  uint8_t key[ML_KEY_BYTES];
  uint8_t shared[ML_KEY_BYTES];
  bool is_used;
} ml_host;

/* What the device is. The caller keeps it, unchanged, as long as the gate. */
typedef struct {
  ml_key_pair own;
  uint8_t psk[ML_KEY_BYTES]; /* As on the label. */
  uint32_t label_policy;     /* ML_LABEL_... */
} ml_identity;

typedef struct {
  const ml_identity *identity;
  ml_host_store store;
  ml_random random;
  void *random_context;
  ml_host hosts[ML_HOSTS_MAX];
  const void *running; /* The session whose handshake runs; null if none. */
  uint32_t running_since_ms;
  uint32_t pairing_since_ms;
  uint32_t failed_at_ms;
  uint32_t started;   /* Handshakes, for logs. */
  uint32_t completed;
  uint32_t failed_in_row;
  uint32_t store_faults; /* Reads, writes and erases of the store that failed. */
  bool is_pairing;
  uint8_t reveals; /* In this window. */
} ml_gate;

/* Makes the gate and reads the hosts from the store: up to 8 X25519. ML_OK; or ML_LOW_ORDER: a stored key is none (it is left out);
 * or what the store answered (the places behind are read all the same). */
int32_t ml_gate_begin(ml_gate *gate, const ml_identity *identity, const ml_host_store *store, ml_random random,
                      void *random_context);

/* What a person asks for at the device. ML_OK; or ML_FULL: there are eight hosts, one must be removed first. */
int32_t ml_gate_open_pairing(ml_gate *gate, uint32_t now_ms);
void ml_gate_close_pairing(ml_gate *gate);
bool ml_gate_is_pairing(ml_gate *gate, uint32_t now_ms);

/* Allowed hosts, for the owner to look at and remove. Removing ends no session that runs: begin those anew. ML_OK, ML_BAD_ARGUMENT
 * (no such host), or what the store answered: the host is then still allowed after a restart. */
uint32_t ml_gate_host_count(const ml_gate *gate);
const uint8_t *ml_gate_host(const ml_gate *gate, uint32_t place); /* 32 bytes, or null. */
int32_t ml_gate_remove_host(ml_gate *gate, uint32_t place);

/* ---- for ml_session */

/* Keeps a key that was paired: ML_OK (also when it is there already), ML_FULL, ML_LOW_ORDER, or what the store answered. */
int32_t ml_gate_add_host(ml_gate *gate, const uint8_t key[ML_KEY_BYTES]);
/* ML_OK, or ML_BUSY while the handshake of another session runs. */
int32_t ml_gate_enter(ml_gate *gate, const void *session, uint32_t now_ms);
/* The handshake is over: `is_ready`: the peer has proved itself; else it was refused or given up. */
void ml_gate_leave(ml_gate *gate, const void *session, bool is_ready, uint32_t now_ms);
/* Milliseconds until a hello may be answered. */
uint32_t ml_gate_slow_ms(const ml_gate *gate, uint32_t now_ms);
/* Just before the other side can know the digits. ML_OK, or ML_NOT_PAIRING: no more tries. */
int32_t ml_gate_count_reveal(ml_gate *gate, uint32_t now_ms);
/* Whether this pattern may be gone now. */
bool ml_gate_is_ready_for(ml_gate *gate, uint32_t pattern, uint32_t now_ms);

#ifdef __cplusplus
}
#endif

#endif
