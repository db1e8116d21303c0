/* The messages before a session is ready <-> bytes (schema/link.cddl, `handshake`): what a device reads and writes of them. */
#ifndef ML_HELLO_H
#define ML_HELLO_H

#include "ml_bytes.h"
#include "ml_status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ML_HELLO 0u
#define ML_HELLO_OK 1u
#define ML_NOISE 2u
#define ML_SAS 3u
#define ML_CONFIRM 4u
#define ML_FAILURE 18u
#define ML_BYE 26u

#define ML_HELLO_NONCE_BYTES 8u
#define ML_HELLO_HINT_BYTES 8u
#define ML_HELLO_LIST_MAX 32u

/* One message; what does not belong to its number is zero. Pointers are into the bytes that were read. */
typedef struct {
  uint32_t number;
  const uint8_t *nonce;                     /* hello */
  uint32_t versions[8];                     /* hello */
  uint32_t version_count;
  uint32_t patterns;                        /* hello: bit n for pattern n = 1..3 */
  uint32_t capabilities[ML_HELLO_LIST_MAX]; /* hello */
  uint32_t capability_count;
  uint32_t pattern;                         /* noise */
  uint32_t step;                            /* noise, sas */
  uint32_t data_at;                         /* noise, sas: where in the bytes */
  uint32_t data_count;
  bool is_accepted;                         /* confirm */
} ml_handshake_message;

/* What the device says in hello-ok. */
typedef struct {
  const uint8_t *nonce;
  const uint8_t *salt;
  const uint8_t *hint;
  uint32_t version;
  uint32_t patterns; /* Bits, as above. */
  const uint32_t *capabilities;
  uint32_t capability_count;
} ml_hello_ok;

/* hello, noise, sas or confirm. ML_OK; ML_OUT_OF_PLACE for the messages only a device sends; or what was wrong with the bytes. */
int32_t ml_handshake_read(ml_handshake_message *message, const uint8_t *bytes, uint32_t count);

/* Each answers the count, or ML_TOO_SMALL. */
int32_t ml_hello_ok_write(const ml_hello_ok *hello_ok, uint8_t *into, uint32_t bytes);
/* The head of a noise message whose `data_count` bytes the caller writes behind it. */
int32_t ml_noise_head_write(uint32_t pattern, uint32_t step, uint32_t data_count, uint8_t *into, uint32_t bytes);
int32_t ml_sas_write(uint32_t step, const uint8_t *data, uint32_t data_count, uint8_t *into, uint32_t bytes);
int32_t ml_confirm_write(bool is_accepted, uint8_t *into, uint32_t bytes);
/* failure 1 in clear: no version in common. */
int32_t ml_no_version_write(uint8_t *into, uint32_t bytes);
/* bye 2: the session is too old. */
int32_t ml_expired_write(uint8_t *into, uint32_t bytes);

#ifdef __cplusplus
}
#endif

#endif
