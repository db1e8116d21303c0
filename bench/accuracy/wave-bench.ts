// `wave`: bits a sample of the waveform codec by length of block, beside others, on recordings of three kinds. Every block is decoded alone
// and compared.

import { WaveDecoder, WaveEncoder } from '@maibo/cores';
import { type Bench, type BenchReport, skippedReport, table } from '../bench.ts';
import { WAVE_PEERS } from './wave-peers.ts';
import { readWaveSets, type WaveRecording, type WaveSet } from './wave-recordings.ts';

const BLOCK_FRAMES = [64, 128, 250, 512, 1024];
/** What a live stream uses. */
const DEFAULT_FRAMES = 250;
/** Bits a sample in blocks of 250 frames, over all recordings of a set. Lowering one is normal. */
const BITS_MAX: Readonly<Record<string, number>> = {
  'ECG, mitdb, 2 leads': 3.7,
  'PPG, wrist, BVP x 10': 3.9,
  'ACC, wrist, 3 axes': 2.0,
};

interface Coded {
  readonly bits: number;
  readonly blockBytes: number;
  readonly encodeNs: number;
  readonly decodeNs: number;
}

interface Row extends Coded {
  readonly blockFrames: number;
  readonly trainingBits: number;
  readonly otherBits: number;
  readonly bytesMax: number;
}

export const waveBench: Bench = {
  name: 'wave',
  about: 'lossless compression of ECG, PPG and acceleration: bits a sample by length of block, beside others',
  run: async () => {
    const sets = readWaveSets();
    if (sets.length === 0) return skippedReport('no ../shared/data/mitdb or stress_predict beside the repository');
    return reportOf(sets.map((set) => ({ set, rows: BLOCK_FRAMES.map((frames) => rowOf(set, frames)) })));
  },
};

function rowOf({ recordings }: WaveSet, blockFrames: number): Row {
  const coded = recordings.map((recording) => code(recording, blockFrames));
  const mean = (value: (one: Coded) => number, ofTraining?: boolean) => {
    const chosen = coded.filter((_, i) => ofTraining === undefined || recordings[i]!.isTraining === ofTraining);
    return chosen.reduce((sum, one) => sum + value(one), 0) / chosen.length;
  };
  return {
    blockFrames,
    bits: mean(({ bits }) => bits),
    trainingBits: mean(({ bits }) => bits, true),
    otherBits: mean(({ bits }) => bits, false),
    blockBytes: mean(({ blockBytes }) => blockBytes),
    bytesMax: Math.max(...coded.map(({ blockBytes }) => blockBytes)),
    encodeNs: mean(({ encodeNs }) => encodeNs),
    decodeNs: mean(({ decodeNs }) => decodeNs),
  };
}

/** Throws if a sample does not come back. */
function code({ name, channelCount, samples }: WaveRecording, blockFrames: number): Coded {
  const encoder = WaveEncoder.create({ channelCount, blockFrames });
  const decoder = WaveDecoder.create({ channelCount, blockFrames });
  const start = performance.now();
  const blocks = [...encoder.push(samples), ...encoder.flush()];
  const middle = performance.now();
  const decoded = blocks.map((block) => decoder.decode(block));
  const end = performance.now();
  let at = 0;
  for (const part of decoded) {
    for (const sample of part ?? []) {
      if (sample !== samples[at]) throw new Error(`wave: ${name}: sample ${at} came back as ${sample}`);
      at += 1;
    }
  }
  if (at !== samples.length) throw new Error(`wave: ${name}: ${at} of ${samples.length} samples came back`);
  const bytes = blocks.reduce((sum, block) => sum + block.length, 0);
  return {
    bits: (8 * bytes) / samples.length,
    blockBytes: bytes / blocks.length,
    encodeNs: ((middle - start) * 1e6) / samples.length,
    decodeNs: ((end - middle) * 1e6) / samples.length,
  };
}

function reportOf(results: readonly { set: WaveSet; rows: readonly Row[] }[]): BenchReport {
  const peers = results.map(({ set }) =>
    WAVE_PEERS.map(({ name, bitsOf }) => ({
      name,
      bits: set.recordings.reduce((sum, recording) => sum + bitsOf(recording), 0) / set.recordings.length,
    })),
  );
  const lines = results.flatMap(({ set, rows }, i) => [
    `${set.name}, ${set.rateHz} Hz, ${set.recordings.length} recordings, all samples came back; bits a sample:`,
    ...table([
      ['frames a block', 's', 'bits', '6 chosen on', 'others', 'bytes a block', 'most', 'ns to encode', 'to decode'],
      ...rows.map((row) => [
        String(row.blockFrames),
        (row.blockFrames / set.rateHz).toFixed(2),
        row.bits.toFixed(3),
        row.trainingBits.toFixed(3),
        row.otherBits.toFixed(3),
        row.blockBytes.toFixed(0),
        row.bytesMax.toFixed(0),
        row.encodeNs.toFixed(0),
        row.decodeNs.toFixed(0),
      ]),
      ...peers[i]!.map(({ name, bits }) => [name, '', bits.toFixed(3), '', '', '', '', '', '']),
    ]),
    '',
  ]);
  return {
    lines: [...lines, '"most": mean block of the largest recording. A mean is over recordings, each counted once.'],
    numbers: { sets: results.map(({ set, rows }, i) => ({ name: set.name, rows, peers: peers[i] })) },
    overBudget: results.flatMap(({ set, rows }) => overBudget(set, rows)),
    skipped: null,
  };
}

function overBudget({ name }: WaveSet, rows: readonly Row[]): string[] {
  const bits = rows.find(({ blockFrames }) => blockFrames === DEFAULT_FRAMES)?.bits ?? 0;
  const most = BITS_MAX[name] ?? 0;
  return bits > most ? [`wave: ${name}: ${bits.toFixed(3)} bits a sample, at most ${most}`] : [];
}
