// The record that speed is measured on: half an hour of ECG at 360 Hz. A real one where it is at hand, else a simulated wearer of the
// same length; every bench says which.

import { openRecording } from '@maibo/sdk';
import { createWearer } from '@maibo/simulator';
import { sharedPath } from './shared-folder.ts';

export interface HalfHour {
  readonly name: string;
  readonly rateHz: number;
  /** Reading it means computing it. */
  readonly isSimulated: boolean;
  /** For the lab: options that make it play the same signal, or one of the same length. */
  readonly labOptions: readonly string[];
  /** Reads, or makes, the counts anew with each call. */
  chunks(): AsyncIterable<ArrayLike<number>>;
}

const RATE_HZ = 360;
const DURATION_S = 650_000 / RATE_HZ;

export async function findHalfHour(): Promise<HalfHour> {
  const data = sharedPath('data/mitdb/100.hea');
  if (data === null) return simulated();
  const path = data.slice(0, -'.hea'.length);
  const recording = await openRecording(path);
  return {
    name: 'mitdb/100, 650000 samples at 360 Hz',
    rateHz: RATE_HZ,
    isSimulated: false,
    labOptions: ['--input', path],
    chunks: () => recording.samples(0),
  };
}

function simulated(): HalfHour {
  const wearer = createWearer({ seed: 1, durationS: DURATION_S, rateHz: RATE_HZ });
  async function* chunks() {
    yield* wearer.counts();
  }
  return {
    name: `simulated wearer, seed 1, ${wearer.sampleCount} samples at ${RATE_HZ} Hz (no ../shared/data/mitdb)`,
    rateHz: RATE_HZ,
    isSimulated: true,
    labOptions: ['--seed', '1', '--duration', String(Math.round(DURATION_S))],
    chunks,
  };
}

/** All counts in one array. */
export async function readAll(record: HalfHour): Promise<Float32Array> {
  const parts: ArrayLike<number>[] = [];
  for await (const chunk of record.chunks()) parts.push(chunk);
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
