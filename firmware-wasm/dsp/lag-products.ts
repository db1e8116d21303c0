// An autocorrelation that fades: four values at a time are multiplied with those before them. What is read once serves four times, and on
// a device without a cache reading is the dear part.

/** Values that `addLagProducts` takes at once. */
export const LAG_BLOCK: i32 = 4;

/**
 * Adds the products of the four f32 at `from` with those `lag`, `lag` + 1 ... before them to the f32 at `cell` up to and with `last`, of
 * which `keep` is kept; four at a time, so that up to three behind `last` are written too.
 */
export function addLagProducts(from: usize, lag: i32, cell: usize, last: usize, keep: f32): void {
  // The last of a row is read first: it lies highest, and where it may be read the others may.
  const d = load<f32>(from, 12);
  const c = load<f32>(from, 8);
  const b = load<f32>(from, 4);
  const a = load<f32>(from);
  let back = from - ((<usize>lag) << 2) - 12;
  for (; cell <= last; cell += 16) {
    const h6 = load<f32>(back, 24);
    const h5 = load<f32>(back, 20);
    const h4 = load<f32>(back, 16);
    const h3 = load<f32>(back, 12);
    const h2 = load<f32>(back, 8);
    const h1 = load<f32>(back, 4);
    const h0 = load<f32>(back);
    store<f32>(cell, keep * load<f32>(cell, 12) + (a * h0 + b * h1 + c * h2 + d * h3), 12);
    store<f32>(cell, keep * load<f32>(cell, 8) + (a * h1 + b * h2 + c * h3 + d * h4), 8);
    store<f32>(cell, keep * load<f32>(cell, 4) + (a * h2 + b * h3 + c * h4 + d * h5), 4);
    store<f32>(cell, keep * load<f32>(cell) + (a * h3 + b * h4 + c * h5 + d * h6));
    back -= 16;
  }
}

/** Sum of the squares of the four f32 at `from`. */
export function squaresOf(from: usize): f32 {
  const d = load<f32>(from, 12);
  const c = load<f32>(from, 8);
  const b = load<f32>(from, 4);
  const a = load<f32>(from);
  return a * a + b * b + c * c + d * d;
}
