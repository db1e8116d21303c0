// RR intervals in, windows of them out: any length, any step, in memory that is known beforehand. A core keeps one of these at the
// start of its instance, asks after every push whether a window is due, computes it and closes it.
//
// How the intervals are stored is the core's choice, S below: a class that extends IntervalWindow, wide-intervals.ts or tick-intervals.ts.
// An interval that comes after a gap is stored as a negative length: a length is never negative, so its sign is free to carry the flag.
// The clock starts with the first interval (behind the gap before it, if that has a length) and counts known gaps in.

import { Interval, intervalAt, intervalIsUsable } from '../abi/interval';
import { checkInstance, checkSpan, Ptr } from '../abi/memory';
import { BAD_ARGUMENT, NOT_INITIALISED, OK, Status, WRONG_STATE } from '../abi/status';

export const INTERVAL_COUNT_MIN: i32 = 2;
/** Over a month of beats; keeps an instance in the reach of 32-bit addresses. */
export const INTERVAL_COUNT_MAX: i32 = 4_000_000;
/** Ten seconds hold too few beats for any index; a week is more than anybody asks for. */
export const WINDOW_MS_MIN: f64 = 10_000;
export const WINDOW_MS_MAX: f64 = 604_800_000;
export const STEP_MS_MIN: f64 = 1_000;

/** Less of a window than this gives no values. */
export const COVERAGE_MIN: f64 = 0.5;

/** Stages: collecting intervals; a window is due and nothing is taken until it is closed; nothing follows any more. */
const COLLECTING: u32 = 0;
const DUE: u32 = 1;
const LAST_DUE: u32 = 2;
const ENDED: u32 = 3;

@unmanaged
export class IntervalWindow {
  mark: u32;
  countMax: i32;
  /** Stored intervals. */
  count: i32;
  stage: u32;
  /** 0: one window, of all there is. */
  windowMs: f64;
  stepMs: f64;
  /** Number of the next window; a whole number. */
  next: f64;
  /** End of the newest interval. */
  clockMs: f64;
  /** Intervals in the window that is due: the first ones stored. */
  dueCount: i32;
  reserved: u32;
  /** Intervals were dropped because more came in one window than fit. */
  overflow: u32;
  /** Were there any windows yet? */
  hadWindow: u32;
}

/**
 * What a window can span, s, for whoever needs memory by time. One of everything: two seconds an interval, and a week; if it spans more,
 * what needs the memory has no value.
 */
export function spanMaxS(countMax: i32, windowMs: f64): f64 {
  return windowMs > 0 ? windowMs / 1000 : min(2 * <f64>countMax, WINDOW_MS_MAX / 1000);
}

/** Are these the numbers of a window? `stepMs` means nothing where `windowMs` is 0. */
export function windowIsPossible(countMax: i32, windowMs: f64, stepMs: f64): bool {
  if (countMax < INTERVAL_COUNT_MIN || countMax > INTERVAL_COUNT_MAX) return false;
  if (windowMs === 0) return true;
  return windowMs >= WINDOW_MS_MIN && windowMs <= WINDOW_MS_MAX && stepMs >= STEP_MS_MIN && stepMs <= WINDOW_MS_MAX;
}

export function makeWindow(at: usize, mark: u32, countMax: i32, windowMs: f64, stepMs: f64): void {
  const window = changetype<IntervalWindow>(at);
  window.mark = mark;
  window.countMax = countMax;
  window.windowMs = windowMs;
  window.stepMs = stepMs;
}

/** Is there the head of a window at `at`? The instance's size stands in it, so it is checked first and then believed. */
export function checkWindow(at: usize, mark: u32): Status {
  const status = checkInstance(at, offsetof<IntervalWindow>(), mark);
  if (status !== OK) return status;
  const window = changetype<IntervalWindow>(at);
  if (!windowIsPossible(window.countMax, window.windowMs, window.stepMs)) return NOT_INITIALISED;
  if (window.count < 0 || window.count > window.countMax) return NOT_INITIALISED;
  return window.dueCount < 0 || window.dueCount > window.count ? NOT_INITIALISED : OK;
}

/** Forget all intervals. Every byte, so that an instance is a function of what was pushed and of nothing older. */
export function clearWindow<S extends IntervalWindow>(at: usize): void {
  const window = changetype<S>(at);
  window.clearIntervals();
  window.count = 0;
  window.stage = COLLECTING;
  window.next = 0;
  window.clockMs = 0;
  window.dueCount = 0;
  window.overflow = 0;
  window.hadWindow = 0;
}

/** Take what fits until a window is due. All are looked at before any is taken: a bad push leaves no trace. */
export function takeIntervals<S extends IntervalWindow>(at: usize, from: Ptr<Interval>, count: i32): i32 {
  const status = checkSpan<Interval>(from, count);
  if (status !== OK) return status;
  const window = changetype<IntervalWindow>(at);
  if (window.stage >= LAST_DUE) return WRONG_STATE;
  for (let i = 0; i < count; i++) {
    if (!intervalIsUsable(intervalAt(from, i))) return BAD_ARGUMENT;
  }
  let taken = 0;
  while (taken < count && window.stage === COLLECTING) {
    if (!takeInterval<S>(at, intervalAt(from, taken))) break;
    taken++;
  }
  return taken;
}

