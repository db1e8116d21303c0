// Detected beats against annotated ones: a window of 150 ms, each beat used once, in order (ANSI/AAMI EC57).

const WINDOW_S = 0.15;

export interface BeatScore {
  matched: number;
  missed: number;
  extra: number;
  /** Percent. */
  f1: number;
  biasMs: number;
  errorMsMax: number;
}

/** Compares from `skipS` seconds on. Positions are in samples and ascend. */
export function scoreBeats(annotated: number[], detected: number[], rateHz: number, skipS: number): BeatScore {
  const expected = annotated.filter((at) => at >= skipS * rateHz);
  const found = detected.filter((at) => at >= skipS * rateHz);
  const errors: number[] = [];
  let i = 0;
  let j = 0;
  while (i < expected.length && j < found.length) {
    const error = found[j]! - expected[i]!;
    const next = j + 1 < found.length ? Math.abs(found[j + 1]! - expected[i]!) : Number.POSITIVE_INFINITY;
    if (Math.abs(error) <= WINDOW_S * rateHz && Math.abs(error) <= next) {
      errors.push((error / rateHz) * 1000);
      i++;
      j++;
    } else if (error < 0) j++;
    else i++;
  }
  const missed = expected.length - errors.length;
  const extra = found.length - errors.length;
  return {
    matched: errors.length,
    missed,
    extra,
    f1: (200 * errors.length) / (2 * errors.length + missed + extra),
    biasMs: errors.reduce((sum, error) => sum + error, 0) / errors.length,
    errorMsMax: Math.max(...errors.map(Math.abs)),
  };
}
