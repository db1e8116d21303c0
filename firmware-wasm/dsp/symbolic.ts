// Symbolic dynamics (Porta et al. 2007, Am J Physiol 293; equal-probability levels: Cysarz et al. 2013, Eur Phys J Spec Top 222): every
// interval becomes the quarter of the distribution it lies in, and words of three symbols are sorted by how they vary.

import { quantileOf } from './order';
import { copyLengths, followsAt, lengthAt } from './series';
import { sortAscending } from './sort';

/** Bytes of `work` for `count` intervals. */
export function symbolicWorkBytes(count: i32): usize {
  return (<usize>count) << 3;
}

/** Write the shares (0..1) 0V, 1V, 2LV, 2UV: no variation, one, two in the same direction, two in opposite directions. */
export function computeSymbolic(at: usize, count: i32, work: usize, into: usize): void {
  let words: f64 = 0;
  let none: f64 = 0;
  let like: f64 = 0;
  let unlike: f64 = 0;
  if (count > 0) {
    copyLengths(at, count, work);
    sortAscending(work, count);
  }
  const first = count > 0 ? quantileOf(work, count, 0.25) : NaN;
  const second = count > 0 ? quantileOf(work, count, 0.5) : NaN;
  const third = count > 0 ? quantileOf(work, count, 0.75) : NaN;
  for (let i = 2; i < count; i++) {
    if (!followsAt(at, i) || !followsAt(at, i - 1)) continue;
    const middle = symbolOf(lengthAt(at, i - 1), first, second, third);
    const toMiddle = middle - symbolOf(lengthAt(at, i - 2), first, second, third);
    const fromMiddle = symbolOf(lengthAt(at, i), first, second, third) - middle;
    words++;
    if (toMiddle === 0 && fromMiddle === 0) none++;
    if (toMiddle * fromMiddle > 0) like++;
    if (toMiddle * fromMiddle < 0) unlike++;
  }
  store<f64>(into, none / words);
  store<f64>(into, (words - none - like - unlike) / words, 8);
  store<f64>(into, like / words, 16);
  store<f64>(into, unlike / words, 24);
}

/** A length on an edge belongs above it. */
function symbolOf(length: f64, first: f64, second: f64, third: f64): i32 {
  return i32(length >= first) + i32(length >= second) + i32(length >= third);
}
