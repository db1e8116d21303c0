// The rr core on annotated recordings: floors under what NOTES.md tabulates per record.

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { describeSharedData } from '../../vectors/shared-data.testkit.ts';
import { type AnnotatedInterval, readIntervals, recordNames } from './records.testkit.ts';
import { type Finding, findingsOf, inputsOf, nnOf, ofKind, originalsOf } from './rr.testkit.ts';

const MITDB_HZ = 360;
const WINDOW_COUNT = 48;
/** Records with atrial fibrillation in sinus rhythm's place; 217 is paced. */
const AF_RECORDS = ['201', '202', '203'];
const ECTOPIC = new Set([4, 5, 7, 8, 9]);
const SINUS = new Set([1, 2, 3, 11, 34]);
const NO_SINUS_RHYTHM = /AFIB|AFL|VFL|VT|\(BII/;

const share = (part: number, other: number) => part / (part + other);

/** Ectopic beats with a flag on either side; sinus intervals two beats away from any, without and with a flag. */
function scoreEctopy(intervals: readonly AnnotatedInterval[], findings: readonly Finding[]) {
  const isOdd = originalsOf(findings).map((finding) => finding.artefact !== 'normal');
  const isEctopic = (i: number) => ECTOPIC.has(intervals[i]?.to ?? 0);
  const score = { found: 0, lost: 0, clear: 0, falseFlags: 0 };
  for (const [i, interval] of intervals.entries()) {
    if (NO_SINUS_RHYTHM.test(interval.rhythm)) continue;
    if (isEctopic(i)) {
      if (isOdd[i] || isOdd[i + 1]) score.found++;
      else score.lost++;
    } else if (SINUS.has(interval.from) && SINUS.has(interval.to) && ![i - 2, i + 1, i + 2].some(isEctopic)) {
      if (isOdd[i]) score.falseFlags++;
      else score.clear++;
    }
  }
  return score;
}

/** Windows of which at least four fifths, or at most one fifth, is annotated as atrial fibrillation; flutter left out. */
function scoreRhythm(intervals: readonly AnnotatedInterval[], findings: readonly Finding[]) {
  const score = { found: 0, lost: 0, clear: 0, falseAlarms: 0 };
  for (const { index, rhythm } of ofKind(findings, 'rhythm')) {
    const window = intervals.slice(index + 1 - WINDOW_COUNT, index + 1).map((interval) => interval.rhythm);
    const shareOf = (name: string) => window.filter((each) => each === name).length / WINDOW_COUNT;
    if (shareOf('(AFL') > 0.2) continue;
    if (shareOf('(AFIB') >= 0.8) score[rhythm === 'irregular' ? 'found' : 'lost']++;
    else if (shareOf('(AFIB') <= 0.2) score[rhythm === 'irregular' ? 'falseAlarms' : 'clear']++;
  }
  return score;
}

function sumOf<Score extends Record<string, number>>(scores: readonly Score[]): Score {
  const sums = { ...scores[0]! } as Record<string, number>;
  for (const score of scores.slice(1)) for (const [name, value] of Object.entries(score)) sums[name]! += value;
  return sums as Score;
}

describeSharedData('rr on the MIT-BIH Arrhythmia records', 'mitdb', (folder) => {
  const records = recordNames(folder, 'atr').map((name) => {
    const intervals = readIntervals(`${folder}/${name}.atr`, MITDB_HZ);
    return { name, intervals, findings: findingsOf(inputsOf(intervals.map((interval) => interval.rrMs))) };
  });

  it('finds ectopic beats outside the records with atrial fibrillation', () => {
    const scored = records.filter((record) => !AF_RECORDS.includes(record.name));
    const score = sumOf(scored.map(({ intervals, findings }) => scoreEctopy(intervals, findings)));
    expect(share(score.found, score.lost)).toBeGreaterThan(0.84);
    expect(share(score.clear, score.falseFlags)).toBeGreaterThan(0.9975);
  });

  it('tells atrial fibrillation from other rhythms', () => {
    const score = sumOf(records.map(({ intervals, findings }) => scoreRhythm(intervals, findings)));
    expect(share(score.found, score.lost)).toBeGreaterThan(0.95);
    expect(share(score.clear, score.falseAlarms)).toBeGreaterThan(0.97);
  });

  it('does not make a sinus rhythm of atrial fibrillation', () => {
    const { intervals, findings } = records.find((record) => record.name === '203')!;
    const fibrillating = originalsOf(findings).filter((finding) => intervals[finding.index]!.rhythm === '(AFIB');
    const corrected = fibrillating.filter((finding) => finding.correctedMs !== finding.rrMs);
    expect(corrected.length / fibrillating.length).toBeLessThan(0.03);
  });
});

describeSharedData('rr on two normal days', 'rr_nsr2db', (folder) => {
  for (const name of recordNames(folder, 'ecg')) {
    it(`sees no atrial fibrillation and few artefacts in ${name}`, () => {
      const rrMs = readIntervals(`${folder}/${name}.ecg`, 128).map((interval) => interval.rrMs);
      const findings = findingsOf(inputsOf(rrMs));
      const windows = ofKind(findings, 'rhythm');
      const alarms = windows.filter((window) => window.rhythm === 'irregular');
      expect(alarms.length / windows.length).toBeLessThan(0.001);
      const odd = originalsOf(findings).filter((finding) => finding.artefact !== 'normal');
      expect(odd.length / rrMs.length).toBeLessThan(0.005);
    });
  }
});

describeSharedData('rr on a noisy strap', 'rr_series', (folder) => {
  it('halves the leaps of 30 % in the corrected series of noisy_rri.hrm', () => {
    const text = readFileSync(`${folder}/noisy_rri.hrm`, 'latin1');
    const rrMs = text.split('[HRData]')[1]!.trim().split(/\s+/).map(Number);
    const nn = nnOf(findingsOf(inputsOf(rrMs)));
    const isLeap = (from: number, to: number) => Math.abs(to - from) > 0.3 * from;
    const leapsRaw = rrMs.slice(1).filter((rr, i) => isLeap(rrMs[i]!, rr));
    const leapsLeft = nn.slice(1).filter(({ rrMs, joined }, i) => joined && isLeap(nn[i]!.rrMs, rrMs));
    expect(leapsRaw.length).toBeGreaterThanOrEqual(20);
    expect(leapsLeft.length).toBeLessThanOrEqual(leapsRaw.length / 2);
  });
});
