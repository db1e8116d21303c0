/* The ten calls of maibo.h: addresses become pointers, traps become a status, everything is checked before a core sees it.
 *
 *  storage   | constants (unless in flash) | instance | staging | globals, trap |
 *
 * Input and findings pass through the staging bytes, so that the caller's buffers may be anywhere and are never the core's.
 */
#include "maibo.h"

#include <stddef.h>
#include <string.h>

#define INSTANCE_MARK 0x4F42494Du /* "MIBO" */
#define SNAPSHOT_MARK 0x4E53424Du /* "MBSN" */

/* | mark u32 | instance bytes u32 | module's SHA-256 | instance | name u32 | version u32 | CRC-32C u32 of all before | little-endian */
enum { BYTES_AT = 4, HASH_AT = 8, HASH_BYTES = 32, BODY_AT = 40, TRAILER_BYTES = 12, TRAILER_CRC_AT = 8 };

static uint8_t *pointer_to(const maibo_instance *instance, uint32_t address) {
  return &instance->storage[address - instance->core->origin];
}

static uint32_t has_trapped(const maibo_instance *instance) {
  uint32_t trap;
  (void)memcpy(&trap, &instance->storage[instance->core->trap_at], sizeof trap);
  return (trap != 0u) ? 1u : 0u;
}

/* For every call on an instance: is there one, and can it go on? */
static int32_t check(const maibo_instance *instance) {
  if (instance == NULL) return MAIBO_BAD_ADDRESS;
  if (instance->mark != INSTANCE_MARK || instance->core == NULL || instance->storage == NULL) return MAIBO_NOT_INITIALISED;
  return (has_trapped(instance) != 0u) ? MAIBO_TRAPPED : MAIBO_OK;
}

/* What a verb answered, unless it trapped on its way: then the answer means nothing. */
static int32_t answer_of(const maibo_instance *instance, int32_t answer) {
  return (has_trapped(instance) != 0u) ? MAIBO_TRAPPED : answer;
}

uint32_t maibo_size(const maibo_core *core) {
  return (core == NULL) ? 0u : core->storage_bytes;
}

const char *maibo_version(const maibo_core *core) {
  return (core == NULL) ? "" : core->version;
}

const uint8_t *maibo_hash(const maibo_core *core) {
  return (core == NULL) ? NULL : core->hash;
}

int32_t maibo_init(maibo_instance *instance, const maibo_core *core, void *storage, uint32_t bytes, const void *settings) {
  if (instance == NULL) return MAIBO_BAD_ADDRESS;
  instance->mark = 0u;
  if (core == NULL || storage == NULL || settings == NULL || ((uintptr_t)storage & 7u) != 0u) return MAIBO_BAD_ADDRESS;
  if (bytes < core->storage_bytes) return MAIBO_TOO_SMALL;
  instance->core = core;
  instance->storage = (uint8_t *)storage;
  (void)memset(storage, 0, core->storage_bytes);
  core->instantiate(storage);
  int32_t status = answer_of(instance, core->size(storage, settings));
  if (status < 0) return status;
  if ((uint32_t)status > core->instance_bytes_max) return MAIBO_TOO_SMALL;
  instance->instance_bytes = (uint32_t)status;
  status = answer_of(instance, core->init(storage, core->instance_at, settings));
  if (status == MAIBO_OK) instance->mark = INSTANCE_MARK;
  return status;
}

int32_t maibo_push(maibo_instance *instance, const void *from, uint32_t count) {
  const int32_t status = check(instance);
  if (status != MAIBO_OK) return status;
  if (count > (uint32_t)INT32_MAX) return MAIBO_BAD_ARGUMENT;
  if (from == NULL && count > 0u) return MAIBO_BAD_ADDRESS;
  const maibo_core *const core = instance->core;
  const uint32_t most = core->staging_bytes / core->input_bytes;
  if (core->has_blocks != 0u && core->input_bytes == 1u && count > most) return MAIBO_TOO_SMALL;
  const uint8_t *next = (const uint8_t *)from;
  uint32_t taken = 0u;
  uint32_t offered;
  int32_t answer;
  do {
    offered = ((count - taken) < most) ? (count - taken) : most;
    if (offered > 0u) {
      (void)memcpy(pointer_to(instance, core->staging_at), next, (size_t)offered * core->input_bytes);
      next += (size_t)offered * core->input_bytes;
    }
    answer = answer_of(instance, core->push(instance->storage, core->instance_at, core->staging_at, offered));
    if (answer == MAIBO_TRAPPED) return answer;
    if (answer < 0) return (taken > 0u) ? (int32_t)taken : answer;
    taken += ((uint32_t)answer < offered) ? (uint32_t)answer : offered;
  } while (taken < count && (uint32_t)answer == offered);
  return (int32_t)taken;
}

int32_t maibo_poll(maibo_instance *instance, void *into, uint32_t count) {
  const int32_t status = check(instance);
  if (status != MAIBO_OK) return status;
  if (count > (uint32_t)INT32_MAX) return MAIBO_BAD_ARGUMENT;
  if (into == NULL && count > 0u) return MAIBO_BAD_ADDRESS;
  const maibo_core *const core = instance->core;
  const uint32_t most = core->staging_bytes / core->finding_bytes;
  uint8_t *next = (uint8_t *)into;
  uint32_t written = 0u;
  uint32_t asked;
  int32_t answer;
  do {
    asked = ((count - written) < most) ? (count - written) : most;
    answer = answer_of(instance, core->poll(instance->storage, core->instance_at, core->staging_at, asked));
    if (answer < 0) return answer;
    const uint32_t more = ((uint32_t)answer < asked) ? (uint32_t)answer : asked;
    if (more > 0u) {
      (void)memcpy(next, pointer_to(instance, core->staging_at), (size_t)more * core->finding_bytes);
      next += (size_t)more * core->finding_bytes;
    }
    written += more;
  } while (written < count && (uint32_t)answer == asked && core->has_blocks == 0u);
  return (int32_t)written;
}

