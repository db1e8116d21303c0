// `breath-beats` measures beats in an ECG and in light; `breath` takes such beats, and intervals, and finds the breath in them.

import type { DeviceDriver } from './device-driver.ts';
import { ECG_HZ, LIGHT_FROM_S, LIGHT_HZ, makeBeats, makeEcg, makeLight } from './made-wearer.ts';
import { cut, type Field, structsOf } from './pushes.ts';

const DURATION_S = 600;
const MEASURED_S = 120;
export const [RR, ECG, PPG, RESPIRATION] = [1, 2, 3, 4];
export const AFTER_GAP = 1 << 16;
/** Beats are known this long after they were. */
const DELAY_S = 1;
const BREATH_HZ = 0.25;
const QUALITY = 0.9;

const BREATH_BYTES = 24;
const BREATH_FIELDS: readonly Field[] = [
  ['f64', 0],
  ['f32', 8],
  ['f32', 12],
  ['f32', 16],
  // Kind in the lower half, flags in the upper.
  ['u32', 20],
];
const BEAT_BYTES = 16;
const BEAT_FIELDS: readonly Field[] = [
  ['f32', 0],
  ['f32', 4],
  ['u16', 8],
];

export function breathDrivers(): DeviceDriver[] {
  const light = makeLight(MEASURED_S).filter((_, index) => index % 4 === 0);
  return [
    breathDriver(),
    beatsDriver(`ECG, ${ECG_HZ} Hz`, makeEcg(MEASURED_S), ECG_HZ, ECG, 0),
    beatsDriver(`light, ${LIGHT_HZ} Hz`, light, LIGHT_HZ, PPG, 0.22 - LIGHT_FROM_S),
  ];
}

function breathDriver(): DeviceDriver {
  const rows = makeBeats(DURATION_S).flatMap(({ timeS, rrMs }) => {
    // In steps of 1/1024, so that no host's sine shows in the last bit.
    const wave = Math.round(1024 * Math.sin(2 * Math.PI * BREATH_HZ * timeS)) / 1024;
    return [
      [timeS, rrMs, 0, QUALITY, RR],
      [timeS, 1 + 0.07 * wave, 0.03 * wave, QUALITY, ECG],
      [timeS + 0.25, 1 - 0.05 * wave, 0.1 * wave, QUALITY, PPG],
    ];
  });
  return breathDriverOf('RR, ECG beats, pulses', rows);
}

/** Rows: time in s, value, baseline, quality, kind; with AFTER_GAP added to it where a gap lies before. */
export function breathDriverOf(name: string, rows: readonly number[][]): DeviceDriver {
  return {
    core: 'breath',
    name,
    sizeNumbers: [],
    initNumbers: [],
    elementBytes: BREATH_BYTES,
    findingBytes: 104,
    pollCount: 8,
    unit: 'finding (10 s)',
    unitCount: null,
    budget: null,
    pushes: cut(structsOf(BREATH_BYTES, BREATH_FIELDS, rows), 3 * BREATH_BYTES),
  };
}

function beatsDriver(name: string, samples: Float32Array, rateHz: number, signal: number, lateS: number): DeviceDriver {
  const beats = makeBeats(MEASURED_S)
    .map(({ timeS }) => (timeS + lateS) * rateHz)
    .filter((sample) => sample > 0);
  return breathBeatsDriver(name, samples, rateHz, signal, beats);
}

/** `beats`: places among the samples, rising. */
export function breathBeatsDriver(
  name: string,
  samples: Float32Array,
  rateHz: number,
  signal: number,
  beats: readonly number[],
): DeviceDriver {
  const rows: number[][] = [];
  let next = 0;
  for (const [index, sample] of samples.entries()) {
    while (next < beats.length && index >= beats[next]! + DELAY_S * rateHz) {
      rows.push([index - beats[next]!, QUALITY, 1]);
      next++;
    }
    rows.push([sample, 0, 0]);
  }
  return {
    core: 'breath-beats',
    name,
    sizeNumbers: [rateHz],
    initNumbers: [rateHz, signal, 1],
    elementBytes: BEAT_BYTES,
    findingBytes: 24,
    pollCount: 8,
    unit: 'sample',
    unitCount: samples.length,
    budget: null,
    pushes: cut(structsOf(BEAT_BYTES, BEAT_FIELDS, rows), Math.floor(rateHz / 4) * BEAT_BYTES),
  };
}
