// Channel 0 of a record in memory, and our detector on it: what the peers get, so that times and beats compare.

import { EcgCore } from '@maibo/cores';
import { openRecording } from '@maibo/sdk';

export async function readChannel(path: string): Promise<{ samples: Float32Array; rateHz: number }> {
  const recording = await openRecording(path, { format: 'wfdb' });
  const chunks: Float32Array[] = [];
  for await (const chunk of recording.samples(0)) chunks.push(chunk);
  const samples = new Float32Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let filled = 0;
  for (const chunk of chunks) {
    samples.set(chunk, filled);
    filled += chunk.length;
  }
  return { samples, rateHz: recording.channels[0]?.rateHz ?? 0 };
}

export interface DetectedBeat {
  readonly sample: number;
  /** Between samples. */
  readonly position: number;
  readonly quality: number;
}

/** Beats of the ECG core, streamed in blocks as a device would, and the best time of `repeat` runs. */
export function detectWithCore(
  samples: Float32Array,
  rateHz: number,
  repeat = 1,
): { beats: DetectedBeat[]; ms: number } {
  const core = EcgCore.create({ rateHz });
  let bestMs = Number.POSITIVE_INFINITY;
  let beats: DetectedBeat[] = [];
  for (let run = 0; run < repeat; run++) {
    core.reset();
    const startedMs = performance.now();
    const findings = [...core.push(samples), ...core.flush()];
    bestMs = Math.min(bestMs, performance.now() - startedMs);
    beats = findings.flatMap(({ kind, sample, quality }) =>
      kind === 'beat' ? [{ sample: Math.round(sample), position: sample, quality }] : [],
    );
  }
  return { beats, ms: bestMs };
}
