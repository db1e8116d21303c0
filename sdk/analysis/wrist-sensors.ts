// What a wristband measures beside the pulse: movement, skin conductance, skin temperature. Which of them are used is the caller's
// choice; what the recording does not have cannot be chosen.
import { basename } from 'node:path';
import { MaiboError } from '../errors.ts';
import type { Recording } from '../formats/recording.ts';
import { type ChannelSamples, readChannel, valueAt } from './channel-samples.ts';

/** Sensors to use; 'all' means all that are there. */
export type SensorSet = 'cardiac' | 'cardiac+motion' | 'all';
export const SENSOR_SETS: readonly SensorSet[] = ['cardiac', 'cardiac+motion', 'all'];

export interface WristSensors {
  /** Acceleration along three axes, g. */
  readonly motion: readonly [ChannelSamples, ChannelSamples, ChannelSamples] | null;
  /** Microsiemens. */
  readonly eda: ChannelSamples | null;
  /** Degrees Celsius. */
  readonly temperature: ChannelSamples | null;
}

const NO_SENSORS: WristSensors = { motion: null, eda: null, temperature: null };

/** Errors: `usage` where sensors are asked for that this kind of recording, or this recording, does not have. */
export async function readWristSensors(recording: Recording, wish: SensorSet | undefined): Promise<WristSensors> {
  const where = basename(recording.path);
  if (recording.format !== 'e4') {
    if (wish === undefined) return NO_SENSORS;
    throw new MaiboError(
      'usage',
      `sensors can only be chosen for Empatica E4 recordings; this is ${recording.format}`,
      {
        where,
      },
    );
  }
  if (wish === 'cardiac') return NO_SENSORS;
  const motion = await readMotion(recording);
  if (wish === 'cardiac+motion' && motion === null) {
    throw new MaiboError('usage', 'the recording has no acceleration', { where, hint: 'use --sensors cardiac or all' });
  }
  if (wish === 'cardiac+motion') return { ...NO_SENSORS, motion };
  return { motion, eda: await readChannel(recording, 'EDA'), temperature: await readChannel(recording, 'TEMP') };
}

async function readMotion(recording: Recording): Promise<WristSensors['motion']> {
  const x = await readChannel(recording, 'ACC x');
  const y = await readChannel(recording, 'ACC y');
  const z = await readChannel(recording, 'ACC z');
  return x === null || y === null || z === null ? null : [x, y, z];
}

/** Light with the acceleration of the same moments behind each sample, as the ppg core takes them. */
export function framesWithMotion(
  light: Float32Array,
  { firstS, rateHz }: { firstS: number; rateHz: number },
  motion: NonNullable<WristSensors['motion']>,
): Float32Array {
  const frames = new Float32Array(4 * light.length);
  for (let i = 0; i < light.length; i++) {
    frames[4 * i] = light[i]!;
    for (let axis = 0; axis < 3; axis++) frames[4 * i + 1 + axis] = valueAt(motion[axis]!, firstS + i / rateHz);
  }
  return frames;
}
