// An ECG front end on A0, beats on the built-in LED, and a log that `maibo gateway` collects over USB. A board does not isolate anybody from
// the mains: with electrodes on a body, use a laptop on its battery.
//
// Pairing: hold the button (pin 2 to ground) while `maibo pair` runs; its digits are told on Serial1, and the button pressed once more says
// yes. The log and the keys lie in RAM here, so they are gone with the power: on a product `cells` is flash (fl_flash.h).
#include <MaiboLink.h>

#if defined(ARDUINO_ARCH_ESP32)
#include <esp_random.h>
static int32_t giveChance(void *, uint8_t *into, uint32_t count) {
  esp_fill_random(into, count);
  return ML_OK;
}
#elif defined(ARDUINO_ARCH_RP2040)
#include <pico/rand.h>
static int32_t giveChance(void *, uint8_t *into, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) into[i] = (uint8_t)get_rand_32();
  return ML_OK;
}
#else
#error "Name your board's source of random bytes here: the keys are as good as it. analogRead of an open pin is none."
#endif

static const int ECG_PIN = A0;
static const int BUTTON_PIN = 2;
static const uint32_t RATE_HZ = 250;
static const uint32_t STEP_US = 1000000 / RATE_HZ;
static const uint32_t BLOCK_SAMPLES = 125;
static const uint16_t LOG_ECG = 1;
static const uint32_t PAGE_BYTES = 2048, PAGE_COUNT = 8;

static MAIBO_STORAGE(ecgStorage, MAIBO_ECG_STORAGE_BYTES);
static maibo_instance ecg = MAIBO_NO_INSTANCE;
static uint8_t cells[PAGE_BYTES * PAGE_COUNT];
static fl_log itemLog;
static ml_sha256_state chainState;
static ml_identity identity;
static uint8_t signKey[ML_SIGN_KEY_BYTES];
static ml_gate gate;
static ml_log_stream stream;
static ml_log logs[1];
static ml_sync_device device;
static ml_wire wire;
static uint8_t block[2 * BLOCK_SAMPLES];
static uint32_t blockCount;
static uint64_t sampleCount;

// micros() wraps after 71 minutes.
static uint64_t nowUs() {
  static uint32_t last, rounds;
  const uint32_t now = micros();
  if (now < last) rounds++;
  last = now;
  return ((uint64_t)rounds << 32) | now;
}

static uint32_t nowMs() { return (uint32_t)(nowUs() / 1000); }
static uint64_t tellTicks(void *) { return nowUs(); }

static int32_t readCells(void *, uint32_t at, uint8_t *into, uint32_t count) {
  memcpy(into, &cells[at], count);
  return ML_OK;
}
static int32_t programCells(void *, uint32_t at, const uint8_t *from, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) cells[at + i] &= from[i];
  return ML_OK;
}
static int32_t erasePage(void *, uint32_t page) {
  memset(&cells[page * PAGE_BYTES], 0xFF, PAGE_BYTES);
  return ML_OK;
}

static const uint16_t HOST_VALUE = 16; // Keys of hosts, from here on.
static int32_t readHost(void *, uint32_t place, uint8_t key[ML_KEY_BYTES]) {
  const int32_t status = fl_value_get(&itemLog, (uint16_t)(HOST_VALUE + place), key, ML_KEY_BYTES);
  return status == ML_NOT_THERE ? 0 : status < 0 ? status : 1;
}
static int32_t writeHost(void *, uint32_t place, const uint8_t key[ML_KEY_BYTES]) {
  return fl_value_set(&itemLog, (uint16_t)(HOST_VALUE + place), key, ML_KEY_BYTES);
}
static int32_t eraseHost(void *, uint32_t place) { return fl_value_remove(&itemLog, (uint16_t)(HOST_VALUE + place)); }

static int32_t sign(void *, const uint8_t *bytes, uint32_t count, uint8_t signature[ML_SIGNATURE_BYTES]) {
  ml_sign(signKey, bytes, count, signature);
  return ML_OK;
}

static bool openLog() {
  fl_flash flash = {};
  flash.page_bytes = PAGE_BYTES;
  flash.page_count = PAGE_COUNT;
  flash.read = readCells;
  flash.program = programCells;
  flash.erase = erasePage;
  fl_options options = {};
  options.numbers[0] = LOG_ECG;
  options.log_count = 1;
  options.free_level = 1;
  options.random = giveChance;
  ml_hash_of_crypto(&options.hash, &chainState);
  memset(cells, 0xFF, sizeof cells);
  return fl_log_open(&itemLog, &flash, &options) == ML_OK;
}

