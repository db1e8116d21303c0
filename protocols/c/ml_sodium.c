/* What libsodium's SHA-256 and HMAC ask of the rest of libsodium, which a device does not carry. Only sodium_memzero is ever called;
 * the others belong to functions of theirs that nobody here uses, and stop a program that does. Leave this file out where all of
 * libsodium is linked. */
#include <stddef.h>

#include "ml_crypto.h"

/* Declared as in utils.h, core.h, randombytes.h and crypto_verify_32.h. */
void sodium_memzero(void *const pnt, const size_t len);
int sodium_memcmp(const void *const b1_, const void *const b2_, size_t len);
void sodium_misuse(void);
void randombytes_buf(void *const buf, const size_t size);
int crypto_verify_32(const unsigned char *x, const unsigned char *y);

static void stop(void) {
  for (;;) {
  }
}

void sodium_memzero(void *const pnt, const size_t len) {
  ml_wipe(pnt, len);
}

int sodium_memcmp(const void *const b1_, const void *const b2_, size_t len) {
  (void)b1_;
  (void)b2_;
  (void)len;
  stop();
  return -1;
}

void sodium_misuse(void) {
  stop();
}

void randombytes_buf(void *const buf, const size_t size) {
  (void)buf;
  (void)size;
  stop();
}

int crypto_verify_32(const unsigned char *x, const unsigned char *y) {
  (void)x;
  (void)y;
  stop();
  return -1;
}
