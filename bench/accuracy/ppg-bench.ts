// `ppg`: the PPG core beside the pulse detectors people use today, on recordings with a truth, and on wrists beside the device's own series.
// How it is scored is in ppg-score.ts and ppg-wrist.ts; what is read, in ppg-recordings.ts.

import { type Bench, type BenchReport, skippedReport, table } from '../bench.ts';
import { sharedPath } from '../shared-folder.ts';
import { evenPeerLight, type PeerPulses, PULSE_PEERS, pulsesByCore, pulsesByPeers } from './ppg-detect.ts';
import { bedsideRecordings, cameraRecordings, type LightRecording } from './ppg-recordings.ts';
import { middle, type Pulse, type PulseScore, scorePulses } from './ppg-score.ts';
import { compareWrists, type WristRow, wristSignals } from './ppg-wrist-rows.ts';

const HR_ERROR_MAX_BPM = 1;
const GOOD = 0.8;
/** Of ours, the one that is held against the budgets: a camera's polarity is known. */
const OURS = `maibo ppg, quality >= ${GOOD}`;
const OURS_UNGATED = 'maibo ppg, all beats';
const WAYS: readonly { name: string; qualityMin: number; isPolarityGiven: boolean }[] = [
  { name: OURS, qualityMin: GOOD, isPolarityGiven: true },
  { name: `${OURS}, polarity found`, qualityMin: GOOD, isPolarityGiven: false },
  { name: OURS_UNGATED, qualityMin: 0, isPolarityGiven: true },
];

export const ppgBench: Bench = {
  name: 'ppg',
  about: 'pulse detection beside HeartPy, NeuroKit2 and MSPTDfast on camera, bedside and wrist recordings',
  run: async () => {
    const folders = ['welltory_ppg', 'ppg_bidmc01', 'stress_predict'].map((name) => sharedPath(`data/${name}`));
    const [camera, bedside, wrist] = folders;
    if (camera == null || bedside == null || wrist == null) {
      return skippedReport('no ../shared/data with welltory_ppg, ppg_bidmc01 and stress_predict beside the repository');
    }
    return compare(cameraRecordings(camera), bedsideRecordings(bedside), wrist);
  },
};

export interface Row {
  readonly name: string;
  readonly recordings: readonly (PulseScore & { readonly recording: string; readonly error: string | null })[];
}

function compare(camera: readonly LightRecording[], bedside: readonly LightRecording[], wrist: string): BenchReport {
  const all = [...camera, ...bedside];
  const peers = pulsesByPeers([...all.map(evenPeerLight), ...wristSignals(wrist)]);
  const runs = typeof peers === 'string' ? [] : peers.runs;
  const rowsOf = (recordings: readonly LightRecording[]) => [...ourRows(recordings), ...peerRows(recordings, runs)];
  const groups = [
    { name: `${camera.length} camera recordings, 30 fps, against a strap`, rows: rowsOf(camera) },
    ...bedside.map((one) => ({ name: `${one.name}, 8 minutes, against its ECG`, rows: rowsOf([one]) })),
  ];
  const wrists = compareWrists(wrist, runs);
  const said = typeof peers === 'string' ? `peers SKIPPED: ${peers}` : `peers: ${versionsOf(peers.versions)}`;
  return {
    lines: [said, ...groups.flatMap(({ name, rows }) => [name, ...groupLines(rows), '']), ...wrists.lines],
    numbers: { versions: typeof peers === 'string' ? null : peers.versions, groups, wrist: wrists.rows },
    overBudget: [...groups.flatMap(({ rows }) => rateBudget(rows)), ...wristBudget(wrists.rows)],
    skipped: null,
  };
}

function versionsOf(versions: Readonly<Record<string, string>>): string {
  return ['neurokit2', 'heartpy', 'numpy', 'scipy'].map((name) => `${name} ${versions[name]}`).join(', ');
}

function ourRows(recordings: readonly LightRecording[]): Row[] {
  return WAYS.map(({ name, qualityMin, isPolarityGiven }) => ({
    name,
    recordings: recordings.map(({ name: recording, light, rateHz, polarity, beats }) => {
      const pulses = pulsesByCore(Float32Array.from(light), rateHz, isPolarityGiven ? polarity : 0, 1);
      return { recording, error: null, ...scorePulses(pulses, beats, qualityMin) };
    }),
  }));
}

