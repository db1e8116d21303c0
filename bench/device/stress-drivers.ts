// `stress`: a quarter of an hour of beats, with the wrist alone and with sweat and skin temperature beside it; a push a second.

import type { DeviceDriver } from './device-driver.ts';
import { MOTION_HZ, makeBeats, makeWrist } from './made-wearer.ts';
import { type Field, structsOf } from './pushes.ts';

const DURATION_S = 900;
const EDA_HZ = 4;
const INPUT_BYTES = 24;
const FIELDS: readonly Field[] = [
  ['f64', 0],
  ['f32', 8],
  ['f32', 12],
  ['f32', 16],
  // Kind in the lower half, flags in the upper.
  ['u32', 20],
];
export const [INTERVAL, ACCELERATION, EDA, TEMPERATURE] = [1, 2, 3, 4];
export const AFTER_GAP = 1 << 16;
export const [MOTION, ALL] = [1, 7];

export function stressDrivers(): DeviceDriver[] {
  const worn = [...intervals(), ...accelerations()];
  return [
    stressDriver(`beats and ${MOTION_HZ} Hz motion`, MOTION, worn),
    stressDriver('all sensors', ALL, [...worn, ...sweat(), ...temperatures()]),
  ];
}

function intervals(): number[][] {
  return makeBeats(DURATION_S).map(({ timeS, rrMs }) => [timeS, rrMs, 0.9, 0, INTERVAL]);
}

function accelerations(): number[][] {
  const { frames } = makeWrist(DURATION_S, MOTION_HZ);
  return Array.from({ length: frames.length / 3 }, (_, index) => {
    const [x, y, z] = frames.subarray(3 * index, 3 * index + 3);
    return [index / MOTION_HZ, x!, y!, z!, ACCELERATION];
  });
}

/** A level that rises by steps of a converter, with a response now and then. */
function sweat(): number[][] {
  return Array.from({ length: DURATION_S * EDA_HZ }, (_, index) => {
    const response = Math.max(0, 64 - (index % 180)) / 256;
    return [index / EDA_HZ, 2 + Math.floor(index / 16) / 256 + response, 0, 0, EDA];
  });
}

function temperatures(): number[][] {
  return Array.from({ length: DURATION_S }, (_, timeS) => [timeS, 33 - Math.floor(timeS / 60) / 32, 0, 0, TEMPERATURE]);
}

/** Rows: time in s, three values, kind; with AFTER_GAP added to it where a gap lies before. */
export function stressDriver(name: string, sensors: number, rows: readonly number[][]): DeviceDriver {
  // Seconds in which nothing came stay holes, which flatMap passes over.
  const seconds: number[][][] = [];
  for (const row of rows.toSorted((a, b) => a[0]! - b[0]!)) (seconds[Math.floor(row[0]!)] ??= []).push(row);
  return {
    core: 'stress',
    name,
    sizeNumbers: [],
    initNumbers: [sensors],
    elementBytes: INPUT_BYTES,
    findingBytes: 192,
    pollCount: 1,
    unit: 'finding (30 s)',
    unitCount: null,
    budget: null,
    pushes: seconds.flatMap((second) => [structsOf(INPUT_BYTES, FIELDS, second)]),
  };
}
