// What the experts wrote beside a record: beats to be found, and stretches of ventricular flutter in which none are counted.

import { basename } from 'node:path';
import { type Annotation, openRecording } from '@maibo/sdk';

export interface Reference {
  readonly name: string;
  readonly rateHz: number;
  readonly sampleCount: number;
  /** Sample numbers, rising. */
  readonly beats: readonly number[];
  readonly flutter: readonly { readonly from: number; readonly to: number }[];
}

const FLUTTER_ON = '[';
const FLUTTER_OFF = ']';

/** `path` of a WFDB record without extension. */
export async function readReference(path: string): Promise<Reference> {
  const recording = await openRecording(path, { format: 'wfdb', annotator: 'atr' });
  const channel = recording.channels[0];
  if (channel === undefined) throw new Error(`${path} has no channel`);
  const { beats, flutter } = sortOut(await recording.annotations());
  return { name: basename(path), rateHz: channel.rateHz, sampleCount: channel.sampleCount ?? 0, beats, flutter };
}

export function sortOut(
  annotations: readonly Pick<Annotation, 'sample' | 'code' | 'isBeat'>[],
): Pick<Reference, 'beats' | 'flutter'> {
  const beats: number[] = [];
  const flutter: { from: number; to: number }[] = [];
  let from: number | null = null;
  for (const { sample, code, isBeat } of annotations) {
    if (from !== null) {
      if (code !== FLUTTER_OFF) continue;
      flutter.push({ from, to: sample });
      from = null;
    } else if (code === FLUTTER_ON) from = sample;
    else if (isBeat) beats.push(sample);
  }
  if (from !== null) flutter.push({ from, to: Number.MAX_SAFE_INTEGER });
  return { beats, flutter };
}