function peerRows(recordings: readonly LightRecording[], runs: readonly PeerPulses[]): Row[] {
  if (runs.length === 0) return [];
  return PULSE_PEERS.map((name) => ({
    name,
    recordings: recordings.map(({ name: recording, beats }) => {
      const run = runs.find(({ signal, detector }) => signal === recording && detector === name);
      const pulses = (run?.times ?? []).map((timeS): Pulse => ({ timeS, quality: 1 }));
      return { recording, error: run?.error ?? null, ...scorePulses(pulses, beats, 0) };
    }),
  }));
}

function groupLines(rows: readonly Row[]): string[] {
  const head = ['detector', 'Se %', '+P %', 'HR error bpm', `within ${HR_ERROR_MAX_BPM} bpm`, 'RR corr', 'RR SD ms'];
  const cells = rows.map(({ name, recordings }) => {
    const all = (key: keyof PulseScore) => recordings.map((score) => score[key]);
    const average = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const size = (values: number[]) => middle(values.map(Math.abs));
    const close = recordings.filter(({ hrErrorBpm }) => Math.abs(hrErrorBpm) <= HR_ERROR_MAX_BPM).length;
    return [
      name,
      ...[average(all('se')), average(all('ppv'))].map((share) => (100 * share).toFixed(1)),
      size(all('hrErrorBpm')).toFixed(2),
      `${close} of ${recordings.length}`,
      middle(all('rrCorrelation')).toFixed(3),
      middle(all('rrErrorSdMs')).toFixed(1),
      ...[size(all('rmssdError')), size(all('rmssdErrorPaired'))].map((share) => (100 * share).toFixed(0)),
      (100 * average(all('pairShare'))).toFixed(0),
      String(recordings.filter(({ error }) => error !== null).length),
    ];
  });
  return [...table([[...head, 'RMSSD error %', 'paired %', 'pairs %', 'failed'], ...cells]), ...betterPeers(rows)];
}

/** What is compared recording by recording; the smaller is the better. */
const MEASURES: readonly { name: string; size: (score: PulseScore) => number; digits: number }[] = [
  { name: 'HR error bpm', size: ({ hrErrorBpm }) => Math.abs(hrErrorBpm), digits: 2 },
  { name: '1 - RR corr', size: ({ rrCorrelation }) => 1 - rrCorrelation, digits: 3 },
  { name: 'RR SD ms', size: ({ rrErrorSdMs }) => rrErrorSdMs, digits: 1 },
  { name: 'RMSSD error', size: ({ rmssdError }) => Math.abs(rmssdError), digits: 2 },
];

/** Where a peer is better than ours, gated or with all beats as peers are: one line for each recording and measure. */
function betterPeers(rows: readonly Row[]): string[] {
  const [gated, all] = [rows.find(({ name }) => name === OURS)!, rows.find(({ name }) => name === OURS_UNGATED)!];
  const peers = rows.filter(({ name }) => !name.startsWith('maibo'));
  return MEASURES.flatMap(({ name: measure, size, digits }) =>
    gated.recordings.flatMap(({ recording }, index) => {
      const own = [gated, all].map(({ recordings }) => size(recordings[index]!));
      const said = peers.flatMap(({ name, recordings }) => {
        const value = size(recordings[index]!);
        const pairs = (100 * recordings[index]!.pairShare).toFixed(0);
        return value < Math.max(...own) ? [`${name} ${value.toFixed(digits)} (${pairs} % pairs)`] : [];
      });
      const ours = own.map((value) => value.toFixed(digits)).join(', all beats ');
      return said.length === 0 ? [] : [`better on ${recording}, ${measure}: ${said.join(', ')}; ours ${ours}`];
    }),
  );
}

function rateBudget(rows: readonly Row[]): string[] {
  return rows[0]!.recordings.flatMap(({ recording, hrErrorBpm }) =>
    Math.abs(hrErrorBpm) <= HR_ERROR_MAX_BPM
      ? []
      : [`${recording}: mean rate ${hrErrorBpm.toFixed(2)} bpm off, target ${HR_ERROR_MAX_BPM} bpm`],
  );
}

/** At least the device's share of usable windows, at no less agreement than the device's. */
function wristBudget(rows: readonly WristRow[]): string[] {
  const device = rows.find(({ kind }) => kind === 'device')!;
  const agreeing = rows.filter(({ kind, agree }) => kind === 'ours' && agree >= device.agree);
  const most = Math.max(0, ...agreeing.map(({ usable }) => usable));
  if (most >= device.usable) return [];
  const percent = (share: number) => (100 * share).toFixed(1);
  return [
    `wrist: ${percent(most)} % usable windows at the device's agreement of ${percent(device.agree)} %, the device has ${percent(device.usable)} %`,
  ];
}
