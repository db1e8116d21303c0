// What every frame goes through: one loop, for on a device the loads and stores of several cost more than what they do. The z axis through
// the filter of the counts; the sums of the 5 s; every few frames a norm for their deviation and a point for the gait.

import { pointAt } from './grid';
import { MotionState, NORMS, sectionAt, stateAt } from './state';

/** No body gives this; f32 holds its squares with ease. */
const NUMBER_MAX: f32 = 64;

/** Is the frame at `from` there? A comparison with NaN is false. */
export function isUsable(from: usize): bool {
  return isNumber(load<f32>(from, 8)) && isNumber(load<f32>(from, 4)) && isNumber(load<f32>(from));
}

function isNumber(g: f32): bool {
  return g <= NUMBER_MAX && g >= -NUMBER_MAX;
}

/** Takes up to `count` frames of one second, the first of which is there, until one is missing. Returns how many. */
// Longer than others: all that changes from frame to frame is to stay in registers.
export function moveRun(at: usize, from: usize, count: i32): i32 {
  const state = stateAt(at);
  const third = sectionAt(at, 2);
  const second = sectionAt(at, 1);
  const first = sectionAt(at, 0);
  const thirdA2 = third.a2;
  const thirdA1 = third.a1;
  const secondA2 = second.a2;
  const secondA1 = second.a1;
  const firstA2 = first.a2;
  const firstA1 = first.a1;
  let third2 = third.memory2;
  let third1 = third.memory1;
  let second2 = second.memory2;
  let second1 = second.memory1;
  let first2 = first.memory2;
  let first1 = first.memory1;
  const firstPoint = pointAt(at, state.pointCount);
  const toNorm = at + NORMS + ((<usize>state.normCount) << 2) - firstPoint;
  let point = firstPoint;
  let boxSum = state.boxSum;
  const boxFrames = state.boxFrames;
  let boxLeft = state.boxLeft;
  let sumNorm = state.sumNorm;
  let sumX = state.sumX;
  let sumY = state.sumY;
  let sumZ = state.sumZ;
  let sumOver = state.sumOver;
  let peak = state.secondPeak;
  const start = from;
  const end = from + <usize>(12 * count);
  do {
    // The last first: where it may be read the others may, and checked memory is checked once.
    const z = load<f32>(from, 8);
    const y = load<f32>(from, 4);
    const x = load<f32>(from);
    const squares = z * z + y * y + x * x;
    if (!(squares <= NUMBER_MAX * NUMBER_MAX) && !isUsable(from)) break;
    const norm = sqrt(squares);
    sumZ += z;
    sumY += y;
    sumX += x;
    if (norm > 1) sumOver += norm - 1;
    boxSum += norm;

    const once = z - first1;
    first1 = first2 + firstA1 * once;
    first2 = z + firstA2 * once;
    const twice = once - second1;
    second1 = second2 + secondA1 * twice;
    second2 = once + secondA2 * twice;
    const banded = twice - third1;
    third1 = third2 + thirdA1 * banded;
    third2 = twice + thirdA2 * banded;
    const size = banded * banded;
    if (size > peak) peak = size;

    if (--boxLeft === 0) {
      store<f32>(point, boxSum);
      store<f32>(point + toNorm, norm);
      sumNorm += norm;
      point += 4;
      boxSum = 0;
      boxLeft = boxFrames;
    }
    from += 12;
  } while (from < end);
  third.memory2 = third2;
  third.memory1 = third1;
  second.memory2 = second2;
  second.memory1 = second1;
  first.memory2 = first2;
  first.memory1 = first1;
  const pointCount = <i32>((point - firstPoint) >> 2);
  state.pointCount += pointCount;
  state.normCount += pointCount;
  state.boxSum = boxSum;
  state.boxLeft = boxLeft;
  state.sumNorm = sumNorm;
  state.sumX = sumX;
  state.sumY = sumY;
  state.sumZ = sumZ;
  state.sumOver = sumOver;
  state.secondPeak = peak;
  return <i32>(from - start) / 12;
}

/** A frame that is missing: the filter and the gait go on with the one before, which stands for nothing else. */
export function holdFrame(at: usize): void {
  const state = stateAt(at);
  const normCount = state.normCount;
  const sumNorm = state.sumNorm;
  const sumX = state.sumX;
  const sumY = state.sumY;
  const sumZ = state.sumZ;
  const sumOver = state.sumOver;
  moveRun(at, changetype<usize>(state) + offsetof<MotionState>('lastX'), 1);
  state.normCount = normCount;
  state.sumNorm = sumNorm;
  state.sumX = sumX;
  state.sumY = sumY;
  state.sumZ = sumZ;
  state.sumOver = sumOver;
}
