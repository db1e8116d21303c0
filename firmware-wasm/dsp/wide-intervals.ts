// The intervals of a window as they came, for cores that compute in f64:
//
//  0                64                                                                                 64 + 24 * countMax
//  | IntervalWindow | rrMs: f64 x countMax | endMs: f64 x countMax | quality: f32 x countMax, padded |

import { FLAG_AFTER_GAP, Interval } from '../abi/interval';
import { IntervalWindow } from './interval-window';

const HEAD_BYTES: usize = offsetof<IntervalWindow>();

/** Bytes of a window of `countMax` intervals, a multiple of 8. */
export function wideWindowBytes(countMax: i32): usize {
  return HEAD_BYTES + <usize>countMax * 24;
}

/** Address of the signed intervals, ms. */
export function rrsOf(at: usize): usize {
  return at + HEAD_BYTES;
}

/** Address of the ends of the intervals, ms. */
export function endsOf(at: usize): usize {
  return rrsOf(at) + ((<usize>changetype<IntervalWindow>(at).countMax) << 3);
}

function qualitiesOf(at: usize): usize {
  return endsOf(at) + ((<usize>changetype<IntervalWindow>(at).countMax) << 3);
}

function fromMsOf(at: usize, index: i32): f64 {
  const offset = (<usize>index) << 3;
  return load<f64>(endsOf(at) + offset) - abs(load<f64>(rrsOf(at) + offset));
}

@unmanaged
export class WideIntervals extends IntervalWindow {
  rrMsOf(interval: Interval): f64 {
    return interval.rrMs;
  }

  gapMsOf(interval: Interval): f64 {
    return interval.gapMs;
  }

  holds(_rrMs: f64): bool {
    return true;
  }

  skip(_ms: f64): void {}

  put(index: i32, rrMs: f64, _gapMs: f64, endMs: f64, interval: Interval): void {
    const at = changetype<usize>(this);
    const isAfterGap = (interval.flags & FLAG_AFTER_GAP) !== 0;
    store<f64>(rrsOf(at) + ((<usize>index) << 3), isAfterGap ? -rrMs : rrMs);
    store<f64>(endsOf(at) + ((<usize>index) << 3), endMs);
    store<f32>(qualitiesOf(at) + ((<usize>index) << 2), interval.quality);
  }

  clearIntervals(): void {
    const at = changetype<usize>(this);
    memory.fill(rrsOf(at), 0, wideWindowBytes(this.countMax) - HEAD_BYTES);
  }

  /** The first interval follows no gap. */
  clearFirstGap(): void {
    const first = rrsOf(changetype<usize>(this));
    store<f64>(first, abs(load<f64>(first)));
  }

  firstFromMs(): f64 {
    return fromMsOf(changetype<usize>(this), 0);
  }

  /** How many of the first intervals end at `toMs` at the latest. */
  countEndedBy(toMs: f64): i32 {
    const ends = endsOf(changetype<usize>(this));
    let count = 0;
    while (count < this.count && load<f64>(ends + ((<usize>count) << 3)) <= toMs) count++;
    return count;
  }

  /** How many of the first intervals begin before `fromMs`. */
  countBegunBefore(fromMs: f64): i32 {
    const at = changetype<usize>(this);
    let count = 0;
    while (count < this.count && fromMsOf(at, count) < fromMs) count++;
    return count;
  }

  dropIntervals(dropCount: i32): void {
    const at = changetype<usize>(this);
    const kept = <usize>(this.count - dropCount);
    const dropped = <usize>dropCount;
    memory.copy(rrsOf(at), rrsOf(at) + (dropped << 3), kept << 3);
    memory.copy(endsOf(at), endsOf(at) + (dropped << 3), kept << 3);
    memory.copy(qualitiesOf(at), qualitiesOf(at) + (dropped << 2), kept << 2);
  }

  dueSumMs(): f64 {
    const rrs = rrsOf(changetype<usize>(this));
    let sumMs: f64 = 0;
    for (let i = 0; i < this.dueCount; i++) sumMs += abs(load<f64>(rrs + ((<usize>i) << 3)));
    return sumMs;
  }

  /** Does a gap lie inside the due window? */
  dueHasGap(): bool {
    const rrs = rrsOf(changetype<usize>(this));
    for (let i = 0; i < this.dueCount; i++) {
      if (load<f64>(rrs + ((<usize>i) << 3)) < 0) return true;
    }
    return false;
  }

  /** Mean quality of the due intervals whose quality is known; -1 when none is. */
  dueQuality(): f64 {
    const qualities = qualitiesOf(changetype<usize>(this));
    let sum: f64 = 0;
    let known = 0;
    for (let i = 0; i < this.dueCount; i++) {
      const quality = load<f32>(qualities + ((<usize>i) << 2));
      if (isNaN(quality)) continue;
      sum += quality;
      known++;
    }
    return known === 0 ? -1 : sum / <f64>known;
  }
}
