import { describe, expect, it } from 'vitest';
import { openRecording } from './open-recording.ts';
import { describeSharedData } from './shared-data.testkit.ts';
import { codeOf, errorOf, readIntervals, readSamples, useTempFolder } from './temp-files.testkit.ts';

const folder = useTempFolder();
const write = (data: string, params = 'Version=106\r\nInterval=238\r\nDate=20080208\r\nStartTime=08:50:31.5\r\n') => {
  return folder.write('x.hrm', `[Params]\r\n${params}\r\n[Note]\r\nfine day\r\n\r\n[HRData]\r\n${data}`);
};

describe('Polar HRM', () => {
  it('gives RR intervals with times and a start', async () => {
    const recording = await openRecording(await write('800\r\n900\r\n\r\n'));
    expect(recording).toMatchObject({ format: 'hrm', hasIntervals: true, channels: [] });
    expect(recording.startUtcMs).toBe(Date.UTC(2008, 1, 8, 8, 50, 31, 500));
    expect(await readIntervals(recording)).toEqual([
      { timeS: 0.8, rrMs: 800 },
      { timeS: 1.7, rrMs: 900 },
    ]);
  });

  it('ends with the section', async () => {
    expect((await readIntervals(await openRecording(await write('800\r\n[Trip]\r\n1\r\n')))).length).toBe(1);
  });

  it('gives mean heart rates as a channel, 0 as missing', async () => {
    const recording = await openRecording(
      await write('70\t120\r\n0\t120\r\n72\t119\r\n', 'Version=106\r\nInterval=5\r\n'),
    );
    expect(recording.channels).toMatchObject([{ name: 'heart rate', rateHz: 0.2, unit: 'bpm' }]);
    expect(await readSamples(recording)).toEqual([70, Number.NaN, 72]);
  });

  it('is refused with file and place when it is damaged', async () => {
    expect(await errorOf(await write('800\r\nabc\r\n'))).toMatchObject({
      code: 'input-format',
      where: 'x.hrm, line 12',
    });
    expect(await errorOf(await write('800\r\n-800\r\n'))).toMatchObject({
      code: 'input-range',
      where: 'x.hrm, line 12',
    });
    expect(await codeOf(await write('0\r\n'))).toBe('input-range');
    expect(await codeOf(await write('1000000\r\n'))).toBe('input-range');
    expect(await codeOf(await write(''))).toBe('input-empty');
    expect(await codeOf(await write('800', 'Version=106\r\nInterval=204\r\n'))).toBe('input-format');
    expect(await codeOf(await write('-5', 'Version=106\r\nInterval=5\r\n'))).toBe('input-range');
    expect(await codeOf(await folder.write('none.hrm', '[Params]\nVersion=106\n'))).toBe('input-format');
    expect(await codeOf(await folder.write('bare.hrm', '[HRData]\n800\n'), { format: 'hrm' })).toBe('input-format');
  });

  it('notes a version it does not know', async () => {
    const recording = await openRecording(await write('800', 'Version=999\r\nInterval=238\r\n'));
    expect(recording.notes[0]).toBe('The version "999" is not one of 102, 105, 106, 107.');
  });
});

describeSharedData('HRM files of real monitors', 'rr_series', (data) => {
  it.each(['exercise_rri.hrm', 'noisy_rri.hrm'])('%s sums up to the length in its header', async (name) => {
    const lengthS: Record<string, number> = { 'exercise_rri.hrm': 2561.7, 'noisy_rri.hrm': 2402 };
    const intervals = await readIntervals(await openRecording(`${data}/${name}`));
    expect(Math.abs(intervals[intervals.length - 1]!.timeS! - lengthS[name]!)).toBeLessThan(2);
  });
});
