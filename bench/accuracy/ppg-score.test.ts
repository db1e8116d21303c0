import { describe, expect, it } from 'vitest';
import { type Pulse, scorePulses } from './ppg-score.ts';
import { beatsOf } from './rr-hearts.ts';

/** A heart with some variability, on a clock that is 3.1 s behind that of the light. */
const intervals = Array.from({ length: 60 }, (_, index) => 0.8 + 0.05 * Math.sin(index) + 0.03 * Math.sin(2.7 * index));
const truth = beatsOf(intervals);
const pulses: Pulse[] = truth.map((beat) => ({ timeS: beat + 3.1, quality: 0.9 }));

describe('the score of pulses', () => {
  it('is perfect for true beats on another clock', () => {
    const score = scorePulses(pulses, truth, 0.8);
    expect(score).toMatchObject({ se: 1, ppv: 1, pairShare: 1 });
    expect(score.rrCorrelation).toBeCloseTo(1, 9);
    expect(score.rrErrorSdMs).toBeCloseTo(0, 6);
    expect(score.hrErrorBpm).toBeCloseTo(0, 9);
    expect(score.rmssdError).toBeCloseTo(0, 9);
  });

  it('counts a missed beat against the sensitivity, and its two intervals are no pairs', () => {
    const score = scorePulses(pulses.toSpliced(30, 1), truth, 0);
    expect(score.se).toBeCloseTo(60 / 61, 9);
    expect(score.ppv).toBe(1);
    expect(score.pairShare).toBeCloseTo(58 / 60, 9);
    expect(score.rmssdError).toBeGreaterThan(0.5);
    expect(score.rmssdErrorPaired).toBeLessThan(0.1);
  });

  it('counts an extra pulse against the predictive value', () => {
    const extra = pulses.toSpliced(31, 0, { timeS: pulses[30]!.timeS + 0.4, quality: 0.9 });
    const score = scorePulses(extra, truth, 0);
    expect(score.se).toBe(1);
    expect(score.ppv).toBeCloseTo(61 / 62, 9);
  });

  it('leaves out the interval whose later pulse is doubtful', () => {
    const doubtful = pulses.with(20, { timeS: pulses[20]!.timeS + 0.12, quality: 0.3 });
    expect(scorePulses(doubtful, truth, 0.8).pairShare).toBeCloseTo(59 / 60, 9);
    expect(scorePulses(doubtful, truth, 0).pairShare).toBe(1);
  });

  it('of nothing found is nothing right', () => {
    const score = scorePulses([], truth, 0);
    expect(score).toMatchObject({ se: 0, ppv: 0, pairShare: 0 });
    expect(score.hrErrorBpm).toBeNaN();
  });
});
