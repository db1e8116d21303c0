import { describe, expect, it } from 'vitest';
import { useTempFolder } from './temp-files.testkit.ts';
import { readTimedValues } from './timed-values.ts';

const folder = useTempFolder();
const write = (text: string) => folder.write('hr.csv', text);

describe('values at uneven times', () => {
  it('are read in seconds, without those that are missing', async () => {
    const path = await write('time,bpm\n-1000,60\n4000,\n9500,nan\n9500,62.5\n');
    expect(await readTimedValues(path, 1e-3)).toEqual([
      { timeS: -1, value: 60 },
      { timeS: 9.5, value: 62.5 },
    ]);
    const dated = await write('2024-05-01T22:00:00Z;60\n2024-05-01T22:00:05Z;61\n');
    expect((await readTimedValues(dated, 1)).map(({ timeS }) => timeS)).toEqual([1_714_600_800, 1_714_600_805]);
  });

  it.each([
    ['0,60\n5,61\n3,62\n', /backwards/],
    ['0,60\n5,61\n6,abc\n', /not a number/],
    ['0,60\n5,61\n6,61,62\n', /3 columns/],
    ['0,60\n5,61\nlater,62\n', /not a time/],
  ])('are refused at their line: %j', async (text, message) => {
    await expect(readTimedValues(await write(text), 1)).rejects.toMatchObject({
      code: 'input-format',
      where: 'hr.csv, line 3',
      message: expect.stringMatching(message),
    });
  });
});
