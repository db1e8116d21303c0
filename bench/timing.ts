// Time of repeated work. The median is what to expect, the minimum what the machine can do; both need company, so ratios to a peer in
// the same session say more than either.

export interface Spread {
  readonly minMs: number;
  readonly medianMs: number;
  readonly maxMs: number;
}

export function spreadOf(timesMs: readonly number[]): Spread {
  const sorted = timesMs.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
  return { minMs: at(0), medianMs: at(0.5), maxMs: at(1) };
}

/** Runs `work` once to warm up, then `times` times. */
export async function repeat(times: number, work: () => unknown): Promise<Spread> {
  await work();
  return spreadOf(await measure(times, work));
}

/** Two pieces of work in turns, so that a change of the machine's speed meets both. */
export async function compare(times: number, ours: () => unknown, peer: () => unknown): Promise<[Spread, Spread]> {
  await ours();
  await peer();
  const oursMs: number[] = [];
  const peerMs: number[] = [];
  for (let round = 0; round < times; round++) {
    oursMs.push(...(await measure(1, ours)));
    peerMs.push(...(await measure(1, peer)));
  }
  return [spreadOf(oursMs), spreadOf(peerMs)];
}

async function measure(times: number, work: () => unknown): Promise<number[]> {
  const timesMs: number[] = [];
  for (let round = 0; round < times; round++) {
    const startMs = performance.now();
    await work();
    timesMs.push(performance.now() - startMs);
  }
  return timesMs;
}
