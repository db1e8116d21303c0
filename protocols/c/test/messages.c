/* Reads messages (kind 0) and items (1) from standard input: kind, bytes, again and again. Answers status, byte and member of the fault,
 * then number and members of what was read. */
#include "check.h"
#include "ml_bytes.h"
#include "ml_message.h"

static void put(uint32_t value) {
  uint8_t bytes[4];
  ml_write_u32(bytes, value);
  CHECK(fwrite(bytes, 1u, sizeof bytes, stdout) == sizeof bytes);
}

static void put_bytes(const uint8_t *bytes, uint32_t count) {
  put(count);
  if (count > 0u) CHECK(fwrite(bytes, 1u, count, stdout) == count);
}

static bool get(uint32_t *value) {
  uint8_t bytes[4];
  if (fread(bytes, 1u, sizeof bytes, stdin) != sizeof bytes) return false;
  *value = ml_read_u32(bytes);
  return true;
}

static void put_message(const ml_message *message) {
  put(message->number);
  for (uint32_t i = 0u; i < ML_MEMBERS_MAX; i++) {
    const ml_member *member = &message->members[i];
    put((uint32_t)member->type);
    put((uint32_t)((uint64_t)member->number & 0xFFFFFFFFu));
    put((uint32_t)((uint64_t)member->number >> 32));
    put_bytes(member->bytes, member->count);
  }
}

int main(void) {
  uint32_t kind = 0u;
  while (get(&kind)) {
    uint32_t count = 0u;
    ml_message message;
    CHECK(get(&count));
    /* Exactly as long as it is: a byte read behind it ends the program. */
    uint8_t *bytes = malloc((count > 0u) ? count : 1u);
    CHECK(bytes != NULL && fread(bytes, 1u, count, stdin) == count);
    const int32_t status = (kind == 0u) ? ml_message_read(&message, bytes, count) : ml_item_read(&message, bytes, count);
    put((uint32_t)status);
    put(message.fault_at);
    put_bytes((const uint8_t *)((message.fault == NULL) ? "" : message.fault), (message.fault == NULL) ? 0u : (uint32_t)strlen(message.fault));
    if (status == ML_OK) put_message(&message);
    free(bytes);
  }
  return 0;
}
