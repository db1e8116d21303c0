// The motion core over its verbs: what an epoch says, one value after the other, and what it makes of a bad signal.

import { describe, expect, it } from 'vitest';
import { CoreStatusError, MotionCore, type MotionFinding, motionFlagNames } from '../../index.ts';
import { epochsOf, fidgeting, findingsOf, frames, join, lying, stepsOf, walking } from './motion.testkit.ts';

const RATE_HZ = 50;
const HOUR_S = 3600;

const first = (numbers: Float32Array, rateHz = RATE_HZ): MotionFinding => epochsOf(findingsOf(numbers, rateHz))[0]!;
const others = (numbers: Float32Array) =>
  findingsOf(numbers, RATE_HZ)
    .filter(({ kind }) => kind !== 'epoch')
    .map(({ kind, timeS }) => [kind, timeS]);
const missing = (seconds: number) => frames(seconds, RATE_HZ, () => [Number.NaN, 0, 1]);
/** A shaking along z, around gravity. */
const shaking = (seconds: number, hz: number, g: number, rateHz = RATE_HZ) =>
  frames(seconds, rateHz, (timeS) => [0, 0, 1 + g * Math.sin(2 * Math.PI * hz * timeS)]);

describe('an epoch', () => {
  it('comes every 30 s, and at the end for what is left', () => {
    const epochs = epochsOf(findingsOf(lying(100, RATE_HZ), RATE_HZ));
    expect(epochs.map(({ timeS }) => timeS)).toEqual([30, 60, 90, 100]);
    expect(epochs.map(({ share }) => share)).toEqual([1, 1, 1, Math.fround(1 / 3)]);
    expect(epochs.map(({ activity }) => activity)).toEqual(['still', 'still', 'still', 'unknown']);
  });

  it('has ENMO and MAD of a formula', () => {
    // The norm is 1 + 0.2 sin: above 1 half of the time, 2 / pi of the amplitude high on average.
    const { values } = first(shaking(30, 2, 0.2));
    expect(values.madMg).toBeCloseTo((200 * 2) / Math.PI, 0);
    expect(values.enmoMg).toBeCloseTo(200 / Math.PI, 0);
    // Hildebrand 2014: 7.28 + 0.0320 ENMO ml/kg/min, of which 3.5 are a MET.
    expect(values.mets).toBeCloseTo((7.28 + 0.032 * values.enmoMg!) / 3.5, 9);
    expect(first(lying(30, RATE_HZ)).values.mets).toBe(1.3);
  });

  it.each([0, 5, 30, 45, 60, 89, 90, -10, -45, -90])('has the z angle: %d degrees', (deg) => {
    const [flat, up] = [Math.cos((deg * Math.PI) / 180), Math.sin((deg * Math.PI) / 180)];
    const { values } = first(frames(30, RATE_HZ, () => [0.6 * flat, 0.8 * flat, up]));
    expect(values.zAngleDeg).toBeCloseTo(deg, 4);
  });

  it.each([
    ['x-up', [1, 0, 0]],
    ['x-down', [-1, 0, 0]],
    ['y-up', [0, 1, 0]],
    ['y-down', [0, -1, 0]],
    ['z-up', [0, 0, 1]],
    ['z-down', [0.5, 0, -0.87]],
    ['between', [0.6, 0.6, 0.5]],
  ])('says which way up the device lies: %s', (posture, up) => {
    expect(first(lying(30, RATE_HZ, up)).posture).toBe(posture);
  });

  it('says how long the angle has not changed, and by how much it usually does', () => {
    const turned = join(lying(312, RATE_HZ), lying(300, RATE_HZ, [1, 0, 0]));
    const epochs = epochsOf(findingsOf(turned, RATE_HZ));
    expect(epochs[9]?.values.quietS).toBe(295);
    // The turn lies in the window of 310 to 315 s and is over in the next: that one ends a change too.
    expect(epochs[10]?.values.quietS).toBe(10);
    expect(epochs[19]?.values.quietS).toBe(280);
    expect(epochs.slice(0, 5).map(({ values }) => values.zAngleChangeDeg)).toEqual(Array(5).fill(null));
    expect(epochs[9]?.values.zAngleChangeDeg).toBeLessThan(0.05);
    expect(epochs[10]?.activity).toBe('other');
    const swaying = frames(300, RATE_HZ, (timeS) =>
      Math.floor(timeS / 5) % 2 ? [0, 0, 1] : [0.5, 0, Math.sqrt(0.75)],
    );
    expect(epochsOf(findingsOf(swaying, RATE_HZ))[9]?.values.zAngleChangeDeg).toBeCloseTo(30, 3);
  });
});

