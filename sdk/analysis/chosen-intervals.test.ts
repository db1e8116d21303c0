// Which intervals the indices are of: as measured, exactly as measured, or corrected.
import { coreCatalog } from '@maibo/cores';
import { describe, expect, it } from 'vitest';
import { RrCorrection } from '../pipeline/rr-correction.ts';
import { type RrPoint, rrFlagOf } from '../pipeline/rr-series.ts';
import { chooseIntervals } from './chosen-intervals.ts';
import { correctAll } from './corrected-found.ts';
import type { Found } from './found.ts';

const START_S = 3;
/** Around 800 ms, with an early beat, a hole of 5 s, a beat in doubt and an interval that is none. */
const lengthsMs = Array.from({ length: 120 }, (_, i) => 800 + 20 * Math.sin(i / 3));
lengthsMs[30] = 500;
lengthsMs[31] = 1_100;
lengthsMs[60] = 5_000;
lengthsMs[90] = 150;

function found(): Found {
  let endS = START_S;
  const rr = lengthsMs.map((rrMs, index): RrPoint => {
    endS += rrMs / 1000;
    return { endS, rrMs, flag: index === 60 ? 'gap' : index === 75 ? 'poor' : rrFlagOf(rrMs) };
  });
  const times = [START_S, ...rr.map((point) => point.endS)];
  const beats = times.map((timeS, index) => ({ sample: null, timeS, quality: index % 2 === 0 ? 0.9 : 1 }));
  return { rateHz: null, durationS: endS, modules: [], beats, rr, coverage: 1, flags: [], windows: [] };
}

const recording = found();
const news = correctAll(new RrCorrection(coreCatalog.get('rr')), recording);
const chosen = (choice: 'original' | 'exact' | 'corrected') => chooseIntervals(recording, news, choice);

describe('the intervals of a recording', () => {
  it('are exactly the measured ones, apart only where signal was missing', () => {
    const { intervals } = chosen('exact');
    expect(intervals.map(({ rrMs }) => rrMs)).toEqual(lengthsMs.filter((_, index) => index !== 60));
    expect(intervals.flatMap(({ afterGap }, index) => (afterGap ? [index] : []))).toEqual([60]);
    expect(intervals[60]!.gapMs).toBeCloseTo(5_000, 6);
  });

  it('are the measured ones without those that cannot be and those in doubt', () => {
    const { intervals } = chosen('original');
    expect(intervals.map(({ rrMs }) => rrMs)).toEqual(lengthsMs.filter((_, index) => ![60, 75, 90].includes(index)));
    expect(intervals.filter(({ afterGap }) => afterGap)).toHaveLength(3);
  });

  it('are corrected where beats were not normal', () => {
    const { intervals } = chosen('corrected');
    expect(Math.min(...intervals.map(({ rrMs }) => rrMs))).toBeGreaterThan(700);
    expect(Math.max(...intervals.map(({ rrMs }) => rrMs))).toBeLessThan(1_000);
  });

  it('begin where the first one does, and are as good as the worse of their beats', () => {
    for (const choice of ['original', 'exact', 'corrected'] as const) {
      const { intervals, startS } = chosen(choice);
      expect(startS).toBeCloseTo(START_S, 9);
      expect(intervals.every(({ quality }) => quality === 0.9)).toBe(true);
    }
    const unknown = { ...recording, beats: recording.beats.map((beat) => ({ ...beat, quality: null })) };
    expect(chooseIntervals(unknown, news, 'exact').intervals.every(({ quality }) => quality === null)).toBe(true);
  });

  it('are none where nothing was found', () => {
    const nothing = { ...recording, beats: [], rr: [] };
    const none = correctAll(new RrCorrection(coreCatalog.get('rr')), nothing);
    for (const choice of ['original', 'exact', 'corrected'] as const) {
      expect(chooseIntervals(nothing, none, choice)).toEqual({ intervals: [], startS: 0 });
    }
  });
});
