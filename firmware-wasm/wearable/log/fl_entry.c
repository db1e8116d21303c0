#include "fl_entry.h"

#include "ml_bytes.h"
#include "ml_crc32c.h"

#define CHUNK 64u
#define CHECK_AT 8u
#define CHECKED_AT 12u

uint32_t fl_address(const fl_flash *flash, uint32_t serial, uint32_t at) {
  return ((serial % flash->page_count) * flash->page_bytes) + at;
}

static uint32_t head_bytes(uint8_t kind) {
  return (kind == FL_ITEM) ? FL_HEAD_BYTES_MAX : FL_HEAD_BYTES;
}

static uint32_t rounded(uint32_t bytes) {
  return (bytes + (FL_UNIT_BYTES - 1u)) & ~(FL_UNIT_BYTES - 1u);
}

uint32_t fl_entry_space(uint8_t kind, uint32_t bytes) {
  return head_bytes(kind) + rounded(bytes);
}

static bool is_erased(const uint8_t *bytes, uint32_t count) {
  uint8_t all = 0xFFu;
  for (uint32_t i = 0u; i < count; i++) all = (uint8_t)(all & bytes[i]);
  return all == 0xFFu;
}

static bool read_span(const fl_flash *flash, uint32_t address, uint8_t *into, uint32_t count) {
  return flash->read(flash->context, address, into, count) == ML_OK;
}

uint32_t fl_written_to(const fl_flash *flash, uint32_t serial, uint32_t at) {
  uint8_t chunk[CHUNK];
  uint32_t written = at;
  for (uint32_t from = at; from < flash->page_bytes; from += CHUNK) {
    const uint32_t count = ml_least(CHUNK, flash->page_bytes - from);
    if (!read_span(flash, fl_address(flash, serial, from), chunk, count)) return flash->page_bytes;
    for (uint32_t i = 0u; i < count; i++) {
      if (chunk[i] != 0xFFu) written = from + i + 1u;
    }
  }
  return written;
}

static uint32_t check_of_span(const fl_flash *flash, uint32_t address, uint32_t count, bool *is_read) {
  uint8_t chunk[CHUNK];
  uint32_t check = ML_CRC32C_BEGIN;
  *is_read = true;
  for (uint32_t done = 0u; done < count; done += CHUNK) {
    const uint32_t part = ml_least(CHUNK, count - done);
    if (!read_span(flash, address + done, chunk, part)) {
      *is_read = false;
      return 0u;
    }
    check = ml_crc32c_more(check, chunk, part);
  }
  return ml_crc32c_end(check);
}

/* ---- heads */

/* Bound to its place, so that a copy of an entry, in a payload or left over elsewhere, is none. */
static uint32_t check_of_head(const uint8_t *head, uint32_t count, uint32_t serial, uint32_t at) {
  uint8_t place[8];
  ml_write_u32(place, serial);
  ml_write_u32(&place[4], at);
  const uint32_t check = ml_crc32c_more(ML_CRC32C_BEGIN, place, sizeof place);
  return ml_crc32c_end(ml_crc32c_more(check, &head[CHECKED_AT], count - CHECKED_AT));
}

static bool read_head(const uint8_t *head, uint32_t room, fl_entry *entry) {
  entry->payload_check = ml_read_u32(&head[12]);
  entry->bytes = ml_read_u16(&head[16]);
  entry->kind = head[18];
  entry->tag = head[19];
  entry->number = ml_read_u16(&head[20]);
  entry->seq = (uint64_t)ml_read_u32(&head[22]) | ((uint64_t)ml_read_u16(&head[26]) << 32);
  ml_copy(entry->epoch, &head[28], ML_EPOCH_BYTES);
  if (fl_entry_space(entry->kind, entry->bytes) > room) return false;
  if (entry->kind == FL_ITEM) ml_copy(entry->chain, &head[FL_HEAD_BYTES], ML_HASH_BYTES);
  entry->next = entry->at + fl_entry_space(entry->kind, entry->bytes);
  return ml_read_u32(&head[CHECK_AT]) == check_of_head(head, head_bytes(entry->kind), entry->serial, entry->at);
}

