#include "ml_crc32c.h"

/* Effect of half a byte. */
static const uint32_t TABLE[16] = {0x00000000u, 0x105EC76Fu, 0x20BD8EDEu, 0x30E349B1u, 0x417B1DBCu, 0x5125DAD3u,
                                   0x61C69362u, 0x7198540Du, 0x82F63B78u, 0x92A8FC17u, 0xA24BB5A6u, 0xB21572C9u,
                                   0xC38D26C4u, 0xD3D3E1ABu, 0xE330A81Au, 0xF36E6F75u};

uint32_t ml_crc32c_more(uint32_t state, const uint8_t *bytes, uint32_t count) {
  uint32_t crc = state;
  for (uint32_t i = 0u; i < count; i++) {
    crc ^= bytes[i];
    crc = (crc >> 4) ^ TABLE[crc & 15u];
    crc = (crc >> 4) ^ TABLE[crc & 15u];
  }
  return crc;
}

uint32_t ml_crc32c_end(uint32_t state) {
  return ~state;
}

uint32_t ml_crc32c(const uint8_t *bytes, uint32_t count) {
  return ml_crc32c_end(ml_crc32c_more(ML_CRC32C_BEGIN, bytes, count));
}
