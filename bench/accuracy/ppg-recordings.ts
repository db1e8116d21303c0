// Recordings of light with a truth beside them: phone cameras with a chest strap, a bedside monitor with its ECG, and wristbands whose
// only truth is what the same device made of the light.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { EcgCore } from '@maibo/cores';
import { evenly } from './even-spline.ts';

export interface LightRecording {
  readonly name: string;
  readonly rateHz: number;
  /** NaN where there is nothing. */
  readonly light: Float64Array;
  /** Which way the sensor has its pulses: 1 up, -1 down. */
  readonly polarity: 1 | -1;
  /** Times of true beats, s, on a clock of their own. */
  readonly beats: readonly number[];
}

export interface WristRecording {
  readonly name: string;
  readonly rateHz: number;
  readonly seconds: number;
  readonly light: Float64Array;
  /** Light and three axes in g, interleaved. */
  readonly frames: Float32Array;
  /** The device's own intervals, s from the start. */
  readonly ibi: readonly { readonly endS: number; readonly rrS: number }[];
  /** The device's own rate for every second. */
  readonly hrBpm: readonly number[];
}

const CAMERA_HZ = 30;
/** Farther from the next frame the camera was looking elsewhere. */
const FRAME_GAP_MS = 150;
const ECG_HZ = 125;
const THIN_OUT = 5;
const WRIST_HZ = 64;
const E4_COUNTS_PER_G = 64;

/** `folder` is welltory_ppg. The red channel, a cubic spline at an even 30 Hz. */
export function cameraRecordings(folder: string): LightRecording[] {
  const people = readdirSync(join(folder, 'data')).toSorted();
  return people.map((person) => {
    const rows = rowsOf(join(folder, 'data', person, 'PPG.csv')).slice(1);
    const times = rows.map(([ms]) => ms! / 1000);
    const values = rows.map(([, red]) => red!);
    const text = readFileSync(join(folder, 'data', person, 'RR.txt'), 'utf8');
    const beats = [0];
    for (const ms of text.trim().split(/\s+/)) beats.push(beats.at(-1)! + Number(ms) / 1000);
    const light = evenly(times, values, CAMERA_HZ, FRAME_GAP_MS / 1000);
    return { name: person, rateHz: CAMERA_HZ, light, polarity: -1, beats };
  });
}

/** `folder` is ppg_bidmc01. At its own rate and at every fifth sample; its beats by our ECG core. */
export function bedsideRecordings(folder: string): LightRecording[] {
  const rows = rowsOf(join(folder, 'bidmc_01_Signals.csv')).slice(1);
  const light = Float64Array.from(rows, (row) => row[2]!);
  const core = EcgCore.create({ rateHz: ECG_HZ });
  const findings = [...core.push(Float32Array.from(rows, (row) => row[5]!)), ...core.flush()];
  const beats = findings.flatMap(({ kind, sample }) => (kind === 'beat' ? [sample / ECG_HZ] : []));
  const thin = light.filter((_, index) => index % THIN_OUT === 0);
  return [
    { name: 'bidmc 125 Hz', rateHz: ECG_HZ, light, polarity: 1, beats },
    { name: 'bidmc 25 Hz', rateHz: ECG_HZ / THIN_OUT, light: thin, polarity: 1, beats },
  ];
}

/** `folder` is stress_predict. */
export function wristPeople(folder: string): string[] {
  return readdirSync(join(folder, 'Raw_data')).toSorted();
}

export function wristRecording(folder: string, person: string): WristRecording {
  const read = (file: string) => rowsOf(join(folder, 'Raw_data', person, file));
  const light = Float64Array.from(read('BVP.csv').slice(2), (row) => row[0]!);
  const motion = read('ACC.csv').slice(2);
  const frames = new Float32Array(4 * light.length);
  for (const [index, value] of light.entries()) {
    const [low, high] = [index >> 1, (index >> 1) + (index & 1)].map((at) => motion[Math.min(motion.length - 1, at)]!);
    // 32 Hz under 64 Hz: every second one lies between two readings.
    const axes = [0, 1, 2].map((axis) => (low![axis]! + high![axis]!) / (2 * E4_COUNTS_PER_G));
    frames.set([value, ...axes], 4 * index);
  }
  const ibi = read('IBI.csv').slice(1);
  return {
    name: person,
    rateHz: WRIST_HZ,
    seconds: light.length / WRIST_HZ,
    light,
    frames,
    ibi: ibi.map(([endS, rrS]) => ({ endS: endS!, rrS: rrS! })),
    hrBpm: read('HR.csv')
      .slice(2)
      .map(([bpm]) => bpm!),
  };
}

function rowsOf(path: string): number[][] {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : gunzipSync(readFileSync(`${path}.gz`)).toString('utf8');
  const lines = text.trim().split(/\r?\n/);
  return lines.map((line) => line.split(',').map(Number));
}