static void write_head(const fl_entry *entry, uint32_t payload_check, uint8_t head[FL_HEAD_BYTES_MAX]) {
  ml_write_u32(&head[12], payload_check);
  ml_write_u16(&head[16], (uint16_t)entry->bytes);
  head[18] = entry->kind;
  head[19] = entry->tag;
  ml_write_u16(&head[20], entry->number);
  ml_write_u32(&head[22], (uint32_t)(entry->seq & 0xFFFFFFFFu));
  ml_write_u16(&head[26], (uint16_t)((entry->seq >> 32) & 0xFFFFu));
  ml_copy(&head[28], entry->epoch, ML_EPOCH_BYTES);
  ml_copy(&head[FL_HEAD_BYTES], entry->chain, ML_HASH_BYTES);
  ml_write_u32(&head[CHECK_AT], check_of_head(head, head_bytes(entry->kind), entry->serial, entry->at));
}

/* ---- reading */

/* The head at `at`, with how it looks by itself: free, an entry, torn or damaged. */
static fl_found look_at(const fl_flash *flash, uint32_t serial, uint32_t at, fl_entry *entry) {
  uint8_t head[FL_HEAD_BYTES_MAX];
  const uint32_t room = flash->page_bytes - at;
  const uint32_t count = ml_least(room, FL_HEAD_BYTES_MAX);
  entry->serial = serial;
  entry->at = at;
  entry->next = flash->page_bytes;
  if (room < FL_HEAD_BYTES) return FL_FOUND_FREE;
  if (!read_span(flash, fl_address(flash, serial, at), head, count)) return FL_FOUND_DAMAGED;
  if (is_erased(head, count)) return FL_FOUND_FREE;
  const bool is_committed = !is_erased(head, CHECK_AT);
  const bool is_right = read_head(head, room, entry);
  if (is_committed) return is_right ? FL_FOUND_ENTRY : FL_FOUND_DAMAGED;
  if (is_right) return fl_entry_is_whole(flash, entry) ? FL_FOUND_ENTRY : FL_FOUND_TORN;
  /* Only the head was being written: nothing lies behind the longest one. */
  entry->next = at + count;
  return FL_FOUND_TORN;
}

/* Looks for the next entry behind damage, unit by unit: the length of what was there is not known. */
static void resync(const fl_flash *flash, fl_entry *damaged) {
  fl_entry other;
  for (uint32_t at = damaged->at + FL_UNIT_BYTES; at < flash->page_bytes; at += FL_UNIT_BYTES) {
    if (look_at(flash, damaged->serial, at, &other) == FL_FOUND_ENTRY) {
      damaged->next = at;
      return;
    }
  }
  damaged->next = flash->page_bytes;
}

fl_found fl_entry_read(const fl_flash *flash, uint32_t serial, uint32_t at, fl_entry *entry) {
  fl_found found = look_at(flash, serial, at, entry);
  if (found == FL_FOUND_FREE && fl_written_to(flash, serial, at) != at) found = FL_FOUND_DAMAGED;
  if (found == FL_FOUND_DAMAGED) resync(flash, entry);
  return found;
}

uint32_t fl_entry_payload(const fl_flash *flash, const fl_entry *entry) {
  return fl_address(flash, entry->serial, entry->at + head_bytes(entry->kind));
}

bool fl_entry_is_whole(const fl_flash *flash, const fl_entry *entry) {
  bool is_read = false;
  const uint32_t check = check_of_span(flash, fl_entry_payload(flash, entry), entry->bytes, &is_read);
  return is_read && check == entry->payload_check;
}

/* ---- writing */

static bool is_programmed(const fl_flash *flash, uint32_t address, const uint8_t *bytes, uint32_t count) {
  uint8_t back[FL_HEAD_BYTES_MAX];
  return flash->program(flash->context, address, bytes, count) == ML_OK && read_span(flash, address, back, count) &&
         ml_equal(back, bytes, count);
}

