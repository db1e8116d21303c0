// A whole channel in memory, in its own unit and on the recording's clock: for the slow signals beside the one that is analysed.
import type { Recording } from '../formats/recording.ts';

export interface ChannelSamples {
  readonly rateHz: number;
  /** Time of the first sample, seconds of the recording. */
  readonly startS: number;
  /** Physical values; NaN where a sample is missing. */
  readonly values: Float32Array;
}

/** The channel with this name, or null when there is none. */
export async function readChannel(recording: Recording, name: string): Promise<ChannelSamples | null> {
  const index = recording.channels.findIndex((channel) => channel.name === name);
  const channel = recording.channels[index];
  if (channel === undefined) return null;
  const { rateHz, gain, offset, startS = 0 } = channel;
  const chunks: Float32Array[] = [];
  for await (const chunk of recording.samples(index)) chunks.push(chunk);
  const values = new Float32Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    values.set(chunk, at);
    at += chunk.length;
  }
  for (let i = 0; i < values.length; i++) values[i] = (values[i]! - offset) / gain;
  return { rateHz, startS, values };
}

/** Linear between two samples; NaN away from the samples by more than the distance of two. */
export function valueAt({ rateHz, startS, values }: ChannelSamples, timeS: number): number {
  const place = (timeS - startS) * rateHz;
  const last = values.length - 1;
  if (!(place > -1 && place < last + 1)) return Number.NaN;
  const low = Math.min(last, Math.max(0, Math.floor(place)));
  const high = Math.min(last, low + 1);
  return values[low]! + (values[high]! - values[low]!) * Math.min(1, Math.max(0, place - low));
}
