// `sleep`: a made night, live and in the morning, from RR intervals and from activity with the heart rate's spread; a push an epoch.

import { type MadeNight, makeNight } from '../made-night.ts';
import type { DeviceDriver } from './device-driver.ts';

interface Input {
  readonly timeS: number;
  readonly value: number;
  /** 1 activity, 2 spread of the heart rate, 3 RR interval (firmware-wasm/cores/sleep/layout.ts). */
  readonly kind: number;
}

const HOURS = 8;
const EPOCH_S = 30;
const EPOCH_COUNT = (HOURS * 3600) / EPOCH_S;
const INPUT_BYTES = 16;
const MODES = ['live', 'morning'];
/** Acceleration is there for the activity alone: a low rate does. */
const RATE_HZ = 10;

export function sleepDrivers(): DeviceDriver[] {
  const night = makeNight(HOURS, RATE_HZ);
  const kinds = { RR: intervalsOf(night), 'activity and spread': featuresOf(night) };
  return MODES.flatMap((modeName, mode) =>
    Object.entries(kinds).map(([kind, inputs]) => ({
      core: 'sleep',
      name: `${modeName}, ${kind}`,
      sizeNumbers: [EPOCH_COUNT],
      initNumbers: [EPOCH_COUNT, mode],
      elementBytes: INPUT_BYTES,
      findingBytes: 32,
      unit: 'epoch',
      unitCount: EPOCH_COUNT,
      budget: 300_000,
      pushes: epochs().map((epoch) => bytesOf(inputs.filter(({ timeS }) => Math.floor(timeS / EPOCH_S) === epoch))),
    })),
  );
}

function epochs(): number[] {
  return Array.from({ length: EPOCH_COUNT }, (_, epoch) => epoch);
}

function intervalsOf({ intervals }: MadeNight): Input[] {
  return intervals.map(({ timeS, rrMs }) => ({ timeS, value: rrMs, kind: 3 }));
}

/** Of the size that the files of Walch 2019 have: counts of 0 to some hundred, a spread of a few tenths. */
function featuresOf(night: MadeNight): Input[] {
  return epochs().flatMap((epoch) => {
    const timeS = epoch * EPOCH_S;
    return [
      { timeS, value: activityOf(night, timeS), kind: 1 },
      { timeS, value: spreadOf(night, timeS), kind: 2 },
    ];
  });
}

function activityOf({ frames, rateHz }: MadeNight, fromS: number): number {
  const [from, to] = [fromS, fromS + EPOCH_S].map((timeS) => 3 * timeS * rateHz) as [number, number];
  let changes = 0;
  for (let at = from + 3; at < to; at++) changes += Math.abs(frames[at]! - frames[at - 3]!);
  return Math.max(0, changes - 7);
}

function spreadOf({ intervals }: MadeNight, fromS: number): number {
  const own = intervals.filter(({ timeS }) => timeS >= fromS && timeS < fromS + EPOCH_S).map(({ rrMs }) => rrMs);
  const mean = own.reduce((sum, rrMs) => sum + rrMs, 0) / own.length;
  return Math.sqrt(own.reduce((sum, rrMs) => sum + (rrMs - mean) ** 2, 0) / own.length) / 100;
}

function bytesOf(inputs: readonly Input[]): Uint8Array {
  const bytes = new Uint8Array(inputs.length * INPUT_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [index, { timeS, value, kind }] of inputs.entries()) {
    view.setFloat64(index * INPUT_BYTES, timeS, true);
    view.setFloat32(index * INPUT_BYTES + 8, value, true);
    view.setUint32(index * INPUT_BYTES + 12, kind, true);
  }
  return bytes;
}