/** False when a window is due first, or when the only window is full. */
function takeInterval<S extends IntervalWindow>(at: usize, interval: Interval): bool {
  const window = changetype<S>(at);
  const gapMs = window.gapMsOf(interval);
  const rrMs = window.rrMsOf(interval);
  const endMs = window.clockMs + gapMs + rrMs;
  if (window.windowMs > 0) {
    if (endMs > toMsOf(window) && becomesDue<S>(at)) return false;
    skipEmptyWindows(window, endMs);
  }
  if (!window.holds(rrMs)) {
    window.skip(gapMs + rrMs);
  } else {
    if (window.count === window.countMax) {
      if (window.windowMs === 0) return false;
      // Several at once, so that a window that is too full costs no copy per interval.
      dropFirst<S>(at, 1 + window.countMax / 16);
      window.overflow = 1;
    }
    window.put(window.count, rrMs, gapMs, endMs, interval);
    window.count++;
  }
  window.clockMs = endMs;
  return true;
}

/** Set up the window that ends before the newest interval; false when it holds none, which gives no finding. */
function becomesDue<S extends IntervalWindow>(at: usize): bool {
  const window = changetype<S>(at);
  const toMs = toMsOf(window);
  forgetBefore<S>(at, toMs - window.windowMs);
  const due = window.countEndedBy(toMs);
  if (due === 0) return false;
  makeDue<S>(at, due);
  window.stage = DUE;
  return true;
}

/** A gap before the first interval of a window is none of the window's. */
function makeDue<S extends IntervalWindow>(at: usize, count: i32): void {
  const window = changetype<S>(at);
  window.dueCount = count;
  if (count > 0) window.clearFirstGap();
}

/** Go on to the first window that reaches `endMs`; the ones before it hold no interval. However long the gap, one step crosses it. */
function skipEmptyWindows(window: IntervalWindow, endMs: f64): void {
  if (endMs <= toMsOf(window)) return;
  window.next = max(window.next, ceil((endMs - window.windowMs) / window.stepMs));
  while (endMs > toMsOf(window)) window.next++;
}

/** Nothing follows: the last window becomes due, if there is one. */
export function endIntervals<S extends IntervalWindow>(at: usize): void {
  const window = changetype<IntervalWindow>(at);
  if (window.stage !== COLLECTING) return;
  window.stage = ENDED;
  const isPartial = window.hadWindow === 0;
  if (window.windowMs > 0) {
    if (!isPartial && window.clockMs < toMsOf(window)) return;
    if (!becomesDue<S>(at)) return;
  } else {
    makeDue<S>(at, window.count);
  }
  window.stage = LAST_DUE;
}

export function windowIsDue(at: usize): bool {
  const stage = changetype<IntervalWindow>(at).stage;
  return stage === DUE || stage === LAST_DUE;
}

/** The window that was due has been collected. */
export function closeWindow<S extends IntervalWindow>(at: usize): void {
  const window = changetype<S>(at);
  window.stage = window.stage === DUE ? COLLECTING : ENDED;
  window.dueCount = 0;
  window.hadWindow = 1;
  window.overflow = 0;
  window.next++;
  if (window.windowMs > 0) forgetBefore<S>(at, toMsOf(window) - window.windowMs);
}

/** Drop intervals that begin before `fromMs`: no window will ask for them. */
function forgetBefore<S extends IntervalWindow>(at: usize, fromMs: f64): void {
  const old = changetype<S>(at).countBegunBefore(fromMs);
  if (old > 0) dropFirst<S>(at, old);
}

function dropFirst<S extends IntervalWindow>(at: usize, dropCount: i32): void {
  const window = changetype<S>(at);
  window.dropIntervals(dropCount);
  window.count -= dropCount;
}

function toMsOf(window: IntervalWindow): f64 {
  return window.windowMs + window.next * window.stepMs;
}

/** Where the due window begins: for the only window with its first interval. */
export function dueFromMs<S extends IntervalWindow>(at: usize): f64 {
  const window = changetype<S>(at);
  if (window.windowMs > 0) return toMsOf(window) - window.windowMs;
  return window.dueCount > 0 ? window.firstFromMs() : 0;
}

export function dueToMs(at: usize): f64 {
  const window = changetype<IntervalWindow>(at);
  return window.windowMs > 0 ? toMsOf(window) : window.clockMs;
}

/** Share 0..1 of the due window that its intervals cover. */
export function dueCoverage<S extends IntervalWindow>(at: usize): f64 {
  const lengthMs = dueToMs(at) - dueFromMs<S>(at);
  return lengthMs > 0 ? min(1, changetype<S>(at).dueSumMs() / lengthMs) : 0;
}
