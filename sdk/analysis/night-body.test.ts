import { describe, expect, it } from 'vitest';
import { intervalsOf, stagesOf } from './night.testkit.ts';
import { bodyOfNight, withoutBody } from './night-body.ts';

const stages = stagesOf(['W', 30], ['N1N2', 120], ['N3', 60], ['R', 4], ['N1N2', 116], ['W', 30]);
/** Awake 75, light 60, deep 50 beats a minute. */
const rrMsAt = (timeS: number) => {
  const minute = timeS / 60;
  if (minute < 30 || minute >= 330) return 800;
  return minute >= 150 && minute < 210 ? 1200 : 1000;
};
const { body, modules } = bodyOfNight(intervalsOf({ hours: 6, rrMsAt }), stages, 0);

describe('the heart of a night', () => {
  it('beats as fast as its intervals say, by stage', () => {
    const { asleep, byStage } = body.heart!;
    expect(byStage.W!.meanBpm).toBeCloseTo(75, 0);
    expect(byStage.N1N2!.meanBpm).toBeCloseTo(60, 0);
    expect(byStage.N3!.meanBpm).toBeCloseTo(50, 0);
    expect(asleep.meanBpm).toBeGreaterThan(57);
    expect(asleep.meanBpm).toBeLessThan(59);
    const inRem = asleep.intervalCount - byStage.N1N2!.intervalCount - byStage.N3!.intervalCount;
    expect(Math.abs(inRem - 240)).toBeLessThan(10);
  });

  it('has the variability of windows of five minutes in one stage, and none of a stage that has four', () => {
    const { N3, R } = body.heart!.byStage;
    expect(N3!.windowCount).toBe(12);
    // A sine of 20 ms: standard deviation 20 / sqrt 2.
    expect(N3!.sdnnMs).toBeGreaterThan(13.5);
    expect(N3!.sdnnMs).toBeLessThan(15);
    expect(N3!.lnRmssd).toBeCloseTo(Math.log(N3!.rmssdMs!), 12);
    expect(R).toBeUndefined();
  });

  it('rests where it beats slowest, after four minutes of sleep', () => {
    expect(body.heart).toMatchObject({ dipPercent: null });
    expect(body.heart!.restingBpm).toBeCloseTo(50, 0);
    expect(body.heart!.lowestBpm).toBeLessThanOrEqual(body.heart!.restingBpm!);
    const broken = stages.map((stage, epoch) => (epoch % 16 === 0 ? 'W' : stage));
    expect(bodyOfNight(intervalsOf({ hours: 6, rrMsAt }), broken, 0).body.heart!.restingBpm).toBeNull();
  });

  it('dips below the heart awake where two hours awake were recorded', () => {
    const day = stagesOf(['W', 180], ['S', 180]);
    const intervals = intervalsOf({ hours: 6, rrMsAt: (timeS) => (timeS < 10_800 ? 750 : 1000) });
    expect(bodyOfNight(intervals, day, 0).body.heart!.dipPercent).toBeCloseTo(25, 0);
  });

  it('breathes as it was made to', () => {
    expect(body.breathing!.asleep.rateBrpm).toBeCloseTo(15, 0);
    expect(Object.keys(body.breathing!.byStage)).toEqual(expect.arrayContaining(['N1N2', 'N3']));
    expect(body.breathing!.byStage.R).toBeUndefined();
  });

  it('names the cores that were asked', () => {
    expect(modules.map(({ name }) => name)).toEqual(['rr', 'hrv', 'breath']);
  });
});

describe('a body that cannot be read', () => {
  it('says why', () => {
    expect(bodyOfNight([], stages, 0)).toEqual(withoutBody('no-intervals'));
    const early = intervalsOf({ hours: 0.5 });
    expect(bodyOfNight(early, stages, 0).body).toEqual({
      heart: null,
      heartWhy: 'too-little-covered',
      breathing: null,
      breathingWhy: 'too-little-covered',
      apnoea: null,
      apnoeaWhy: 'too-little-covered',
    });
  });

  it('of constant intervals has a rate, no logarithm of nothing and no suspicion', () => {
    const { body: constant } = bodyOfNight(intervalsOf({ hours: 6, breathMs: 0 }), stages, 0);
    expect(constant.heart!.asleep).toMatchObject({ rmssdMs: 0, lnRmssd: null, sdnnMs: 0 });
    expect(constant.heart!.asleep.meanBpm).toBeCloseTo(60, 9);
    expect(constant).toMatchObject({ breathing: null, apnoea: null, apnoeaWhy: 'no-variation' });
  });

  it('with three hours missing is read where it is there', () => {
    const intervals = intervalsOf({ hours: 6, rrMsAt }).filter(({ endS }) => endS < 7200 || endS > 18_000);
    const { heart } = bodyOfNight(intervals, stages, 0).body;
    expect(heart!.byStage.N3).toBeUndefined();
    expect(heart!.byStage.N1N2!.meanBpm).toBeCloseTo(60, 0);
    expect(heart!.restingBpm).toBeCloseTo(60, 0);
  });
});
