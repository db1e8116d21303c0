// Pulses against true beats on another clock: aligned by the best lag, then beat by beat, interval by interval, and as a whole.
//
//   truth   |    |    |    |          a beat is right within 150 ms, after the shift by the lag
//   found    |    |       x |         "paired": both beats right, neighbours on both sides; "delivered": what a user gets

export interface Pulse {
  readonly timeS: number;
  /** 0..1; 1 for detectors that do not say. */
  readonly quality: number;
}

export interface PulseScore {
  readonly se: number;
  readonly ppv: number;
  /** Mean rate of the delivered intervals minus the true one, bpm. */
  readonly hrErrorBpm: number;
  readonly rrCorrelation: number;
  readonly rrErrorSdMs: number;
  /** 0.1 is a tenth too much. Delivered, and of paired intervals against their true ones. */
  readonly rmssdError: number;
  readonly rmssdErrorPaired: number;
  /** Share of the true intervals that have a pair of good quality. */
  readonly pairShare: number;
}

const WINDOW_S = 0.15;
const LAG = { fromS: -6, toS: 10, stepS: 0.02 };
const REFINEMENTS = 3;
/** Pulses this far outside of the truth are not extra: nobody listened there. */
const OUTSIDE_S = 0.3;
/** A longer interval is a gap, no interval. */
export const INTERVAL_MAX_S = 2.2;

/** Intervals of which the later pulse has a quality below `qualityMin` are not delivered and not paired. */
export function scorePulses(pulses: readonly Pulse[], truth: readonly number[], qualityMin: number): PulseScore {
  const times = pulses.map(({ timeS }) => timeS);
  const { lag, partner } = align(times, truth);
  const [from, to] = [truth[0]! + lag - OUTSIDE_S, truth.at(-1)! + lag + OUTSIDE_S];
  const inside = pulses.filter(({ timeS }) => timeS >= from && timeS <= to);
  const right = new Set(partner.filter((index) => index !== null && times[index]! >= from && times[index]! <= to));
  const delivered = deliver(inside, qualityMin);
  const trueMean = (truth.at(-1)! - truth[0]!) / (truth.length - 1);
  const trueRmssd = rmssdOf(truth.slice(1).map((time, index) => time - truth[index]!));
  return {
    se: partner.filter((index) => index !== null).length / truth.length,
    ppv: right.size / Math.max(1, inside.length),
    hrErrorBpm: 60 / mean(delivered.filter((rr) => rr !== null)) - 60 / trueMean,
    rmssdError: rmssdOf(delivered) / trueRmssd - 1,
    ...comparePairs(pulses, truth, partner, qualityMin),
  };
}

/** For each true beat the index of its pulse, or null; the lag is the truth's clock behind the pulses', s. */
export function align(times: readonly number[], truth: readonly number[]): { lag: number; partner: (number | null)[] } {
  let best = { score: 0, lag: 0 };
  for (let lag = LAG.fromS; lag < LAG.toS; lag += LAG.stepS) {
    let score = 0;
    for (const beat of truth) {
      score += Math.max(0, 1 - Math.abs((times[nearest(times, beat + lag)] ?? 0) - beat - lag) / WINDOW_S);
    }
    if (score > best.score) best = { score, lag };
  }
  let lag = best.lag;
  let partner: (number | null)[] = [];
  for (let turn = 0; turn < REFINEMENTS; turn++) {
    const off = (beat: number, index: number) => (times[index] ?? Number.NaN) - beat - lag;
    partner = truth.map((beat) => {
      const index = nearest(times, beat + lag);
      return Math.abs(off(beat, index)) < WINDOW_S ? index : null;
    });
    const offsets = truth.flatMap((beat, at) => (partner[at] == null ? [] : [off(beat, partner[at])]));
    if (offsets.length > 0) lag += middle(offsets);
  }
  return { lag, partner };
}

function comparePairs(
  pulses: readonly Pulse[],
  truth: readonly number[],
  partner: readonly (number | null)[],
  qualityMin: number,
): Pick<PulseScore, 'rrCorrelation' | 'rrErrorSdMs' | 'rmssdErrorPaired' | 'pairShare'> {
  const pairs = truth.slice(1).map((beat, index) => {
    const [earlier, later] = [partner[index], partner[index + 1]];
    if (earlier == null || later == null || later !== earlier + 1 || pulses[later]!.quality < qualityMin) return null;
    return { found: pulses[later]!.timeS - pulses[earlier]!.timeS, true: beat - truth[index]! };
  });
  const whole = pairs.filter((pair) => pair !== null);
  const [found, real] = [whole.map((pair) => pair.found), whole.map((pair) => pair.true)];
  const rmssdFound = rmssdOf(pairs.map((pair) => pair?.found ?? null));
  const rmssdTrue = rmssdOf(pairs.map((pair) => pair?.true ?? null));
  return {
    rrCorrelation: covariance(found, real) / Math.sqrt(covariance(found, found) * covariance(real, real)),
    rrErrorSdMs: 1000 * deviation(found.map((rr, index) => rr - real[index]!)),
    rmssdErrorPaired: rmssdFound / rmssdTrue - 1,
    pairShare: whole.length / (truth.length - 1),
  };
}

/** Null stands for an interval that is not delivered. */
function deliver(pulses: readonly Pulse[], qualityMin: number): (number | null)[] {
  return pulses.slice(1).map(({ timeS, quality }, index) => {
    const rr = timeS - pulses[index]!.timeS;
    return rr < INTERVAL_MAX_S && quality >= qualityMin ? rr : null;
  });
}

/** Root mean square of the differences of neighbours that are both there. */
function rmssdOf(intervals: readonly (number | null)[]): number {
  const squares = intervals.slice(1).flatMap((rr, index) => {
    const before = intervals[index];
    return rr === null || before == null ? [] : [(rr - before) ** 2];
  });
  return Math.sqrt(mean(squares));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function covariance(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  return mean(a.map((value, index) => (value - meanA) * (b[index]! - meanB)));
}

function deviation(values: readonly number[]): number {
  return Math.sqrt(covariance(values, values));
}

/** The mean of the two in the middle when there are two; NaN values do not count. */
export function middle(values: readonly number[]): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Index of the value in `rising` that is nearest to `wanted`. */
function nearest(rising: readonly number[], wanted: number): number {
  let [low, high] = [0, rising.length];
  while (low < high) {
    const half = (low + high) >> 1;
    if (rising[half]! < wanted) low = half + 1;
    else high = half;
  }
  const isEarlier = low > 0 && (low === rising.length || wanted - rising[low - 1]! <= rising[low]! - wanted);
  return isEarlier ? low - 1 : low;
}
