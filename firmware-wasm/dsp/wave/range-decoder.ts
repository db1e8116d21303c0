// The same range coder, reading. Past the end of its bytes it reads zeros and counts them, so that any bytes give some symbols and no
// byte outside is ever touched.

const RANGE_MIN: u32 = 1 << 24;

@unmanaged
export class RangeDecoder {
  /** The number that the bytes name, less the start of the range. */
  code: u32;
  range: u32;
  /** 2^-bits of the range, between `findPart` and `closePart`. */
  part: u32;
  /** Bytes taken, zeros past the end counted too. */
  count: i32;
  /** Bytes there are. */
  size: i32;
}

export function openDecoder(coder: RangeDecoder, from: usize, size: i32): void {
  coder.code = 0;
  coder.range = 0xffffffff;
  coder.part = 0;
  coder.count = 0;
  coder.size = size;
  for (let i = 0; i < 4; i++) coder.code = (coder.code << 8) | nextByte(coder, from);
}

/** In which of 2^`bits` parts of the range the number lies. `closePart` must follow. */
export function findPart(coder: RangeDecoder, bits: i32): i32 {
  coder.part = coder.range >>> bits;
  return <i32>min<u32>(coder.code / coder.part, ((<u32>1) << bits) - 1);
}

/** Narrows the range to the `width` parts from part `first` on, which hold the part that was found. */
export function closePart(coder: RangeDecoder, from: usize, first: i32, width: i32): void {
  coder.code -= <u32>first * coder.part;
  coder.range = <u32>width * coder.part;
  while (coder.range < RANGE_MIN) {
    coder.code = (coder.code << 8) | nextByte(coder, from);
    coder.range <<= 8;
  }
}

/** The next `bits` bits, all values alike; 1 <= bits <= 16. */
export function decodeBits(coder: RangeDecoder, from: usize, bits: i32): i32 {
  const value = findPart(coder, bits);
  closePart(coder, from, value, 1);
  return value;
}

function nextByte(coder: RangeDecoder, from: usize): u32 {
  const at = coder.count;
  coder.count = at + 1;
  return at < coder.size ? <u32>load<u8>(from + <usize>at) : 0;
}