int32_t maibo_flush(maibo_instance *instance) {
  const int32_t status = check(instance);
  if (status != MAIBO_OK) return status;
  return answer_of(instance, instance->core->flush(instance->storage, instance->core->instance_at));
}

int32_t maibo_reset(maibo_instance *instance) {
  const int32_t status = check(instance);
  if (status != MAIBO_OK) return status;
  return answer_of(instance, instance->core->reset(instance->storage, instance->core->instance_at));
}

static void write_u32(uint8_t *into, uint32_t value) {
  for (uint32_t i = 0u; i < 4u; i++) into[i] = (uint8_t)((value >> (8u * i)) & 0xFFu);
}

static uint32_t read_u32(const uint8_t *from) {
  return (uint32_t)from[0] | ((uint32_t)from[1] << 8) | ((uint32_t)from[2] << 16) | ((uint32_t)from[3] << 24);
}

/* CRC-32C (Castagnoli 1993), half a byte at a time: sixteen words of table. */
static uint32_t crc32c(const uint8_t *from, uint32_t bytes) {
  static const uint32_t table[16] = {0x00000000u, 0x105EC76Fu, 0x20BD8EDEu, 0x30E349B1u, 0x417B1DBCu, 0x5125DAD3u,
                                     0x61C69362u, 0x7198540Du, 0x82F63B78u, 0x92A8FC17u, 0xA24BB5A6u, 0xB21572C9u,
                                     0xC38D26C4u, 0xD3D3E1ABu, 0xE330A81Au, 0xF36E6F75u};
  uint32_t crc = 0xFFFFFFFFu;
  for (uint32_t i = 0u; i < bytes; i++) {
    crc ^= from[i];
    crc = (crc >> 4) ^ table[crc & 15u];
    crc = (crc >> 4) ^ table[crc & 15u];
  }
  return ~crc;
}

int32_t maibo_snapshot(const maibo_instance *instance, void *into, uint32_t bytes) {
  const int32_t status = check(instance);
  if (status != MAIBO_OK) return status;
  if (into == NULL) return MAIBO_BAD_ADDRESS;
  const maibo_core *const core = instance->core;
  const uint32_t all = instance->instance_bytes + MAIBO_SNAPSHOT_OVERHEAD_BYTES;
  if (bytes < all) return MAIBO_TOO_SMALL;
  uint8_t *const to = (uint8_t *)into;
  uint8_t *const trailer = &to[all - (uint32_t)TRAILER_BYTES];
  write_u32(to, SNAPSHOT_MARK);
  write_u32(&to[BYTES_AT], instance->instance_bytes);
  (void)memcpy(&to[HASH_AT], core->hash, HASH_BYTES);
  (void)memcpy(&to[BODY_AT], pointer_to(instance, core->instance_at), instance->instance_bytes);
  write_u32(trailer, core->name_hash);
  write_u32(&trailer[4], core->version_number);
  write_u32(&trailer[TRAILER_CRC_AT], crc32c(to, all - 4u));
  return (int32_t)all;
}

/* Is it whole, and of an instance like this one? */
static int32_t check_snapshot(const maibo_instance *instance, const uint8_t *from, uint32_t bytes) {
  const maibo_core *const core = instance->core;
  if (bytes < MAIBO_SNAPSHOT_OVERHEAD_BYTES || read_u32(from) != SNAPSHOT_MARK) return MAIBO_NOT_A_SNAPSHOT;
  const uint8_t *const trailer = &from[bytes - (uint32_t)TRAILER_BYTES];
  const uint32_t body = bytes - MAIBO_SNAPSHOT_OVERHEAD_BYTES;
  if (read_u32(&from[BYTES_AT]) != body) return MAIBO_BROKEN;
  if (read_u32(&trailer[TRAILER_CRC_AT]) != crc32c(from, bytes - 4u)) return MAIBO_BROKEN;
  if (read_u32(trailer) != core->name_hash) return MAIBO_OTHER_CORE;
  if (read_u32(&trailer[4]) != core->version_number) return MAIBO_OTHER_VERSION;
  if (memcmp(&from[HASH_AT], core->hash, HASH_BYTES) != 0) return MAIBO_OTHER_VERSION;
  return (body == instance->instance_bytes) ? MAIBO_OK : MAIBO_OTHER_SIZE;
}

int32_t maibo_restore(maibo_instance *instance, const void *from, uint32_t bytes) {
  int32_t status = check(instance);
  if (status != MAIBO_OK) return status;
  if (from == NULL) return MAIBO_BAD_ADDRESS;
  const uint8_t *const snapshot = (const uint8_t *)from;
  status = check_snapshot(instance, snapshot, bytes);
  if (status != MAIBO_OK) return status;
  (void)memcpy(pointer_to(instance, instance->core->instance_at), &snapshot[BODY_AT], instance->instance_bytes);
  return MAIBO_OK;
}
