// Recordings as 16-bit samples, frame by frame, for the bench of the waveform codec.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { sharedPath } from '../shared-folder.ts';

export interface WaveRecording {
  readonly name: string;
  readonly channelCount: number;
  readonly samples: Int16Array;
  /** The tables and constants of the format were chosen on it. */
  readonly isTraining: boolean;
}

export interface WaveSet {
  readonly name: string;
  readonly rateHz: number;
  readonly recordings: readonly WaveRecording[];
}

const TRAINING_RECORDS = new Set(['101', '108', '115', '124', '205', '215']);
const TRAINING_PEOPLE = new Set(['S01', 'S07', 'S13', 'S19', 'S25', 'S31']);
/** The wristband's pulse wave has two decimals and up to 2,750 units; a tenth of a unit fits into 16 bits. */
const PULSE_COUNTS = 10;

/** Those that are there. */
export function readWaveSets(): WaveSet[] {
  const ecg = sharedPath('data/mitdb');
  const wrist = sharedPath('data/stress_predict/Raw_data');
  return [...(ecg === null ? [] : [readEcg(ecg)]), ...(wrist === null ? [] : [readPulse(wrist), readMotion(wrist)])];
}

function readEcg(folder: string): WaveSet {
  const records = readdirSync(folder).filter((file) => file.endsWith('.dat'));
  const recordings = records.sort().map((file) => {
    const name = file.slice(0, -4);
    const samples = unpack212(readFileSync(join(folder, file)));
    return { name, channelCount: 2, samples, isTraining: TRAINING_RECORDS.has(name) };
  });
  return { name: 'ECG, mitdb, 2 leads', rateHz: 360, recordings };
}

/** Three bytes hold a sample of each of two leads, 12 bits each. */
function unpack212(bytes: Uint8Array): Int16Array {
  const samples = new Int16Array(Math.floor(bytes.length / 3) * 2);
  for (let i = 0; i < samples.length / 2; i++) {
    const [low, middle, high] = [bytes[3 * i]!, bytes[3 * i + 1]!, bytes[3 * i + 2]!];
    samples[2 * i] = ((low | ((middle & 15) << 8)) << 20) >> 20;
    samples[2 * i + 1] = ((high | ((middle >> 4) << 8)) << 20) >> 20;
  }
  return samples;
}

function readPulse(folder: string): WaveSet {
  const recordings = people(folder).map((name) => {
    const samples = Int16Array.from(linesOf(folder, name, 'BVP'), (line) => Math.round(Number(line) * PULSE_COUNTS));
    return { name, channelCount: 1, samples, isTraining: TRAINING_PEOPLE.has(name) };
  });
  return { name: 'PPG, wrist, BVP x 10', rateHz: 64, recordings };
}

function readMotion(folder: string): WaveSet {
  const recordings = people(folder).map((name) => {
    const samples = Int16Array.from(linesOf(folder, name, 'ACC').flatMap((line) => line.split(',').map(Number)));
    return { name, channelCount: 3, samples, isTraining: TRAINING_PEOPLE.has(name) };
  });
  return { name: 'ACC, wrist, 3 axes', rateHz: 32, recordings };
}

function people(folder: string): string[] {
  return readdirSync(folder)
    .filter((person) => /^S\d\d$/.test(person))
    .sort();
}

/** Lines of an E4 file without the start and the rate. */
function linesOf(folder: string, person: string, kind: string): string[] {
  const path = join(folder, person, `${kind}.csv`);
  const text = existsSync(path) ? readFileSync(path, 'utf8') : gunzipSync(readFileSync(`${path}.gz`)).toString('utf8');
  return text.trim().split(/\r?\n/).slice(2);
}
