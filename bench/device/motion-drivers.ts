// `motion`: the beginning of a made night, in pushes of a second: twenty minutes in which the wrist moves, and an hour of sleep.

import { makeNight } from '../made-night.ts';
import type { DeviceDriver } from './device-driver.ts';

const RATE_HZ = 50;
const AWAKE_HOURS = 1 / 3;
const HOURS = AWAKE_HOURS + 1;
const FRAME_BYTES = 12;

export function motionDrivers(): DeviceDriver[] {
  const { frames } = makeNight(HOURS, RATE_HZ);
  const boundary = 3 * AWAKE_HOURS * 3600 * RATE_HZ;
  return [
    driverOf(`${RATE_HZ} Hz, awake`, frames.subarray(0, boundary)),
    driverOf(`${RATE_HZ} Hz, asleep`, frames.subarray(boundary)),
  ];
}

function driverOf(name: string, frames: Float32Array): DeviceDriver {
  const bytes = new Uint8Array(frames.buffer, frames.byteOffset, frames.byteLength);
  const pushBytes = RATE_HZ * FRAME_BYTES;
  return {
    core: 'motion',
    name,
    sizeNumbers: [],
    initNumbers: [RATE_HZ],
    elementBytes: 4,
    findingBytes: 112,
    unit: 'frame',
    unitCount: frames.length / 3,
    budget: 150,
    pushes: Array.from({ length: bytes.length / pushBytes }, (_, second) =>
      bytes.subarray(second * pushBytes, (second + 1) * pushBytes),
    ),
  };
}
