// Boosted trees (Friedman 2001) that ask the same question of every branch at one depth, so that four answers are the number of a leaf.
// Each next tree corrects what the sum of those before it gets wrong.
//
// In memory: | scale f32 | start f32 x 3 | trees |, a tree: | feature u8 x 4 | limit i8 x 4 | leaves i8 x 16 x 3 |
// A leaf adds to light, deep and REM what speaks for them against wake.

const DEPTH: usize = 4;
const LEAF_BYTES: usize = 3;
const TREE_BYTES: usize = 2 * DEPTH + 16 * LEAF_BYTES;
const HEAD_BYTES: usize = 16;

/** Writes the logits of the four stages, f32 each, and returns where the trees end. A missing feature is below every limit. */
export function writeTreeLogits(inputs: usize, place: usize, treeCount: i32, logits: usize): usize {
  let light = 0;
  let deep = 0;
  let rem = 0;
  let tree = place + HEAD_BYTES;
  for (let i = 0; i < treeCount; i++, tree += TREE_BYTES) {
    const leaf = tree + 2 * DEPTH + leafOf(inputs, tree) * LEAF_BYTES;
    light += load<i8>(leaf);
    deep += load<i8>(leaf, 1);
    rem += load<i8>(leaf, 2);
  }
  const scale = load<f32>(place);
  store<f32>(logits, 0);
  store<f32>(logits, <f32>light * scale + load<f32>(place, 4), 4);
  store<f32>(logits, <f32>deep * scale + load<f32>(place, 8), 8);
  store<f32>(logits, <f32>rem * scale + load<f32>(place, 12), 12);
  return tree;
}

function leafOf(inputs: usize, tree: usize): usize {
  let leaf: usize = 0;
  for (let i: usize = 0; i < DEPTH; i++) {
    const isAbove = load<i8>(inputs + load<u8>(tree + i)) > load<i8>(tree + i, DEPTH);
    leaf = 2 * leaf + <usize>isAbove;
  }
  return leaf;
}
