import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ApnoeaSuspicion, suspectApnoea } from './apnoea-suspicion.ts';
import { apnoeicRrMs, intervalsOf, stagesOf } from './night.testkit.ts';
import { correctNight } from './night-intervals.ts';

const asleep = stagesOf(['N1N2', 360]);

describe('cycles of heart rate', () => {
  it('are counted, and their minutes marked, where they are', () => {
    const isApnoeic = (timeS: number) => timeS >= 7200 && timeS < 10_800;
    const rrMsAt = (timeS: number) => (isApnoeic(timeS) ? apnoeicRrMs(timeS) : 1000);
    const said = suspectApnoea(correctNight(intervalsOf({ hours: 6, rrMsAt })), asleep, 0) as ApnoeaSuspicion;
    // An hour of cycles of 50 s, less those at its ends.
    expect(said.cycleCount).toBeGreaterThanOrEqual(66);
    expect(said.cycleCount).toBeLessThanOrEqual(73);
    expect(said.cyclesPerHour).toBeCloseTo(said.cycleCount / (said.readableSleepMin / 60), 12);
    expect(said.suspectMinute.slice(122, 178).every((minute) => minute === true)).toBe(true);
    expect(said.suspectMinute.slice(0, 118).some((minute) => minute === true)).toBe(false);
    expect(said.suspectMin).toBe(said.suspectMinute.filter(Boolean).length);
  });

  it('are suspicious from 15 an hour on', () => {
    const sixHours = (share: number) => {
      const rrMsAt = (timeS: number) => (timeS < share * 21_600 ? apnoeicRrMs(timeS) : 1000);
      return suspectApnoea(correctNight(intervalsOf({ hours: 6, rrMsAt })), asleep, 0) as ApnoeaSuspicion;
    };
    expect(sixHours(1)).toMatchObject({ isSuspected: true });
    expect(sixHours(0.1)).toMatchObject({ isSuspected: false });
    expect(sixHours(0)).toMatchObject({ isSuspected: false, cycleCount: 0, cyclesPerHour: 0 });
  });

  it('of breathing, of slow waves and of cycles that are uneven are none', () => {
    const of = (rrMsAt: (timeS: number) => number) =>
      (suspectApnoea(correctNight(intervalsOf({ hours: 6, rrMsAt })), asleep, 0) as ApnoeaSuspicion).cycleCount;
    expect(of((timeS) => 1000 + 60 * Math.sin(timeS / 100))).toBe(0);
    // Dips 30, 90, 30, 90 s apart.
    expect(of((timeS) => (timeS % 120 < 10 || (timeS % 120 >= 30 && timeS % 120 < 40) ? 880 : 1000))).toBe(0);
  });

  it('count asleep only', () => {
    const intervals = intervalsOf({ hours: 6, rrMsAt: (timeS) => (timeS < 7200 ? apnoeicRrMs(timeS) : 1000) });
    const said = suspectApnoea(correctNight(intervals), stagesOf(['W', 130], ['N3', 230]), 0) as ApnoeaSuspicion;
    expect(said.cycleCount).toBe(0);
    expect(said.suspectMinute.slice(0, 130).every((minute) => minute === null)).toBe(true);
  });

  it('are not looked for where the answer would mean nothing', () => {
    const night = correctNight(intervalsOf({ hours: 6 }));
    expect(suspectApnoea(night, stagesOf(['W', 250], ['S', 110]), 0)).toBe('too-little-covered');
    expect(suspectApnoea(correctNight([]), asleep, 0)).toBe('too-little-covered');
    const hole = intervalsOf({ hours: 6 }).filter(({ endS }) => endS < 5400 || endS > 14_400);
    const said = suspectApnoea(correctNight(hole), asleep, 0) as ApnoeaSuspicion;
    expect(said.readableSleepMin).toBeCloseTo(210, -1);
    expect(said.suspectMinute[150]).toBeNull();
    const constant = intervalsOf({ hours: 6, breathMs: 0 });
    expect(suspectApnoea(correctNight(constant), asleep, 0)).toBe('no-variation');
    // Intervals drawn at random, as in atrial fibrillation.
    let seed = 1;
    const random = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    const fibrillating = intervalsOf({ hours: 6, rrMsAt: () => 500 + 500 * random() });
    expect(suspectApnoea(correctNight(fibrillating), asleep, 0)).toBe('irregular-rhythm');
  });

  it('add up, and do not depend on where the recording begins', () => {
    const bouts = fc.array(fc.tuple(fc.constantFrom('W', 'N1N2', 'R', null), fc.integer({ min: 5, max: 60 })), {
      minLength: 6,
      maxLength: 12,
    });
    const night = intervalsOf({ hours: 4, rrMsAt: (timeS) => (timeS % 7200 < 4000 ? apnoeicRrMs(timeS) : 1000) });
    const corrected = correctNight(night);
    const later = correctNight(night.map(({ endS, rrMs }) => ({ endS: endS + 3600, rrMs })));
    fc.assert(
      fc.property(bouts, (list) => {
        const stages = stagesOf(...list).slice(0, 480);
        const said = suspectApnoea(corrected, stages, 0, 10);
        if (typeof said === 'string') return;
        expect(said.suspectMinute).toHaveLength(Math.ceil(stages.length / 2));
        expect(said.readableSleepMin).toBeLessThanOrEqual(
          stages.filter((stage) => stage !== null && stage !== 'W').length / 2,
        );
        expect(said.cyclesPerHour).toBeLessThanOrEqual(3600 / 25 + 60);
        expect(suspectApnoea(later, stages, 3600, 10)).toEqual(said);
      }),
      { numRuns: 20 },
    );
  });
});
