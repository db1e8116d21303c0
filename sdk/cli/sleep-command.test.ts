// maibo sleep on nights that are made here: a restless hour, a quiet night, and what is no night at all.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SleepAnalysis } from '../analysis/sleep.ts';
import { useTempFolder } from '../formats/temp-files.testkit.ts';
import { maibo } from './run-maibo.testkit.ts';

const temp = useTempFolder();

/** Epochs of 30 s: an hour awake and moving, then six hours at rest. */
function writeNight(name: string, epochCount = 840): string {
  const folder = temp.path(name);
  mkdirSync(folder);
  const column = (valueAt: (epoch: number) => number) =>
    Array.from({ length: epochCount }, (_, epoch) => `${valueAt(epoch).toFixed(6)}\n`).join('');
  writeFileSync(
    join(folder, '5_time_feature.out'),
    column((epoch) => epoch / 120),
  );
  writeFileSync(
    join(folder, '5_count_feature.out'),
    column((epoch) => (epoch < 120 ? 60 + 40 * Math.sin(epoch) : 0)),
  );
  writeFileSync(
    join(folder, '5_hr_feature.out'),
    column((epoch) => (epoch < 120 ? 0.8 : 0.2 + 0.1 * Math.sin(epoch / 30))),
  );
  return folder;
}

async function sleepOf(...args: string[]): Promise<SleepAnalysis['sleep']> {
  const { code, out } = await maibo('sleep', ...args, '--json');
  expect(code).toBe(0);
  return (JSON.parse(out) as SleepAnalysis).sleep;
}

describe('maibo sleep', () => {
  it('tells the restless hour from the night, in both modes', async () => {
    const folder = writeNight('night');
    for (const mode of ['live', 'morning']) {
      const sleep = await sleepOf(folder, '--mode', mode);
      expect(sleep).toMatchObject({ epochS: 30, startS: 0, mode, classes: 4, why: null });
      expect(sleep.stage).toHaveLength(840);
      const awake = (from: number, to: number) => sleep.stage.slice(from, to).filter((stage) => stage === 'W').length;
      expect(awake(10, 110)).toBeGreaterThan(80);
      expect(awake(200, 800)).toBeLessThan(120);
      for (const four of sleep.prob) expect(four!.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 4);
      expect(sleep.summary!.totalSleepMin).toBeGreaterThan(240);
    }
  });

  it('names the stages by the number of classes', async () => {
    const folder = writeNight('classes');
    const names = async (classes: string) => new Set((await sleepOf(folder, '--classes', classes)).stage);
    expect([...(await names('2'))].every((name) => name === 'W' || name === 'S')).toBe(true);
    expect([...(await names('3'))].every((name) => ['W', 'N', 'R'].includes(name!))).toBe(true);
  });

  it('takes RR intervals too, as a listing of beats or as a plain list, and says what it used', async () => {
    const rrMs = Array.from({ length: 12_000 }, (_, i) => 900 + 40 * Math.sin(i / 1.2) + 30 * Math.sin(i / 40));
    const list = await temp.write('night.txt', `${rrMs.map((rr) => rr.toFixed(0)).join('\n')}\n`);
    const sleep = await sleepOf(list);
    expect(sleep.stage.length).toBeGreaterThan(350);
    expect(new Set(sleep.used).has('intervals')).toBe(true);
  });

  it('scores no nap, and says so', async () => {
    const sleep = await sleepOf(writeNight('nap', 60));
    expect(sleep).toMatchObject({ summary: null, why: 'too-short' });
    expect(sleep.stage).toHaveLength(60);
  });

  it('refuses what is no night with exit code 2', async () => {
    const empty = temp.path('empty');
    mkdirSync(empty);
    for (const args of [
      [empty],
      [temp.path('nowhere')],
      [writeNight('bad'), '--mode', 'noon'],
      [writeNight('worse'), '--classes', '5'],
    ]) {
      expect((await maibo('sleep', ...args)).code).toBe(2);
    }
    const long = await temp.write('long.txt', Array.from({ length: 20_000 }, () => '9000\n').join(''));
    const { code, err } = await maibo('sleep', long);
    expect([code, err]).toEqual([2, expect.stringContaining('at most 48 h')]);
  });
});
