// Training impulse (TRIMP): how much a bout of exercise asked of the heart, minutes weighted by how hard they were.
//
// Banister 1991 (in Physiological Testing of the High-Performance Athlete): minutes x dHR x a exp(b dHR), dHR being the share of the
// heart rate reserve, a and b from the rise of blood lactate: men 0.64 and 1.92, women 0.86 and 1.67.

export interface HeartRateSpan {
  readonly minutes: number;
  /** Mean rate of the span. */
  readonly bpm: number;
}

export interface HeartRateRange {
  readonly restBpm: number;
  readonly maxBpm: number;
  /** Whose curve of lactate to use. */
  readonly curve: 'men' | 'women';
}

const CURVES = { men: { scale: 0.64, rate: 1.92 }, women: { scale: 0.86, rate: 1.67 } } as const;
/** Less than this is no bout. */
const MINUTES_MIN = 1;

/**
 * Banister's training impulse, in arbitrary units, of spans with one mean heart rate each: the shorter the spans, the better, since
 * hard minutes count more than twice easy ones. Rates are held to the range from rest to maximum. Null when less than a minute is
 * known, or when maximum is not above rest. Spans that are not positive and finite are not known.
 *
 * @example trainingImpulse([{ minutes: 60, bpm: 130 }], { restBpm: 60, maxBpm: 200, curve: 'men' }) // 50.1
 */
export function trainingImpulse(spans: readonly HeartRateSpan[], range: HeartRateRange): number | null {
  const reserveBpm = range.maxBpm - range.restBpm;
  if (!(range.restBpm > 0 && reserveBpm > 0 && Number.isFinite(reserveBpm))) return null;
  const known = spans.filter(({ minutes, bpm }) => isPositive(minutes) && isPositive(bpm));
  const minutes = known.reduce((sum, span) => sum + span.minutes, 0);
  if (minutes < MINUTES_MIN) return null;
  const { scale, rate } = CURVES[range.curve];
  return known.reduce((sum, span) => {
    const share = Math.min(1, Math.max(0, (span.bpm - range.restBpm) / reserveBpm));
    return sum + span.minutes * share * scale * Math.exp(rate * share);
  }, 0);
}

function isPositive(value: number): boolean {
  return value > 0 && Number.isFinite(value);
}
