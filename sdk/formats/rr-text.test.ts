import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openRecording } from './open-recording.ts';
import { describeSharedData } from './shared-data.testkit.ts';
import { codeOf, errorOf, readIntervals, readRr, useTempFolder } from './temp-files.testkit.ts';

const folder = useTempFolder();
const open = async (name: string, text: string) => openRecording(await folder.write(name, text), { format: 'rr' });

describe('RR text', () => {
  it('gives back what was written, one a line or many on a line', async () => {
    const rr = fc.array(fc.integer({ min: 300, max: 2000 }), { minLength: 1, maxLength: 50 });
    await fc.assert(
      fc.asyncProperty(rr, fc.constantFrom('\n', '\r\n', ' '), async (values, between) => {
        const recording = await open('trip.txt', values.join(between));
        expect(await readRr(recording)).toEqual(values);
      }),
      { numRuns: 100 },
    );
  });

  it('tells seconds and says so', async () => {
    const recording = await open('s.txt', '0.8\n0.82\n0.78\n');
    expect(await readRr(recording)).toEqual([800, 820, 780]);
    expect(recording.notes).toEqual(['The RR values are read as seconds.']);
    expect(await codeOf(await folder.write('between.txt', '50\n50\n'), { format: 'rr' })).toBe('input-range');
  });

  it('reads time and RR, whichever beat the time stamps and whatever it counts', async () => {
    const expected = [0.8, 1.7, 2.45].map((timeS) => expect.closeTo(timeS, 9));
    const files = {
      'end-s': '0.8,0.8\n1.7,0.9\n2.45,0.75\n',
      'start-s': '0,0.8\n0.8,0.9\n1.7,0.75\n',
      'end-s-ms': '0.8,800\n1.7,900\n2.45,750\n',
      'end-ms': 't;rr\n800;800\n1700;900\n2450;750\n',
    };
    for (const [name, text] of Object.entries(files)) {
      const intervals = await readIntervals(await openRecording(await folder.write(`${name}.csv`, text)));
      expect(
        intervals.map((interval) => interval.timeS),
        name,
      ).toEqual(expected);
      expect(
        intervals.map((interval) => interval.rrMs),
        name,
      ).toEqual([800, 900, 750]);
    }
  });

  it('takes one interval, and intervals that are all equal', async () => {
    expect(await readRr(await open('one.txt', '800'))).toEqual([800]);
    expect(await readRr(await open('same.txt', '800\n'.repeat(5)))).toEqual(Array(5).fill(800));
  });

  it('takes a closing zero as an end mark', async () => {
    const recording = await open('mark.txt', '800\n810\n0\n\n');
    expect(await readRr(recording)).toEqual([800, 810]);
    expect(recording.notes).toEqual(['The list closes with a 0, which is taken as its end mark.']);
  });

  it('is told from samples by a header, a fitting time column, or the extension', async () => {
    const formatOf = async (name: string, text: string) => (await openRecording(await folder.write(name, text))).format;
    expect(await formatOf('a.txt', '800\n810\n790\n')).toBe('rr');
    expect(await formatOf('b.csv', 'rr_ms\n800\n810\n')).toBe('rr');
    expect(await formatOf('c.csv', '0.8,0.8\n1.6,0.8\n2.5,0.9\n')).toBe('rr');
    expect(await codeOf(await folder.write('d.csv', '800\n810\n790\n'))).toBe('input-format');
    expect(await codeOf(await folder.write('e.txt', '12\n-40\n9000\n'))).toBe('input-format');
    const path = await folder.write('f.txt', '800\n810\n790\n');
    expect((await openRecording(path, { rateHz: 50 })).format).toBe('csv');
  });
});

describe('bad RR text', () => {
  it.each([
    ['a negative interval', '800\n-10\n810\n'],
    ['a zero in the middle', '800\n0\n810\n'],
    ['an interval of 10^6 ms', '800\n1000000\n810\n'],
  ])('with %s is refused with its line', async (_, text) => {
    const path = await folder.write('range.txt', text);
    expect(await errorOf(path, { format: 'rr' })).toMatchObject({ code: 'input-range', where: 'range.txt, line 2' });
  });

  it('with nothing but a zero is refused', async () => {
    expect(await codeOf(await folder.write('zero.txt', '0\n'), { format: 'rr' })).toBe('input-range');
  });

  it('with text or nan is refused with its line', async () => {
    for (const cell of ['x', 'nan', '1e', '']) {
      const path = await folder.write('text.txt', `800,810\n800,${cell}\n`);
      expect(await codeOf(path, { format: 'rr' })).toBe('input-format');
    }
    const path = await folder.write('word.txt', '800\n810\nbeat\n');
    expect(await errorOf(path, { format: 'rr' })).toMatchObject({ code: 'input-format', where: 'word.txt, line 3' });
  });

  it('that is empty, or with columns that do not fit, is refused', async () => {
    expect(await codeOf(await folder.write('empty.txt', ''), { format: 'rr' })).toBe('input-empty');
    expect(await codeOf(await folder.write('empty.txt', 'rr\n'), { format: 'rr' })).toBe('input-empty');
    expect(await codeOf(await folder.write('cols.txt', '1,800\n9,800\n3,800\n'), { format: 'rr' })).toBe(
      'input-format',
    );
    const torn = gzipSync('800\n'.repeat(9999));
    expect(await codeOf(await folder.write('torn.txt', torn.subarray(0, 30)), { format: 'rr' })).toBe('input-format');
  });
});

describeSharedData('RR test patterns of EC57', 'rr_ec57_testpatterns', (data) => {
  it.each([
    ['TP2', 108_000],
    ['TP3', null],
    ['TP5', 57_600],
  ] as const)('%s is time and RR', async (name, count) => {
    const recording = await openRecording(`${data}/HRV256_${name}.txt.gz`);
    const intervals = await readIntervals(recording);
    if (count !== null) expect(intervals.length).toBe(count);
    expect(intervals[1]!.timeS! - intervals[0]!.timeS!).toBeCloseTo(intervals[1]!.rrMs / 1000, 9);
  });
});

describeSharedData('RR text of real straps', 'rr_series', (data) => {
  it('is read to its end', async () => {
    expect((await readRr(await openRecording(`${data}/rest_rri.txt`))).length).toBe(910);
    expect((await readRr(await openRecording(`${data}/real_rri.txt`))).length).toBe(771);
  });
});

describeSharedData('RR on one line', 'welltory_ppg', (data) => {
  it('is read', async () => {
    const rr = await readRr(await openRecording(`${data}/data/subject_06/RR.txt`));
    expect(rr.slice(0, 3)).toEqual([857, 831, 856]);
  });
});
