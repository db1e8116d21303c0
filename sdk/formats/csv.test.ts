import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openRecording } from './open-recording.ts';
import { describeSharedData } from './shared-data.testkit.ts';
import { codeOf, errorOf, readAll, readSamples, useTempFolder } from './temp-files.testkit.ts';

const folder = useTempFolder();
const NAN = Number.NaN;

/** All channels, by name. */
async function columnsOf(path: string, rateHz?: number): Promise<Record<string, number[]>> {
  const recording = await openRecording(path, { format: 'csv', rateHz });
  const all: Record<string, number[]> = {};
  for (const [index, { name }] of recording.channels.entries()) all[name] = await readSamples(recording, index);
  return all;
}

describe('CSV', () => {
  it('gives back what was written, with any separator, line end and compression', async () => {
    const file = fc.record({
      rows: fc.integer({ min: 1, max: 4 }).chain((width) => {
        const value = fc.oneof(
          fc.constant(NAN),
          fc.float({ noNaN: true, noDefaultInfinity: true }).map((v) => v + 0),
        );
        return fc.array(fc.array(value, { minLength: width, maxLength: width }), { minLength: 2, maxLength: 30 });
      }),
      separator: fc.constantFrom(',', ';', '\t', ', '),
      lineEnd: fc.constantFrom('\n', '\r\n'),
      hasHeader: fc.boolean(),
      isGzipped: fc.boolean(),
      tail: fc.constantFrom('', '\n', '\n\n\n'),
    });
    await fc.assert(
      fc.asyncProperty(file, async ({ rows, separator, lineEnd, hasHeader, isGzipped, tail }) => {
        const header = hasHeader ? [rows[0]!.map((_, i) => `ch${i}`)] : [];
        const text = [...header, ...rows].map((row) => row.join(separator)).join(lineEnd) + tail;
        const path = await folder.write('trip.csv', isGzipped ? gzipSync(text) : text);
        const columns = Object.values(await columnsOf(path, 100));
        expect(columns).toEqual(rows[0]!.map((_, i) => rows.map((row) => row[i]!)));
      }),
      { numRuns: 150 },
    );
  });

  it('takes the rate from a time column', async () => {
    const rows = Array.from({ length: 50 }, (_, i) => `${(i / 360).toFixed(3)},${i}`).join('\n');
    const recording = await openRecording(await folder.write('t.csv', `time [s],ecg (mV)\n${rows}`));
    expect(recording.channels).toMatchObject([
      { name: 'ecg', unit: 'mV', kind: 'ecg', rateHz: 360, sampleCount: null },
    ]);
  });

  it('tells milliseconds from seconds, and refuses to guess in between', async () => {
    const write = (step: number) =>
      folder.write('u.csv', `t,v\n${[0, 1, 2, 3].map((i) => `${i * step},1`).join('\n')}`);
    expect((await openRecording(await write(0.01))).channels[0]!.rateHz).toBe(100);
    const inMs = await openRecording(await write(8));
    expect(inMs.channels[0]!.rateHz).toBe(125);
    expect(inMs.notes[0]).toContain('read as milliseconds');
    expect(await errorOf(await write(1))).toMatchObject({ code: 'input-format', hint: 'give it with --rate HZ' });
  });

  it('reads PhysioNet exports with a line of units and quoted clock times', async () => {
    const text =
      "'Elapsed time','MLII','V5'\n'hh:mm:ss.mmm','mV','mV'\n'0:00.000',-0.145,-0.065\n'0:00.010',-0.145,-0.065\n";
    const recording = await openRecording(await folder.write('samples.csv', text));
    expect(recording.channels).toMatchObject([
      { name: 'MLII', unit: 'mV', rateHz: 100, kind: 'ecg' },
      { name: 'V5', unit: 'mV' },
    ]);
  });

  it('reads dates as the start, decimal commas and a byte order mark', async () => {
    const rows = '2024-05-06 07:08:09.00;1,5\r\n2024-05-06 07:08:09.25;2,5\r\n';
    const recording = await openRecording(await folder.write('eu.csv', `\ufeffdatetime;x\r\n${rows}\r\n\r\n`));
    expect(recording).toMatchObject({
      startUtcMs: Date.UTC(2024, 4, 6, 7, 8, 9),
      channels: [{ name: 'x', rateHz: 4 }],
    });
    expect(await readSamples(recording)).toEqual([1.5, 2.5]);
    expect(recording.notes).toContain('The time stamps have no time zone; they are taken as UTC.');
  });

  it('fills a gap in the time column with missing samples and notes it', async () => {
    const times = [0, 0.1, 0.2, 0.3, 1.3, 1.4];
    const path = await folder.write('gap.csv', `time_s,v\n${times.map((t, i) => `${t},${i}`).join('\n')}`);
    const recording = await openRecording(path);
    expect(await readSamples(recording)).toEqual([0, 1, 2, 3, ...Array(9).fill(NAN), 4, 5]);
    expect(recording.notes).toEqual([
      'The time column has 1 gaps, filled with missing samples; the first is 1.000 s before line 6.',
    ]);
  });

  it('picks a column by name or by number', async () => {
    const path = await folder.write('pick.csv', 'a,b,c\n1,2,3\n4,5,6\n');
    for (const column of ['b', 'B', 2, '2']) {
      expect(await readSamples(await openRecording(path, { rateHz: 10, column }))).toEqual([2, 5]);
    }
    for (const column of ['d', 0, 4, -1]) expect(await codeOf(path, { rateHz: 10, column })).toBe('usage');
  });

  it('counts missing samples in the notes', async () => {
    const recording = await readAll(await folder.write('miss.csv', 'v,w\n1,2\n,2\nnan,2\nNaN,2\n5,2\n'), { rateHz: 1 });
    await readAll(recording.path, { rateHz: 1 });
    expect(recording.notes).toEqual(['v: 3 samples are missing (empty or nan).']);
    expect((await columnsOf(await folder.write('blank.csv', '1\n\n3\n\n\n'), 1))['column 1']).toEqual([1, NAN, 3]);
  });
});

