// What every finding over a window of intervals says of its window, in the same place: behind the words of valid bits, before the values.

import { COVERAGE_MIN, dueCoverage, dueFromMs, dueToMs, IntervalWindow } from './interval-window';

/** Flags that all such findings share; each layout says them again for its hosts. */
export const WINDOW_THIN: u16 = 1;
export const WINDOW_GAP: u16 = 2;
export const WINDOW_OVERFLOW: u16 = 4;

@unmanaged
export class WindowHead {
  fromMs: f64;
  toMs: f64;
  coverage: f32;
  quality: f32;
  count: u32;
  kind: u16;
  flags: u16;
}

/** Fill in the head at `head` for the window that is due; answers whether there is enough of it for values. */
export function describeDue<S extends IntervalWindow>(at: usize, head: usize, kind: u16): bool {
  const window = changetype<S>(at);
  const finding = changetype<WindowHead>(head);
  const coverage = dueCoverage<S>(at);
  finding.fromMs = dueFromMs<S>(at);
  finding.toMs = dueToMs(at);
  finding.coverage = <f32>coverage;
  finding.quality = <f32>window.dueQuality();
  finding.count = <u32>window.dueCount;
  finding.kind = kind;
  let flags: u16 = coverage < COVERAGE_MIN ? WINDOW_THIN : 0;
  if (window.overflow) flags |= WINDOW_OVERFLOW;
  if (window.dueHasGap()) flags |= WINDOW_GAP;
  finding.flags = flags;
  return (flags & WINDOW_THIN) === 0;
}
