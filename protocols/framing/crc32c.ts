// CRC-32C (Castagnoli, reflected polynomial 0x82f63b78; RFC 3720), eight bytes at a time.
// Slicing-by-8 after Kounavis & Berry, "A Systematic Approach to Building High Performance Software-based CRC
// Generators" (2005): TABLE[k][b] is the effect of byte b seen k bytes before the end of the step.

const POLYNOMIAL = 0x82f6_3b78;
const T = buildTables(); // 8 tables of 256, one behind the other: table k starts at k << 8

/** CRC-32C of bytes[from..to) as an unsigned 32-bit number. */
export function crc32c(bytes: Uint8Array, from = 0, to = bytes.length): number {
  let crc = -1;
  let at = from;
  for (const end = to - 7; at < end; at += 8) {
    crc ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    crc =
      T[0x700 | (crc & 0xff)]! ^
      T[0x600 | ((crc >>> 8) & 0xff)]! ^
      T[0x500 | ((crc >>> 16) & 0xff)]! ^
      T[0x400 | (crc >>> 24)]! ^
      T[0x300 | bytes[at + 4]!]! ^
      T[0x200 | bytes[at + 5]!]! ^
      T[0x100 | bytes[at + 6]!]! ^
      T[bytes[at + 7]!]!;
  }
  for (; at < to; at++) crc = T[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

function buildTables(): Int32Array {
  const tables = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    tables[byte] = crc;
  }
  for (let at = 256; at < tables.length; at++) {
    const before = tables[at - 256]!;
    tables[at] = tables[before & 0xff]! ^ (before >>> 8);
  }
  return tables;
}
