// What is done with an interval once it is decided: the findings, the past, and what is learned from it.

import {
  ACTION_EXCLUDED,
  ACTION_INSERTED,
  ACTION_KEPT,
  ACTION_MERGED,
  ACTION_MOVED,
  ACTION_SPLIT,
  ACTION_WITHHELD,
  ARTEFACT_ECTOPIC,
  ARTEFACT_EXTRA,
  ARTEFACT_MISSED,
  ARTEFACT_NORMAL,
  FLAG_AFTER_GAP,
  KIND_INTERVAL,
  KIND_PAUSE,
  RHYTHM_IRREGULAR,
} from './layout';
import { enqueue } from './queue';
import { watchRate } from './rate';
import { watchRhythm } from './rhythm';
import { learnDev, learnDiff } from './spread';
import { isDoubted, PAST, PAST_COUNT, PENDING, Pending, pastAt, pendingAt, stateAt } from './state';

/** Correction is withheld if the rhythm is irregular and more than one interval in eight fits nothing; NOTES.md. */
const ODD_SHARE_MIN: f32 = 0.125;
/** Intervals over which that share is taken. */
const ODD_SHARE_COUNT: f32 = 32;

/** An interval like those around, `away` from their median. */
export function keep(at: usize, away: f32): void {
  const state = stateAt(at);
  const interval = pendingAt(at, 0);
  learn(at, interval, away);
  state.oddCount = 0;
  give(at, interval, interval.rrMs, ARTEFACT_NORMAL, ACTION_KEPT);
  remember(at, interval.lengthMs, true);
  drop(at, 1);
}

/** The beats between the first `count` go where the intervals on both sides lead to. */
export function move(at: usize, count: i32, jump: f32): void {
  if (withhold(at, count, ARTEFACT_ECTOPIC)) return;
  const state = stateAt(at);
  let left: f64 = 0;
  for (let i = 0; i < count; i++) left += pendingAt(at, i).rrMs;
  const mean = left / <f64>count;
  const step = state.pendingCount > count ? slope(at, pendingAt(at, count).lengthMs, count + 1, jump) : 0;
  state.oddCount = 0;
  for (let i = 0; i < count; i++) {
    const part = i === count - 1 ? left : mean + step * (<f64>i - <f64>(count - 1) / 2);
    left -= part;
    give(at, pendingAt(at, i), part, ARTEFACT_ECTOPIC, ACTION_MOVED);
    remember(at, <f32>part, false);
  }
  drop(at, count);
}

/** The beat between the first two is taken away. */
export function merge(at: usize): void {
  if (withhold(at, 2, ARTEFACT_EXTRA)) return;
  const first = pendingAt(at, 0);
  const second = pendingAt(at, 1);
  const both = first.rrMs + second.rrMs;
  stateAt(at).oddCount += 1;
  give(at, first, 0, ARTEFACT_EXTRA, ACTION_MERGED);
  give(at, second, both, ARTEFACT_EXTRA, ACTION_MERGED);
  remember(at, <f32>both, false);
  drop(at, 2);
}

/** Beats are put into the first, so that its parts lead from the interval before to the one after. */
export function split(at: usize, parts: i32, jump: f32): void {
  if (withhold(at, 1, ARTEFACT_MISSED)) return;
  const interval = pendingAt(at, 0);
  const step = stateAt(at).pendingCount > 1 ? slope(at, pendingAt(at, 1).lengthMs, parts + 1, jump) : 0;
  let left = interval.rrMs;
  stateAt(at).oddCount += 1;
  for (let i = 0; i < parts; i++) {
    const part = i === parts - 1 ? left : interval.rrMs / <f64>parts + step * (<f64>i - <f64>(parts - 1) / 2);
    left -= part;
    const original = interval.rrMs;
    if (i > 0) interval.rrMs = 0;
    give(at, interval, part, ARTEFACT_MISSED, i === 0 ? ACTION_SPLIT : ACTION_INSERTED);
    interval.rrMs = original;
    remember(at, <f32>part, false);
  }
  drop(at, 1);
}

