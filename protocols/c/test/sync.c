/* A device without packets and session: test/store.h holds its logs, a test tells it what the host says and what happens to it. Each command
 * is a letter and its numbers and bytes; the answer begins with a status. */
#include "check.h"
#include "ml_bytes.h"
#include "ml_sync.h"
#include "store.h"

static uint64_t ticks;
static uint8_t sign_key[ML_SIGN_KEY_BYTES];
static ml_clock_set last_clock;

static uint32_t get(void) {
  uint8_t bytes[4];
  CHECK(fread(bytes, 1u, sizeof bytes, stdin) == sizeof bytes);
  return ml_read_u32(bytes);
}

/* To be freed; exactly as long as it is. */
static uint8_t *get_bytes(uint32_t *count) {
  *count = get();
  uint8_t *bytes = malloc((*count > 0u) ? *count : 1u);
  CHECK(bytes != NULL && fread(bytes, 1u, *count, stdin) == *count);
  return bytes;
}

static void put(uint32_t value) {
  uint8_t bytes[4];
  ml_write_u32(bytes, value);
  CHECK(fwrite(bytes, 1u, sizeof bytes, stdout) == sizeof bytes);
}

static void put_bytes(const uint8_t *bytes, int32_t count) {
  put((uint32_t)count);
  if (count > 0) CHECK(fwrite(bytes, 1u, (size_t)count, stdout) == (size_t)count);
}

static int32_t sign(void *context, const uint8_t *bytes, uint32_t count, uint8_t signature[ML_SIGNATURE_BYTES]) {
  (void)context;
  ml_sign(sign_key, bytes, count, signature);
  return ML_OK;
}

static uint64_t now_ticks(void *context) {
  (void)context;
  return ticks;
}

/* Its own clock ranks as NTP. */
static bool set_clock(void *context, const ml_clock_set *clock) {
  (void)context;
  last_clock = *clock;
  return clock->source >= 3u;
}

static const ml_log_stream STREAMS[STORE_LOGS] = {{"ecg", "test", "mV", 250.0, 200.5, -12, 18u}, {"rr", "test", "us", 0.0, 1.0, 0, 32u}};
static ml_log logs[STORE_LOGS];
static ml_sync_device device;
static ml_sync sync;
/* Red zones of what is in no memory of its own are the sanitizer's. */

static void set_up(void) {
  static ml_sha256_state state;
  static ml_hash hash;
  uint8_t seed[32];
  (void)memset(seed, 9, sizeof seed);
  ml_hash_of_crypto(&hash, &state);
  CHECK(store_open(&hash) == ML_OK);
  for (uint32_t i = 0u; i < STORE_LOGS; i++) {
    logs[i].calls = store_calls();
    logs[i].store = store_state();
    logs[i].number = (uint16_t)(i + 1u);
    logs[i].stream = &STREAMS[i];
  }
  for (uint32_t i = 0u; i < sizeof device.id; i++) device.id[i] = (uint8_t)i;
  device.firmware = "test 1";
  device.boot = 5u;
  device.tick_rate_hz = 1000u;
  ml_sign_key(seed, sign_key, device.signer);
  device.logs = logs;
  device.log_count = STORE_LOGS;
  device.sign = sign;
  device.now_ticks = now_ticks;
  device.set_clock = set_clock;
}

static void do_give(void) {
  uint32_t channel = 99u;
  const uint32_t channels = get();
  const uint32_t room = get();
  uint8_t *into = malloc(room);
  CHECK(into != NULL);
  const int32_t count = ml_sync_give(&sync, channels, &channel, into, room);
  CHECK(count <= 0 || (channels & (1u << channel)) != 0u);
  put((uint32_t)count);
  if (count > 0) {
    put(channel);
    put_bytes(into, count);
  }
  free(into);
}

static void do_live(void) {
  uint32_t count = 0u;
  const uint16_t number = (uint16_t)get();
  const uint32_t dropped = get();
  uint8_t *item = get_bytes(&count);
  uint8_t *into = malloc(count + 64u);
  CHECK(into != NULL);
  const int32_t written = ml_sync_live(&sync, number, item, count, dropped, into, count + 64u);
  CHECK(written <= 0 || ml_sync_wants_live(&sync, number));
  put_bytes(into, (written < 0) ? 0 : written);
  free(into);
  free(item);
}

static void do_with_bytes(int command) {
  uint32_t count = 0u;
  int32_t status = ML_OK;
  const uint32_t number = (command == 'm') ? 0u : get();
  uint8_t *bytes = get_bytes(&count);
  if (command == 'm') status = ml_sync_take(&sync, bytes, count);
  if (command == 'a') status = store_append((uint16_t)number, bytes, count);
  if (command == 'e') status = store_renew((uint16_t)number, bytes);
  put((uint32_t)status);
  free(bytes);
}

static void do_command(int command) {
  uint8_t host[ML_KEY_BYTES] = {1u};
  uint32_t one = 0u;
  uint32_t two = 0u;
  switch (command) {
    case 'b': put((uint32_t)ml_sync_begin(&sync, &device, host)); break;
    case 'g': do_give(); break;
    case 'l': do_live(); break;
    case 'f': put((uint32_t)store_finish((uint16_t)get())); break;
    case 's':
      one = get();
      two = get();
      put((uint32_t)store_spoil((uint16_t)one, two, get() == 1u));
      break;
    case 'r': put((uint32_t)store_reopen()); break;
    case 't':
      ticks = get();
      put(0u);
      break;
    case 'h': put(ml_sync_has_room(&sync) ? 1u : 0u); break;
    case 'v':
      put(sync.violations);
      put(sync.unknown);
      put(sync.unsigned_checkpoints);
      put((uint32_t)sizeof sync);
      break;
    default: do_with_bytes(command); break;
  }
  (void)fflush(stdout);
}

int main(void) {
  set_up();
  for (int command = getchar(); command != EOF; command = getchar()) do_command(command);
  return 0;
}
