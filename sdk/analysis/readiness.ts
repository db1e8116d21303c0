// Readiness from one morning's RMSSD a day: has the mean of a week left the range in which this person always varies?
//
// Plews, Laursen, Stanley, Kilding & Buchheit 2013 (Sports Medicine 43, 773-781): the rolling seven-day mean of ln RMSSD against the
// smallest worthwhile change, half a standard deviation of the person's own baseline.

export interface Readiness {
  /** Mean of ln RMSSD (RMSSD in ms) over the last seven days. */
  readonly weekMean: number;
  /** Mean of ln RMSSD over the days before those seven. */
  readonly baselineMean: number;
  /** Smallest worthwhile change: 0.5 standard deviations of the baseline, in units of ln ms. */
  readonly worthwhileChange: number;
  readonly verdict: 'below' | 'usual' | 'above';
}

const WEEK_DAYS = 7;
/** Plews 2014 (IJSPP 9, 783-790): three mornings a week tell what seven do. */
const WEEK_COUNT_MIN = 3;
/** A standard deviation of less than two weeks is guesswork. */
const BASELINE_COUNT_MIN = 14;
/** Longer ago it was another season. */
const BASELINE_DAYS = 60;
const WORTHWHILE_SHARE = 0.5;

/**
 * `rmssdMs`: one value a day, the last one today's; null (or not a positive number) where there is none. Null when the last seven
 * days hold fewer than 3 values or the up to 60 days before them fewer than 14, and when the baseline does not vary.
 *
 * @example assessReadiness([...Array(30).keys()].map((day) => 40 + (day % 3)))?.verdict // 'usual'
 */
export function assessReadiness(rmssdMs: readonly (number | null)[]): Readiness | null {
  const week = logsOf(rmssdMs.slice(-WEEK_DAYS));
  const baseline = logsOf(rmssdMs.slice(-WEEK_DAYS - BASELINE_DAYS, -WEEK_DAYS));
  if (week.length < WEEK_COUNT_MIN || baseline.length < BASELINE_COUNT_MIN) return null;
  const baselineMean = mean(baseline);
  const worthwhileChange = WORTHWHILE_SHARE * deviation(baseline, baselineMean);
  if (worthwhileChange === 0) return null;
  const weekMean = mean(week);
  return { weekMean, baselineMean, worthwhileChange, verdict: verdictOf(weekMean - baselineMean, worthwhileChange) };
}

function verdictOf(change: number, worthwhileChange: number): Readiness['verdict'] {
  if (change < -worthwhileChange) return 'below';
  return change > worthwhileChange ? 'above' : 'usual';
}

function logsOf(rmssdMs: readonly (number | null)[]): number[] {
  return rmssdMs.flatMap((value) => (value !== null && value > 0 && Number.isFinite(value) ? [Math.log(value)] : []));
}

function mean(values: readonly number[]): number {
  // Differences from the first value: equal values give exactly that value, and a deviation of exactly 0.
  const [origin = 0] = values;
  return origin + values.reduce((sum, value) => sum + (value - origin), 0) / values.length;
}

function deviation(values: readonly number[], centre: number): number {
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}
