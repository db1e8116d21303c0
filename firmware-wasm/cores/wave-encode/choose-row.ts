// Which row of weights a channel of the block gets. Every fifth sample tries one row, in turn, and the scores of earlier blocks count on,
// so that the work for each sample is small. Five, because the turn must not keep step with the mains.

import { MISSING_SAMPLE } from '../../dsp/wave/format';
import { ROW_COUNT, rowAt, TAP_COUNT } from '../../dsp/wave/tables';
import { planAt, samplesAt, scoresAt, stateAt } from './state';

const TRIAL_FRAMES: i32 = 5;
/** Samples before a trial: 16 differences, rounded up to a trial. */
const FIRST_FRAME: i32 = 20;
/** Each block takes a 64th from the scores. */
const FORGET_SHIFT: i32 = 6;

export function chooseRow(at: usize, channel: i32): void {
  const scores = scoresAt(at, channel);
  judgeRows(at, channel, scores);
  let best = 0;
  let lowest = i32.MAX_VALUE;
  for (let row = 0; row < ROW_COUNT; row++) {
    const score = load<i32>(scores + ((<usize>row) << 2));
    if (score < lowest) {
      lowest = score;
      best = row;
    }
    store<i32>(scores + ((<usize>row) << 2), score - (score >> FORGET_SHIFT));
  }
  planAt(at, channel).row = best;
}

/** Adds to the score of the row whose turn it is, trial by trial. */
function judgeRows(at: usize, channel: i32, scores: usize): void {
  const state = stateAt(at);
  const plan = planAt(at, channel);
  const frameBytes = 2 * state.channelCount;
  const end = samplesAt(at) + <usize>(2 * state.sampleCount);
  let sample = samplesAt(at) + <usize>(2 * channel + FIRST_FRAME * frameBytes);
  for (; sample < end; sample += <usize>(TRIAL_FRAMES * frameBytes)) {
    const miss = missOfRow(plan.turn, sample, frameBytes);
    if (miss < 0) continue;
    const score = scores + ((<usize>plan.turn) << 2);
    store<i32>(score, load<i32>(score) + bitsOf(miss));
    plan.turn = (plan.turn + 1) & (ROW_COUNT - 1);
  }
}

/** How far the sample lies from what `row` expects of the 17 before it, 1/16; -1 where one is missing. */
function missOfRow(row: i32, newest: usize, frameBytes: i32): i32 {
  const step = <usize>frameBytes;
  const sample = <i32>load<i16>(newest);
  let from = newest - step;
  let later = <i32>load<i16>(from);
  if (sample === MISSING_SAMPLE || later === MISSING_SAMPLE) return -1;
  const rise = sample - later;
  let weight = rowAt(row);
  let sum = 0;
  for (let i = 0; i < TAP_COUNT; i++) {
    from -= step;
    const earlier = <i32>load<i16>(from);
    if (earlier === MISSING_SAMPLE) return -1;
    sum += <i32>load<i16>(weight) * (later - earlier);
    later = earlier;
    weight += 2;
  }
  return abs((rise << 4) - (sum >> 9));
}

/** About 8 log2 of `miss` and a floor: what an error costs, so that few large ones do not decide. */
function bitsOf(miss: i32): i32 {
  const value = <u32>miss + 4;
  const exponent = 31 - <i32>clz(value);
  return (exponent << 3) + <i32>(((value << 3) >>> exponent) & 7);
}
