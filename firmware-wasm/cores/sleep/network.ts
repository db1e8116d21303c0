// Small networks, each of one layer of rectified units beside a straight line from features to stages; their probabilities are
// averaged. Weights and inputs are 8-bit, sums whole numbers: there is nothing a host could round its own way.
//
// A model in memory (generated/weights.gen.ts), n features:
//  | count n, 3 reserved: u8 | mean f32 x n | 1 / deviation f32 x n | decisions f32 x 9 | members |
// A member:
//  | hidden: scale f32, bias f32 | x 10 | stages: scale f32, bias f32 | x 4 | i8: 10 rows of n | i8: 4 rows of n + 10 | to a multiple of 4 |

import { FEATURES } from './state';

export const STAGE_COUNT: i32 = 4;
const HIDDEN_COUNT: i32 = 10;
const MEMBER_COUNT: i32 = 4;
/** Features are cut at four deviations. */
const INPUT_SCALE: f64 = 127.0 / 4.0;
const DECISION_COUNT: i32 = 9;

/** Scratch of a network, in the instance: the features as 8-bit numbers, then the hidden units. */
const HIDDEN_BYTES: usize = <usize>HIDDEN_COUNT;

export function featureCountOf(model: usize): i32 {
  return load<u8>(model);
}

/** Factors of wake, sleep; wake, NREM, REM; wake, light, deep, REM: the largest product is the stage. */
export function decisionsOf(model: usize): usize {
  return model + 4 + ((<usize>featureCountOf(model)) << 3);
}

/** Adds `share` of the probabilities of the four stages to the four numbers at `into`. The features at `at + FEATURES` are spent. */
export function addProbabilities(at: usize, model: usize, share: f64, into: usize): void {
  const count = featureCountOf(model);
  const inputs = at + FEATURES;
  quantise(inputs, model + 4, count);
  let member = decisionsOf(model) + <usize>(DECISION_COUNT * 4);
  for (let i = 0; i < MEMBER_COUNT; i++) member = addMember(inputs, member, count, share / MEMBER_COUNT, into);
}

/** The bytes overtake no feature that is still to be read: eight of them fit where one was. */
function quantise(features: usize, means: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    const numbers = means + ((<usize>i) << 2);
    const away =
      (load<f64>(features + ((<usize>i) << 3)) - load<f32>(numbers)) * load<f32>(numbers + ((<usize>count) << 2));
    store<i8>(features + <usize>i, isNaN(away) ? 0 : toByte(away));
  }
}

function toByte(value: f64): i8 {
  return <i8>nearest<f64>(max(-127.0, min(127.0, value * INPUT_SCALE)));
}

function addMember(inputs: usize, member: usize, count: i32, share: f64, into: usize): usize {
  const hidden = inputs + <usize>count;
  const logits = (hidden + HIDDEN_BYTES + 7) & ~7;
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
  addSoftmax(logits, share, into);
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
