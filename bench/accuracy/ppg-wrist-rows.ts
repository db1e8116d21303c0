// The wrist recordings, detector by detector: ours at several qualities, the device's own intervals, and peers behind a rule of plausibility.

import { table } from '../bench.ts';
import { type PeerLight, type PeerPulses, type PulsePeer, pulsesByCore } from './ppg-detect.ts';
import { wristPeople, wristRecording } from './ppg-recordings.ts';
import { addWrist, goodIntervals, plausibleIntervals, scoreWrist, type WristScore } from './ppg-wrist.ts';

export interface WristRow {
  readonly name: string;
  readonly kind: 'device' | 'ours' | 'peer';
  /** Shares, 0..1: of the windows, and of the usable ones. */
  readonly usable: number;
  readonly agree: number;
  readonly people: readonly (WristScore & { readonly person: string })[];
}

const QUALITIES = [0.99, 0.98, 0.95, 0.8, 0.6, 0.5];
/** The parabola moves no mean rate, so it is left out here. */
const PEERS: readonly PulsePeer[] = ['neurokit-elgendi', 'heartpy', 'msptdfast-v2'];

export function wristSignals(folder: string): PeerLight[] {
  return wristPeople(folder).map((person) => {
    const { light, rateHz } = wristRecording(folder, person);
    return { name: person, rateHz, light, detectors: PEERS };
  });
}

export function compareWrists(folder: string, runs: readonly PeerPulses[]): { rows: WristRow[]; lines: string[] } {
  const people = new Map<string, { kind: WristRow['kind']; scores: WristRow['people'][number][] }>();
  for (const person of wristPeople(folder)) {
    const recording = wristRecording(folder, person);
    const add = (name: string, kind: WristRow['kind'], score: WristScore) => {
      const row = people.get(name) ?? { kind, scores: [] };
      row.scores.push({ person, ...score });
      people.set(name, row);
    };
    add("the device's own intervals", 'device', scoreWrist(recording, recording.ibi));
    const pulses = pulsesByCore(recording.frames, recording.rateHz, 0, 4);
    for (const quality of QUALITIES) {
      add(`maibo ppg, quality >= ${quality}`, 'ours', scoreWrist(recording, goodIntervals(pulses, quality)));
    }
    for (const { detector, times } of runs.filter(({ signal }) => signal === person)) {
      add(`${detector}, plausible`, 'peer', scoreWrist(recording, plausibleIntervals(times ?? [])));
    }
  }
  const rows = [...people].map(([name, { kind, scores }]): WristRow => {
    const { windows, usable, agreeing } = addWrist(scores);
    return { name, kind, usable: usable / windows, agree: agreeing / usable, people: scores };
  });
  return { rows, lines: linesOf(rows, runs) };
}

function linesOf(rows: readonly WristRow[], runs: readonly PeerPulses[]): string[] {
  const { people } = rows[0]!;
  const percent = (share: number) => (100 * share).toFixed(1);
  const names = new Set(people.map(({ person }) => person));
  const failed = runs.filter(({ signal, times }) => names.has(signal) && times === null);
  return [
    `wrist, ${people.length} people, ${addWrist(people).windows} windows of 60 s; agreement with the device's HR stream within 5 bpm`,
    ...table([
      ['intervals', 'usable %', 'agree %'],
      ...rows.map(({ name, usable, agree }) => [name, percent(usable), percent(agree)]),
    ]),
    ...failed.map(({ signal, detector, error }) => `${detector} failed on ${signal}: ${error}`),
  ];
}