static int32_t program_payload(const fl_flash *flash, uint32_t address, const uint8_t *payload, uint32_t count) {
  uint8_t last[FL_UNIT_BYTES];
  const uint32_t even = count & ~(FL_UNIT_BYTES - 1u);
  if (even > 0u && flash->program(flash->context, address, payload, even) != ML_OK) return ML_FLASH_FAILED;
  if (even == count) return ML_OK;
  (void)memset(last, 0xFF, sizeof last);
  ml_copy(last, &payload[even], count - even);
  return is_programmed(flash, address + even, last, sizeof last) ? ML_OK : ML_FLASH_FAILED;
}

int32_t fl_entry_write(const fl_flash *flash, const fl_entry *entry, const uint8_t *payload) {
  static const uint8_t COMMIT[CHECK_AT] = {0u};
  uint8_t head[FL_HEAD_BYTES_MAX];
  fl_entry written = *entry;
  written.payload_check = ml_crc32c(payload, entry->bytes);
  write_head(entry, written.payload_check, head);
  const uint32_t address = fl_address(flash, entry->serial, entry->at);
  if (!is_programmed(flash, address + CHECK_AT, &head[CHECK_AT], head_bytes(entry->kind) - CHECK_AT)) return ML_FLASH_FAILED;
  if (program_payload(flash, fl_entry_payload(flash, entry), payload, entry->bytes) != ML_OK) return ML_FLASH_FAILED;
  if (!fl_entry_is_whole(flash, &written)) return ML_FLASH_FAILED;
  return is_programmed(flash, address, COMMIT, sizeof COMMIT) ? ML_OK : ML_FLASH_FAILED;
}

/* ---- pages */

static const uint8_t MAGIC[4] = {0x4Du, 0x4Cu, 0x66u, 0x31u}; /* "MLf1" */

static void make_mark(const fl_flash *flash, uint8_t mark[FL_MARK_BYTES]) {
  ml_copy(mark, MAGIC, sizeof MAGIC);
  ml_write_u32(&mark[4], flash->page_bytes);
  ml_write_u32(&mark[8], flash->page_count);
  ml_write_u32(&mark[12], ml_crc32c(mark, 12u));
}

bool fl_page_has_mark(const fl_flash *flash, uint32_t serial) {
  uint8_t ours[FL_MARK_BYTES];
  uint8_t mark[FL_MARK_BYTES];
  make_mark(flash, ours);
  return read_span(flash, fl_address(flash, serial, 0u), mark, sizeof mark) && ml_equal(mark, ours, sizeof mark);
}

bool fl_page_is_foreign(const fl_flash *flash, uint32_t serial) {
  uint8_t mark[FL_MARK_BYTES];
  if (fl_page_has_mark(flash, serial) || !read_span(flash, fl_address(flash, serial, 0u), mark, sizeof mark)) return false;
  return ml_equal(mark, MAGIC, sizeof MAGIC) && ml_read_u32(&mark[12]) == ml_crc32c(mark, 12u);
}

bool fl_page_is_ready(const fl_flash *flash, uint32_t serial) {
  return fl_page_has_mark(flash, serial) && fl_written_to(flash, serial, FL_MARK_BYTES) == FL_MARK_BYTES;
}

/* The mark goes first: an erase that is cut may leave a page that reads as erased and does not hold what is programmed. */
int32_t fl_page_make_ready(const fl_flash *flash, uint32_t serial) {
  static const uint8_t zeros[FL_UNIT_BYTES] = {0u};
  uint8_t mark[FL_MARK_BYTES];
  make_mark(flash, mark);
  const uint32_t address = fl_address(flash, serial, 0u);
  if (!is_programmed(flash, address, zeros, sizeof zeros)) return ML_FLASH_FAILED;
  if (flash->erase(flash->context, serial % flash->page_count) != ML_OK) return ML_FLASH_FAILED;
  if (fl_written_to(flash, serial, 0u) != 0u) return ML_FLASH_FAILED;
  return is_programmed(flash, address, mark, sizeof mark) ? ML_OK : ML_FLASH_FAILED;
}
