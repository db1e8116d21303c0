/* Maibo's signal cores in firmware: ten calls, the same for every core.
 *
 *   maibo_size      bytes of storage that an instance needs
 *   maibo_init      make an instance in the caller's storage
 *   maibo_push      offer input; takes what fits
 *   maibo_poll      collect findings
 *   maibo_flush     no more input; findings may follow
 *   maibo_reset     forget the signal, keep the settings
 *   maibo_snapshot  write the instance's state
 *   maibo_restore   go on from such a state
 *   maibo_version   version of a core, for people
 *   maibo_hash      SHA-256 of a core, which is its identity
 *
 * maibo_embed.h has them once more with the types of each core; ABI.md tells what a core takes and finds. Nothing is allocated, no
 * operating system or libm is called, and an instance touches no byte outside its storage. Several instances may be used at the same
 * time; one instance must not be entered twice (from an interrupt, say).
 */
#ifndef MAIBO_H
#define MAIBO_H

#include <stdint.h>

#include "maibo_cores.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Status, beside those of maibo_cores.h (-1 to -4), which are the core's own. */
#define MAIBO_TRAPPED (-100)        /* The core stopped in the middle: a fault in it, or in a state it was given. Only init helps. */
#define MAIBO_TOO_SMALL (-101)      /* Storage or buffer has too few bytes, or the settings ask for more than the library was built for. */
#define MAIBO_NOT_A_SNAPSHOT (-102) /* The bytes are no snapshot. */
#define MAIBO_BROKEN (-103)         /* The snapshot's length or check sum is wrong: it was cut or altered. */
#define MAIBO_OTHER_CORE (-104)     /* The snapshot, or the instance given to a typed call, is of another core. */
#define MAIBO_OTHER_VERSION (-105)  /* The snapshot is of another version or build of this core. */
#define MAIBO_OTHER_SIZE (-106)     /* The snapshot is of an instance with other settings of size. */
#define MAIBO_OTHER_BITS (-107)     /* Self-test: this compiler or processor gives other results than every other host. */

/* What is known of a core when it is compiled; constant, in flash. Made by build.mjs. Not to be looked into. */
typedef struct maibo_core {
  const char *name;
  const char *version;
  uint8_t hash[32];
  uint32_t name_hash;      /* FNV-1a of the name. */
  uint32_t version_number; /* 1.2.3 is 0x010203. */
  uint32_t storage_bytes;
  uint32_t trap_at;     /* In the storage: u32, not 0 once the core trapped. */
  uint32_t origin;      /* Address, as the core counts, of the storage's first byte. */
  uint32_t instance_at; /* As the core counts. */
  uint32_t instance_bytes_max;
  uint32_t staging_at; /* As the core counts: where input and findings pass. */
  uint32_t staging_bytes;
  uint32_t input_bytes;
  uint32_t finding_bytes;
  uint32_t has_blocks; /* 1: a push or poll is one block of bytes, which must pass whole. */
  void (*instantiate)(void *storage);
  int32_t (*size)(void *storage, const void *settings);
  int32_t (*init)(void *storage, uint32_t at, const void *settings);
  int32_t (*push)(void *storage, uint32_t at, uint32_t from, uint32_t count);
  int32_t (*poll)(void *storage, uint32_t at, uint32_t into, uint32_t count);
  int32_t (*flush)(void *storage, uint32_t at);
  int32_t (*reset)(void *storage, uint32_t at);
} maibo_core;

/* An instance; the caller keeps it. Begins as MAIBO_NO_INSTANCE. Not to be looked into. */
typedef struct {
  const maibo_core *core;
  uint8_t *storage;
  uint32_t instance_bytes;
  uint32_t mark;
} maibo_instance;

#define MAIBO_NO_INSTANCE {0, 0, 0u, 0u}

/* Storage for an instance, aligned as it must be: `static MAIBO_STORAGE(name, MAIBO_ECG_STORAGE_BYTES);` */
#define MAIBO_STORAGE(name, bytes) uint64_t name[((bytes) + 7u) / 8u]

/* Bytes of a snapshot around the instance's own. */
#define MAIBO_SNAPSHOT_OVERHEAD_BYTES 52u

/* Bytes of storage; also as a constant for each core, in maibo_config.h. 0 if core is null. */
uint32_t maibo_size(const maibo_core *core);

/* Makes an instance in `storage`, which has `bytes` bytes, is aligned to 8 and belongs to the instance from now on. `settings` is the
 * core's struct (maibo_ecg_settings). Answers MAIBO_OK, or why there is no instance. */
int32_t maibo_init(maibo_instance *instance, const maibo_core *core, void *storage, uint32_t bytes, const void *settings);

/* Offers `count` elements of the core's input. Answers how many were taken: fewer when findings wait to be polled. An element that the
 * core refuses (MAIBO_BAD_ARGUMENT) is refused at the latest when it is the first. The core wave-decode takes one whole block
 * a push (MAIBO_TOO_SMALL: longer than the library was built for). */
int32_t maibo_push(maibo_instance *instance, const void *from, uint32_t count);

/* Writes up to `count` findings. Answers how many. The core wave-encode gives one whole block a poll. */
int32_t maibo_poll(maibo_instance *instance, void *into, uint32_t count);

/* No more input. Findings may follow; push answers MAIBO_WRONG_STATE until a reset. */
int32_t maibo_flush(maibo_instance *instance);

/* Forgets the signal, keeps the settings. */
int32_t maibo_reset(maibo_instance *instance);

/* Writes the state into `into`, which has `bytes` bytes. Answers how many were written (MAIBO_ECG_SNAPSHOT_BYTES at most). The same
 * bytes on every host; without the last 12 they are a snapshot as the TypeScript host writes and reads it. */
int32_t maibo_snapshot(const maibo_instance *instance, void *into, uint32_t bytes);

/* Goes on from a snapshot of the same core, version and size. `instance` is one that was initialised; a refused snapshot leaves it as
 * it was. The check sum finds accidents, not forgery: a forged state can make a core trap or tell nonsense, never leave its storage. */
int32_t maibo_restore(maibo_instance *instance, const void *from, uint32_t bytes);

/* "1.1.1"; empty if core is null. */
const char *maibo_version(const maibo_core *core);

/* 32 bytes: the SHA-256 of the module, as every result names it; null if core is null. */
const uint8_t *maibo_hash(const maibo_core *core);

#ifdef __cplusplus
}
#endif

#endif
