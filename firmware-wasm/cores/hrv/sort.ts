// Heapsort: in place, no recursion, O(n log n) for every input. Quicksort is faster on average, but its worst case can be sent
// by whoever supplies the data, and its stack would have to be counted on the device.

/** Sort `count` i32 at `at`, ascending. */
export function sortAscending(at: usize, count: i32): void {
  for (let root = (count >> 1) - 1; root >= 0; root--) siftDown(at, root, count);
  for (let last = count - 1; last > 0; last--) {
    const lastAt = at + ((<usize>last) << 2);
    const largest = load<i32>(at);
    store<i32>(at, load<i32>(lastAt));
    store<i32>(lastAt, largest);
    siftDown(at, 0, last);
  }
}

/** Move the value at `root` down until both its children are smaller. */
function siftDown(at: usize, root: i32, count: i32): void {
  const value = load<i32>(at + ((<usize>root) << 2));
  let hole = root;
  for (let child = 2 * hole + 1; child < count; child = 2 * hole + 1) {
    let largest = load<i32>(at + ((<usize>child) << 2));
    if (child + 1 < count) {
      const other = load<i32>(at + ((<usize>child) << 2), 4);
      if (other > largest) {
        largest = other;
        child++;
      }
    }
    if (largest <= value) break;
    store<i32>(at + ((<usize>hole) << 2), largest);
    hole = child;
  }
  store<i32>(at + ((<usize>hole) << 2), value);
}
