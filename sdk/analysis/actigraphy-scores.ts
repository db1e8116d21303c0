// Sleep or wake from activity counts, epoch by epoch: the published rules, each a weighted sum of counts around the epoch against a
// threshold. Rules are bound to the counts that they were made with; what each wants stands beside it. The motion core's counts have the
// units of an Actiwatch.

/** True: sleep; null: not known. */
export type SleepScore = boolean | null;
/** Activity counts of an epoch; null: not known. */
export type Counts = number | null;

/** What a rule of Cole and Kripke takes for the count of an epoch. */
export type ColeKripkeCounts = '1-min-mean' | '10-s-max' | '10-s-max-overlapping' | '30-s-max';

/** Cole, Kripke, Gruen, Mullaney & Gillin 1992 (Sleep 15, 461-469): scale and weights of the epochs from four before to two after. */
const COLE_KRIPKE: Readonly<Record<ColeKripkeCounts, { readonly scale: number; readonly weights: readonly number[] }>> =
  {
    '1-min-mean': { scale: 0.001, weights: [106, 54, 58, 76, 230, 74, 67] },
    '10-s-max': { scale: 0.00001, weights: [550, 378, 413, 699, 1736, 287, 309] },
    '10-s-max-overlapping': { scale: 0.00001, weights: [50, 30, 300, 400, 1400, 500, 350] },
    '30-s-max': { scale: 0.0001, weights: [50, 30, 14, 28, 121, 8, 50] },
  };

/**
 * Cole-Kripke. `counts` of one-minute epochs, each the mean of the minute, or the largest 10 or 30 s in it, of an AMI or Actiwatch (counts
 * of an ActiGraph are divided by 100 and held to 300 first, as ActiLife does). Epochs outside the series, and unknown ones, count as 0; an
 * unknown epoch has no score.
 *
 * @example coleKripke([0, 0, 5, 0, 0]) // [true, true, false, true, true]
 */
export function coleKripke(counts: readonly Counts[], kind: ColeKripkeCounts = '1-min-mean'): SleepScore[] {
  const { scale, weights } = COLE_KRIPKE[kind];
  return scored(counts, (index) => scale * weighted(counts, index, 4, weights) < 1);
}

/** Kripke et al. 2010 (J. Sleep Res. 19, 612-619), "Scripps": from ten epochs before to two after. */
const SCRIPPS_SCALE = 0.204;
const SCRIPPS_WEIGHTS = [
  0.0064, 0.0074, 0.0112, 0.0112, 0.0118, 0.0118, 0.0128, 0.0188, 0.028, 0.0664, 0.03, 0.0112, 0.01,
];

/** Scripps: `counts` of one-minute epochs of an Actiwatch. */
export function scripps(counts: readonly Counts[]): SleepScore[] {
  return scored(counts, (index) => SCRIPPS_SCALE * weighted(counts, index, 10, SCRIPPS_WEIGHTS) < 1);
}

/** Sadeh, Sharkey & Carskadon 1994 (Sleep 17, 201-207): 11 minutes around the epoch, six up to it. */
const SADEH_AROUND = 5;
const SADEH_COUNTS_MAX = 300;

/**
 * Sadeh: `counts` of one-minute epochs of an AMI (zero crossings) or an ActiGraph; they are held to 300, as in ActiLife. PS = 7.601 -
 * 0.065 mean of 11 minutes - 1.08 minutes of them with 50 to 100 counts - 0.056 standard deviation (n - 1) of the last six - 0.703 ln(count +
 * 1); sleep from 0 on.
 */
export function sadeh(counts: readonly Counts[]): SleepScore[] {
  const capped = counts.map((count) => Math.min(SADEH_COUNTS_MAX, count ?? 0));
  return scored(counts, (index) => {
    const around = range(index - SADEH_AROUND, index + SADEH_AROUND).map((i) => capped[i] ?? 0);
    const last = around.slice(0, SADEH_AROUND + 1);
    const natural = around.filter((count) => count >= 50 && count < 100).length;
    const score =
      7.601 -
      0.065 * mean(around) -
      1.08 * natural -
      0.056 * deviation(last) -
      0.703 * Math.log((capped[index] as number) + 1);
    return score >= 0;
  });
}

/** Oakley 1997 (the rule of the Actiwatch): weights of the epochs around, by their length in s; alike on both sides. */
const OAKLEY: Readonly<Record<number, readonly number[]>> = {
  15: [0.04, 0.04, 0.04, 0.04, 0.2, 0.2, 0.2, 0.2, 4, 0.2, 0.2, 0.2, 0.2, 0.04, 0.04, 0.04, 0.04],
  30: [0.04, 0.04, 0.2, 0.2, 2, 0.2, 0.2, 0.04, 0.04],
  60: [0.04, 0.2, 1, 0.2, 0.04],
  120: [0.12, 0.5, 0.12],
};
/** Counts a minute on average while there is any: the automatic threshold. */
const OAKLEY_AUTOMATIC = 0.88888;
const OAKLEY_THRESHOLDS = { low: 80, medium: 40, high: 20 } as const;

export interface OakleyOptions {
  /** Length of an epoch in s; 60 if not said. */
  readonly epochS?: 15 | 30 | 60 | 120;
  /** How easily an epoch is wake: high is 20, medium 40 (if not said), low 80; automatic: from the mean of the epochs with any counts. */
  readonly sensitivity?: 'high' | 'medium' | 'low' | 'automatic';
}

/** Oakley: `counts` of an Actiwatch, which the motion core's agree with. Wake above the threshold. */
export function oakley(
  counts: readonly Counts[],
  { epochS = 60, sensitivity = 'medium' }: OakleyOptions = {},
): SleepScore[] {
  const weights = OAKLEY[epochS];
  if (!weights) throw new RangeError(`oakley: epochS must be 15, 30, 60 or 120, it is ${epochS}`);
  const threshold = sensitivity === 'automatic' ? automaticThreshold(counts) : OAKLEY_THRESHOLDS[sensitivity];
  return scored(counts, (index) => weighted(counts, index, weights.length >> 1, weights) <= threshold);
}

function automaticThreshold(counts: readonly Counts[]): number {
  const mobile = counts.filter((count): count is number => count !== null && count > 0);
  return mobile.length === 0 ? 0 : OAKLEY_AUTOMATIC * mean(mobile);
}

function scored(counts: readonly Counts[], isSleep: (index: number) => boolean): SleepScore[] {
  return counts.map((count, index) => (count === null ? null : isSleep(index)));
}

/** Sum of weights x counts, the first weight being that of the epoch `before` before `index`. */
function weighted(counts: readonly Counts[], index: number, before: number, weights: readonly number[]): number {
  return weights.reduce((sum, weight, i) => sum + weight * (counts[index - before + i] ?? 0), 0);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}
