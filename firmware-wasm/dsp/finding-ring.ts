// The findings that wait to be polled: a ring of structs inside an instance. The state holds its two numbers one after the other; the
// core says where the slots are, how many there are (a power of two) and how long one is.

@unmanaged
export class FindingRing {
  first: i32;
  count: i32;
}

/** The next slot, all zero, counted in. The caller has asked for room. */
export function openSlot(ring: FindingRing, slots: usize, slotCount: i32, bytes: usize): usize {
  const slot = slots + <usize>((ring.first + ring.count) & (slotCount - 1)) * bytes;
  memory.fill(slot, 0, bytes);
  ring.count += 1;
  return slot;
}

/** Moves up to `count` findings to `into` and returns how many. */
export function takeSlots(ring: FindingRing, slots: usize, slotCount: i32, bytes: usize, into: usize, count: i32): i32 {
  const taken = min(count, ring.count);
  for (let i = 0; i < taken; i++) {
    memory.copy(into + <usize>i * bytes, slots + <usize>((ring.first + i) & (slotCount - 1)) * bytes, bytes);
  }
  ring.first = (ring.first + taken) & (slotCount - 1);
  ring.count -= taken;
  return taken;
}
