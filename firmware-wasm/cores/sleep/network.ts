// A model: small networks, each of one layer of rectified units beside a straight line from features to stages, and perhaps boosted trees
// (trees.ts), which then bring half of the probabilities. Weights and inputs are 8-bit, sums whole numbers: there is nothing a host could
// round its own way.
//
// A model in memory (generated/weights.gen.ts), n features:
//  | n, trees, members, 0: u8 | mean f32 x n | 1 / deviation f32 x n | decisions f32 x 9, live and morning | trees | members |
// A member:
//  | hidden: scale f32, bias f32 | x 8 | stages: scale f32, bias f32 | x 4 | i8: 8 rows of n | i8: 4 rows of n + 8 | to a multiple of 4 |

import { FEATURES } from './state';
import { writeTreeLogits } from './trees';

export const STAGE_COUNT: i32 = 4;
const HIDDEN_COUNT: i32 = 8;
/** Features are cut at four deviations. */
const INPUT_SCALE: f64 = 127.0 / 4.0;
const DECISION_BYTES: usize = 36;
/** Live and morning. */
const MODE_COUNT: i32 = 2;
/** Below all numbers a feature can become. To a network it is the mean. */
const MISSING: i8 = -128;

/** Factors of wake, sleep; wake, NREM, REM; wake, light, deep, REM: the largest product is the stage. */
export function decisionsOf(model: usize, mode: i32): usize {
  return model + 4 + ((<usize>load<u8>(model)) << 3) + <usize>mode * DECISION_BYTES;
}

/** Adds `share` of the probabilities of the four stages to the four numbers at `into`. The features at `at + FEATURES` are spent. */
export function addProbabilities(at: usize, model: usize, share: f64, into: usize): void {
  const count: i32 = load<u8>(model);
  const memberCount: i32 = load<u8>(model, 2);
  const inputs = at + FEATURES;
  const logits = (inputs + <usize>(count + HIDDEN_COUNT) + 7) & ~7;
  quantise(inputs, model + 4, count);
  const treeCount: i32 = load<u8>(model, 1);
  const treeShare = treeCount > 0 ? 0.5 * share : 0;
  let place = writeTreeLogits(inputs, decisionsOf(model, MODE_COUNT), treeCount, logits);
  addSoftmax(logits, treeShare, into);
  forgetMissing(inputs, count);
  for (let i = 0; i < memberCount; i++) {
    place = writeMemberLogits(inputs, place, count, logits);
    addSoftmax(logits, (share - treeShare) / <f64>memberCount, into);
  }
}

/** The bytes overtake no feature that is still to be read: eight of them fit where one was. */
function quantise(features: usize, means: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    const numbers = means + ((<usize>i) << 2);
    const away =
      (load<f64>(features + ((<usize>i) << 3)) - load<f32>(numbers)) * load<f32>(numbers + ((<usize>count) << 2));
    store<i8>(features + <usize>i, isNaN(away) ? MISSING : toByte(away));
  }
}

function forgetMissing(inputs: usize, count: i32): void {
  for (let i: usize = 0; i < <usize>count; i++) if (load<i8>(inputs + i) === MISSING) store<i8>(inputs + i, 0);
}

function toByte(value: f64): i8 {
  return <i8>nearest<f64>(max(-127.0, min(127.0, value * INPUT_SCALE)));
}

/** Hidden units stand behind the inputs. Returns where the member ends. */
function writeMemberLogits(inputs: usize, member: usize, count: i32, logits: usize): usize {
  const hidden = inputs + <usize>count;
  const stages = member + <usize>(HIDDEN_COUNT * 8);
  let row = stages + <usize>(STAGE_COUNT * 8);
  for (let i = 0; i < HIDDEN_COUNT; i++) {
    store<i8>(hidden + <usize>i, toByte(max(0.0, lineOf(inputs, row, count, member + ((<usize>i) << 3)))));
    row += <usize>count;
  }
  for (let i = 0; i < STAGE_COUNT; i++) {
    store<f64>(logits + ((<usize>i) << 3), lineOf(inputs, row, count + HIDDEN_COUNT, stages + ((<usize>i) << 3)));
    row += <usize>(count + HIDDEN_COUNT);
  }
  return (row + 3) & ~3;
}

function lineOf(inputs: usize, weights: usize, count: i32, numbers: usize): f64 {
  let sum = 0;
  for (let i: usize = 0; i < <usize>count; i++) sum += <i32>load<i8>(inputs + i) * <i32>load<i8>(weights + i);
  return <f64>sum * load<f32>(numbers) + load<f32>(numbers, 4);
}

function addSoftmax(logits: usize, share: f64, into: usize): void {
  const largest = max(max(load<f64>(logits), load<f64>(logits, 8)), max(load<f64>(logits, 16), load<f64>(logits, 24)));
  let sum: f64 = 0;
  for (let i: usize = 0; i < 32; i += 8) {
    const value = Math.exp(load<f64>(logits + i) - largest);
    store<f64>(logits + i, value);
    sum += value;
  }
  for (let i: usize = 0; i < 32; i += 8)
    store<f64>(into + i, load<f64>(into + i) + (share * load<f64>(logits + i)) / sum);
}
