// `motion`: the beginning of a made night, in pushes of a second: twenty minutes in which the wrist moves, and an hour of sleep.

import { makeNight } from '../made-night.ts';
import type { DeviceDriver } from './device-driver.ts';
import { MOTION_HZ } from './made-wearer.ts';
import { bytesOf, cut } from './pushes.ts';

const RATES_HZ = [MOTION_HZ, 50];
const AWAKE_HOURS = 1 / 3;
const HOURS = AWAKE_HOURS + 1;
const FRAME_BYTES = 12;

export function motionDrivers(): DeviceDriver[] {
  return RATES_HZ.flatMap((rateHz) => {
    const { frames } = makeNight(HOURS, rateHz);
    const boundary = 3 * AWAKE_HOURS * 3600 * rateHz;
    return [
      motionDriver(`${rateHz} Hz, awake`, rateHz, frames.subarray(0, boundary)),
      motionDriver(`${rateHz} Hz, asleep`, rateHz, frames.subarray(boundary)),
    ];
  });
}

/** `frames`: three axes in g. */
export function motionDriver(name: string, rateHz: number, frames: Float32Array): DeviceDriver {
  return {
    core: 'motion',
    name,
    sizeNumbers: [],
    initNumbers: [rateHz],
    elementBytes: 4,
    findingBytes: 112,
    pollCount: 8,
    unit: 'frame',
    unitCount: frames.length / 3,
    budget: 150,
    pushes: cut(bytesOf(frames), rateHz * FRAME_BYTES),
  };
}
