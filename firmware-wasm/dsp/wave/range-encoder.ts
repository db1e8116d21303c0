// A range coder that writes: 32-bit range, bytes out, a carry goes back into the bytes already written (FORMAT.md, "Range coder").

/** Below this the range gets its next byte. */
const RANGE_MIN: u32 = 1 << 24;

@unmanaged
export class RangeEncoder {
  low: u32;
  range: u32;
  /** Bytes written. */
  count: i32;
}

export function openEncoder(coder: RangeEncoder): void {
  coder.low = 0;
  coder.range = 0xffffffff;
  coder.count = 0;
}

/** Narrows the range to `[from, from + width)` of 2^`bits` parts; 1 <= bits <= 16. The bytes go to `into`. */
export function encodePart(coder: RangeEncoder, into: usize, from: i32, width: i32, bits: i32): void {
  const part = coder.range >>> bits;
  let low = coder.low + <u32>from * part;
  let range = <u32>width * part;
  if (low < coder.low) carry(into + <usize>coder.count);
  while (range < RANGE_MIN) {
    store<u8>(into + <usize>coder.count, low >>> 24);
    coder.count += 1;
    low <<= 8;
    range <<= 8;
  }
  coder.low = low;
  coder.range = range;
}

/** `value` in `bits` bits, all values alike; 1 <= bits <= 16. */
export function encodeBits(coder: RangeEncoder, into: usize, value: i32, bits: i32): void {
  encodePart(coder, into, value, 1, bits);
}

/** Writes the shortest end that names a number in the range; zeros at the end are left out. Returns the bytes of all. */
export function closeEncoder(coder: RangeEncoder, into: usize): i32 {
  const last = coder.low + (coder.range - 1);
  const lastCarries = last < coder.low;
  // The range is at least 2^24 wide: two bytes always name a number in it.
  let mask: u32 = 0x00ffffff;
  let end = (coder.low + mask) & ~mask;
  if (!isInRange(coder.low, end, last, lastCarries)) {
    mask = 0x0000ffff;
    end = (coder.low + mask) & ~mask;
  }
  if (end < coder.low) carry(into + <usize>coder.count);
  store<u8>(into + <usize>coder.count, end >>> 24);
  store<u8>(into + <usize>coder.count, end >>> 16, 1);
  let count = coder.count + 2;
  while (count > 0 && load<u8>(into + <usize>(count - 1)) === 0) count -= 1;
  coder.count = count;
  return count;
}

/** Is `end`, which was rounded up from `low`, not above `last`? Both may have gone past 2^32. */
function isInRange(low: u32, end: u32, last: u32, lastCarries: bool): bool {
  const endCarries = end < low;
  return endCarries === lastCarries ? end <= last : lastCarries;
}

/** Adds one to the number that ends before `end`. The first byte never overflows: all numbers are below 1. */
function carry(end: usize): void {
  let at = end - 1;
  while (load<u8>(at) === 0xff) {
    store<u8>(at, 0);
    at -= 1;
  }
  store<u8>(at, load<u8>(at) + 1);
}
