// Signals that tests make for themselves: an ECG whose beats are known, and intervals, cut into blocks as a device cuts them.
import type { StreamRecord } from '@maibo/protocols';
import { encodeSamples, type SampleBlock, type SampleFormat } from '../stream/sample-block.ts';

export const ECG_RATE_HZ = 250;
export const TICK_RATE_HZ = 1_000_000;

/** Whole numbers 0 .. 2^32 - 1 from a seed (mulberry32, T. Ettinger, public domain). */
export function createChance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return (word ^ (word >>> 14)) >>> 0;
  };
}

/** A number 0 <= x < bound. */
export function pick(chance: () => number, bound: number): number {
  return Math.floor((chance() / 2 ** 32) * bound);
}

export interface MadeEcg {
  readonly counts: Int16Array;
  /** Times of the R waves, seconds. */
  readonly beatS: readonly number[];
}

/** R and T waves as bells over a little noise; the rate swings between about 60 and 85 beats a minute. */
export function makeEcg(durationS: number, seed = 1): MadeEcg {
  const chance = createChance(seed);
  const counts = Int16Array.from({ length: Math.round(durationS * ECG_RATE_HZ) }, () => pick(chance, 21) - 10);
  const beatS: number[] = [];
  for (let atS = 0.4; atS < durationS - 0.4; atS += 0.84 + 0.1 * Math.sin(atS / 3) + pick(chance, 40) / 1000) {
    beatS.push(atS);
    addBell(counts, { atS, widthS: 0.012, height: 1000 });
    addBell(counts, { atS: atS + 0.25, widthS: 0.04, height: 200 });
  }
  return { counts, beatS };
}

function addBell(counts: Int16Array, bell: { atS: number; widthS: number; height: number }): void {
  const reach = 4 * bell.widthS;
  const from = Math.max(0, Math.ceil((bell.atS - reach) * ECG_RATE_HZ));
  const past = Math.min(counts.length, Math.floor((bell.atS + reach) * ECG_RATE_HZ));
  for (let index = from; index < past; index++) {
    const away = (index / ECG_RATE_HZ - bell.atS) / bell.widthS;
    counts[index] = counts[index]! + Math.round(bell.height * Math.exp(-(away ** 2) / 2));
  }
}

/** Blocks of `blockSamples`, one behind the other; ticks are exact at 250 Hz. */
export function ecgBlocks(counts: Int16Array, blockSamples = ECG_RATE_HZ): SampleBlock[] {
  const blocks: SampleBlock[] = [];
  for (let at = 0; at < counts.length; at += blockSamples) {
    blocks.push(
      makeBlock(blocks.length, at, (at * TICK_RATE_HZ) / ECG_RATE_HZ, 1, counts.subarray(at, at + blockSamples)),
    );
  }
  return blocks;
}

/** A block of RR intervals that starts at `ticks`. Pass NaN for a missing interval. */
export function rrBlock(seq: number, firstSample: number, ticks: number, intervalsUs: readonly number[]): SampleBlock {
  return makeBlock(seq, firstSample, ticks, 2, intervalsUs);
}

/** Blocks of `perBlock` intervals, one behind the other. */
export function rrBlocks(intervalsMs: readonly number[], perBlock = 32): SampleBlock[] {
  const blocks: SampleBlock[] = [];
  let ticks = 0;
  for (let at = 0; at < intervalsMs.length; at += perBlock) {
    const intervalsUs = intervalsMs.slice(at, at + perBlock).map((ms) => Math.round(ms * 1000));
    blocks.push(rrBlock(blocks.length, at, ticks, intervalsUs));
    ticks += intervalsUs.reduce((sum, us) => sum + us, 0);
  }
  return blocks;
}

function makeBlock(
  seq: number,
  firstSample: number,
  ticks: number,
  format: SampleFormat,
  values: ArrayLike<number>,
): SampleBlock {
  const bytes = encodeSamples(format, values);
  return { seq, firstSample, ticks, format, bytes, sampleCount: values.length };
}

/** The record that opens a stream of one of these signals. */
export function streamRecord(signal: 'ecg' | 'rr', device: Uint8Array = new Uint8Array(16).fill(7)): StreamRecord {
  return {
    kind: 'stream',
    v: 1,
    place: { device, log: 1, epoch: new Uint8Array(4).fill(3), seq: 0 },
    prev: new Uint8Array(32),
    source: { device, sensor: 'made up', signal },
    firmware: 'test',
    tickRateHz: TICK_RATE_HZ,
    rateHz: signal === 'ecg' ? ECG_RATE_HZ : null,
    unit: signal === 'ecg' ? 'mV' : 'us',
    gain: signal === 'ecg' ? 1000 : 1,
    offset: 0,
    bits: signal === 'ecg' ? 16 : 32,
  };
}
