// Real recordings beside the repository, for the bits alone: a million samples of ECG, and the beats that are found in them; and light.

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { openRecording } from '@maibo/sdk';
import { sharedPath } from '../shared-folder.ts';
import { beatDriver } from './beat-drivers.ts';
import type { DeviceDriver } from './device-driver.ts';
import { generatedModule } from './generated-module.ts';
import { hrvWindowsDriver, rrDriver } from './interval-drivers.ts';
import type { MadeBeat } from './made-wearer.ts';
import { playHere } from './tape.ts';
import { waveDriversOf } from './wave-drivers.ts';

const SAMPLE_COUNT = 1_000_000;
const ECG_RECORDS = ['data/mitdb/100', 'data/mitdb/101'];
const ECG_HZ = 360;
const LIGHT_FILE = 'data/ppg_bidmc01/bidmc_01_Signals.csv.gz';
const [LIGHT_HZ, LIGHT_COLUMN] = [125, 2];
const [BEAT, UNUSABLE] = [1, 2];
const FINDING_BYTES = 16;
/** Pauses and double beats are left to rr; hrv gets what a heart can do. */
const [RR_MS_MIN, RR_MS_MAX] = [250, 3000];

/** A sentence that says what is missing, or the drivers. */
export async function recordingDrivers(): Promise<DeviceDriver[] | string> {
  const records = ECG_RECORDS.map((record) => sharedPath(`${record}.hea`));
  const light = sharedPath(LIGHT_FILE);
  if (records.includes(null) || light === null) return 'recordings: no ../shared/data with mitdb and ppg_bidmc01';
  const counts = await readCounts(records.map((path) => path!.slice(0, -'.hea'.length)));
  const ecg = beatDriver('ecg', 'mitdb 100, 101', [ECG_HZ], Float32Array.from(counts), 1);
  const beats = beatsOf(ecg);
  return [
    ecg,
    beatDriver('ppg', 'bidmc 01', [LIGHT_HZ, 0, 1], readLight(light), 1),
    rrDriver('mitdb 100, 101', beats),
    hrvWindowsDriver(
      'mitdb 100, 101',
      beats.filter(({ rrMs }) => rrMs >= RR_MS_MIN && rrMs <= RR_MS_MAX),
    ),
    ...waveDriversOf('mitdb 100, 101', 1, counts),
  ];
}

async function readCounts(paths: readonly string[]): Promise<Int16Array> {
  const counts = new Int16Array(SAMPLE_COUNT);
  let at = 0;
  for (const path of paths) {
    const recording = await openRecording(path);
    for await (const chunk of recording.samples(0)) {
      const part = Array.from(chunk).slice(0, SAMPLE_COUNT - at);
      counts.set(part, at);
      at += part.length;
    }
  }
  return counts;
}

function readLight(path: string): Float32Array {
  const lines = gunzipSync(readFileSync(path)).toString().trim().split('\n').slice(1);
  return Float32Array.from(lines, (line) => Number(line.split(',')[LIGHT_COLUMN]));
}

/** As the core finds them; across what is unusable there is no interval. */
function beatsOf(ecg: DeviceDriver): MadeBeat[] {
  const beats: MadeBeat[] = [];
  let last: number | null = null;
  playHere(generatedModule('ecg'), ecg, (bytes) => {
    const view = new DataView(bytes.buffer);
    for (let at = 0; at < bytes.length; at += FINDING_BYTES) {
      const [sample, kind] = [view.getFloat64(at, true), view.getUint16(at + 12, true)];
      if (kind === UNUSABLE) last = null;
      if (kind !== BEAT) continue;
      if (last !== null) beats.push({ timeS: sample / ECG_HZ, rrMs: ((sample - last) * 1000) / ECG_HZ });
      last = sample;
    }
  });
  return beats;
}