describe('counts', () => {
  it('are those of the formula: steps of 5/128 g, 15 seconds, less 18, times 3.07', () => {
    // In the middle of the band the filter does nothing: 0.5 g are in step 13; (15 x 13 - 18) x 3.07 = 543.39.
    const { values } = epochsOf(findingsOf(shaking(60, 6, 0.49), RATE_HZ))[1]!;
    expect(values.countsFirst).toBeCloseTo(543.39, 3);
    expect(values.countsSecond).toBeCloseTo(543.39, 3);
  });

  it.each([3, 11])('halve what is at the edge of the band: %d Hz', (hz) => {
    expect(epochsOf(findingsOf(shaking(60, hz, 0.98), RATE_HZ))[1]?.values.countsFirst).toBeCloseTo(543.39, 3);
  });

  it('do not see what is slower or faster than 3 to 11 Hz, nor gravity', () => {
    for (const hz of [0.5, 1.5, 18])
      expect(epochsOf(findingsOf(shaking(60, hz, 0.5), RATE_HZ))[1]?.values.countsFirst).toBe(0);
    expect(first(lying(30, RATE_HZ, [0, 0, -1])).values.countsFirst).toBe(0);
  });

  it.each([25, 32, 50, 64, 100])('are the same at %d Hz', (rateHz) => {
    const { values, flags } = epochsOf(findingsOf(shaking(60, 6, 0.49, rateHz), rateHz))[1]!;
    expect(Math.abs(values.countsFirst! / 543.39 - 1)).toBeLessThan(0.09);
    expect(motionFlagNames(flags)).toEqual([]);
  });

  it('are marked where the rate is too low for them', () => {
    expect(motionFlagNames(first(lying(30, 20), 20).flags)).toEqual(['low-rate']);
  });

  it('are those of all 15 s when some are missing, and none when most are', () => {
    const gap = join(
      shaking(20, 6, 0.49),
      missing(5),
      shaking(5, 6, 0.49),
      shaking(5, 6, 0.49),
      missing(10),
      shaking(15, 6, 0.49),
    );
    const { values } = epochsOf(findingsOf(gap, RATE_HZ))[0]!;
    expect(values.countsSecond! / 543.39).toBeCloseTo(1, 0);
    expect(epochsOf(findingsOf(gap, RATE_HZ))[1]?.values.countsFirst).toBeNull();
  });
});

describe('what was done', () => {
  it.each([
    ['walk', walking({ rateHz: RATE_HZ, seconds: 60, cadenceSpm: 110 })],
    ['run', walking({ rateHz: RATE_HZ, seconds: 60, cadenceSpm: 165, runs: true })],
    ['still', lying(60, RATE_HZ)],
    ['other', fidgeting(60, RATE_HZ, 2)],
  ])('is %s', (activity, numbers) => {
    expect(epochsOf(findingsOf(numbers, RATE_HZ))[1]?.activity).toBe(activity);
  });

  it('has whole steps, whose sum is right over epochs', () => {
    const findings = findingsOf(
      join(walking({ rateHz: RATE_HZ, seconds: 300, cadenceSpm: 97 }), lying(30, RATE_HZ)),
      RATE_HZ,
    );
    expect(epochsOf(findings).every(({ values }) => Number.isInteger(values.steps))).toBe(true);
    expect(Math.abs(stepsOf(findings) - 485)).toBeLessThan(10);
  });

  it('has no steps in shaking that is too fast or too slow for them', () => {
    for (const hz of [0.25, 6]) expect(stepsOf(findingsOf(shaking(60, hz, 0.3), RATE_HZ))).toBe(0);
  });
});

describe('wear', () => {
  const worn = fidgeting(600, RATE_HZ, 3);

  it('ends an hour before it is said, and begins again with the first movement', () => {
    expect(others(join(worn, lying(HOUR_S + 120, RATE_HZ), worn))).toEqual([
      ['off-wrist', 600],
      ['on-wrist', 600 + HOUR_S + 120],
    ]);
  });

  it('does not end in less than an hour of stillness', () => {
    expect(others(join(worn, lying(HOUR_S - 60, RATE_HZ), worn))).toEqual([]);
  });

  it('is off in the epochs that follow, without METs', () => {
    const epochs = epochsOf(findingsOf(lying(HOUR_S + 60, RATE_HZ), RATE_HZ));
    expect(epochs.map(({ wear }) => wear)).toEqual([...Array(119).fill('on'), 'off', 'off', 'off']);
    expect(epochs.at(-1)?.values.mets).toBeNull();
  });

  it('is on while somebody breathes', () => {
    // Less than the spread that counts within 30 s, but within the hour two axes shift by more than their range.
    const breathing = frames(2 * HOUR_S, 25, (timeS) => [
      0.01 * Math.sin(1.5 * timeS),
      0.04 * Math.sin(timeS / 500),
      1 + 0.04 * Math.cos(timeS / 400),
    ]);
    expect(findingsOf(breathing, 25).some(({ kind }) => kind === 'off-wrist')).toBe(false);
  });
});

