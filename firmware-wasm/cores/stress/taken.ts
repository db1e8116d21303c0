// The intervals of the last five minutes, four bytes each:
//
//  0       21      23        32
//  | length | state | second |
//
// Length in ticks of 2^-20 s (just under 1 us, two seconds at most), what it is good for, and the second in which it had ended, modulo 512.

import { TICKS_PER_S } from '../../dsp/ticks';
import { INTERVAL_COUNT, INTERVALS, stateAt } from './state';

/** States, each of them good for what the one before is, too; but an artefact for nothing. */
export const TAKEN_DOUBTED: u32 = 0;
export const TAKEN_ARTEFACT: u32 = 1;
/** Good enough for an index. */
export const TAKEN_GOOD: u32 = 2;
/** The interval before it in memory is the one before it in time, and is good too. */
export const TAKEN_JOINED: u32 = 3;

/** How far back the indices look. */
export const INDEX_S: i32 = 300;
const STATE_SHIFT: u32 = 21;
const SECOND_SHIFT: u32 = 23;
const LENGTH_MAX: u32 = (1 << STATE_SHIFT) - 1;
const SECOND_MASK: u32 = 0x1ff;
export const MS_PER_TICK: f64 = 1000.0 / <f64>TICKS_PER_S;

/** An interval; 0 is the oldest. */
export function takenAt(at: usize, index: i32): u32 {
  const place = stateAt(at).intervalFirst + index;
  return load<u32>(at + INTERVALS + ((<usize>(place < INTERVAL_COUNT ? place : place - INTERVAL_COUNT)) << 2));
}

export function lengthOf(taken: u32): i32 {
  return taken & LENGTH_MAX;
}

export function stateOf(taken: u32): u32 {
  return (taken >> STATE_SHIFT) & 3;
}

/** To the nearest tick. */
export function ticksOfMs(rrMs: f32): i32 {
  return <i32>(rrMs * <f32>(<f64>TICKS_PER_S / 1000) + 0.5);
}

/** Keeps an interval that ended at `endTicks`; when there is no room the oldest is forgotten. */
export function keep(at: usize, endTicks: i64, ticks: i32, kind: u32): void {
  const state = stateAt(at);
  if (state.intervalCount === INTERVAL_COUNT) forgetOldest(at);
  const place = state.intervalFirst + state.intervalCount;
  const second = <u32>((endTicks + TICKS_PER_S - 1) / TICKS_PER_S) & SECOND_MASK;
  store<u32>(
    at + INTERVALS + ((<usize>(place < INTERVAL_COUNT ? place : place - INTERVAL_COUNT)) << 2),
    min(<u32>ticks, LENGTH_MAX) | (kind << STATE_SHIFT) | (second << SECOND_SHIFT),
  );
  state.intervalCount += 1;
}

/** Forgets the intervals that ended five minutes before `endS` or earlier. Whoever asks every half minute never sees 512 s pass. */
export function forgetBefore(at: usize, endS: i32): void {
  while (stateAt(at).intervalCount > 0 && ageAt(at, endS) >= INDEX_S) forgetOldest(at);
}

function ageAt(at: usize, endS: i32): i32 {
  return (endS - <i32>(takenAt(at, 0) >> SECOND_SHIFT)) & SECOND_MASK;
}

function forgetOldest(at: usize): void {
  const state = stateAt(at);
  state.intervalFirst = state.intervalFirst + 1 < INTERVAL_COUNT ? state.intervalFirst + 1 : 0;
  state.intervalCount -= 1;
}