/** No other place for a beat explains the first `count`: they keep their time and are no intervals between sinus beats. */
export function exclude(at: usize, count: i32, artefact: u8, away: f32): void {
  const state = stateAt(at);
  if (withhold(at, count, artefact)) return;
  if (count === 1) learn(at, pendingAt(at, 0), away);
  state.oddCount += 1;
  for (let i = 0; i < count; i++) {
    give(at, pendingAt(at, i), pendingAt(at, i).rrMs, artefact, ACTION_EXCLUDED);
    state.afterGap = 1;
  }
  state.pastIsOriginal = 0;
  drop(at, count);
}

/**
 * In atrial fibrillation every interval is as long as it is. A strong respiratory rhythm with a few artefacts can look as irregular,
 * but there most intervals fit.
 */
function withhold(at: usize, count: i32, artefact: u8): bool {
  const state = stateAt(at);
  if (state.rhythm !== RHYTHM_IRREGULAR || state.oddShare < ODD_SHARE_MIN) return false;
  for (let i = 0; i < count; i++) {
    const interval = pendingAt(at, i);
    learn(at, interval, interval.lengthMs - pastAt(at, 0));
    give(at, interval, interval.rrMs, artefact, ACTION_WITHHELD);
    remember(at, interval.lengthMs, true);
  }
  drop(at, count);
  return true;
}

/** The step from part to part that leads from the last interval to `nextMs` in `count` steps; 0 where one of them is odd. */
function slope(at: usize, nextMs: f32, count: i32, jump: f32): f32 {
  if (stateAt(at).pastCount === 0) return 0;
  const rise = nextMs - pastAt(at, 0);
  return abs(rise) < 2 * jump ? rise / <f32>count : 0;
}

function learn(at: usize, interval: Pending, away: f32): void {
  const state = stateAt(at);
  if (isDoubted(interval) || state.pastCount === 0) return;
  if (state.pastIsOriginal) learnDiff(at, abs(interval.lengthMs - pastAt(at, 0)));
  // Lipponen & Tarvainen 2019: a short interval cannot be as far from the median as a long one, so it counts twice.
  learnDev(at, away < 0 ? -2 * away : away);
}

function give(at: usize, interval: Pending, correctedMs: f64, artefact: u8, action: u8): void {
  const state = stateAt(at);
  const finding = enqueue(at, KIND_INTERVAL, interval.index, interval.timeS);
  finding.rrMs = interval.rrMs;
  finding.correctedMs = correctedMs;
  finding.value = interval.quality;
  finding.artefact = artefact;
  finding.action = action;
  if (correctedMs > 0) {
    finding.flags = state.afterGap ? <u16>FLAG_AFTER_GAP : 0;
    state.afterGap = 0;
  }
  if (interval.rrMs > state.pauseMs) {
    const pause = enqueue(at, KIND_PAUSE, interval.index, interval.timeS);
    pause.rrMs = interval.rrMs;
    pause.value = <f32>(interval.rrMs / 1000);
    pause.artefact = artefact;
    pause.action = action;
  }
  if (interval.rrMs > 0) {
    state.oddShare += (<f32>i32(artefact !== ARTEFACT_NORMAL) - state.oddShare) / ODD_SHARE_COUNT;
    watchRhythm(at, interval);
  }
  if (correctedMs > 0 && action !== ACTION_EXCLUDED) watchRate(at, interval, correctedMs);
}

function remember(at: usize, lengthMs: f32, isOriginal: bool): void {
  const state = stateAt(at);
  memory.copy(at + PAST + 4, at + PAST, (PAST_COUNT - 1) * 4);
  store<f32>(at + PAST, lengthMs);
  state.pastCount = min(state.pastCount + 1, PAST_COUNT);
  state.pastIsOriginal = isOriginal ? 1 : 0;
}

function drop(at: usize, count: i32): void {
  const state = stateAt(at);
  state.pendingCount -= count;
  const bytes = <usize>state.pendingCount * offsetof<Pending>();
  memory.copy(at + PENDING, at + PENDING + <usize>count * offsetof<Pending>(), bytes);
}
