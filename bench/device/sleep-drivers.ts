// `sleep`: the beginning of a made night, live and in the morning; from RR intervals, from counts of `motion` with them, and from activity
// with the heart rate's spread; a push an epoch. The instance has room for eight hours.

import { type MadeNight, makeNight } from '../made-night.ts';
import type { DeviceDriver } from './device-driver.ts';
import { type Field, structsOf } from './pushes.ts';

export interface SleepInput {
  readonly timeS: number;
  readonly value: number;
  /** 1 activity, 2 spread of the heart rate, 3 RR interval, 4 count (firmware-wasm/cores/sleep/layout.ts). */
  readonly kind: number;
}

const HOURS = 2;
const EPOCH_S = 30;
const EPOCH_COUNT = (HOURS * 3600) / EPOCH_S;
const EPOCH_COUNT_MAX = 960;
const INPUT_BYTES = 16;
const FIELDS: readonly Field[] = [
  ['f64', 0],
  ['f32', 8],
  ['u32', 12],
];
const MODES = ['live', 'morning'];
/** Acceleration is there for the activity alone: a low rate does. */
const RATE_HZ = 10;

export function sleepDrivers(): DeviceDriver[] {
  const night = makeNight(HOURS, RATE_HZ);
  const intervals = intervalsOf(night);
  const kinds = {
    RR: intervals,
    'counts and RR': [...countsOf(night), ...intervals],
    'activity and spread': featuresOf(night),
  };
  return MODES.flatMap((modeName, mode) =>
    Object.entries(kinds).map(([kind, inputs]) =>
      sleepDriver(`${modeName}, ${kind}`, mode, EPOCH_COUNT_MAX, EPOCH_COUNT, inputs),
    ),
  );
}

export function sleepDriver(
  name: string,
  mode: number,
  epochCountMax: number,
  epochCount: number,
  inputs: readonly SleepInput[],
): DeviceDriver {
  return {
    core: 'sleep',
    name,
    sizeNumbers: [epochCountMax, mode],
    initNumbers: [epochCountMax, mode],
    elementBytes: INPUT_BYTES,
    findingBytes: 32,
    pollCount: 4,
    unit: 'epoch',
    unitCount: epochCount,
    budget: 300_000,
    pushes: pushesOf(epochCount, inputs),
  };
}

function epochs(): number[] {
  return Array.from({ length: EPOCH_COUNT }, (_, epoch) => epoch);
}

function intervalsOf({ intervals }: MadeNight): SleepInput[] {
  return intervals.map(({ timeS, rrMs }) => ({ timeS, value: rrMs, kind: 3 }));
}

/** Of the size that the files of Walch 2019 have: counts of 0 to some hundred, a spread of a few tenths. */
function featuresOf(night: MadeNight): SleepInput[] {
  return epochs().flatMap((epoch) => {
    const timeS = epoch * EPOCH_S;
    return [
      { timeS, value: activityOf(night, timeS), kind: 1 },
      { timeS, value: spreadOf(night, timeS), kind: 2 },
    ];
  });
}

/** One in 15 s: half of an epoch's. */
function countsOf(night: MadeNight): SleepInput[] {
  return epochs().flatMap((epoch) => {
    const timeS = epoch * EPOCH_S;
    const value = activityOf(night, timeS) / 2;
    return [
      { timeS, value, kind: 4 },
      { timeS: timeS + EPOCH_S / 2, value, kind: 4 },
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

/** One an epoch, also of one in which nothing came. */
function pushesOf(epochCount: number, inputs: readonly SleepInput[]): Uint8Array[] {
  const rows: number[][][] = Array.from({ length: epochCount }, () => []);
  for (const { timeS, value, kind } of inputs.toSorted((a, b) => a.timeS - b.timeS)) {
    rows[Math.floor(timeS / EPOCH_S)]?.push([timeS, value, kind]);
  }
  return rows.map((epoch) => structsOf(INPUT_BYTES, FIELDS, epoch));
}
