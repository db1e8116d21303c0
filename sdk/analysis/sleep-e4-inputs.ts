// A night of an Empatica E4: acceleration, and of the heart its own heart rate and the intervals of its light.
import { basename } from 'node:path';
import { openRecording } from '../formats/open-recording.ts';
import type { Recording } from '../formats/recording.ts';
import type { TimedValue } from '../formats/timed-values.ts';
import { type ChannelSamples, readChannel } from './channel-samples.ts';
import { findBeats } from './find-beats.ts';
import { type NightInterval, recordedIntervals } from './sleep-heart-inputs.ts';
import type { SleepInputs } from './sleep-inputs.ts';
import { joinInputs, NightMotion } from './sleep-motion-inputs.ts';
import { readWristSensors, type WristSensors } from './wrist-sensors.ts';

/** Numbers pushed into the motion core at once. */
const BLOCK_NUMBERS = 3 * 16_384;
/** HR.csv runs late, by some 40 s (NOTES.md of the sleep core): it counts only where the intervals leave out more than they hold. */
const COVERAGE_MIN = 0.5;

/** An Empatica E4 folder, or one of its files. Intervals come from the light if there is any, as elsewhere; IBI.csv leaves out all that was not still. */
export async function readE4Night(path: string): Promise<SleepInputs> {
  const recording = await openRecording(path, { format: 'e4' });
  const { motion: axes } = await readWristSensors(recording, 'all');
  const originS = axes?.[0].startS ?? 0;
  const motion = axes === null ? null : motionOfChannels(axes, recording);
  const intervals = await e4Intervals(recording, axes);
  const rate = await readChannel(recording, 'HR');
  const isHeard = rate === null || coverageOf(intervals, rate) >= COVERAGE_MIN;
  const startUtcMs = recording.startUtcMs === null ? null : recording.startUtcMs + originS * 1000;
  return joinInputs('e4', startUtcMs, motion, {
    intervals: intervals.map(({ endS, rrMs }) => ({ endS: endS - originS, rrMs })),
    heartRates: isHeard ? [] : valuesOf(rate, originS),
  });
}

async function e4Intervals(recording: Recording, motion: WristSensors['motion']): Promise<readonly NightInterval[]> {
  const light = recording.channels.findIndex(({ kind }) => kind === 'ppg');
  if (light < 0) return recording.hasIntervals ? (await recordedIntervals(recording)).intervals : [];
  const { startS = 0 } = recording.channels[light]!;
  const { rr } = await findBeats(recording, light, 'ppg', motion);
  return rr.flatMap(({ endS, rrMs, flag }) => (flag === 'ok' ? [{ endS: endS + startS, rrMs }] : []));
}

function motionOfChannels([x, y, z]: NonNullable<WristSensors['motion']>, recording: Recording): NightMotion {
  const motion = new NightMotion(x.rateHz, basename(recording.path));
  const numbers = new Float32Array(3 * x.values.length);
  for (let i = 0; i < x.values.length; i++) numbers.set([x.values[i]!, y.values[i]!, z.values[i]!], 3 * i);
  for (let i = 0; i < numbers.length; i += BLOCK_NUMBERS) motion.push(numbers.subarray(i, i + BLOCK_NUMBERS));
  motion.flush();
  return motion;
}

/** Share of the time of HR.csv that intervals hold. */
function coverageOf(intervals: readonly NightInterval[], { rateHz, values }: ChannelSamples): number {
  const heardS = intervals.reduce((sum, { rrMs }) => sum + rrMs / 1000, 0);
  return (heardS * rateHz) / values.length;
}

function valuesOf({ rateHz, startS, values }: ChannelSamples, originS: number): TimedValue[] {
  return Array.from(values, (value, index) => ({ timeS: startS + index / rateHz - originS, value }));
}
