// Scores of probabilities against labels. Windows without a probability are left out of all of them; coverage says how many those are.

export interface Window {
  readonly endS: number;
  readonly isStressed: boolean;
  readonly probability: number | null;
}

const BIN_COUNT = 10;
/** "Near": unstressed windows this close to a stressed one, so that slow drifts of a recording cannot tell them apart. */
const NEAR_S = 300;

/** Chance that a stressed window has the higher probability, of all pairs; NaN where there is only one kind. */
export function areaUnderCurve(windows: readonly Window[]): number {
  const known = windows.filter(({ probability }) => probability !== null);
  const stressed = known.filter(({ isStressed }) => isStressed);
  const calm = known.filter(({ isStressed }) => !isStressed);
  let wins = 0;
  for (const { probability: high } of stressed) {
    for (const { probability: low } of calm) wins += high! > low! ? 1 : high === low ? 0.5 : 0;
  }
  return wins / (stressed.length * calm.length);
}

/** Distance between probability and share of stressed windows, in ten equal bins, weighted by their windows. */
export function calibrationError(windows: readonly Window[]): number {
  const known = windows.filter(({ probability }) => probability !== null);
  const binOf = ({ probability }: Window) => Math.min(BIN_COUNT - 1, Math.floor(probability! * BIN_COUNT));
  let error = 0;
  for (let bin = 0; bin < BIN_COUNT; bin++) {
    const inside = known.filter((window) => binOf(window) === bin);
    if (inside.length === 0) continue;
    const share = mean(inside.map(({ isStressed }) => (isStressed ? 1 : 0)));
    error += (Math.abs(share - mean(inside.map(({ probability }) => probability!))) * inside.length) / known.length;
  }
  return error;
}

/** The stressed windows, and the unstressed ones that are near one. */
export function nearChanges(windows: readonly Window[]): Window[] {
  const stressedS = windows.filter(({ isStressed }) => isStressed).map(({ endS }) => endS);
  return windows.filter(
    ({ isStressed, endS }) => isStressed || stressedS.some((other) => Math.abs(other - endS) <= NEAR_S),
  );
}

/** Spearman's correlation of the probability with time. */
export function rankCorrelation(windows: readonly Window[]): number {
  const known = windows.filter(({ probability }) => probability !== null);
  const times = ranks(known.map(({ endS }) => endS));
  const odds = ranks(known.map(({ probability }) => probability!));
  const [meanTime, meanOdds] = [mean(times), mean(odds)];
  const shared = times.map((time, index) => (time - meanTime) * (odds[index]! - meanOdds));
  return mean(shared) / (spread(times) * spread(odds));
}

/** Equal values share the rank in the middle of theirs. */
function ranks(values: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  return values.map((value) => (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2);
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function spread(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}