describe('a bad signal', () => {
  it('is said to be missing after a second, from where it was', () => {
    expect(others(join(lying(40, RATE_HZ), missing(20), lying(30, RATE_HZ)))).toEqual([
      ['unusable', 40],
      ['usable', 60],
    ]);
    expect(others(join(lying(40, RATE_HZ), missing(0.9), lying(30, RATE_HZ)))).toEqual([]);
    expect(others(missing(30))).toEqual([['unusable', 0]]);
  });

  it('has no values where nothing is there', () => {
    const { values, share, activity, posture, wear } = first(missing(30));
    expect(new Set(Object.values(values))).toEqual(new Set([null]));
    expect([share, activity, posture, wear]).toEqual([0, 'unknown', 'unknown', 'unknown']);
  });

  it('makes no movement of a gap in which the device was turned', () => {
    const turned = join(lying(30, RATE_HZ), missing(3), lying(27, RATE_HZ, [0, 0, -1]));
    expect(epochsOf(findingsOf(turned, RATE_HZ)).map(({ values }) => values.countsFirst)).toEqual([0, 0]);
  });

  it('bears every other frame missing', () => {
    const walk = walking({ rateHz: RATE_HZ, seconds: 60, cadenceSpm: 110 });
    for (let i = 3; i < walk.length; i += 6) walk[i] = Number.NaN;
    const findings = findingsOf(walk, RATE_HZ);
    expect(Math.abs(stepsOf(findings) - 110)).toBeLessThan(10);
    expect(epochsOf(findings)[0]?.share).toBe(0.5);
  });

  it.each([
    ['zeros', () => [0, 0, 0]],
    ['m/s^2 in place of g', () => [0, 0, 9.81]],
    ['a rail', () => [2, 2, 2]],
  ])('says that there is no gravity: %s', (_, at) => {
    const finding = first(frames(30, RATE_HZ, at));
    expect(motionFlagNames(finding.flags)).toEqual(['no-gravity']);
    expect(finding.posture).toBe('unknown');
    expect([finding.values.enmoMg, finding.values.mets, finding.values.zAngleDeg]).toEqual([null, null, null]);
  });

  it('stays finite between the rails', () => {
    const square = frames(60, RATE_HZ, (timeS) => (Math.floor(timeS * 7) % 2 ? [64, -64, 64] : [-64, 64, -64]));
    for (const { values } of findingsOf(square, RATE_HZ)) {
      for (const value of Object.values(values)) expect(value === null || Number.isFinite(value)).toBe(true);
    }
    expect(others(frames(30, RATE_HZ, () => [64.1, 0, 0]))).toEqual([['unusable', 0]]);
  });
});

describe('the verbs', () => {
  it.each([9.99, 100.01, 0, -50, Number.NaN, Number.POSITIVE_INFINITY])('refuse %d Hz', (rateHz) => {
    expect(() => MotionCore.create({ rateHz })).toThrow(CoreStatusError);
  });

  it.each([10, 100])('take %d Hz', (rateHz) => {
    expect(epochsOf(findingsOf(lying(30, rateHz), rateHz))).toHaveLength(1);
  });

  it('refuse more after the end, until reset', () => {
    const core = MotionCore.create({ rateHz: RATE_HZ });
    const numbers = lying(45, RATE_HZ);
    const before = [...core.push(numbers), ...core.flush()];
    expect(core.flush()).toEqual([]);
    expect(() => core.push(numbers)).toThrow(CoreStatusError);
    core.reset();
    expect([...core.push(numbers), ...core.flush()]).toEqual(before);
  });

  it('keep within their budget: 16 kB an instance, 10 kB of code', () => {
    const core = MotionCore.create({ rateHz: RATE_HZ });
    expect(core.instanceBytes).toBeLessThanOrEqual(16 * 1024);
    expect(core.module.bytes.length).toBeLessThanOrEqual(10 * 1000);
  });
});
