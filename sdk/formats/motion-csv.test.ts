import { describe, expect, it } from 'vitest';
import { type MotionCsv, openMotionCsv } from './motion-csv.ts';
import { useTempFolder } from './temp-files.testkit.ts';
import type { TimedValue } from './timed-values.ts';

const folder = useTempFolder();

async function open(name: string, lines: readonly string[]): Promise<MotionCsv | null> {
  return openMotionCsv(await folder.write(name, `${lines.join('\n')}\n`));
}

async function readAll(csv: MotionCsv | null) {
  const numbers: number[] = [];
  const intervals: TimedValue[] = [];
  const heartRates: TimedValue[] = [];
  for await (const block of csv!.blocks()) {
    for (const number of block.frames) numbers.push(number);
    intervals.push(...block.intervals);
    heartRates.push(...block.heartRates);
  }
  return { numbers, intervals, heartRates };
}

/** A device that lies still, sampled 20 times a second. */
function rows(count: number, cells: (index: number) => string, firstS = 0): string[] {
  return Array.from({ length: count }, (_, index) => `${(firstS + index / 20).toFixed(2)},${cells(index)}`);
}

describe('acceleration from a CSV file', () => {
  it.each([
    ['time,acc_x,acc_y,acc_z', '0,0,1', 1],
    ['time,accX,accY,accZ', '0,0,1000', 1],
    ['Time (s),Acceleration x (m/s^2),Acceleration y (m/s^2),Acceleration z (m/s^2)', '0,0,9.80665', 1],
    ['timestamp,x,y,z', '0,0,9.80665', 1],
    ['t,ax [mg],ay [mg],az [mg]', '0,0,1000', 1],
    ['t,x [g],y [g],z [g]', '0,0,0.2', 0.2],
  ])('named %s is read in g', async (header, cells, zG) => {
    const csv = await open('named.csv', [header, ...rows(40, () => cells)]);
    expect(csv).toMatchObject({ rateHz: 20, startS: 0, startUtcMs: null, hasIntervals: false });
    const { numbers } = await readAll(csv);
    expect(numbers).toHaveLength(120);
    expect(numbers[2]).toBeCloseTo(zG, 5);
  });

  it('without names is read when there are four columns of which the first is the time', async () => {
    const csv = await open(
      '46343_acceleration.txt',
      rows(40, () => '0.1,0.2,0.9', -155.3).map((row) => row.replaceAll(',', ' ')),
    );
    expect(csv).toMatchObject({ rateHz: 20, startS: -155.3 });
  });

  it('is not found in a file of other things', async () => {
    expect(await open('rr.csv', ['time,rr', '0.8,800', '1.6,800', '2.4,800'])).toBeNull();
    expect(await open('linear.csv', ['time,linear acceleration x,y,z', ...rows(3, () => '0,0,0')])).toBeNull();
  });

  it('comes with intervals in the rows of samples or in their own, and with a heart rate', async () => {
    const beside = await open('beside.csv', [
      'time,acc_x,acc_y,acc_z,rr,hr',
      ...rows(100, (index) => `0,0,1,${index === 20 ? 900 : ''},${index % 20 === 0 ? 66 : ''}`, 1000),
    ]);
    expect(beside).toMatchObject({ startS: 1000, hasIntervals: true });
    const { numbers, intervals, heartRates } = await readAll(beside);
    expect(numbers).toHaveLength(300);
    expect(intervals).toEqual([{ timeS: 1, value: 900 }]);
    expect(heartRates.map(({ timeS }) => timeS)).toEqual([0, 1, 2, 3, 4]);
    const own = rows(100, () => '0,0,1,').toSpliced(20, 0, '0.95,,,,0.9');
    const read = await readAll(await open('own.csv', ['time,x,y,z,rr', ...own]));
    expect(read.numbers).toHaveLength(300);
    expect(read.intervals).toEqual([{ timeS: 0.95, value: 900 }]);
  });

  it('keeps to the stamps: a jump forward is a gap, however long the clock is wrong afterwards', async () => {
    const csv = await open('gap.csv', ['time,x,y,z', ...rows(100, () => '0,0,1'), ...rows(100, () => '0,0,1', 3605)]);
    const { numbers } = await readAll(csv);
    expect(numbers).toHaveLength(3 * 20 * 3610);
    expect(numbers.filter(Number.isNaN)).toHaveLength(3 * 20 * 3600);
  });

  it('keeps to the stamps: a device that is slower or faster than its first rows said stays on its clock', async () => {
    const drifting = (stepS: number) => {
      let timeS = 0;
      return Array.from({ length: 6000 }, (_, index) => `${((timeS += index < 2000 ? 0.05 : stepS)).toFixed(3)},0,0,1`);
    };
    for (const stepS of [0.049, 0.051]) {
      const { numbers } = await readAll(await open('drift.csv', ['time,x,y,z', ...drifting(stepS)]));
      expect(Math.abs(numbers.length / 60 - (100 + 4000 * stepS))).toBeLessThan(0.6);
    }
  });

  it('stamps in bursts are no gap', async () => {
    const bursts = Array.from({ length: 400 }, (_, index) => `${(Math.floor(index / 4) / 5).toFixed(2)},0,0,1`);
    const { numbers } = await readAll(await open('bursts.csv', ['time,x,y,z', ...bursts]));
    expect(numbers).toHaveLength(1200);
    expect(numbers.some(Number.isNaN)).toBe(false);
  });
});

describe('a CSV file of acceleration that is refused', () => {
  const still = rows(100, () => '0,0,1,');
  it.each([
    [
      'a clock that is set back',
      still.toSpliced(60, 0, '1.00,0,0,1,'),
      'input-format',
      /backwards/,
      'bad.csv, line 62',
    ],
    ['a word', still.toSpliced(60, 1, '3.00,0,inf,1,'), 'input-format', /"inf" is not a number/, 'bad.csv, line 62'],
    ['too large a number', still.toSpliced(60, 1, '3.00,0,1e39,1,'), 'input-range', /too large/, 'bad.csv, line 62'],
    [
      'an interval below 0',
      still.toSpliced(60, 1, '3.00,0,0,1,-800'),
      'input-range',
      /not possible/,
      'bad.csv, line 62',
    ],
    ['a row that is short', still.toSpliced(60, 1, '3.00,0,0'), 'input-format', /3 columns/, 'bad.csv, line 62'],
    [
      'intervals repeated in every row',
      rows(1000, () => '0,0,1,800'),
      'input-range',
      /last longer/,
      'bad.csv, line 43',
    ],
    ['a leap of ten days', [...still, '864000.0,0,0,1,'], 'input-range', /gap/, 'bad.csv, line 102'],
    ['sizes that are gravity in no unit', rows(100, () => '0,0,64,'), 'input-format', /no unit/, 'bad.csv'],
  ])('%s', async (_, lines, code, message, where) => {
    const read = open('bad.csv', ['time,x,y,z,rr', ...lines]).then(readAll);
    await expect(read).rejects.toMatchObject({ code, where, message: expect.stringMatching(message) });
  });

  it('no time, and a unit nobody knows', async () => {
    await expect(open('timeless.csv', ['acc_x,acc_y,acc_z', '0,0,1', '0,0,1'])).rejects.toThrow(
      /no column holds the time/,
    );
    const lsb = open('lsb.csv', ['time,x [lsb],y [lsb],z [lsb]', ...rows(100, () => '0,0,4096')]);
    await expect(lsb).rejects.toThrow(/"lsb" is no unit/);
  });
});
