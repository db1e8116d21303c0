// The intervals of a window in integers, for a core that must be small and has no doubles to spare:
//
//  0               80                                                                                      80 + 9 * countMax, padded
//  | TickIntervals | ticks: i32 x countMax | gap before, ms: f32 x countMax | quality: u8 x countMax, padded |
//
// A tick is 1/16384 ms, 61 ns: whole ms, the 1/1024 s of heart rate straps and the 1/1024 samples of the core `ecg` at 250 or 500 Hz are
// whole ticks. What is above 65 s cannot be stored: it is no interval between beats and counts as a gap of its length.

import { FLAG_AFTER_GAP, Interval } from '../abi/interval';
import { IntervalWindow } from './interval-window';

export const TICKS_PER_MS: i32 = 16_384;
/** The last whole second below 2^30 ticks: the sum of two intervals, and the square of a difference of sums, keep their signs. */
const RR_MS_LONGEST: f64 = 65_000;
/** Gaps add up to at most this, over thirty years: a number of ticks remains one. */
const SKIPPED_MS_MAX: f64 = 1e12;
/** Steps of a stored quality, and what stands for an unknown one. */
const QUALITY_STEPS: f32 = 250;
const QUALITY_UNKNOWN: u8 = 255;

const HEAD_BYTES: usize = offsetof<TickIntervals>();

/** Bytes of a window of `countMax` intervals, a multiple of 8. */
export function tickWindowBytes(countMax: i32): usize {
  return (HEAD_BYTES + <usize>countMax * 9 + 7) & ~7;
}

/** Address of the signed intervals, ticks. */
export function ticksOf(at: usize): usize {
  return at + HEAD_BYTES;
}

function gapsOf(at: usize): usize {
  return ticksOf(at) + ((<usize>changetype<IntervalWindow>(at).countMax) << 2);
}

function qualitiesOf(at: usize): usize {
  return gapsOf(at) + ((<usize>changetype<IntervalWindow>(at).countMax) << 2);
}

/** Ticks from the end of interval `index` - 1 to the start of interval `index` >= 1. */
export function gapTicksBefore(at: usize, index: i32): i64 {
  if (load<i32>(ticksOf(at) + ((<usize>index) << 2)) > 0) return 0;
  return <i64>(<f64>load<f32>(gapsOf(at) + ((<usize>index) << 2)) * <f64>TICKS_PER_MS);
}

function lengthAt(at: usize, index: i32): i32 {
  return abs(load<i32>(ticksOf(at) + ((<usize>index) << 2)));
}

function wholeTicks(ms: f64): f64 {
  return nearest(ms * <f64>TICKS_PER_MS) / <f64>TICKS_PER_MS;
}

@unmanaged
export class TickIntervals extends IntervalWindow {
  /** Where the first stored interval begins. */
  firstMs: f64;
  /** What lies between the last stored interval and the clock. */
  skippedMs: f64;

  /** The interval's length as it is stored: the clock counts that, so that it never leaves the sum of the intervals. */
  rrMsOf(interval: Interval): f64 {
    return wholeTicks(interval.rrMs);
  }

  /** The gap as it is stored, in whole ticks too. */
  gapMsOf(interval: Interval): f64 {
    return interval.gapMs > 0 ? <f64>(<f32>wholeTicks(interval.gapMs)) : 0;
  }

  holds(rrMs: f64): bool {
    return rrMs <= RR_MS_LONGEST;
  }

  skip(ms: f64): void {
    this.skippedMs = min(this.skippedMs + ms, SKIPPED_MS_MAX);
  }

