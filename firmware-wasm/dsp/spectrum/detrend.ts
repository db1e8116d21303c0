// Taking the trend out of evenly spaced samples, in place: a straight line (Task Force 1996), or smoothness priors (Tarvainen,
// Ranta-aho and Karjalainen 2002, IEEE Trans Biomed Eng 49), what Kubios does: x minus the solution of (I + lambda^2 D'D) trend = x,
// D being second differences.

/** Kubios' default; at 4 Hz it takes out what is slower than 0.035 Hz. */
const LAMBDA: f64 = 500;
/** The waves have shrunk to 1e-56 by then. */
const WAVE_COUNT_MAX: i32 = 4096;

export function removeLine(samples: usize, count: i32): void {
  const middle = <f64>(count - 1) / 2;
  let sum: f64 = 0;
  let moment: f64 = 0;
  for (let i = 0; i < count; i++) {
    const value = load<f64>(samples + ((<usize>i) << 3));
    sum += value;
    moment += (<f64>i - middle) * value;
  }
  const n = <f64>count;
  const mean = sum / n;
  const slope = count > 1 ? (12 * moment) / (n * (n * n - 1)) : 0;
  for (let i = 0; i < count; i++) {
    const to = samples + ((<usize>i) << 3);
    store<f64>(to, load<f64>(to) - mean - slope * (<f64>i - middle));
  }
}

/**
 * The five diagonals of the system are constant but for its corners, so it is solved without storing a factor. Inside, the operator is
 * gain A(1/z) A(z) with A = 1 + a z^-1 + b z^-2, two recursions, one forward and one backward, which give a solution for every row.
 * The corners ask that the trend go on straight beyond both ends (second differences 0 at two places on either side). Four numbers
 * remain free for that: the recursions' own decaying waves p^i at the start and p^(n-1-i) at the end, p being a root of A.
 */
export function removeSmoothTrend(samples: usize, count: i32): void {
  // Root of A: z + 1/z = 2 - i / lambda.
  const size = sqrt(1 / (LAMBDA * LAMBDA) + 16) / LAMBDA;
  const rootRe = 1 - sqrt((size - 1 / (LAMBDA * LAMBDA)) / 2) / 2;
  const rootIm = (sqrt((size + 1 / (LAMBDA * LAMBDA)) / 2) - 1 / LAMBDA) / 2;
  const a = -2 * rootRe;
  const b = rootRe * rootRe + rootIm * rootIm;
  const gain = (LAMBDA * LAMBDA) / b;
  runForward(samples, count, a, b);
  let trend1: f64 = 0;
  let trend2: f64 = 0;
  let endOuter: f64 = 0;
  let endInner: f64 = 0;
  let startInner: f64 = 0;
  let startOuter: f64 = 0;
  for (let i = count - 1; i >= -2; i--) {
    const at = samples + ((<usize>i) << 3);
    const driven: f64 = i >= 0 ? load<f64>(at) : 0;
    const trend = driven / gain - a * trend1 - b * trend2;
    const bend = trend - 2 * trend1 + trend2;
    trend2 = trend1;
    trend1 = trend;
    if (i >= 0) {
      // The sample, got back from the forward recursion, minus the trend.
      const before1: f64 = i >= 1 ? load<f64>(at - 8) : 0;
      const before2: f64 = i >= 2 ? load<f64>(at - 16) : 0;
      store<f64>(at, driven + a * before1 + b * before2 - trend);
    }
    if (i === count - 1) endOuter = bend;
    if (i === count - 2) endInner = bend;
    if (i === -1) startInner = bend;
    if (i === -2) startOuter = bend;
  }
  removeWaves(samples, count, rootRe, rootIm, startOuter, startInner, endOuter, endInner);
}

function runForward(samples: usize, count: i32, a: f64, b: f64): void {
  let driven1: f64 = 0;
  let driven2: f64 = 0;
  const end = samples + ((<usize>count) << 3);
  for (let at = samples; at < end; at += 8) {
    const driven = load<f64>(at) - a * driven1 - b * driven2;
    store<f64>(at, driven);
    driven2 = driven1;
    driven1 = driven;
  }
}

/**
 * Subtract the waves c p^i and d p^(n-1-i) that make the trend's second differences beyond the ends 0. By symmetry c + d and c - d can
 * be found apart, from two real equations each. A wave's second differences have the factor p^-2 (1 - p)^2, which is left out at first.
 */
function removeWaves(
  samples: usize,
  count: i32,
  rootRe: f64,
  rootIm: f64,
  startOuter: f64,
  startInner: f64,
  endOuter: f64,
  endInner: f64,
): void {
  const reach = min(count, WAVE_COUNT_MAX);
  let farRe: f64 = 1;
  let farIm: f64 = 0;
  for (let i = 0; i < reach; i++) {
    const re = farRe * rootRe - farIm * rootIm;
    farIm = farRe * rootIm + farIm * rootRe;
    farRe = re;
  }
  // p^2 / (1 - p)^2
  const size = (1 - rootRe) * (1 - rootRe) + rootIm * rootIm;
  const ratioRe = (rootRe * (1 - rootRe) - rootIm * rootIm) / size;
  const ratioIm = rootIm / size;
  const factorRe = ratioRe * ratioRe - ratioIm * ratioIm;
  const factorIm = 2 * ratioRe * ratioIm;
  let startRe: f64 = 0;
  let startIm: f64 = 0;
  let endRe: f64 = 0;
  let endIm: f64 = 0;
  for (let sign: f64 = 1; sign >= -1; sign -= 2) {
    const outerRe = 1 + sign * (farRe * rootRe - farIm * rootIm);
    const outerIm = sign * (farRe * rootIm + farIm * rootRe);
    const innerRe = rootRe + sign * farRe;
    const innerIm = rootIm + sign * farIm;
    const outer = startOuter + sign * endOuter;
    const inner = startInner + sign * endInner;
    const determinant = 2 * (outerIm * innerRe - outerRe * innerIm);
    const re = (outer * innerIm - inner * outerIm) / determinant;
    const im = (outer * innerRe - inner * outerRe) / determinant;
    startRe += re;
    startIm += im;
    endRe += sign * re;
    endIm += sign * im;
  }
  const end = samples + ((<usize>(count - 1)) << 3);
  removeWave(
    samples,
    8,
    reach,
    startRe * factorRe - startIm * factorIm,
    startRe * factorIm + startIm * factorRe,
    rootRe,
    rootIm,
  );
  removeWave(end, -8, reach, endRe * factorRe - endIm * factorIm, endRe * factorIm + endIm * factorRe, rootRe, rootIm);
}

/** Subtract Re(wave p^i), i = 0, 1, 2 ..., from the samples `stride` bytes apart. */
function removeWave(at: usize, stride: isize, count: i32, re: f64, im: f64, rootRe: f64, rootIm: f64): void {
  for (let i = 0; i < count; i++, at += stride) {
    store<f64>(at, load<f64>(at) - re);
    const next = re * rootRe - im * rootIm;
    im = re * rootIm + im * rootRe;
    re = next;
  }
}
