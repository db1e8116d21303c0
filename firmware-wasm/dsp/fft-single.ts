// Fast Fourier transform in f32 by fours (Gentleman and Sande 1966), for a processor with no f64 in hardware. Values are pairs
// { re: f32, im: f32 }; their count is a power of four. Turns go on by multiplication from each stage's own step, a table of sines
// would lie in memory.

/** exp(-2 pi i / 4 span) for spans of 1, 4, 16 and 64. */
const STEPS: usize = memory.data<f32>([
  0, -1, 0.9238795325112867, -0.3826834323650898, 0.9951847266721969, -0.0980171403295606, 0.9996988186962042,
  -0.0245412285229123,
]);
const STAGE_COUNT: usize = 4;
/** exp(-2 pi i / 512). */
const HALF_STEP_RE: f32 = 0.9999247018391445;
const HALF_STEP_IM: f32 = -0.0122715382857199;
export const PAIR_COUNT: i32 = 256;

/** Where value `index` of 256 stands before the transform: the four digits of its number to the base of four, turned round. */
export function placeOfPair(index: i32): i32 {
  return ((index & 3) << 6) | ((index & 12) << 2) | ((index & 48) >> 2) | (index >> 6);
}

/** Replaces 256 values, standing where `placeOfPair` says, by sum over m of z[m] exp(-2 pi i k m / 256). */
function transform(at: usize): void {
  let span: usize = 8;
  for (let stage: usize = 0; stage < STAGE_COUNT; stage++, span <<= 2) joinFours(at, span, STEPS + (stage << 3));
}

function joinFours(at: usize, span: usize, step: usize): void {
  const end = at + <usize>(PAIR_COUNT * 8);
  const stepRe = load<f32>(step);
  const stepIm = load<f32>(step, 4);
  let oneRe: f32 = 1;
  let oneIm: f32 = 0;
  for (let first = at; first < at + span; first += 8) {
    const twoRe = oneRe * oneRe - oneIm * oneIm;
    const twoIm = <f32>2 * oneRe * oneIm;
    const threeRe = oneRe * twoRe - oneIm * twoIm;
    const threeIm = oneRe * twoIm + oneIm * twoRe;
    for (let p = first; p < end; p += span << 2) {
      const q = p + span;
      const r = q + span;
      const s = r + span;
      const bRe = load<f32>(q) * oneRe - load<f32>(q, 4) * oneIm;
      const bIm = load<f32>(q) * oneIm + load<f32>(q, 4) * oneRe;
      const cRe = load<f32>(r) * twoRe - load<f32>(r, 4) * twoIm;
      const cIm = load<f32>(r) * twoIm + load<f32>(r, 4) * twoRe;
      const dRe = load<f32>(s) * threeRe - load<f32>(s, 4) * threeIm;
      const dIm = load<f32>(s) * threeIm + load<f32>(s, 4) * threeRe;
      const evenRe = load<f32>(p) + cRe;
      const evenIm = load<f32>(p, 4) + cIm;
      const oddRe = load<f32>(p) - cRe;
      const oddIm = load<f32>(p, 4) - cIm;
      store<f32>(p, evenRe + bRe + dRe);
      store<f32>(p, evenIm + bIm + dIm, 4);
      store<f32>(q, oddRe + bIm - dIm);
      store<f32>(q, oddIm - bRe + dRe, 4);
      store<f32>(r, evenRe - bRe - dRe);
      store<f32>(r, evenIm - bIm - dIm, 4);
      store<f32>(s, oddRe - bIm + dIm);
      store<f32>(s, oddIm + bRe - dRe, 4);
    }
    const nextRe = oneRe * stepRe - oneIm * stepIm;
    oneIm = oneRe * stepIm + oneIm * stepRe;
    oneRe = nextRe;
  }
}

/**
 * Squared magnitudes of bins 0 to `binCount` - 1, at most 129, of 512 real values: two by two they are the values at `at`, in the order of
 * `placeOfPair`. A power, f32, is written over a pair that has been used.
 */
export function writePowers(at: usize, binCount: i32): void {
  transform(at);
  let turnRe: f32 = 1;
  let turnIm: f32 = 0;
  for (let bin = 0; bin < binCount; bin++) {
    const p = at + ((<usize>bin) << 3);
    const q = at + ((<usize>((PAIR_COUNT - bin) & (PAIR_COUNT - 1))) << 3);
    // The even values' transform is (z + z*) / 2, the odd values' (z - z*) / 2i.
    const evenRe = load<f32>(p) + load<f32>(q);
    const evenIm = load<f32>(p, 4) - load<f32>(q, 4);
    const oddRe = load<f32>(p, 4) + load<f32>(q, 4);
    const oddIm = load<f32>(q) - load<f32>(p);
    const re = evenRe + oddRe * turnRe - oddIm * turnIm;
    const im = evenIm + oddRe * turnIm + oddIm * turnRe;
    store<f32>(at + ((<usize>bin) << 2), (re * re + im * im) * <f32>0.25);
    const nextRe = turnRe * HALF_STEP_RE - turnIm * HALF_STEP_IM;
    turnIm = turnRe * HALF_STEP_IM + turnIm * HALF_STEP_RE;
    turnRe = nextRe;
  }
}
