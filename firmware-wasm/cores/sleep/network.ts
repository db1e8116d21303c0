// A model: small networks, each of one layer of rectified units beside a straight line from features to stages, and perhaps boosted trees
// (trees.ts), which then bring half of the probabilities. Weights and inputs are 8-bit, sums whole numbers: there is nothing a host could
// round its own way.
//
// A model in memory (generated/weights.gen.ts), n features:
//  | n, trees, members, 0: u8 | mean f32 x n | 1 / deviation f32 x n | decisions f32 x 9, live and morning | trees | members |
// A member:
//  | hidden: scale f32, bias f32 | x 8 | stages: scale f32, bias f32 | x 4 | i8: 8 rows of n | i8: 4 rows of n + 8 | to a multiple of 4 |

import { expOf } from '../../dsp/single';
import { FEATURES, WINDOW } from './state';
import { writeTreeLogits } from './trees';

export const STAGE_COUNT: i32 = 4;
const HIDDEN_COUNT: i32 = 8;
/** Features are cut at four deviations. */
const INPUT_SCALE: f32 = 127.0 / 4.0;
const DECISION_BYTES: usize = 36;
/** Live and morning. */
const MODE_COUNT: i32 = 2;
/** Below all numbers a feature can become. To a network it is the mean. */
const MISSING: i8 = -128;

/** Factors of wake, sleep; wake, NREM, REM; wake, light, deep, REM: the largest product is the stage. */
export function decisionsOf(model: usize, mode: i32): usize {
  return model + 4 + ((<usize>load<u8>(model)) << 3) + <usize>mode * DECISION_BYTES;
}

/** In the window of the instance, of which features.ts and sharp.ts need nothing more: hidden units, and the logits of the stages. */
const HIDDEN: usize = WINDOW;
const LOGITS: usize = WINDOW + <usize>HIDDEN_COUNT;

/** Adds `share` of the probabilities of the four stages to the four numbers at `into`. The features at `at + FEATURES` are spent. */
export function addProbabilities(at: usize, model: usize, share: f32, into: usize): void {
  const count: i32 = load<u8>(model);
  const memberCount: i32 = load<u8>(model, 2);
  const inputs = at + FEATURES;
  quantise(inputs, model + 4, count);
  const treeCount: i32 = load<u8>(model, 1);
  const treeShare: f32 = treeCount > 0 ? <f32>0.5 * share : 0;
  let place = writeTreeLogits(inputs, decisionsOf(model, MODE_COUNT), treeCount, at + LOGITS);
  if (treeCount > 0) addSoftmax(at + LOGITS, treeShare, into);
  forgetMissing(inputs, count);
  for (let i = 0; i < memberCount; i++) {
    place = writeMemberLogits(at, place, count);
    addSoftmax(at + LOGITS, (share - treeShare) / <f32>memberCount, into);
  }
}

/** A byte overtakes no feature that is still to be read: four of them fit where one was. Seven more are 0, for `productsOf`. */
function quantise(features: usize, means: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    const numbers = means + ((<usize>i) << 2);
    const away =
      (load<f32>(features + ((<usize>i) << 2)) - load<f32>(numbers)) * load<f32>(numbers + ((<usize>count) << 2));
    store<i8>(features + <usize>i, isNaN(away) ? MISSING : toByte(away));
  }
  for (let i = count; i < count + 7; i++) store<i8>(features + <usize>i, 0);
}

function forgetMissing(inputs: usize, count: i32): void {
  for (let i: usize = 0; i < <usize>count; i++) if (load<i8>(inputs + i) === MISSING) store<i8>(inputs + i, 0);
}

function toByte(value: f32): i8 {
  const scaled = value * INPUT_SCALE;
  if (scaled >= 127) return 127;
  if (scaled <= -127) return -127;
  return <i8>(<i32>(scaled + (scaled < 0 ? <f32>-0.5 : <f32>0.5)));
}

/** Returns where the member ends. */
function writeMemberLogits(at: usize, member: usize, count: i32): usize {
  const inputs = at + FEATURES;
  const stages = member + <usize>(HIDDEN_COUNT * 8);
  let row = stages + <usize>(STAGE_COUNT * 8);
  for (let i = 0; i < HIDDEN_COUNT; i++) {
    const value = lineOf(productsOf(inputs, row, count), member + ((<usize>i) << 3));
    store<i8>(at + HIDDEN + <usize>i, value > 0 ? toByte(value) : 0);
    row += <usize>count;
  }
  for (let i = 0; i < STAGE_COUNT; i++) {
    const sum = productsOf(inputs, row, count) + productsOf(at + HIDDEN, row + <usize>count, HIDDEN_COUNT);
    store<f32>(at + LOGITS + ((<usize>i) << 2), lineOf(sum, stages + ((<usize>i) << 3)));
    row += <usize>(count + HIDDEN_COUNT);
  }
  return (row + 3) & ~3;
}

/** Sum of products of signed bytes, eight a time: behind the inputs are zeros, so that what weights the last eight reach does not count. */
function productsOf(inputs: usize, weights: usize, count: i32): i32 {
  let sum = 0;
  for (let i: usize = 0; i < <usize>count; i += 8) {
    const eight = load<u64>(inputs + i);
    const by = load<u64>(weights + i);
    sum += productsOfFour(<u32>eight, <u32>by) + productsOfFour(<u32>(eight >> 32), <u32>(by >> 32));
  }
  return sum;
}

function productsOfFour(four: u32, by: u32): i32 {
  const low = <i32>(<i8>four) * <i32>(<i8>by) + <i32>(<i8>(four >> 8)) * <i32>(<i8>(by >> 8));
  return low + <i32>(<i8>(four >> 16)) * <i32>(<i8>(by >> 16)) + (<i32>four >> 24) * (<i32>by >> 24);
}

function lineOf(sum: i32, numbers: usize): f32 {
  return <f32>sum * load<f32>(numbers) + load<f32>(numbers, 4);
}

function addSoftmax(logits: usize, share: f32, into: usize): void {
  let largest = load<f32>(logits);
  for (let i: usize = 4; i < 16; i += 4) if (load<f32>(logits + i) > largest) largest = load<f32>(logits + i);
  let sum: f32 = 0;
  for (let i: usize = 0; i < 16; i += 4) {
    const value = expOf(load<f32>(logits + i) - largest);
    store<f32>(logits + i, value);
    sum += value;
  }
  const scale = share / sum;
  for (let i: usize = 0; i < 16; i += 4) store<f32>(into + i, load<f32>(into + i) + scale * load<f32>(logits + i));
}
