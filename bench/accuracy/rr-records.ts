// The RR core on annotated intervals of the MIT-BIH records: ectopic beats that it should flag, and atrial fibrillation that it should see.
// Counts are of beats, intervals or windows; "gross" adds them up over records.

import { basename } from 'node:path';
import type { RrFinding } from '@maibo/cores';
import { openRecording } from '@maibo/sdk';

export interface AnnotatedRecord {
  readonly name: string;
  readonly rrMs: readonly number[];
  /** Mnemonics of the beats at which each interval begins and ends. */
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** The last rhythm annotation before the end of each, such as "(AFIB". */
  readonly rhythm: readonly string[];
}

export interface Counts {
  readonly tp: number;
  readonly fn: number;
  readonly fp: number;
  readonly tn: number;
}

export const NOTHING: Counts = { tp: 0, fn: 0, fp: 0, tn: 0 };
const ECTOPIC = new Set(['V', 'A', 'a', 'J', 'S']);
const SINUS = new Set(['N', 'L', 'R', 'j', 'e']);
/** Rhythms without a sinus beat to be early against: fibrillation, flutter, block of the second degree, ventricular tachycardia. */
const OTHER_RHYTHM = /AFIB|AFL|VFL|\(BII|VT/;
/** Intervals of one window of the core's rhythm. */
const WINDOW = 48;
/** A window is AF when this share of it is annotated so, and not AF up to the other share. */
const AF_SHARE_MIN = 0.8;
const NO_AF_SHARE_MAX = 0.2;

export async function readIntervals(path: string): Promise<AnnotatedRecord> {
  const recording = await openRecording(path, { format: 'wfdb', annotator: 'atr' });
  const rateHz = recording.channels[0]?.rateHz ?? Number.NaN;
  const record = {
    name: basename(path),
    rrMs: [] as number[],
    from: [] as string[],
    to: [] as string[],
    rhythm: [] as string[],
  };
  let rhythm = '';
  let last: { sample: number; code: string } | null = null;
  for (const { sample, code, isBeat, text } of await recording.annotations()) {
    if (code === '+') rhythm = text;
    if (!isBeat) continue;
    if (last !== null && sample > last.sample) {
      record.rrMs.push(((sample - last.sample) * 1000) / rateHz);
      record.from.push(last.code);
      record.to.push(code);
      record.rhythm.push(rhythm);
    }
    last = { sample, code };
  }
  return record;
}

/** Found: a flag on either side of an ectopic beat. False: one on an interval between sinus beats, no ectopic beat within two. */
export function countEctopic({ rrMs, from, to, rhythm }: AnnotatedRecord, flags: readonly boolean[]): Counts {
  const counts = { ...NOTHING };
  const isEctopic = (index: number) => ECTOPIC.has(to[index] ?? '');
  for (const index of rrMs.keys()) {
    if (OTHER_RHYTHM.test(rhythm[index]!)) continue;
    if (isEctopic(index)) counts[flags[index] || flags[index + 1] ? 'tp' : 'fn']++;
    else if (SINUS.has(to[index]!) && SINUS.has(from[index]!)) {
      if ([index - 2, index + 1, index + 2].some(isEctopic)) continue;
      counts[flags[index] ? 'fp' : 'tn']++;
    }
  }
  return counts;
}

/** Windows of the rhythm. Windows with flutter, or with some AF and some not, are left out. */
export function countWindows({ rhythm }: AnnotatedRecord, findings: readonly RrFinding[]): Counts {
  const counts = { ...NOTHING };
  for (const { kind, index, rhythm: stated } of findings) {
    if (kind !== 'rhythm') continue;
    const around = rhythm.slice(index - WINDOW + 1, index + 1);
    const share = (name: string) => around.filter((one) => one === name).length / WINDOW;
    const af = share('(AFIB');
    if (share('(AFL') > NO_AF_SHARE_MAX || (af > NO_AF_SHARE_MAX && af < AF_SHARE_MIN)) continue;
    const isIrregular = stated === 'irregular';
    if (af >= AF_SHARE_MIN) counts[isIrregular ? 'tp' : 'fn']++;
    else counts[isIrregular ? 'fp' : 'tn']++;
  }
  return counts;
}

/** Single intervals, the delay of onset and end included. */
export function countByInterval({ rhythm }: AnnotatedRecord, originals: readonly RrFinding[]): Counts {
  const counts = { ...NOTHING };
  for (const [index, { rhythm: stated }] of originals.entries()) {
    if (rhythm[index] === '(AFL' || stated === 'unknown') continue;
    const isIrregular = stated === 'irregular';
    if (rhythm[index] === '(AFIB') counts[isIrregular ? 'tp' : 'fn']++;
    else counts[isIrregular ? 'fp' : 'tn']++;
  }
  return counts;
}

export function addCounts(all: readonly Counts[]): Counts {
  const sum = (key: keyof Counts) => all.reduce((total, counts) => total + counts[key], 0);
  return { tp: sum('tp'), fn: sum('fn'), fp: sum('fp'), tn: sum('tn') };
}

/** 0..1, NaN where there was nothing to find. */
export function sensitivity({ tp, fn }: Counts): number {
  return tp / (tp + fn);
}

export function specificity({ tn, fp }: Counts): number {
  return tn / (tn + fp);
}
