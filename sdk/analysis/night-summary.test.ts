import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type NightSummary, summarizeNight } from './night-summary.ts';
import { cyclesOf } from './sleep-cycles.ts';
import type { SleepStage } from './sleep-stage.ts';

/** "W10 N1N2:60 R20": stages with their lengths in epochs; "-" is none. */
function night(text: string): (SleepStage | null)[] {
  return text.split(' ').flatMap((part) => {
    const [, name, count] = /^(W|S|N|N1N2|N3|R|-):(\d+)$/.exec(part)!;
    return Array<SleepStage | null>(Number(count)).fill(name === '-' ? null : (name as SleepStage));
  });
}

const ordinary = night('W:20 N1N2:40 N3:60 N1N2:20 W:4 N1N2:20 R:20 N1N2:100 N3:40 W:2 N1N2:60 R:50 N1N2:80 R:60 W:24');

describe('a night', () => {
  it('has the times of the AASM manual', () => {
    expect(summarizeNight(ordinary)).toEqual({
      basis: 'recording',
      recordingMin: 300,
      scored: 1,
      totalSleepMin: 275,
      efficiencyPercent: (100 * 550) / 600,
      latencyMin: 10,
      sleepPeriodMin: 278,
      wasoMin: 15,
      awakenings: 2,
      remLatencyMin: 72,
      stageMin: { W: 25, N1N2: 160, N3: 50, R: 65 },
      stagePercent: { N1N2: (100 * 160) / 275, N3: (100 * 50) / 275, R: (100 * 65) / 275 },
      cycleCount: 3,
      clockUtc: null,
    });
  });

  it('tells the time where the recording does', () => {
    const { clockUtc } = summarizeNight(ordinary, Date.UTC(2026, 0, 2, 23, 0)) as NightSummary;
    expect(clockUtc).toEqual({
      onset: '2026-01-02T23:10:00.000Z',
      middle: '2026-01-03T01:29:00.000Z',
      end: '2026-01-03T03:48:00.000Z',
    });
  });

  it('counts epochs without a stage as neither sleep nor wake, and gives no latency made of them', () => {
    const summary = summarizeNight(night('-:15 W:5 N1N2:200 -:60 N1N2:200 W:20')) as NightSummary;
    expect(summary).toMatchObject({ latencyMin: null, totalSleepMin: 200, wasoMin: 10, awakenings: 0 });
    expect(summary.efficiencyPercent).toBeCloseTo((100 * 400) / 425, 12);
    expect(summarizeNight(night('-:5 W:15 N1N2:400'))).toMatchObject({ latencyMin: 10 });
  });

  it('is the longest sleep of a recording that is no one night', () => {
    const twoDays = night('W:1800 S:60 W:300 S:500 W:100 S:300 W:1500 S:240');
    expect(twoDays).toHaveLength(40 * 120);
    expect(summarizeNight(twoDays)).toMatchObject({
      basis: 'main-sleep',
      recordingMin: 450,
      totalSleepMin: 400,
      wasoMin: 50,
      awakenings: 1,
      latencyMin: null,
    });
    expect(summarizeNight(night('W:4800'))).toBe('no-sleep');
    expect(summarizeNight(night('W:120 S:4680'))).toBe('too-long');
    expect(summarizeNight(night('W:4000 S:100 W:700'))).toBe('too-short');
  });

  it('says where its sleep lies in a recording that is longer', () => {
    const start = Date.UTC(2026, 0, 2, 8, 0);
    const { clockUtc } = summarizeNight(night('W:1800 S:960 W:120'), start) as NightSummary;
    expect(clockUtc).toMatchObject({ onset: '2026-01-02T23:00:00.000Z', end: '2026-01-03T07:00:00.000Z' });
  });

  it('is not scored when there is too little of it, and says why', () => {
    expect(summarizeNight([])).toBe('too-short');
    expect(summarizeNight(night('N1N2:3'))).toBe('too-short');
    expect(summarizeNight(night('N1N2:400 -:400'))).toBe('too-little-worn');
    expect(summarizeNight(night('W:900'))).toBe('no-sleep');
  });

  it('of two classes tells nothing of REM', () => {
    const summary = summarizeNight(night('W:10 S:500 W:10 S:200')) as NightSummary;
    expect(summary).toMatchObject({ remLatencyMin: null, cycleCount: null, wasoMin: 5, awakenings: 1 });
  });

  it('adds up, whatever its stages', () => {
    const stage = fc.constantFrom<SleepStage | null>('W', 'N1N2', 'N3', 'R', null);
    const bouts = fc.array(fc.tuple(stage, fc.integer({ min: 1, max: 90 })), { minLength: 8, maxLength: 40 });
    fc.assert(
      fc.property(bouts, (list) => {
        const stages = list.flatMap(([name, count]) => Array<SleepStage | null>(count).fill(name));
        const summary = summarizeNight(stages);
        if (typeof summary === 'string') return;
        const staged = Object.values(summary.stageMin).reduce((sum, minutes) => sum + minutes, 0);
        expect(staged).toBeCloseTo(summary.recordingMin * summary.scored, 9);
        expect(staged - (summary.stageMin.W ?? 0)).toBe(summary.totalSleepMin);
        expect(summary.efficiencyPercent).toBeLessThanOrEqual(100);
        expect((summary.latencyMin ?? 0) + summary.sleepPeriodMin).toBeLessThanOrEqual(summary.recordingMin);
        expect(summary.wasoMin).toBeLessThanOrEqual(summary.stageMin.W ?? 0);
      }),
    );
  });
});

describe('sleep cycles', () => {
  it('need 15 min of NREM before their REM, and but for the first 5 min of REM', () => {
    expect(cyclesOf(night('N1N2:30 R:1 N1N2:60 R:10'))).toEqual([
      { from: 0, to: 31 },
      { from: 31, to: 101 },
    ]);
    expect(cyclesOf(night('N1N2:29 R:20'))).toEqual([]);
    expect(cyclesOf(night('N1N2:30 R:4 N1N2:60 R:9 N1N2:60'))).toHaveLength(1);
  });

  it('keep REM together that is broken for less than 15 min', () => {
    expect(cyclesOf(night('N1N2:60 R:10 N1N2:29 R:10'))).toEqual([{ from: 0, to: 109 }]);
    expect(cyclesOf(night('N1N2:60 R:10 N1N2:31 R:10'))).toHaveLength(2);
  });
});
