// The size of each beat and its baseline, measured in the samples around it: breathing shows in both. The samples are read once more,
// a second at a time, so that a long recording is never in memory.
import { BreathBeatsCore, type BreathInput, type CoreModule } from '@maibo/cores';
import type { Recording } from '../formats/recording.ts';
import type { SampledSignal } from '../pipeline/beat-core.ts';
import type { Found } from './found.ts';

/** The core's numbers of signals (ABI.md). */
const SIGNAL: Readonly<Record<SampledSignal, number>> = { ecg: 2, ppg: 3 };
/** What the core takes. */
const RATE_HZ = { min: 20, max: 1000 };
/** A pulse rises at its steepest point; this many of them tell which way is up. */
const POLARITY_BEATS = 100;
const POLARITY_S = 0.06;

export interface BeatSizes {
  readonly module: CoreModule;
  readonly inputs: readonly BreathInput[];
}

/** Null where the signal's rate is not one that the core takes. */
export async function measureBeats(
  recording: Recording,
  channel: number,
  signal: SampledSignal,
  found: Found,
): Promise<BeatSizes | null> {
  const rateHz = found.rateHz ?? 0;
  if (!(rateHz >= RATE_HZ.min && rateHz <= RATE_HZ.max)) return null;
  const polarity = signal === 'ppg' ? await polarityOf(recording, channel, found) : 1;
  const core = BreathBeatsCore.create({ rateHz, signal: SIGNAL[signal], polarity });
  const offset = found.beats.length - found.rr.length;
  const inputs: BreathInput[] = [];
  let next = 0;
  let taken = 0;
  for await (const second of bySecond(recording.samples(channel), Math.round(rateHz))) {
    const due = Array.from(second, (value) => ({ value, quality: 0, isBeat: 0, afterGap: false }));
    taken += second.length;
    for (; next < found.beats.length && found.beats[next]!.timeS * rateHz < taken; next++) {
      const { timeS, quality } = found.beats[next]!;
      const afterGap = next < offset || found.rr[next - offset]!.flag === 'gap';
      due.push({ value: taken - timeS * rateHz, quality: quality ?? Number.NaN, isBeat: 1, afterGap });
    }
    for (const finding of core.push(due)) {
      const { flags, ...size } = finding;
      inputs.push({ ...size, afterGap: (flags & 1) !== 0 });
    }
  }
  return { module: core.module, inputs };
}

async function* bySecond(chunks: AsyncIterable<Float32Array>, size: number): AsyncGenerator<Float32Array> {
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length; from += size) yield chunk.subarray(from, from + size);
  }
}

/** 1 when the signal rises at most of its first beats, -1 when it falls. */
async function polarityOf(recording: Recording, channel: number, { beats, rateHz }: Found): Promise<1 | -1> {
  const reach = Math.max(1, Math.round(POLARITY_S * rateHz!));
  let first = 0;
  let next = 0;
  let rising = 0;
  for await (const chunk of recording.samples(channel)) {
    for (; next < Math.min(beats.length, POLARITY_BEATS); next++) {
      const at = Math.round(beats[next]!.timeS * rateHz!) - first;
      if (at + reach >= chunk.length) break;
      rising += Math.sign(chunk[at + reach]! - chunk[at - reach]!) || 0;
    }
    first += chunk.length;
    if (next >= POLARITY_BEATS) break;
  }
  return rising < 0 ? -1 : 1;
}
