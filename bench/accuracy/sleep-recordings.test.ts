import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sleepLabNights, watchNights } from './sleep-recordings.ts';

const folder = mkdtempSync(join(tmpdir(), 'maibo-nights-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function writeWatch(codes: readonly number[]): void {
  const column = (name: string, values: readonly number[]) =>
    writeFileSync(join(folder, `7_${name}.out`), `${values.join('\n')}\n`);
  column(
    'time_feature',
    codes.map((_, epoch) => epoch / 120),
  );
  column(
    'count_feature',
    codes.map(() => 1),
  );
  column(
    'hr_feature',
    codes.map(() => 0.5),
  );
  column('psg_labels', codes);
}

function writeLab(codes: readonly string[]): void {
  const lines = codes.map((code, epoch) => `${epoch * 30}  ${7500 * (epoch + 1)} " 0 0 0 ${code}`);
  writeFileSync(join(folder, 'slp99.an'), `header\n${lines.join('\n')}\n`);
  writeFileSync(join(folder, 'slp99.rr'), '0:00 N 0.900 N 0:00.9\n');
  writeFileSync(join(folder, 'slp99.hea'), 'slp99 2 250 100 23:00:00\n# 40 M 80\n');
}

describe('the code books of the nights', () => {
  it('are read as the sets define them', () => {
    writeWatch([0, 1, 2, 3, 4, 5, -1]);
    expect(watchNights(folder)[0]!.stages).toEqual([0, 1, 1, 2, 2, 3, null]);
    writeLab(['W', '1', '2', '3', '4', 'R', 'MT']);
    expect(sleepLabNights(folder)[0]!.stages).toEqual([null, 0, 1, 1, 2, 2, 3, null]);
  });

  it('are all there is: another label names its file', () => {
    writeWatch([0, 9]);
    expect(() => watchNights(folder)).toThrow('7_psg_labels.out, line 2: "9" is no stage');
    writeLab(['W', 'X']);
    expect(() => sleepLabNights(folder)).toThrow('slp99.an, 30: "X" is no stage');
  });
});
