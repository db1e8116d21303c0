// One made person for all drivers: ECG and beats of the simulated wearer, light with a pulse for each beat, and a wrist of the made
// night. All of it comes as counts, so that no host's sine shows in the last bit.

import { createWearer } from '@maibo/simulator';
import { type MadeNight, makeNight } from '../made-night.ts';

export const ECG_HZ = 250;
export const LIGHT_HZ = 64;
export const MOTION_HZ = 32;

const SEED = 1;
const [LEAD_OFF_S, LEAD_ON_S] = [300, 305];
/** Of a converter that sees the R peak with a bit less than its half. */
const COUNTS_PER_MV = 1000;
const MISSING_COUNT = -32_768;
/** The wearer's first beat comes late; the light begins with pulses. */
export const LIGHT_FROM_S = 3;
const BREATH_HZ = 0.25;
const LIGHT_COUNTS = 2000;

export interface MadeBeat {
  readonly timeS: number;
  /** To the beat before. */
  readonly rrMs: number;
}

/** ECG in mV; five seconds without electrodes are missing. */
export function makeEcg(durationS: number): Float32Array {
  return Float32Array.from(makeEcgCounts(durationS), (count) =>
    count === MISSING_COUNT ? Number.NaN : count / COUNTS_PER_MV,
  );
}

export function makeEcgCounts(durationS: number): Int16Array {
  const counts = [...wearerOf(durationS).counts()];
  const all = new Int16Array(counts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const block of counts) {
    all.set(block, at);
    at += block.length;
  }
  return all;
}

/** The wearer's beats, to a sample of the ECG. */
export function makeBeats(durationS: number): MadeBeat[] {
  const samples = [...wearerOf(durationS).truth.beatTimesS].map((timeS) => Math.round(timeS * ECG_HZ));
  return samples.slice(1).map((sample, index) => ({
    timeS: sample / ECG_HZ,
    rrMs: ((sample - samples[index]!) * 1000) / ECG_HZ,
  }));
}

/** Frames of light and three axes in g; the wrist moves for the first five minutes, and the light with it. */
export function makeLight(durationS: number): Float32Array {
  const { frames: wrist } = makeWrist(durationS, LIGHT_HZ);
  const times = makeBeats(durationS + LIGHT_FROM_S).map(({ timeS }) => timeS);
  const frames = new Float32Array((wrist.length / 3) * 4);
  let beat = 0;
  for (let index = 0; index < wrist.length / 3; index++) {
    const timeS = LIGHT_FROM_S + index / LIGHT_HZ;
    while (beat < times.length - 1 && timeS >= times[beat + 1]!) beat++;
    const shaken = 0.2 * (wrist[3 * index]! - (wrist[3 * index - 3] ?? wrist[3 * index]!));
    const breath = 0.05 * Math.sin(2 * Math.PI * BREATH_HZ * timeS);
    frames[4 * index] = Math.round(LIGHT_COUNTS * (pulseAt(timeS - times[beat]!) + breath + shaken));
    frames.set(wrist.subarray(3 * index, 3 * index + 3), 4 * index + 1);
  }
  return frames;
}

export function makeWrist(durationS: number, rateHz: number): MadeNight {
  return makeNight(durationS / 3600, rateHz);
}

/** The wave of a beat and its echo, seconds after the beat; no picture of a person. */
function pulseAt(sinceS: number): number {
  return bell((sinceS - 0.22) / 0.1) + 0.35 * bell((sinceS - 0.5) / 0.13);
}

function bell(x: number): number {
  return 1 / (1 + x * x) ** 2;
}

function wearerOf(durationS: number) {
  return createWearer({
    seed: SEED,
    durationS,
    rateHz: ECG_HZ,
    gain: COUNTS_PER_MV,
    leadOff: { fromS: LEAD_OFF_S, toS: LEAD_ON_S },
  });
}
