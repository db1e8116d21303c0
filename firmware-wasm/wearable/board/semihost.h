/* Calls to the host of an emulator or debugger (Arm, "Semihosting for AArch32 and AArch64"). Without a host a call is a fault: no
 * product has them. */
#ifndef SEMIHOST_H
#define SEMIHOST_H

#include <stdint.h>

enum { SEMIHOST_READ = 1, SEMIHOST_READ_WRITE = 3, SEMIHOST_WRITE_NEW = 7 };

/* Opens a file of the host, binary. A handle, or below 0. */
int32_t semihost_open(const char *path, uint32_t path_bytes, uint32_t mode);
int32_t semihost_close(int32_t file);
/* Bytes that were not read or written: 0 is success. */
int32_t semihost_read(int32_t file, void *into, uint32_t bytes);
int32_t semihost_write(int32_t file, const void *from, uint32_t bytes);
/* 0 or below. */
int32_t semihost_seek(int32_t file, uint32_t at);
/* Bytes of the file, or below 0. */
int32_t semihost_length(int32_t file);
/* Text on the host's standard error. */
void semihost_say(const char *text);
void semihost_say_number(const char *name, uint32_t value);
/* Ends the emulator with this exit code. */
void semihost_exit(uint32_t code) __attribute__((noreturn));

#endif
