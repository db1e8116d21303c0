// Recordings of a wristband with a label for every second, as what the stress core takes: pulses found by the PPG core, movement, skin
// conductance and temperature on one clock.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { PpgCore, type StressInput } from '@maibo/cores';
import { wristPeople, wristRecording } from './ppg-recordings.ts';

export interface StressRecording {
  readonly person: string;
  readonly seconds: number;
  /** In the order of their times, s from the start. */
  readonly inputs: readonly StressInput[];
  /** For every second: was the person under stress? */
  readonly isStressed: readonly boolean[];
}

/** What may be used: the light alone, with movement (which the PPG core uses too), with all that the band measures. */
export const SENSOR_SETS = [
  { name: 'cardiac', sensors: 0 },
  { name: 'cardiac+motion', sensors: 1 },
  { name: 'all', sensors: 7 },
] as const;
export type SensorSet = (typeof SENSOR_SETS)[number];

/** Everything is measured in the same hour; windows and labels are told apart by these. */
export const [WINDOW_S, STEP_S] = [60, 30];

const E4_COUNTS_PER_G = 64;
const ACCELERATION_HZ = 32;
const SLOW_HZ = 4;
const NO_INPUT = { y: Number.NaN, z: 0, afterGap: false };

/** `folder` is stress_predict. People without labels are left out. */
export function stressRecordings(folder: string, { sensors }: SensorSet): StressRecording[] {
  const labels = labelsOf(folder);
  const people = wristPeople(folder).filter((person) => labels.has(Number(person.slice(1))));
  return people.map((person) => {
    const recording = wristRecording(folder, person);
    const path = (file: string) => join(folder, 'Raw_data', person, file);
    const startS = Number(textOf(path('BVP.csv')).slice(0, 20).split('\n')[0]);
    const seconds = Math.floor(recording.seconds);
    const stressed = labels.get(Number(person.slice(1)))!;
    return {
      person,
      seconds,
      inputs: inTime([
        ...intervalsOf(recording.light, recording.frames, recording.rateHz, sensors > 0),
        ...(sensors > 0 ? accelerationOf(path('ACC.csv')) : []),
        ...(sensors > 1 ? [...slowOf(path('EDA.csv'), 'eda'), ...slowOf(path('TEMP.csv'), 'temperature')] : []),
      ]),
      isStressed: Array.from({ length: seconds }, (_, second) => stressed.has(Math.round(startS + second))),
    };
  });
}

export function inTime(inputs: readonly StressInput[]): StressInput[] {
  return inputs.toSorted((a, b) => a.timeS - b.timeS);
}

/** Without movement the PPG core gets the light alone: it would use movement too. */
function intervalsOf(light: Float64Array, frames: Float32Array, rateHz: number, hasMotion: boolean): StressInput[] {
  const core = PpgCore.create({ rateHz, polarity: 0, channelCount: hasMotion ? 4 : 1 });
  const findings = [...core.push(hasMotion ? frames : Float32Array.from(light)), ...core.flush()];
  const inputs: StressInput[] = [];
  let beatS: number | null = null;
  let afterGap = true;
  for (const { kind, sample, quality } of findings) {
    const timeS = sample / rateHz;
    if (kind === 'unusable') beatS = null;
    if (kind !== 'beat') continue;
    if (beatS === null) afterGap = true;
    else {
      inputs.push({ kind: 'interval', timeS, x: 1000 * (timeS - beatS), y: quality, z: 0, afterGap });
      afterGap = false;
    }
    beatS = timeS;
  }
  return inputs;
}

function accelerationOf(path: string): StressInput[] {
  return rowsOf(path).map((axes, index) => {
    const [x, y, z] = axes.map((counts) => counts / E4_COUNTS_PER_G);
    return { ...NO_INPUT, kind: 'acceleration', timeS: index / ACCELERATION_HZ, x: x!, y: y!, z: z! };
  });
}

function slowOf(path: string, kind: 'eda' | 'temperature'): StressInput[] {
  return rowsOf(path).map(([x], index) => ({ ...NO_INPUT, kind, timeS: index / SLOW_HZ, x: x! }));
}

/** Seconds under stress of every participant, unix time. */
function labelsOf(folder: string): Map<number, Set<number>> {
  const people = new Map<number, Set<number>>();
  for (const line of textOf(join(folder, 'labels.csv')).trim().split(/\r?\n/).slice(1)) {
    const cells = line.split(',').map(Number);
    const [participant, timeS, label] = [cells[0]!, cells[3]!, cells[4]!];
    if (!people.has(participant)) people.set(participant, new Set());
    if (label === 1) people.get(participant)!.add(timeS);
  }
  return people;
}

/** Samples of an E4 file; its first two lines are the start and the rate. */
function rowsOf(path: string): number[][] {
  const lines = textOf(path).trim().split(/\r?\n/).slice(2);
  return lines.map((line) => line.split(',').map(Number));
}

function textOf(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : gunzipSync(readFileSync(`${path}.gz`)).toString('utf8');
}

/** The same recording as if its second half had come first: what was learned from a place in the protocol is lost. */
export function turned(recording: StressRecording, share: number): StressRecording {
  const cutS = Math.floor(share * recording.seconds);
  const later = recording.seconds - cutS;
  const moved = recording.inputs.flatMap((input) =>
    input.timeS < recording.seconds
      ? [{ ...input, timeS: input.timeS < cutS ? input.timeS + later : input.timeS - cutS }]
      : [],
  );
  const isStressed = [...recording.isStressed.slice(cutS), ...recording.isStressed.slice(0, cutS)];
  return { ...recording, inputs: inTime(moved), isStressed };
}

/** The same recording as if it had been started later. */
export function startedLater(recording: StressRecording, cutS: number): StressRecording {
  return {
    ...recording,
    seconds: recording.seconds - cutS,
    inputs: recording.inputs.flatMap((input) => (input.timeS < cutS ? [] : [{ ...input, timeS: input.timeS - cutS }])),
    isStressed: recording.isStressed.slice(cutS),
  };
}

/** Was most of the window that ends at `endS` stress? */
export function windowIsStressed({ isStressed }: StressRecording, endS: number): boolean {
  const window = isStressed.slice(endS - WINDOW_S, endS);
  return window.filter(Boolean).length > window.length / 2;
}
