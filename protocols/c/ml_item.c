/* Items of a log, written (ml_message.h). */
#include "ml_cbor.h"
#include "ml_log.h"
#include "ml_message.h"

/* An item's array with what all of them begin with. */
static void begin_item(ml_cbor_writer *writer, uint8_t *into, uint32_t bytes, uint32_t member_count, uint32_t number, uint32_t boot,
                       uint64_t ticks) {
  ml_cbor_begin(writer, into, bytes);
  ml_cbor_write_array(writer, member_count + 1u);
  ml_cbor_write_uint(writer, number);
  ml_cbor_write_uint(writer, boot);
  ml_cbor_write_uint(writer, ticks);
}

int32_t ml_item_samples(uint8_t *into, uint32_t bytes, uint32_t boot, uint64_t ticks, uint64_t first_sample, uint8_t format,
                        const uint8_t *samples, uint32_t count) {
  ml_cbor_writer writer;
  const uint32_t width = (format == ML_FORMAT_INT16) ? 2u : ((format == ML_FORMAT_INT32) ? 4u : 1u);
  if (format < ML_FORMAT_INT16 || format > ML_FORMAT_WAVE || count > ML_SAMPLE_BYTES_MAX || count % width != 0u) return ML_BAD_ARGUMENT;
  begin_item(&writer, into, bytes, 5u, ML_ITEM_SAMPLES, boot, ticks);
  ml_cbor_write_uint(&writer, first_sample);
  ml_cbor_write_uint(&writer, format);
  ml_cbor_write_bytes(&writer, samples, count);
  return ml_cbor_end(&writer);
}

int32_t ml_item_number(uint8_t *into, uint32_t bytes, uint32_t boot, uint64_t ticks, uint16_t code, int32_t number, int8_t scale,
                       int32_t quality) {
  ml_cbor_writer writer;
  if (scale < -9 || scale > 9 || quality < ML_QUALITY_UNKNOWN || quality > UINT8_MAX) return ML_BAD_ARGUMENT;
  begin_item(&writer, into, bytes, 6u, ML_ITEM_NUMBER, boot, ticks);
  ml_cbor_write_uint(&writer, code);
  ml_cbor_write_int(&writer, number);
  ml_cbor_write_int(&writer, scale);
  if (quality == ML_QUALITY_UNKNOWN) {
    ml_cbor_write_null(&writer);
  } else {
    ml_cbor_write_int(&writer, quality);
  }
  return ml_cbor_end(&writer);
}

int32_t ml_item_event(uint8_t *into, uint32_t bytes, uint32_t boot, uint64_t ticks, uint16_t code, const int32_t *number) {
  ml_cbor_writer writer;
  begin_item(&writer, into, bytes, 4u, ML_ITEM_EVENT, boot, ticks);
  ml_cbor_write_uint(&writer, code);
  if (number == NULL) {
    ml_cbor_write_null(&writer);
  } else {
    ml_cbor_write_int(&writer, *number);
  }
  return ml_cbor_end(&writer);
}

int32_t ml_item_clock(uint8_t *into, uint32_t bytes, uint32_t boot, uint64_t ticks, uint64_t utc_us, uint8_t source,
                      uint64_t uncertainty_us) {
  ml_cbor_writer writer;
  if (source > 4u) return ML_BAD_ARGUMENT;
  begin_item(&writer, into, bytes, 5u, ML_ITEM_CLOCK, boot, ticks);
  ml_cbor_write_uint(&writer, utc_us);
  ml_cbor_write_uint(&writer, source);
  ml_cbor_write_uint(&writer, uncertainty_us);
  return ml_cbor_end(&writer);
}

int32_t ml_item_gatt(uint8_t *into, uint32_t bytes, uint32_t boot, uint64_t ticks, uint64_t before, uint16_t characteristic,
                     const uint8_t *value, uint32_t count) {
  ml_cbor_writer writer;
  if (count > ML_GATT_VALUE_BYTES_MAX) return ML_BAD_ARGUMENT;
  begin_item(&writer, into, bytes, 5u, ML_ITEM_GATT, boot, ticks);
  ml_cbor_write_uint(&writer, before);
  ml_cbor_write_uint(&writer, characteristic);
  ml_cbor_write_bytes(&writer, value, count);
  return ml_cbor_end(&writer);
}