describe('bad CSV', () => {
  it('without a rate is refused with the hint', async () => {
    const error = await errorOf(await folder.write('bare.csv', '1\n2\n3\n'));
    expect(error.toLine()).toContain('bare.csv: one column of numbers has no rate (give it with --rate HZ;');
  });

  it('names the line and column of text', async () => {
    const text = '1,2\n3,4\n5,six\n';
    expect((await errorOf(await folder.write('text.csv', text), { rateHz: 1 })).toLine()).toBe(
      'text.csv, line 3, column 2: "six" is not a number',
    );
    for (const cell of ['0x10', 'Infinity', '1e', '1 2', '--1', 'NULL']) {
      expect(await codeOf(await folder.write('text.csv', `1,2\n3,${cell}\n`), { rateHz: 1 })).toBe('input-format');
    }
    expect(await codeOf(await folder.write('prose.csv', 'Dear reader,\nthis is\nno table\n'))).toBe('input-format');
    expect(await codeOf(await folder.write('huge.csv', '1\n1e39\n'), { rateHz: 1 })).toBe('input-range');
  });

  it('names the line with another number of columns', async () => {
    const error = await errorOf(await folder.write('ragged.csv', 'a,b\n1,2\n3\n'), { rateHz: 1 });
    expect(error).toMatchObject({ code: 'input-format', where: 'ragged.csv, line 3' });
    expect(await codeOf(await folder.write('head.csv', 'a,b,c\n1,2\n'), { rateHz: 1 })).toBe('input-format');
    const wide = `${'1,'.repeat(300)}1\n`;
    expect(await codeOf(await folder.write('wide.csv', wide), { rateHz: 1 })).toBe('input-format');
  });

  it('with a rate that cannot be is refused', async () => {
    const path = await folder.write('rate.csv', '1\n2\n');
    for (const rateHz of [0, -1, NAN, Number.POSITIVE_INFINITY, 1e6])
      expect(await codeOf(path, { rateHz })).toBe('input-range');
    expect(await codeOf(await folder.write('fast.csv', 'time_us,v\n0,1\n1,1\n2,1\n'))).toBe('input-range');
  });

  it('with a time column that goes back, stands still, jumps or is no time is refused', async () => {
    const head = 'time_s,v\n0,1\n0.1,1\n';
    const back = await errorOf(await folder.write('back.csv', `${head}0.05,1\n`));
    expect(back).toMatchObject({ code: 'input-format', where: 'back.csv, line 4' });
    const late = `time_s,v\n${Array.from({ length: 3000 }, (_, i) => `${i / 100},1`).join('\n')}\n0,1\n`;
    expect(await errorOf(await folder.write('late.csv', late))).toMatchObject({ where: 'late.csv, line 3002' });
    expect(await codeOf(await folder.write('still.csv', 'time_s,v\n1,1\n1,1\n'))).toBe('input-format');
    expect(await codeOf(await folder.write('one.csv', 'time_s,v\n1,1\n'))).toBe('input-format');
    expect(await codeOf(await folder.write('jump.csv', `${head}1e9,1\n`))).toBe('input-range');
    expect(await codeOf(await folder.write('soon.csv', `${head}soon,1\n`))).toBe('input-format');
  });

  it('is refused when it is empty, binary, UTF-16 or one endless line', async () => {
    expect(await codeOf(await folder.write('0.csv', ''))).toBe('input-empty');
    expect(await codeOf(await folder.write('0.csv', '\n\n\n'))).toBe('input-empty');
    expect(await codeOf(await folder.write('0.csv', 'time,ecg\n'))).toBe('input-empty');
    const junk = await folder.write(
      'junk.csv',
      Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) >> 3),
    );
    expect(await codeOf(junk, { format: 'csv', rateHz: 1 })).toBe('input-format');
    const late = await errorOf(await folder.write('late0.csv', '1\n2\n3\0\n'), { format: 'csv', rateHz: 1 });
    expect(late).toMatchObject({ code: 'input-format', where: 'late0.csv, line 3' });
    expect(await codeOf(await folder.write('16.csv', Buffer.from('\ufeff1\n2\n', 'utf16le')), { rateHz: 1 })).toBe(
      'input-format',
    );
    expect(await codeOf(await folder.write('line.csv', '1'.repeat(3 << 20)), { rateHz: 1 })).toBe('input-format');
  });

  it('is refused when its gzip data is truncated or damaged', async () => {
    const whole = gzipSync(Array.from({ length: 50_000 }, (_, i) => Math.round(1e6 * Math.sin(i))).join('\n'));
    const cut = await folder.write('cut.csv.gz', whole.subarray(0, whole.length >> 1));
    expect((await errorOf(cut, { rateHz: 1 })).toLine()).toBe('cut.csv.gz: the gzip data ends too early');
    whole[whole.length >> 1]! ^= 0xff;
    expect(await codeOf(await folder.write('bad.csv.gz', whole), { rateHz: 1 })).toBe('input-format');
    expect(await codeOf(await folder.write('head.csv.gz', whole.subarray(0, 5)), { rateHz: 1 })).toBe('input-format');
  });

  it('closes the file when reading stops early', async () => {
    const path = await folder.write('stop.csv.gz', gzipSync('1\n'.repeat(200_000)));
    const recording = await openRecording(path, { rateHz: 100 });
    for await (const chunk of recording.samples(0)) {
      expect(chunk.length).toBe(16_384);
      break;
    }
  });
});

describeSharedData('CSV of BIDMC', 'ppg_bidmc01', (data) => {
  it('has the rate and kinds that its header says', async () => {
    const recording = await openRecording(`${data}/bidmc_01_Signals.csv.gz`);
    expect(recording.channels.map(({ name, rateHz, kind }) => [name, rateHz, kind])).toEqual([
      ['RESP', 125, 'other'],
      ['PLETH', 125, 'ppg'],
      ['V', 125, 'ecg'],
      ['AVR', 125, 'ecg'],
      ['II', 125, 'ecg'],
    ]);
    expect((await readSamples(recording, 1)).length).toBe(60_001);
  });
});

describeSharedData('CSV of HeartPy', 'heartpy', (data) => {
  it('reads millisecond timers and date stamps', async () => {
    expect((await readAll(`${data}/data2.csv.gz`)).channels[0]!.rateHz).toBe(117);
    expect((await readAll(`${data}/data3.csv.gz`)).channels[0]!.rateHz).toBeCloseTo(100, -1);
    expect((await readAll(`${data}/e0103.csv`, { rateHz: 250 })).channels.length).toBe(1);
  });
});
