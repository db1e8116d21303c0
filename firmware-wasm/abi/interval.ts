// What every core of one window of RR intervals takes (ABI.md).

/** Flag of an interval: a gap lies between it and the previous one. */
export const FLAG_AFTER_GAP: u32 = 1;

/** One RR interval. */
@unmanaged
export class Interval {
  /** Length of the interval in ms, 10 or more: what is shorter is no heart beat, and most likely given in seconds. */
  rrMs: f64;
  /** Length of the gap before the interval in ms; 0 where there is none, or where nobody knows how long it was. */
  gapMs: f64;
  /** Probability 0..1 that the interval is right; NaN: unknown. */
  quality: f32;
  /** Bit 0: a gap lies between this interval and the previous one. */
  flags: u32;
}

export const RR_MS_MIN: f64 = 10;
/** Over a week: sums of squares of the longest window stay far from overflow. */
export const RR_MS_MAX: f64 = 1_000_000_000;

export function intervalAt(from: usize, index: i32): Interval {
  return changetype<Interval>(from + <usize>index * offsetof<Interval>());
}

/** NaN fails every comparison, so lengths are asked for what they must be. */
export function intervalIsUsable(interval: Interval): bool {
  if (!(interval.rrMs >= RR_MS_MIN && interval.rrMs <= RR_MS_MAX)) return false;
  if (!(interval.gapMs >= 0 && interval.gapMs <= RR_MS_MAX)) return false;
  if (interval.quality < 0 || interval.quality > 1) return false;
  if ((interval.flags & ~FLAG_AFTER_GAP) !== 0) return false;
  return interval.gapMs === 0 || (interval.flags & FLAG_AFTER_GAP) !== 0;
}
