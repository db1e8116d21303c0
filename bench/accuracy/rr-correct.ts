// A series of intervals through the RR core and, where it is here, through NeuroKit2: what each flags and what series it leaves.

import { RrCore, type RrFinding, rrFlagNames } from '@maibo/cores';
import { preparePeers } from './peers/run-peers.ts';
import { runScript } from './peers/run-script.ts';
import { beatsOf } from './rr-hearts.ts';

export interface Corrected {
  /** For each original interval whether it is flagged. */
  readonly flags: readonly boolean[];
  readonly sdnnMs: number;
  readonly rmssdMs: number;
}

export interface PeerSeries {
  readonly name: string;
  readonly rrMs: readonly number[];
  /** False: only the flags are wanted, which is a pass less. */
  readonly corrects: boolean;
}

export interface PeerCorrections {
  readonly versions: Readonly<Record<string, string>>;
  readonly byName: ReadonlyMap<string, Corrected>;
}

/** Only pauses depend on it, and no pause is scored here. */
const PAUSE_MS = 2000;

export function findingsOf(rrMs: readonly number[]): RrFinding[] {
  const core = RrCore.create({ pauseMs: PAUSE_MS });
  const inputs = rrMs.map((rr) => ({ rrMs: rr, quality: Number.NaN, afterGap: false }));
  return [...core.push(inputs), ...core.flush()];
}

/** One finding for each original interval, in order. */
export function originalsOf(findings: readonly RrFinding[]): RrFinding[] {
  return findings.filter(({ kind, rrMs }) => kind === 'interval' && rrMs > 0);
}

export function correctWithCore(rrMs: readonly number[]): Corrected {
  const findings = findingsOf(rrMs);
  const nn: number[] = [];
  const isJoined: boolean[] = [];
  for (const { kind, action, correctedMs, flags } of findings) {
    if (kind !== 'interval' || action === 'excluded' || correctedMs <= 0) continue;
    nn.push(correctedMs);
    isJoined.push(!rrFlagNames(flags).includes('after-gap'));
  }
  const flags = originalsOf(findings).map(({ artefact }) => artefact !== 'normal');
  return { flags, sdnnMs: sdnn(nn), rmssdMs: rmssd(nn, isJoined) };
}

/** A sentence that says why there is no peer, or what it made of the series. */
export function correctWithPeer(series: readonly PeerSeries[]): string | PeerCorrections {
  const why = preparePeers();
  if (why !== null) return why;
  const job = { series: series.map(({ name, rrMs, corrects }) => ({ name, beatsMs: beatsOf(rrMs), corrects })) };
  const answer = runScript('fixpeaks.py', () => job) as {
    versions: Record<string, string>;
    runs: { name: string; flagged: number[]; correctedMs: number[] | null }[];
  };
  const counts = new Map(series.map(({ name, rrMs }) => [name, rrMs.length]));
  const byName = answer.runs.map(({ name, flagged, correctedMs }): [string, Corrected] => {
    const flags = new Array<boolean>(counts.get(name) ?? 0).fill(false);
    // A beat is flagged for the interval that it ends; the first beat ends none.
    for (const beat of flagged) if (beat > 0) flags[beat - 1] = true;
    const beats = correctedMs ?? [];
    const nn = beats.slice(1).map((beat, index) => beat - beats[index]!);
    return [name, { flags, sdnnMs: sdnn(nn), rmssdMs: rmssd(nn) }];
  });
  return { versions: answer.versions, byName: new Map(byName) };
}

export function sdnn(rrMs: readonly number[]): number {
  const mean = rrMs.reduce((sum, rr) => sum + rr, 0) / rrMs.length;
  return Math.sqrt(rrMs.reduce((sum, rr) => sum + (rr - mean) ** 2, 0) / (rrMs.length - 1));
}

/** Over the intervals that follow the one before; without `isJoined` all do. */
export function rmssd(rrMs: readonly number[], isJoined?: readonly boolean[]): number {
  let [sum, count] = [0, 0];
  for (let index = 1; index < rrMs.length; index++) {
    if (isJoined?.[index] === false) continue;
    sum += (rrMs[index]! - rrMs[index - 1]!) ** 2;
    count++;
  }
  return Math.sqrt(sum / count);
}
