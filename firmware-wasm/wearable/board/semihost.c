#include "semihost.h"

enum {
  SYS_OPEN = 0x01,
  SYS_CLOSE = 0x02,
  SYS_WRITE0 = 0x04,
  SYS_WRITE = 0x05,
  SYS_READ = 0x06,
  SYS_SEEK = 0x0A,
  SYS_FLEN = 0x0C,
  SYS_EXIT_EXTENDED = 0x20
};
enum { STOPPED_APPLICATION_EXIT = 0x20026 };
enum { DIGITS_MAX = 10 };

static int32_t call_host(uint32_t operation, const void *arguments) {
  register uint32_t r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = arguments;
  __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
  return (int32_t)r0;
}

int32_t semihost_open(const char *path, uint32_t path_bytes, uint32_t mode) {
  const uint32_t arguments[3] = {(uint32_t)path, mode, path_bytes};
  return call_host(SYS_OPEN, arguments);
}

int32_t semihost_close(int32_t file) {
  const uint32_t arguments[1] = {(uint32_t)file};
  return call_host(SYS_CLOSE, arguments);
}

int32_t semihost_read(int32_t file, void *into, uint32_t bytes) {
  const uint32_t arguments[3] = {(uint32_t)file, (uint32_t)into, bytes};
  return call_host(SYS_READ, arguments);
}

int32_t semihost_write(int32_t file, const void *from, uint32_t bytes) {
  const uint32_t arguments[3] = {(uint32_t)file, (uint32_t)from, bytes};
  return call_host(SYS_WRITE, arguments);
}

int32_t semihost_seek(int32_t file, uint32_t at) {
  const uint32_t arguments[2] = {(uint32_t)file, at};
  return call_host(SYS_SEEK, arguments);
}

int32_t semihost_length(int32_t file) {
  const uint32_t arguments[1] = {(uint32_t)file};
  return call_host(SYS_FLEN, arguments);
}

void semihost_say(const char *text) {
  (void)call_host(SYS_WRITE0, text);
}

void semihost_say_number(const char *name, uint32_t value) {
  char digits[DIGITS_MAX + 2];
  uint32_t at = sizeof digits;
  uint32_t rest = value;
  digits[--at] = '\0';
  digits[--at] = '\n';
  do {
    digits[--at] = (char)('0' + (rest % 10u));
    rest /= 10u;
  } while (rest > 0u && at > 0u);
  semihost_say(name);
  semihost_say(" ");
  semihost_say(&digits[at]);
}

void semihost_exit(uint32_t code) {
  const uint32_t arguments[2] = {STOPPED_APPLICATION_EXIT, code};
  for (;;) (void)call_host(SYS_EXIT_EXTENDED, arguments);
}
