// The values of a window's quantity over the last hour: the person's own range.

import { RING_COUNT, Ring } from './state';

export function ringCount(at: usize): i32 {
  return changetype<Ring>(at).count;
}

export function ringValue(at: usize, index: i32): f32 {
  return load<f32>(at + offsetof<Ring>() + ((<usize>index) << 2));
}

/** Takes a value; the oldest makes room. */
export function addToRing(at: usize, value: f32): void {
  const ring = changetype<Ring>(at);
  store<f32>(at + offsetof<Ring>() + ((<usize>ring.next) << 2), value);
  ring.next = ring.next + 1 < RING_COUNT ? ring.next + 1 : 0;
  ring.count = min(ring.count + 1, RING_COUNT);
}

/** The tenth percentile of at least one value, linear between neighbours; `scratch` takes the least thirteen, sorted. */
export function ringTenth(at: usize, scratch: usize): f32 {
  const count = ringCount(at);
  const below = (count - 1) / 10;
  let kept = 0;
  for (let i = 0; i < count; i++) kept = insertLeast(scratch, kept, below + 2, ringValue(at, i));
  const low = load<f32>(scratch + ((<usize>below) << 2));
  const rest = count - 1 - 10 * below;
  return rest > 0 ? low + (load<f32>(scratch + ((<usize>below) << 2), 4) - low) * (<f32>rest / 10) : low;
}

/** Puts a value among the least `most` so far, and returns how many there are. */
function insertLeast(sorted: usize, count: i32, most: i32, value: f32): i32 {
  let place = count;
  if (count === most) {
    if (load<f32>(sorted + ((<usize>(most - 1)) << 2)) <= value) return count;
    place--;
  }
  for (; place > 0 && load<f32>(sorted + ((<usize>(place - 1)) << 2)) > value; place--)
    store<f32>(sorted + ((<usize>place) << 2), load<f32>(sorted + ((<usize>(place - 1)) << 2)));
  store<f32>(sorted + ((<usize>place) << 2), value);
  return min(count + 1, most);
}
