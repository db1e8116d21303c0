/** For `count` values at `values`: set the bit of each that is finite in the words at `bits`, and put 0 in the place of the others. */
export function sealBits(bits: usize, values: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    const word = bits + ((<usize>(i >> 5)) << 2);
    if ((i & 31) === 0) store<u32>(word, 0);
    const at = values + ((<usize>i) << 3);
    if (isFinite(load<f64>(at))) store<u32>(word, load<u32>(word) | (1 << (i & 31)));
    else store<f64>(at, 0);
  }
}
