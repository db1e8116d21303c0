// The pairing rule against cases that another implementation decided (vectors/ec57-match.json says which).

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Match, matchBeats } from './ec57-match.ts';
import { scoreRecord } from './ec57-score.ts';
import { sortOut } from './reference.ts';

interface Case extends Match {
  readonly name: string;
  readonly reference: readonly number[];
  readonly detections: readonly number[];
  readonly windowSamples: number;
  readonly from: number;
  readonly to: number;
}

const { cases } = JSON.parse(readFileSync(new URL('vectors/ec57-match.json', import.meta.url), 'utf8')) as {
  cases: Case[];
};

describe('matchBeats', () => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    const { pairs, missed, extra } = one;
    expect(matchBeats(one.reference, one.detections, one)).toEqual({ pairs, missed, extra });
  });
});

describe('scoreRecord', () => {
  const beats = Array.from({ length: 100 }, (_, index) => 108_000 + 300 * (index + 1));
  const reference = { name: 'made up', rateHz: 360, sampleCount: 650_000, beats, flutter: [] };

  it('counts a missed and an extra beat, and the spread of the rest', () => {
    const detections = [...beats.slice(1).map((beat, index) => beat + (index % 2 === 0 ? 18 : -18)), 150_000];
    const { tp, fn, fp, se, ppv, offsetMs, jitterSdMs } = scoreRecord(reference, detections);
    expect({ tp, fn, fp }).toEqual({ tp: 99, fn: 1, fp: 1 });
    expect([se, ppv]).toEqual([0.99, 0.99]);
    expect(offsetMs).toBeCloseTo(50 / 99, 9);
    expect(jitterSdMs).toBeCloseTo(50, 1);
  });

  it('does not count what is found in ventricular flutter', () => {
    const flutter = [{ from: 149_000, to: 151_000 }];
    expect(scoreRecord({ ...reference, flutter }, [...beats, 150_000]).fp).toBe(0);
  });
});

describe('sortOut', () => {
  it('leaves out beats in flutter and closes an open stretch at the end', () => {
    const mark = (sample: number, code: string) => ({ sample, code, isBeat: code === 'N' || code === 'V' });
    const annotations = [mark(10, 'N'), mark(20, '['), mark(25, 'V'), mark(30, ']'), mark(40, 'N'), mark(50, '[')];
    expect(sortOut(annotations)).toEqual({
      beats: [10, 40],
      flutter: [
        { from: 20, to: 30 },
        { from: 50, to: Number.MAX_SAFE_INTEGER },
      ],
    });
  });
});
