// What the rows hold: numbers in two bytes, and one that says missing.
//
// activity: log(1 + counts); spread: its logarithm and 8; channels of a spectrum: their sizes, most of them logarithms (spectrum.ts). All in
// steps of 1/4096 from 0 to 16, so a step is 0.02 % of what the logarithm is of. Heart rates: steps of 1/128 beat a minute; filtered:
// 200 more, steps of 1/64. Counts: the upper half of an f32, whole numbers up to 256 and 0.4 % beyond.

export const MISSING: i32 = 0xffff;
const CODE_MAX: f32 = 65_534;
export const CODES_PER_ONE: f32 = 4096;
export const SPREAD_OFFSET: f32 = 8;
export const CODES_PER_BPM: f32 = 128;
export const FILTERED_OFFSET: f32 = 200;
export const CODES_PER_FILTERED: f32 = 64;
const COUNT_MAX: f32 = 1e6;

/** The nearest code. NaN is missing. */
export function codeOf(value: f32, codesPerOne: f32): i32 {
  if (isNaN(value)) return MISSING;
  const code = value * codesPerOne + <f32>0.5;
  return code < 0 ? 0 : <i32>(code > CODE_MAX ? CODE_MAX : code);
}

export function codeAt(place: usize): i32 {
  return load<u16>(place);
}

export function setCode(place: usize, code: i32): void {
  store<u16>(place, <u16>code);
}

/** NaN where it is missing, as are those two bytes. */
export function countOfCode(code: i32): f32 {
  return reinterpret<f32>((<u32>code) << 16);
}

export function codeOfCount(count: f32): i32 {
  const cut = count < 0 ? <f32>0 : count > COUNT_MAX ? COUNT_MAX : count;
  return <i32>((reinterpret<u32>(cut) + 0x8000) >> 16);
}