  put(index: i32, rrMs: f64, gapMs: f64, endMs: f64, interval: Interval): void {
    const at = changetype<usize>(this);
    const ticks = <i32>(rrMs * <f64>TICKS_PER_MS);
    const isAfterGap = (interval.flags & FLAG_AFTER_GAP) !== 0 || this.skippedMs > 0;
    const quality = interval.quality;
    store<i32>(ticksOf(at) + ((<usize>index) << 2), isAfterGap ? -ticks : ticks);
    store<f32>(gapsOf(at) + ((<usize>index) << 2), <f32>(gapMs + this.skippedMs));
    store<u8>(
      qualitiesOf(at) + <usize>index,
      isNaN(quality) ? QUALITY_UNKNOWN : <u8>(<i32>(quality * QUALITY_STEPS + 0.5)),
    );
    if (index === 0) this.firstMs = endMs - rrMs;
    this.skippedMs = 0;
  }

  clearIntervals(): void {
    const at = changetype<usize>(this);
    memory.fill(ticksOf(at), 0, tickWindowBytes(this.countMax) - HEAD_BYTES);
    this.firstMs = 0;
    this.skippedMs = 0;
  }

  /** The first interval follows no gap. */
  clearFirstGap(): void {
    const first = ticksOf(changetype<usize>(this));
    store<i32>(first, abs(load<i32>(first)));
  }

  firstFromMs(): f64 {
    return this.firstMs;
  }

  /** How many of the first intervals end at `toMs` at the latest. */
  countEndedBy(toMs: f64): i32 {
    const at = changetype<usize>(this);
    const last = <i64>floor((toMs - this.firstMs) * <f64>TICKS_PER_MS);
    let end: i64 = 0;
    let count = 0;
    for (; count < this.count; count++) {
      if (count > 0) end += gapTicksBefore(at, count);
      end += lengthAt(at, count);
      if (end > last) break;
    }
    return count;
  }

  /** How many of the first intervals begin before `fromMs`. */
  countBegunBefore(fromMs: f64): i32 {
    const at = changetype<usize>(this);
    const first = <i64>ceil((fromMs - this.firstMs) * <f64>TICKS_PER_MS);
    let start: i64 = 0;
    let count = 0;
    while (count < this.count && start < first) {
      start += lengthAt(at, count++);
      if (count < this.count) start += gapTicksBefore(at, count);
    }
    return count;
  }

  dropIntervals(dropCount: i32): void {
    const at = changetype<usize>(this);
    let ticks: i64 = 0;
    for (let i = 0; i < dropCount; i++) {
      ticks += lengthAt(at, i);
      if (i + 1 < this.count) ticks += gapTicksBefore(at, i + 1);
    }
    this.firstMs += <f64>ticks / <f64>TICKS_PER_MS;
    const kept = <usize>(this.count - dropCount);
    const dropped = <usize>dropCount;
    memory.copy(ticksOf(at), ticksOf(at) + (dropped << 2), kept << 2);
    memory.copy(gapsOf(at), gapsOf(at) + (dropped << 2), kept << 2);
    memory.copy(qualitiesOf(at), qualitiesOf(at) + dropped, kept);
  }

  dueTicks(): i64 {
    const at = changetype<usize>(this);
    let ticks: i64 = 0;
    for (let i = 0; i < this.dueCount; i++) ticks += lengthAt(at, i);
    return ticks;
  }

  dueSumMs(): f64 {
    return <f64>this.dueTicks() / <f64>TICKS_PER_MS;
  }

  /** Does a gap lie inside the due window? */
  dueHasGap(): bool {
    const ticks = ticksOf(changetype<usize>(this));
    for (let i = 0; i < this.dueCount; i++) {
      if (load<i32>(ticks + ((<usize>i) << 2)) < 0) return true;
    }
    return false;
  }

  /** Mean quality of the due intervals whose quality is known; -1 when none is. */
  dueQuality(): f64 {
    const qualities = qualitiesOf(changetype<usize>(this));
    let sum = 0;
    let known = 0;
    for (let i = 0; i < this.dueCount; i++) {
      const quality = load<u8>(qualities + <usize>i);
      if (quality === QUALITY_UNKNOWN) continue;
      sum += quality;
      known++;
    }
    return known === 0 ? -1 : <f64>sum / (<f64>known * <f64>QUALITY_STEPS);
  }
}
