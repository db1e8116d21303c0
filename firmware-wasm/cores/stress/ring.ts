// The values of a window's quantity over the last hour: the person's own range.

import { quantileOf } from '../../dsp/order';
import { sortAscending } from '../../dsp/sort';
import { RING_COUNT, Ring } from './state';

function valueAt(ring: usize, index: i32): usize {
  return ring + offsetof<Ring>() + ((<usize>index) << 3);
}

export function ringCount(at: usize): i32 {
  return changetype<Ring>(at).count;
}

/** Takes a value; the oldest makes room. */
export function addToRing(at: usize, value: f64): void {
  const ring = changetype<Ring>(at);
  store<f64>(valueAt(at, ring.next), value);
  ring.next = (ring.next + 1) % RING_COUNT;
  ring.count = min(ring.count + 1, RING_COUNT);
}

/** Copies the values to `into` in ascending order. */
export function sortRing(at: usize, into: usize): void {
  const bytes = (<usize>changetype<Ring>(at).count) << 3;
  memory.copy(into, valueAt(at, 0), bytes);
  sortAscending(into, changetype<Ring>(at).count);
}

/** Quantile of the values; `scratch` takes them sorted. */
export function ringQuantile(at: usize, share: f64, scratch: usize): f64 {
  sortRing(at, scratch);
  return quantileOf(scratch, changetype<Ring>(at).count, share);
}
