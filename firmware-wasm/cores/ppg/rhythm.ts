// How far pulses are apart, from the autocorrelation of the levelled slope: it needs no beats, so wrong beats cannot mislead it. From 30
// work samples a second on it takes the means of two of them: the slope holds little above 7 Hz, and the period comes from between lags.

import { addLagProducts, LAG_BLOCK, squaresOf } from '../../dsp/lag-products';
import { EVEN, EVEN_COUNT, LAG_COUNT, LAGS, placeIn, setTwice, stateAt } from './state';

/** 220 beats per minute and a little. */
const PERIOD_S_MIN: f32 = 0.26;
/** 35 beats per minute and a little. */
const PERIOD_S_MAX: f32 = 1.8;
/** Memory of the autocorrelation: five pulses at rest. */
const RHYTHM_S: f32 = 5;
/** A maximum this near to the highest at a shorter lag is the period; the highest is then a multiple of it. */
const MULTIPLE: f32 = 0.75;
/** The period is read this often. */
const TICK_S: f32 = 0.5;
/** Fewer values a second would not show a period of 0.26 s. */
const EVEN_HZ_MIN: f32 = 15;

export function designRhythm(at: usize): void {
  const state = stateAt(at);
  state.evenFactor = state.workHz >= 2 * EVEN_HZ_MIN ? 2 : 1;
  state.evenS = <f32>state.evenFactor * state.workS;
  state.lagFirst = <i32>floor(PERIOD_S_MIN / state.evenS);
  state.lagLast = <i32>ceil(PERIOD_S_MAX / state.evenS);
  state.lagGain = (<f32>LAG_BLOCK * state.evenS) / RHYTHM_S;
  state.tick = <i32>nearest(TICK_S / state.evenS);
}

export function clearRhythm(at: usize): void {
  const state = stateAt(at);
  memory.fill(at + LAGS, 0, <usize>(LAG_COUNT * 4));
  state.evenCount = 0;
  state.evenBefore = 0;
  state.power = 0;
  state.period = 0;
  state.periodicity = 0;
  state.tickAt = 0;
}

/** Takes the levelled slope of the last work sample. True when four values have become complete. */
export function rhythmStep(at: usize): bool {
  const state = stateAt(at);
  let value = state.even;
  if (state.evenFactor === 2) {
    const isSecond = state.clock & 1;
    const before = state.evenBefore;
    state.evenBefore = value;
    if (!isSecond) return false;
    value = 0.5 * (value + before);
  }
  setTwice(at + EVEN, state.evenCount, EVEN_COUNT, value);
  state.evenCount += 1;
  if (state.evenCount % LAG_BLOCK !== 0) return false;
  addBlock(at);
  return true;
}

/** Where the last four values lie: in the upper copy of the ring, so that what came before them lies right before them. */
export function lastBlock(at: usize): usize {
  return placeIn(at + EVEN, stateAt(at).evenCount - LAG_BLOCK, EVEN_COUNT) + ((<usize>EVEN_COUNT) << 2);
}

function addBlock(at: usize): void {
  const state = stateAt(at);
  const from = lastBlock(at);
  const keep: f32 = 1 - state.lagGain;
  const first = state.lagFirst - 1;
  state.power = keep * state.power + squaresOf(from);
  addLagProducts(from, first, lagAt(at, first), lagAt(at, state.lagLast + 1), keep);
  if (state.evenCount < state.tickAt) return;
  state.tickAt = state.evenCount + state.tick;
  readPeriod(at);
}

function lagAt(at: usize, lag: i32): usize {
  return at + LAGS + ((<usize>lag) << 2);
}

function isPeak(place: usize): bool {
  const r = load<f32>(place);
  return r > load<f32>(place - 4) && r >= load<f32>(place, 4);
}

/** From a peak to the top of the parabola through it and its neighbours, in lags. */
function shiftOf(place: usize): f32 {
  const a = load<f32>(place - 4);
  const c = load<f32>(place, 4);
  const bend = a - 2 * load<f32>(place) + c;
  return bend < 0 ? (0.5 * (a - c)) / bend : 0;
}

/** How high that top is. */
function heightOf(place: usize): f32 {
  return load<f32>(place) + 0.25 * (load<f32>(place, 4) - load<f32>(place - 4)) * shiftOf(place);
}

function readPeriod(at: usize): void {
  const state = stateAt(at);
  const first = lagAt(at, state.lagFirst);
  const last = lagAt(at, state.lagLast);
  let highest: f32 = 0;
  for (let place = first; place <= last; place += 4) {
    if (load<f32>(place) > 0 && isPeak(place)) highest = max(highest, heightOf(place));
  }
  state.periodicity = 0;
  if (highest <= 0 || state.power <= 0) return;
  const enough = MULTIPLE * highest;
  let place = first;
  while (!(load<f32>(place, 0) > 0.5 * enough && isPeak(place) && heightOf(place) >= enough)) place += 4;
  state.period = (<f32>((place - at - LAGS) >> 2) + shiftOf(place)) * state.evenS;
  state.periodicity = min<f32>(1, heightOf(place) / state.power);
}
