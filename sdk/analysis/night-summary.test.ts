import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type NightSummary, type SleepStage, summarizeNight } from './night-summary.ts';
import { cyclesOf } from './sleep-cycles.ts';
import { sleepRegularity } from './sleep-regularity.ts';

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
      cycleCount: 3,
    });
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
        expect(summary.latencyMin + summary.sleepPeriodMin).toBeLessThanOrEqual(summary.recordingMin);
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

describe('sleep regularity', () => {
  const day = [...Array<boolean>(960).fill(true), ...Array<boolean>(1_920).fill(false)];

  it('is 100 for days that are all alike, and -100 for days turned round', () => {
    const week = Array.from({ length: 7 }, () => day).flat();
    expect(sleepRegularity(week)).toBe(100);
    const turned = Array.from({ length: 7 }, (_, i) => (i % 2 ? day.map((asleep) => !asleep) : day)).flat();
    expect(sleepRegularity(turned)).toBe(-100);
  });

  it('needs five days with another behind them, and counts what is unknown as nothing', () => {
    const week = Array.from({ length: 7 }, () => day).flat();
    expect(sleepRegularity(week.slice(0, 5 * 2_880))).toBeNull();
    const holes = week.map((asleep, i) => (i % 20 === 0 ? null : asleep));
    expect(sleepRegularity(holes)).toBe(100);
  });
});
