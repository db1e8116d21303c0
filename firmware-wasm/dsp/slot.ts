/**
 * Which slot of `width` holds `value`: floor(value / width), corrected where the quotient of a value just below an edge rounds
 * up onto it. Exact as long as slot * width is; the slot is an f64 because a value may be far larger than an integer.
 */
export function slotOf(value: f64, width: f64): f64 {
  const slot = floor(value / width);
  return slot * width > value ? slot - 1 : slot;
}
