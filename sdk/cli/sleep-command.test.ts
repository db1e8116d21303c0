// maibo sleep on nights that are made here: a restless hour, a quiet night, and what is no night at all.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { intervalsOf, type MadeNight } from '../analysis/night.testkit.ts';
import type { SleepAnalysis } from '../analysis/sleep.ts';
import { useTempFolder } from '../formats/temp-files.testkit.ts';
import { maibo } from './run-maibo.testkit.ts';
import { columnsOf } from './text-columns.ts';

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

async function writeIntervals(name: string, night: MadeNight): Promise<string> {
  return temp.write(
    name,
    intervalsOf(night)
      .map(({ rrMs }) => `${rrMs.toFixed(0)}\n`)
      .join(''),
  );
}

/** A line of PhysioNet's ann2rr. */
function listedBeat(endS: number, rrMs: number): string {
  const clock = (second: number) => {
    const [hour, minute] = [Math.floor(second / 3600), Math.floor(second / 60) % 60];
    return `${hour}:${String(minute).padStart(2, '0')}:${(second % 60).toFixed(3).padStart(6, '0')}`;
  };
  return `${clock(endS - rrMs / 1000)} N ${(rrMs / 1000).toFixed(3)} N ${clock(endS)}\n`;
}

function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(numbersIn) : [];
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

  it('says in both languages what it found, in columns that stand under each other', async () => {
    const night = await writeIntervals('breathing.txt', { hours: 5 });
    for (const [language, word] of [
      ['en', 'no diagnosis'],
      ['zh', '不是诊断'],
    ] as const) {
      const { code, out } = await maibo('sleep', night, '--language', language);
      expect(code).toBe(0);
      expect(out).toContain(word);
      expect(out).not.toMatch(/undefined|NaN|\{\w+\}/);
      const [, facts, stages] = out.split('\n\n').map((part) => part.split('\n'));
      expect(new Set(stages!.map(columnsOf)).size).toBe(1);
      const values = facts!.map((line) => /^.*?\S {2,}(?=\S)/.exec(line)![0]);
      expect(new Set(values.map((start) => columnsOf(start))).size).toBe(1);
    }
    expect((await maibo('sleep', night, '--language', 'fr')).code).toBe(2);
  });

  it('prints a FHIR bundle', async () => {
    const night = await writeIntervals('fhir.txt', { hours: 5 });
    const { code, out } = await maibo('sleep', night, '--fhir', '--subject', 'sleeper-17');
    expect(code).toBe(0);
    const bundle = JSON.parse(out) as { type: string; entry: { resource: { resourceType: string } }[] };
    expect(bundle.type).toBe('collection');
    expect(bundle.entry.length).toBeGreaterThan(8);
    expect(bundle.entry.every(({ resource }) => resource.resourceType === 'Observation')).toBe(true);
    expect(out).toContain('sleeper-17');
    expect((await maibo('sleep', night, '--fhir', '--json')).code).toBe(2);
  });

  it('has no heart where there are no intervals, and says so', async () => {
    const folder = writeNight('heartless');
    expect(await sleepOf(folder)).toMatchObject({
      ...{ heart: null, heartWhy: 'no-intervals', breathing: null, breathingWhy: 'no-intervals' },
      ...{ apnoea: null, apnoeaWhy: 'no-intervals' },
    });
    expect((await maibo('sleep', folder)).out).toContain('no intervals between beats');
    expect((await maibo('sleep', folder, '--language', 'zh')).out).toContain('没有心搏间期');
  });

  it('goes through nights that no body has', async () => {
    const constant = await sleepOf(await writeIntervals('constant.txt', { hours: 6, breathMs: 0 }));
    expect(constant.apnoea).toBeNull();
    for (const value of numbersIn(constant)) expect(Number.isFinite(value)).toBe(true);
    const three = await sleepOf(await writeIntervals('three.txt', { hours: 0.024 }));
    expect(three).toMatchObject({ summary: null, why: 'too-short', heart: null, heartWhy: 'not-scored' });
    const long = await sleepOf(writeNight('forty', 4_800), '--classes', '2');
    expect(long.stage).toHaveLength(4_800);
    // An hour awake, then 39 hours at rest.
    expect(long).toMatchObject({ summary: null, why: 'too-long' });
  });

  it('with three hours missing scores nothing of six, and the rest of twelve', async () => {
    const listing = (name: string, hours: number) => {
      const rows = intervalsOf({ hours }).filter(({ endS }) => endS < 7_200 || endS > 18_000);
      return temp.write(name, rows.map(({ endS, rrMs }) => listedBeat(endS, rrMs)).join(''));
    };
    expect(await sleepOf(await listing('six.rr', 6))).toMatchObject({ summary: null, why: 'too-little-worn' });
    const twelve = await sleepOf(await listing('twelve.rr', 12));
    expect(twelve.stage.slice(260, 590).every((stage) => stage === null)).toBe(true);
    expect(twelve.stage.filter((stage) => stage !== null).length / twelve.stage.length).toBeCloseTo(0.75, 1);
    expect(twelve.why).not.toBe('too-little-worn');
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