static bool openIdentity() {
  uint8_t seed[32];
  if (giveChance(nullptr, identity.own.secret, ML_KEY_BYTES) != ML_OK || giveChance(nullptr, seed, sizeof seed) != ML_OK) return false;
  ml_x25519_public(identity.own.secret, identity.own.public_key);
  ml_sign_key(seed, signKey, device.signer);
  const ml_host_store store = {nullptr, readHost, writeHost, eraseHost};
  return ml_gate_begin(&gate, &identity, &store, giveChance, nullptr) == ML_OK;
}

static bool openLink() {
  stream.signal = "ecg";
  stream.sensor = "A0";
  stream.unit = "counts";
  stream.rate_hz = RATE_HZ;
  stream.gain = 1;
  stream.bits = 12;
  logs[0] = {&FL_LOG_CALLS, &itemLog, LOG_ECG, &stream};
  ml_device_id(identity.own.public_key, device.id);
  device.firmware = "maibo-heart-sketch 1";
  device.boot = fl_log_boot(&itemLog);
  device.tick_rate_hz = 1000000;
  device.logs = logs;
  device.log_count = 1;
  device.sign = sign;
  device.now_ticks = tellTicks;
  ml_device_options options = {};
  options.gate = &gate;
  options.device = &device;
  options.packets.window = ML_PACKETS_WINDOW;
  options.packets.message_bytes_max = ML_PACKETS_IN_BYTES;
  options.packets.packet_bytes = ML_PACKETS_PACKET_BYTES;
  options.packets.keep_alive_ms = ML_KEEP_ALIVE_MS;
  options.packets.random = giveChance;
  return ml_wire_open(&wire, &options, nowMs()) == ML_OK;
}

static void logBlock() {
  static uint8_t item[2 * BLOCK_SAMPLES + 64];
  const uint64_t first = sampleCount - BLOCK_SAMPLES;
  const int32_t bytes =
      ml_item_samples(item, sizeof item, device.boot, first * STEP_US, first, ML_FORMAT_INT16, block, sizeof block);
  if (bytes > 0 && fl_log_append(&itemLog, LOG_ECG, item, (uint32_t)bytes, nullptr) == ML_OK)
    ml_device_preview(&wire.device, LOG_ECG, item, (uint32_t)bytes);
}

static void takeSample(int count) {
  const float sample = (float)count;
  maibo_ecg_finding finding;
  maibo_ecg_push(&ecg, &sample, 1);
  while (maibo_ecg_poll(&ecg, &finding, 1) == 1)
    if (finding.kind == MAIBO_ECG_KIND_BEAT) digitalWrite(LED_BUILTIN, !digitalRead(LED_BUILTIN));
  ml_write_u16(&block[2 * blockCount], (uint16_t)count);
  sampleCount++;
  if (++blockCount < BLOCK_SAMPLES) return;
  logBlock();
  blockCount = 0;
}

static void lookAtPerson() {
  static bool wasPressed, isShown;
  const bool isPressed = digitalRead(BUTTON_PIN) == LOW;
  const char *digits = ml_device_digits(&wire.device);
  if (digits != nullptr && !isShown) Serial1.println(digits);
  if (isPressed && !wasPressed) {
    if (digits != nullptr) ml_device_answer(&wire.device, true, nowMs());
    else ml_gate_open_pairing(&gate, nowMs());
  }
  isShown = digits != nullptr;
  wasPressed = isPressed;
}

void setup() {
  pinMode(LED_BUILTIN, OUTPUT);
  pinMode(BUTTON_PIN, INPUT_PULLUP);
  Serial.begin(115200);
  Serial1.begin(115200);
  const bool isReady = maibo_ecg_init(&ecg, ecgStorage, sizeof ecgStorage, (float)RATE_HZ) == MAIBO_OK && openLog() &&
                       openIdentity() && openLink();
  while (!isReady) digitalWrite(LED_BUILTIN, (millis() / 100) % 2 ? HIGH : LOW);
}

void loop() {
  static uint64_t dueUs = nowUs();
  uint8_t bytes[64];
  while (nowUs() >= dueUs) {
    takeSample(analogRead(ECG_PIN));
    dueUs += STEP_US;
  }
  uint32_t count = 0;
  while (count < sizeof bytes && Serial.available() > 0) bytes[count++] = (uint8_t)Serial.read();
  ml_wire_take(&wire, bytes, count, nowMs());
  const uint32_t room = (uint32_t)Serial.availableForWrite();
  Serial.write(bytes, ml_wire_give(&wire, bytes, room < sizeof bytes ? room : sizeof bytes, nowMs()));
  lookAtPerson();
}
