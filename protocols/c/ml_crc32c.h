/* CRC-32C (RFC 3720): reflected polynomial 0x82f63b78, initial and final 0xffffffff. Half a byte at a time, sixteen words of table. */
#ifndef ML_CRC32C_H
#define ML_CRC32C_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Of a span in one piece. */
uint32_t ml_crc32c(const uint8_t *bytes, uint32_t count);

/* In pieces: begin with ML_CRC32C_BEGIN, give each answer to the next call, and take ml_crc32c_end of the last. */
#define ML_CRC32C_BEGIN 0xFFFFFFFFu
uint32_t ml_crc32c_more(uint32_t state, const uint8_t *bytes, uint32_t count);
uint32_t ml_crc32c_end(uint32_t state);

#ifdef __cplusplus
}
#endif

#endif
