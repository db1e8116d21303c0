// Real recordings beside the repository, for the bits: of every core, a million samples or what was found in them.
//
// `sleep` gets whole nights, since a night is what it takes in at a time; `breath` the one recording with breathing in it.

import { join } from 'node:path';
import type { BreathInput, StressInput } from '@maibo/cores';
import { bedsideBreathing } from '../accuracy/breath-recordings.ts';
import { wristPeople, wristRecording } from '../accuracy/ppg-recordings.ts';
import { sleepLabNights, watchNights } from '../accuracy/sleep-recordings.ts';
import { SENSOR_SETS, stressRecordings } from '../accuracy/stress-recordings.ts';
import { sharedPath } from '../shared-folder.ts';
import { beatDriver } from './beat-drivers.ts';
import {
  AFTER_GAP as BREATH_AFTER_GAP,
  breathBeatsDriver,
  breathDriverOf,
  ECG,
  PPG,
  RESPIRATION,
  RR,
} from './breath-drivers.ts';
import type { DeviceDriver } from './device-driver.ts';
import { AR, hrvWindowsDriver, LOMB, nonlinearDriver, rrDriver, spectrumDriver, WELCH } from './interval-drivers.ts';
import { motionDriver } from './motion-drivers.ts';
import { beatsOf, ECG_HZ, intervalsOf, readCounts, SAMPLE_COUNT } from './recorded-ecg.ts';
import { sleepDriver } from './sleep-drivers.ts';
import {
  ACCELERATION,
  ALL,
  EDA,
  INTERVAL,
  AFTER_GAP as STRESS_AFTER_GAP,
  stressDriver,
  TEMPERATURE,
} from './stress-drivers.ts';
import { waveDriversOf } from './wave-drivers.ts';

const FOLDERS = ['mitdb', 'ppg_bidmc01', 'stress_predict', 'slpdb', 'walch_applewatch_features'];
const ECG_NAME = 'mitdb 100, 101';
const WRIST_NAME = 'stress_predict';
/** In frames of light and three axes; the acceleration itself comes at half the rate. */
const [LIGHT_HZ, MOTION_HZ] = [64, 32];
const COUNTS_PER_G = 64;
const [LIVE, MORNING] = [0, 1];
const EPOCH_COUNT_MAX = 960;
/** Pauses and double beats are left to rr; hrv gets what a heart can do. */
const [RR_MS_MIN, RR_MS_MAX] = [250, 3000];
/** The spectra and the long indices cost a thousand times what a beat does: the beats of ten minutes. */
const LONG_BEATS_S = 600;

/** A sentence that says what is missing, or the drivers. */
export async function recordingDrivers(): Promise<DeviceDriver[] | string> {
  const paths = FOLDERS.map((folder) => sharedPath(join('data', folder)));
  if (paths.includes(null)) return `recordings: no ../shared/data with ${FOLDERS.join(', ')}`;
  const [mitdb, bedside, wrist, slpdb, watch] = paths as [string, string, string, string, string];
  return [
    ...(await heartDrivers(mitdb)),
    ...breathDrivers(bedside),
    ...wristDrivers(wrist),
    stressDriverOf(wrist),
    ...nightDrivers(slpdb, watch),
  ];
}

async function heartDrivers(mitdb: string): Promise<DeviceDriver[]> {
  const counts = await readCounts(mitdb);
  const samples = Float32Array.from(counts);
  const ecg = beatDriver('ecg', ECG_NAME, [ECG_HZ], samples, 1);
  const beats = beatsOf(ecg);
  const intervals = intervalsOf(beats);
  const normal = intervals.filter(({ rrMs }) => rrMs >= RR_MS_MIN && rrMs <= RR_MS_MAX);
  const few = normal.filter(({ timeS }) => timeS < LONG_BEATS_S);
  return [
    ecg,
    rrDriver(ECG_NAME, intervals),
    hrvWindowsDriver(ECG_NAME, normal),
    spectrumDriver('Welch, mitdb 100', WELCH, few),
    spectrumDriver('AR, mitdb 100', AR, few),
    spectrumDriver('Lomb, mitdb 100', LOMB, few),
    nonlinearDriver('mitdb 100', few),
    breathBeatsDriver(
      ECG_NAME,
      samples,
      ECG_HZ,
      ECG,
      beats.flatMap(({ sample }) => (sample === null ? [] : [sample])),
    ),
    ...waveDriversOf(ECG_NAME, 1, counts),
  ];
}

