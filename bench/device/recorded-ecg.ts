// A million samples of real ECG, and what the core `ecg` finds in them.

import { join } from 'node:path';
import { openRecording } from '@maibo/sdk';
import type { DeviceDriver } from './device-driver.ts';
import { generatedModule } from './generated-module.ts';
import type { MadeBeat } from './made-wearer.ts';
import { playHere } from './tape.ts';

export const SAMPLE_COUNT = 1_000_000;
export const ECG_HZ = 360;
const RECORDS = ['100', '101'];
const [BEAT, UNUSABLE] = [1, 2];
const FINDING_BYTES = 16;

/** A beat, or null for a stretch that is unusable. */
export interface RecordedBeat {
  readonly sample: number | null;
}

/** `folder` is mitdb. The first channel of one record behind the other. */
export async function readCounts(folder: string): Promise<Int16Array> {
  const counts = new Int16Array(SAMPLE_COUNT);
  let at = 0;
  for (const record of RECORDS) {
    const recording = await openRecording(join(folder, record));
    for await (const chunk of recording.samples(0)) {
      const part = Array.from(chunk).slice(0, SAMPLE_COUNT - at);
      counts.set(part, at);
      at += part.length;
    }
  }
  return counts;
}

export function beatsOf(ecg: DeviceDriver): RecordedBeat[] {
  const beats: RecordedBeat[] = [];
  playHere(generatedModule('ecg'), ecg, (bytes) => {
    const view = new DataView(bytes.buffer);
    for (let at = 0; at < bytes.length; at += FINDING_BYTES) {
      const [sample, kind] = [view.getFloat64(at, true), view.getUint16(at + 12, true)];
      if (kind === UNUSABLE) beats.push({ sample: null });
      if (kind === BEAT) beats.push({ sample });
    }
  });
  return beats;
}

/** Across what is unusable there is no interval. */
export function intervalsOf(beats: readonly RecordedBeat[]): MadeBeat[] {
  return beats.flatMap(({ sample }, index) => {
    const before = beats[index - 1]?.sample ?? null;
    if (sample === null || before === null) return [];
    return [{ timeS: sample / ECG_HZ, rrMs: ((sample - before) * 1000) / ECG_HZ }];
  });
}
