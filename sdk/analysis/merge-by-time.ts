// Streams that each rise in time, as one that rises in time; and a core fed with it a block at a time, so that a long recording is
// never in memory as inputs.

interface Timed {
  readonly timeS: number;
}

/** Inputs per push: what the host copies into a core at once. */
const BLOCK_INPUTS = 4096;

export function* mergeByTime<T extends Timed>(streams: readonly Iterable<T>[]): Generator<T> {
  const iterators = streams.map((stream) => stream[Symbol.iterator]());
  const heads = iterators.map((iterator) => iterator.next());
  for (;;) {
    let earliest = -1;
    for (const [index, head] of heads.entries()) {
      if (head.done) continue;
      const best = heads[earliest];
      if (best === undefined || best.done || head.value.timeS < best.value.timeS) earliest = index;
    }
    const head = heads[earliest];
    if (head === undefined || head.done) return;
    yield head.value;
    heads[earliest] = iterators[earliest]!.next();
  }
}

/** Everything that comes of pushing all inputs and flushing. */
export function runCore<Input, Finding>(
  core: { push(inputs: Input[]): readonly Finding[]; flush(): readonly Finding[] },
  inputs: Iterable<Input>,
): Finding[] {
  const findings: Finding[] = [];
  let block: Input[] = [];
  for (const input of inputs) {
    block.push(input);
    if (block.length < BLOCK_INPUTS) continue;
    findings.push(...core.push(block));
    block = [];
  }
  findings.push(...core.push(block), ...core.flush());
  return findings;
}