function breathDrivers(bedside: string): DeviceDriver[] {
  const kinds: Record<BreathInput['kind'], number> = {
    rr: RR,
    'ecg-beat': ECG,
    'ppg-beat': PPG,
    respiration: RESPIRATION,
  };
  const rows = bedsideBreathing(bedside).inputs.map(({ timeS, value, baseline, quality, kind, afterGap }) => {
    return [timeS, value, baseline, quality, kinds[kind] + (afterGap ? BREATH_AFTER_GAP : 0)];
  });
  return [breathDriverOf('bidmc 01', rows)];
}

/** One person behind the other until there are a million: light with motion, and motion alone. */
function wristDrivers(wrist: string): DeviceDriver[] {
  const light = new Float32Array(4 * SAMPLE_COUNT);
  const motion = new Float32Array(3 * SAMPLE_COUNT);
  let [lights, motions] = [0, 0];
  for (const person of wristPeople(wrist)) {
    if (lights === SAMPLE_COUNT && motions === SAMPLE_COUNT) break;
    const { frames } = wristRecording(wrist, person);
    for (let at = 0; at < frames.length / 4; at++) {
      const frame = frames.subarray(4 * at, 4 * at + 4);
      if (lights < SAMPLE_COUNT) light.set(frame, 4 * lights++);
      if (at % (LIGHT_HZ / MOTION_HZ) === 0 && motions < SAMPLE_COUNT) motion.set(frame.subarray(1), 3 * motions++);
    }
  }
  return [
    beatDriver('ppg', WRIST_NAME, [LIGHT_HZ, 1, 4], light.subarray(0, 4 * lights), 4),
    motionDriver(WRIST_NAME, MOTION_HZ, motion.subarray(0, 3 * motions)),
    ...waveDriversOf(
      WRIST_NAME,
      3,
      Int16Array.from(motion.subarray(0, SAMPLE_COUNT - (SAMPLE_COUNT % 3)), (g) => g * COUNTS_PER_G),
    ),
  ];
}

/** One person behind the other, each an hour on, until there are a million inputs. */
function stressDriverOf(wrist: string): DeviceDriver {
  const kinds: Record<StressInput['kind'], number> = {
    interval: INTERVAL,
    acceleration: ACCELERATION,
    eda: EDA,
    temperature: TEMPERATURE,
  };
  const rows: number[][] = [];
  let fromS = 0;
  for (const { seconds, inputs } of stressRecordings(wrist, SENSOR_SETS[2])) {
    for (const { kind, timeS, x, y, z, afterGap } of inputs) {
      if (rows.length === SAMPLE_COUNT) return stressDriver(WRIST_NAME, ALL, rows);
      rows.push([fromS + timeS, x, y, z, kinds[kind] + (afterGap ? STRESS_AFTER_GAP : 0)]);
    }
    fromS += seconds + 3600;
  }
  return stressDriver(WRIST_NAME, ALL, rows);
}

function nightDrivers(slpdb: string, watch: string): DeviceDriver[] {
  const [lab, wrist] = [sleepLabNights(slpdb)[0]!, watchNights(watch)[0]!];
  const of = (name: string, mode: number, { stages, inputs }: typeof lab) =>
    sleepDriver(name, mode, EPOCH_COUNT_MAX, Math.min(EPOCH_COUNT_MAX, stages.length), inputs);
  return [
    of('live, slpdb 01a', LIVE, lab),
    of('morning, slpdb 01a', MORNING, lab),
    of('live, a watch', LIVE, wrist),
    of('morning, a watch', MORNING, wrist),
  ];
}
