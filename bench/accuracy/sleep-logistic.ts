// Multinomial logistic regression of the four stages: the simplest model that a reference can be. Newton's method on standardised
// features with a little ridge, so that the same epochs always give the same weights.

const STAGE_COUNT = 4;
const NEWTON_STEPS = 8;
/** Keeps the Hessian definite: four sets of weights are one more than are needed. Against thousands of epochs it moves nothing. */
const RIDGE = 1;

export type Chances = (row: readonly number[]) => number[];

/** Fits `stages` (0 to 3) from `rows`; gives a function from a row to the four probabilities. */
export function fitLogistic(rows: readonly (readonly number[])[], stages: readonly number[]): Chances {
  const standardise = standardiser(rows);
  const inputs = rows.map(standardise);
  const width = inputs[0]!.length;
  let weights = new Float64Array(STAGE_COUNT * width);
  for (let step = 0; step < NEWTON_STEPS; step++) {
    const { slopes, curves } = slopesOf(inputs, stages, weights);
    const change = solve(curves, slopes);
    weights = weights.map((weight, index) => weight - change[index]!);
  }
  return (row) => chancesOf(standardise(row), weights);
}

/** Features less their means, in their deviations, behind a 1. */
function standardiser(rows: readonly (readonly number[])[]): (row: readonly number[]) => number[] {
  const means = rows[0]!.map((_, column) => sumOf(rows, (row) => row[column]!) / rows.length);
  const deviations = means.map((mean, column) =>
    Math.sqrt(sumOf(rows, (row) => (row[column]! - mean) ** 2) / rows.length),
  );
  return (row) => [1, ...row.map((value, column) => (value - means[column]!) / (deviations[column]! || 1))];
}

function sumOf<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((sum, value) => sum + of(value), 0);
}

function chancesOf(input: readonly number[], weights: Float64Array): number[] {
  const logits = [0, 1, 2, 3].map((stage) =>
    input.reduce((sum, value, column) => sum + value * weights[stage * input.length + column]!, 0),
  );
  const most = Math.max(...logits);
  const sizes = logits.map((logit) => Math.exp(logit - most));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return sizes.map((size) => size / total);
}

/** First and second derivatives of the negative log-likelihood with ridge. */
function slopesOf(inputs: readonly (readonly number[])[], stages: readonly number[], weights: Float64Array) {
  const width = inputs[0]!.length;
  const slopes = weights.map((weight) => RIDGE * weight);
  const curves = Array.from(weights, (_, index) => new Float64Array(weights.length).fill(RIDGE, index, index + 1));
  for (const [index, input] of inputs.entries()) {
    const chances = chancesOf(input, weights);
    for (let a = 0; a < STAGE_COUNT; a++) {
      const away = chances[a]! - (stages[index] === a ? 1 : 0);
      for (let i = 0; i < width; i++) slopes[a * width + i]! += away * input[i]!;
      for (let b = 0; b < STAGE_COUNT; b++) {
        const curve = chances[a]! * ((a === b ? 1 : 0) - chances[b]!);
        for (let i = 0; i < width; i++) {
          const row = curves[a * width + i]!;
          for (let j = 0; j < width; j++) row[b * width + j]! += curve * input[i]! * input[j]!;
        }
      }
    }
  }
  return { slopes, curves };
}

/** Gaussian elimination with pivots; destroys `rows`. */
function solve(rows: Float64Array[], wanted: Float64Array): Float64Array {
  const count = wanted.length;
  for (let column = 0; column < count; column++) {
    let pivot = column;
    for (let row = column + 1; row < count; row++) {
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row;
    }
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    [wanted[column], wanted[pivot]] = [wanted[pivot]!, wanted[column]!];
    for (let row = column + 1; row < count; row++) {
      const factor = rows[row]![column]! / rows[column]![column]!;
      for (let at = column; at < count; at++) rows[row]![at]! -= factor * rows[column]![at]!;
      wanted[row]! -= factor * wanted[column]!;
    }
  }
  for (let row = count - 1; row >= 0; row--) {
    for (let at = row + 1; at < count; at++) wanted[row]! -= rows[row]![at]! * wanted[at]!;
    wanted[row]! /= rows[row]![row]!;
  }
  return wanted;
}
