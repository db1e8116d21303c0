// RR intervals in, windows of them out: any length, any step, in memory that is known beforehand. A core keeps one of these at the
// start of its instance, asks after every push whether a window is due, computes it and closes it.
//
//  0                 64                                                                                 64 + 24 * countMax
//  | IntervalWindow | rrMs: f64 x countMax | endMs: f64 x countMax | quality: f32 x countMax, padded |
//
// An interval that comes after a gap is stored as -rrMs: a length is never negative, so its sign is free to carry the flag. The clock
// starts with the first interval (behind the gap before it, if that has a length) and counts known gaps in.

import { FLAG_AFTER_GAP, Interval, intervalAt, intervalIsUsable } from '../abi/interval';
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

/** Bytes of a window of `countMax` intervals, a multiple of 8. */
export function intervalWindowBytes(countMax: i32): usize {
  return offsetof<IntervalWindow>() + <usize>countMax * 24;
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

/** Is there a whole window at `at`? Its size stands in its own header, so the header is checked first and then believed. */
export function checkWindow(at: usize, mark: u32): Status {
  const status = checkInstance(at, offsetof<IntervalWindow>(), mark);
  if (status !== OK) return status;
  const window = changetype<IntervalWindow>(at);
  if (!windowIsPossible(window.countMax, window.windowMs, window.stepMs)) return NOT_INITIALISED;
  if (window.count < 0 || window.count > window.countMax) return NOT_INITIALISED;
  if (window.dueCount < 0 || window.dueCount > window.count) return NOT_INITIALISED;
  return checkInstance(at, intervalWindowBytes(window.countMax), mark);
}

/** Forget all intervals. Every byte, so that an instance is a function of what was pushed and of nothing older. */
export function clearWindow(at: usize): void {
  const window = changetype<IntervalWindow>(at);
  memory.fill(at + intervalsOffset, 0, intervalWindowBytes(window.countMax) - intervalsOffset);
  window.count = 0;
  window.stage = COLLECTING;
  window.next = 0;
  window.clockMs = 0;
  window.dueCount = 0;
  window.overflow = 0;
  window.hadWindow = 0;
}

const intervalsOffset: usize = offsetof<IntervalWindow>();

/** Take what fits until a window is due. All are looked at before any is taken: a bad push leaves no trace. */
export function takeIntervals(at: usize, from: Ptr<Interval>, count: i32): i32 {
  const status = checkSpan<Interval>(from, count);
  if (status !== OK) return status;
  const window = changetype<IntervalWindow>(at);
  if (window.stage >= LAST_DUE) return WRONG_STATE;
  for (let i = 0; i < count; i++) {
    if (!intervalIsUsable(intervalAt(from, i))) return BAD_ARGUMENT;
  }
  let taken = 0;
  while (taken < count && window.stage === COLLECTING) {
    if (!takeInterval(at, intervalAt(from, taken))) break;
    taken++;
  }
  return taken;
}

/** False when a window is due first, or when the only window is full. */
function takeInterval(at: usize, interval: Interval): bool {
  const window = changetype<IntervalWindow>(at);
  const endMs = window.clockMs + interval.gapMs + interval.rrMs;
  if (window.windowMs > 0) {
    if (endMs > toMsOf(window) && becomesDue(at)) return false;
    skipEmptyWindows(window, endMs);
  }
  if (window.count === window.countMax) {
    if (window.windowMs === 0) return false;
    // Several at once, so that a window that is too full costs no copy per interval.
    dropFirst(at, 1 + window.countMax / 16);
    window.overflow = 1;
  }
  const index = <usize>window.count;
  window.count++;
  const isAfterGap = (interval.flags & FLAG_AFTER_GAP) !== 0;
  store<f64>(rrsOf(at) + (index << 3), isAfterGap ? -interval.rrMs : interval.rrMs);
  store<f64>(endsOf(at) + (index << 3), endMs);
  store<f32>(qualitiesOf(at) + (index << 2), interval.quality);
  window.clockMs = endMs;
  return true;
}

/** Set up the window that ends before the newest interval; false when it holds none, which gives no finding. */
function becomesDue(at: usize): bool {
  const window = changetype<IntervalWindow>(at);
  const toMs = toMsOf(window);
  forgetBefore(at, toMs - window.windowMs);
  let due = 0;
  while (due < window.count && load<f64>(endsOf(at) + ((<usize>due) << 3)) <= toMs) due++;
  if (due === 0) return false;
  makeDue(at, due);
  window.stage = DUE;
  return true;
}

/** A gap before the first interval of a window is none of the window's. */
function makeDue(at: usize, count: i32): void {
  changetype<IntervalWindow>(at).dueCount = count;
  if (count > 0) store<f64>(rrsOf(at), abs(load<f64>(rrsOf(at))));
}

/** Go on to the first window that reaches `endMs`; the ones before it hold no interval. However long the gap, one step crosses it. */
function skipEmptyWindows(window: IntervalWindow, endMs: f64): void {
  if (endMs <= toMsOf(window)) return;
  window.next = max(window.next, ceil((endMs - window.windowMs) / window.stepMs));
  while (endMs > toMsOf(window)) window.next++;
}

/** Nothing follows: the last window becomes due, if there is one. */
export function endIntervals(at: usize): void {
  const window = changetype<IntervalWindow>(at);
  if (window.stage !== COLLECTING) return;
  window.stage = ENDED;
  const isPartial = window.hadWindow === 0;
  if (window.windowMs > 0) {
    if (!isPartial && window.clockMs < toMsOf(window)) return;
    if (!becomesDue(at)) return;
  } else {
    makeDue(at, window.count);
  }
  window.stage = LAST_DUE;
}

export function windowIsDue(at: usize): bool {
  const stage = changetype<IntervalWindow>(at).stage;
  return stage === DUE || stage === LAST_DUE;
}

/** The window that was due has been collected. */
export function closeWindow(at: usize): void {
  const window = changetype<IntervalWindow>(at);
  window.stage = window.stage === DUE ? COLLECTING : ENDED;
  window.dueCount = 0;
  window.hadWindow = 1;
  window.overflow = 0;
  window.next++;
  if (window.windowMs > 0) forgetBefore(at, toMsOf(window) - window.windowMs);
}

/** Drop intervals that begin before `fromMs`: no window will ask for them. */
function forgetBefore(at: usize, fromMs: f64): void {
  const count = changetype<IntervalWindow>(at).count;
  let old = 0;
  while (old < count && startMsOf(at, old) < fromMs) old++;
  if (old > 0) dropFirst(at, old);
}

function dropFirst(at: usize, dropCount: i32): void {
  const window = changetype<IntervalWindow>(at);
  const kept = <usize>(window.count - dropCount);
  const dropped = <usize>dropCount;
  memory.copy(rrsOf(at), rrsOf(at) + (dropped << 3), kept << 3);
  memory.copy(endsOf(at), endsOf(at) + (dropped << 3), kept << 3);
  memory.copy(qualitiesOf(at), qualitiesOf(at) + (dropped << 2), kept << 2);
  window.count -= dropCount;
}

function toMsOf(window: IntervalWindow): f64 {
  return window.windowMs + window.next * window.stepMs;
}

/** Address of the signed intervals. */
export function rrsOf(at: usize): usize {
  return at + intervalsOffset;
}

/** Address of the ends of the intervals, ms. */
export function endsOf(at: usize): usize {
  return rrsOf(at) + ((<usize>changetype<IntervalWindow>(at).countMax) << 3);
}

function qualitiesOf(at: usize): usize {
  return endsOf(at) + ((<usize>changetype<IntervalWindow>(at).countMax) << 3);
}

function startMsOf(at: usize, index: i32): f64 {
  const offset = (<usize>index) << 3;
  return load<f64>(endsOf(at) + offset) - abs(load<f64>(rrsOf(at) + offset));
}

/** Where the due window begins: for the only window with its first interval. */
export function dueFromMs(at: usize): f64 {
  const window = changetype<IntervalWindow>(at);
  if (window.windowMs > 0) return toMsOf(window) - window.windowMs;
  return window.dueCount > 0 ? startMsOf(at, 0) : 0;
}

export function dueToMs(at: usize): f64 {
  const window = changetype<IntervalWindow>(at);
  return window.windowMs > 0 ? toMsOf(window) : window.clockMs;
}

/** Share 0..1 of the due window that its intervals cover. */
export function dueCoverage(at: usize): f64 {
  const window = changetype<IntervalWindow>(at);
  const lengthMs = dueToMs(at) - dueFromMs(at);
  if (!(lengthMs > 0)) return 0;
  let sumMs: f64 = 0;
  for (let i = 0; i < window.dueCount; i++) sumMs += abs(load<f64>(rrsOf(at) + ((<usize>i) << 3)));
  return min(1, sumMs / lengthMs);
}

/** Mean quality of the due intervals whose quality is known; -1 when none is. */
export function dueQuality(at: usize): f64 {
  const window = changetype<IntervalWindow>(at);
  let sum: f64 = 0;
  let known = 0;
  for (let i = 0; i < window.dueCount; i++) {
    const quality = load<f32>(qualitiesOf(at) + ((<usize>i) << 2));
    if (isNaN(quality)) continue;
    sum += quality;
    known++;
  }
  return known === 0 ? -1 : sum / <f64>known;
}
