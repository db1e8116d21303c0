// Heapsort: in place, no recursion, O(n log n) for every input. Quicksort is faster on average, but its worst case can be sent
// by whoever supplies the data, and its stack would have to be counted on the device.

/** Sort `count` f64 at `at`, ascending. The values must not be NaN. */
export function sortAscending(at: usize, count: i32): void {
  for (let root = (count >> 1) - 1; root >= 0; root--) siftDown(at, root, count);
  for (let last = count - 1; last > 0; last--) {
    const lastAt = at + ((<usize>last) << 3);
    const largest = load<f64>(at);
    store<f64>(at, load<f64>(lastAt));
    store<f64>(lastAt, largest);
    siftDown(at, 0, last);
  }
}

/** Move the value at `root` down until both its children are smaller. */
function siftDown(at: usize, root: i32, count: i32): void {
  const value = load<f64>(at + ((<usize>root) << 3));
  let hole = root;
  for (let child = 2 * hole + 1; child < count; child = 2 * hole + 1) {
    let childAt = at + ((<usize>child) << 3);
    if (child + 1 < count && load<f64>(childAt + 8) > load<f64>(childAt)) {
      child++;
      childAt += 8;
    }
    if (load<f64>(childAt) <= value) break;
    store<f64>(at + ((<usize>hole) << 3), load<f64>(childAt));
    hole = child;
  }
  store<f64>(at + ((<usize>hole) << 3), value);
}
