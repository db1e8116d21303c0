// Peak-matched multiple windows (Hansson & Salomonsson 1997, 10.1109/78.558503): tapers that gather the power of a spectral peak and keep
// out what lies far from it. They are the eigenvectors of one covariance, of a peak, against another, of everything but it.

export interface Tapers {
  /** Best first, each of length 1. */
  readonly tapers: readonly (readonly number[])[];
  /** Their eigenvalues, in sum 1. */
  readonly weights: readonly number[];
}

const PEAK_DB = 20;
const PENALTY_DB = 30;
/** Iterations of subspaces; the wanted eigenvalues leave the others behind by a factor of three or more in each. */
const ROUNDS_MAX = 200;
const EXACT = 1e-14;

const known = new Map<string, Tapers>();

/** The same numbers always give the same tapers, and they take a while. */
export function multipeakTapers(length: number, count: number): Tapers {
  const key = `${length} ${count}`;
  const found = known.get(key) ?? makeTapers(length, count);
  known.set(key, found);
  return found;
}

function makeTapers(length: number, count: number): Tapers {
  const width = (count + 2) / length;
  const peak = toeplitz(length, (lag) => peakCovariance(lag, width));
  const factor = 10 ** (PENALTY_DB / 10);
  const penalty = toeplitz(length, (lag) => (lag === 0 ? factor : 0) - (factor - 1) * boxCovariance(lag, width));
  const root = cholesky(penalty);
  // root^-1 peak root^-T, symmetric: solved from the left, turned, and solved again.
  const half = peak.map((column) => solveLower(root, column));
  const matrix = transpose(half).map((row) => solveLower(root, row));
  const { values, vectors } = largestEigenvectors(matrix, count);
  const tapers = vectors.map((vector) => normalised(solveUpper(root, vector)));
  const sum = values.reduce((total, value) => total + value, 0);
  return { tapers, weights: values.map((value) => value / sum) };
}

/** Of a peak whose sides fall by 20 dB within half the width. */
function peakCovariance(lag: number, width: number): number {
  const fall = ((2 * PEAK_DB) / 10 / width) * Math.LN10;
  const edge = Math.exp((-fall * width) / 2);
  if (lag === 0) return (2 / fall) * (1 - edge);
  const angle = Math.PI * width * lag;
  const top = 2 * fall - edge * (2 * fall * Math.cos(angle) - 4 * Math.PI * lag * Math.sin(angle));
  return top / (fall ** 2 + (2 * Math.PI * lag) ** 2);
}

/** Of an even band of the width. */
function boxCovariance(lag: number, width: number): number {
  return lag === 0 ? width : Math.sin(Math.PI * width * lag) / (Math.PI * lag);
}

function toeplitz(size: number, at: (lag: number) => number): number[][] {
  const lags = Array.from({ length: size }, (_, lag) => at(lag));
  return lags.map((_, row) => lags.map((__, column) => lags[Math.abs(row - column)]!));
}

/** Lower triangle whose product with its transpose is `matrix`. */
function cholesky(matrix: readonly (readonly number[])[]): number[][] {
  const root = matrix.map((row) => row.map(() => 0));
  for (const [i, row] of matrix.entries()) {
    for (let j = 0; j <= i; j++) {
      let sum = row[j]!;
      for (let k = 0; k < j; k++) sum -= root[i]![k]! * root[j]![k]!;
      root[i]![j] = i === j ? Math.sqrt(sum) : sum / root[j]![j]!;
    }
  }
  return root;
}

function solveLower(root: readonly (readonly number[])[], right: readonly number[]): number[] {
  const answer: number[] = [];
  for (const [i, row] of root.entries()) {
    let sum = right[i]!;
    for (let k = 0; k < i; k++) sum -= row[k]! * answer[k]!;
    answer.push(sum / row[i]!);
  }
  return answer;
}

function solveUpper(root: readonly (readonly number[])[], right: readonly number[]): number[] {
  const answer = [...right];
  for (let i = root.length - 1; i >= 0; i--) {
    for (let k = i + 1; k < root.length; k++) answer[i] = answer[i]! - root[k]![i]! * answer[k]!;
    answer[i] = answer[i]! / root[i]![i]!;
  }
  return answer;
}

/** By subspace iteration: the vectors are multiplied with the matrix and made orthogonal until they stay. */
function largestEigenvectors(matrix: readonly (readonly number[])[], count: number) {
  // A few more than wanted: the last wanted one then converges as fast as the others.
  let vectors = Array.from({ length: 2 * count }, (_, k) => {
    return matrix.map((__, i) => Math.sin(((k + 1) * Math.PI * (i + 0.5)) / matrix.length));
  });
  let values: number[] = [];
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const moved = orthogonal(vectors.map((vector) => product(matrix, vector)));
    const latest = moved.map((vector) => dot(vector, product(matrix, vector)));
    const isStill = moved.slice(0, count).every((vector, k) => 1 - Math.abs(dot(vector, vectors[k]!)) < EXACT);
    vectors = moved;
    values = latest;
    if (isStill) break;
  }
  return { values: values.slice(0, count), vectors: vectors.slice(0, count) };
}

/** Gram-Schmidt, twice over, as once leaves rounding behind. */
function orthogonal(vectors: readonly (readonly number[])[]): number[][] {
  const done: number[][] = [];
  for (const vector of vectors) {
    let rest = [...vector];
    for (let pass = 0; pass < 2; pass++) {
      for (const other of done) {
        const along = dot(rest, other);
        rest = rest.map((value, i) => value - along * other[i]!);
      }
      rest = normalised(rest);
    }
    done.push(rest);
  }
  return done;
}

function product(matrix: readonly (readonly number[])[], vector: readonly number[]): number[] {
  return matrix.map((row) => dot(row, vector));
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function normalised(vector: readonly number[]): number[] {
  const size = Math.sqrt(dot(vector, vector));
  return vector.map((value) => value / size);
}

function transpose(matrix: readonly (readonly number[])[]): number[][] {
  return matrix.map((row, i) => row.map((_, j) => matrix[j]![i]!));
}
