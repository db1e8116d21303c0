// Baevsky's indices of regulation (Baevsky & Berseneva 2008): the histogram of the intervals in bins of 50 ms, its mode Mo (centre of the
// fullest bin, the lower of equals), the share AMo of the intervals in that bin, and the range MxDMn.

import { slotOf } from './slot';

const BIN_MS: f64 = 50;

@unmanaged
export class Baevsky {
  /** Stress index, or index of tension: AMo / (2 Mo MxDMn), per cent over s2. */
  si: f64;
  sqrtSi: f64;
  /** Index of vegetative balance: AMo / MxDMn. */
  ivr: f64;
  /** Vegetative rhythm index: 1 / (Mo MxDMn). */
  vpr: f64;
  /** Adequacy of regulation: AMo / Mo. */
  papr: f64;
  moS: f64;
  amoPercent: f64;
  mxDMnS: f64;
}

/** From `count` >= 1 intervals in ms, sorted. False, and nothing written, where all lie within a bin's width: the index would run away. */
export function computeBaevsky(sorted: usize, count: i32, baevsky: Baevsky): bool {
  const rangeMs = load<f64>(sorted + ((<usize>(count - 1)) << 3)) - load<f64>(sorted);
  if (rangeMs < BIN_MS) return false;
  let slot: f64 = -1;
  let fullest: f64 = 0;
  let inSlot = 0;
  let inFullest = 0;
  for (let i = 0; i < count; i++) {
    const next = slotOf(load<f64>(sorted + ((<usize>i) << 3)), BIN_MS);
    inSlot = next === slot ? inSlot + 1 : 1;
    slot = next;
    if (inSlot > inFullest) {
      inFullest = inSlot;
      fullest = slot;
    }
  }
  baevsky.moS = ((fullest + 0.5) * BIN_MS) / 1000;
  baevsky.amoPercent = (100 * <f64>inFullest) / <f64>count;
  baevsky.mxDMnS = rangeMs / 1000;
  baevsky.vpr = 1 / (baevsky.moS * baevsky.mxDMnS);
  baevsky.ivr = baevsky.amoPercent / baevsky.mxDMnS;
  baevsky.papr = baevsky.amoPercent / baevsky.moS;
  baevsky.si = (baevsky.amoPercent * baevsky.vpr) / 2;
  baevsky.sqrtSi = Math.sqrt(baevsky.si);
  return true;
}
