// The packed bytes for comparison come from the writer in wfdb.testkit.ts and, as literals, from signal(5).

import { open, truncate } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openRecording } from './open-recording.ts';
import { codeOf, errorOf, readAll, readSamples, useTempFolder } from './temp-files.testkit.ts';
import { checksumOf, type Packing, packSamples, writeRecord } from './wfdb.testkit.ts';

const folder = useTempFolder();
const RANGE: Record<Packing, number> = { 16: 32767, 80: 127, 212: 2047 };

describe('WFDB signals', () => {
  for (const packing of [16, 80, 212] as const) {
    it(`gives back what was written in format ${packing}`, async () => {
      const value = fc.integer({ min: -RANGE[packing], max: RANGE[packing] });
      const signals = fc.integer({ min: 1, max: 5 }).chain((signalCount) => {
        const row = fc.array(value, { minLength: signalCount, maxLength: signalCount });
        return fc.array(row, { minLength: 1, maxLength: 60 });
      });
      await fc.assert(
        fc.asyncProperty(signals, async (rows) => {
          const columns = rows[0]!.map((_, s) => rows.map((row) => row[s]!));
          const recording = await openRecording(await writeRecord(folder, { name: 'trip', packing, signals: columns }));
          for (const [s, column] of columns.entries()) expect(await readSamples(recording, s)).toEqual(column);
          expect(recording.notes).toEqual([]); // the checksums hold
        }),
        { numRuns: 60 },
      );
    });
  }

  it('gives back a record of many blocks with an odd number of signals', async () => {
    const wave = (phase: number) => Array.from({ length: 100_001 }, (_, i) => (2000 * Math.sin(i / 7 + phase)) | 0);
    const signals = [wave(0), wave(1), wave(2)];
    const recording = await openRecording(await writeRecord(folder, { name: 'long', packing: 212, signals }));
    for (const s of [0, 1, 2]) expect(await readSamples(recording, s)).toEqual(signals[s]);
    expect(recording.notes).toEqual([]);
  });

  it('decodes the bytes as signal(5) draws them', async () => {
    await folder.write('man.hea', 'man 2 360 2\nman.dat 212\nman.dat 212\n');
    await folder.write('man.dat', Uint8Array.of(0xe3, 0x33, 0xf3, 0xff, 0x0f, 0x01));
    const recording = await openRecording(folder.path('man.dat'));
    expect(await readSamples(recording, 0)).toEqual([0x3e3, -1]);
    expect(await readSamples(recording, 1)).toEqual([0x3f3, 1]);
  });

  it('marks missing values as NaN', async () => {
    for (const [packing, missing] of [
      [16, -32768],
      [80, -128],
      [212, -2048],
    ] as const) {
      const path = await writeRecord(folder, { name: `nan${packing}`, packing, signals: [[1, missing, 3]] });
      expect(await readSamples(await openRecording(path))).toEqual([1, Number.NaN, 3]);
    }
  });

  it('reads signals of different files, formats and samples per frame', async () => {
    await folder.write('mix.hea', 'mix 3 100 3\na.dat 16x2 10/uV 16 5 0 0 0 fast one\na.dat 16\nb.dat 80\n');
    await folder.write('a.dat', packSamples(16, [1, 2, 10, 3, 4, 20, 5, 6, 30]));
    await folder.write('b.dat', packSamples(80, [7, 8, 9]));
    const recording = await openRecording(folder.path('mix'));
    expect(recording.channels[0]).toMatchObject({
      name: 'fast one',
      rateHz: 200,
      sampleCount: 6,
      gain: 10,
      offset: 5,
      unit: 'uV',
    });
    expect(await readSamples(recording, 0)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await readSamples(recording, 1)).toEqual([10, 20, 30]);
    expect(await readSamples(recording, 2)).toEqual([7, 8, 9]);
  });

  it('honours skew and byte offset', async () => {
    await folder.write('skew.hea', 'skew 2 100 3\nskew.dat 16+4\nskew.dat 16:2+4\n');
    await folder.write('skew.dat', Buffer.concat([Buffer.from('head'), packSamples(16, [1, 0, 2, 0, 3, 11, 4, 12])]));
    const recording = await openRecording(folder.path('skew'));
    expect(await readSamples(recording, 0)).toEqual([1, 2, 3]);
    expect(await readSamples(recording, 1)).toEqual([11, 12, Number.NaN]);
  });

  it('counts the samples itself when the header does not', async () => {
    await folder.write('count.hea', 'count 1\ncount.dat 80\n');
    await folder.write('count.dat', packSamples(80, [1, 2, 3, 4]));
    const recording = await openRecording(folder.path('count'));
    expect(recording.channels[0]).toMatchObject({ sampleCount: 4, rateHz: 250, gain: 200, unit: 'mV' });
  });

  it('notes a checksum that does not hold, once', async () => {
    await folder.write('sum.hea', `sum 1 100 3\nsum.dat 16 200 12 0 1 ${checksumOf([1, 2, 3]) + 1} 0 V5\n`);
    await folder.write('sum.dat', packSamples(16, [1, 2, 3]));
    const recording = await readAll(folder.path('sum'));
    await readSamples(recording);
    expect(recording.notes).toEqual(['The checksum of V5 is 6; the header says 7.']);
  });

  it('is found under a name with a dot', async () => {
    const path = await writeRecord(folder, { name: 's01.re', packing: 16, signals: [[1, 2]] });
    expect(await readSamples(await openRecording(path))).toEqual([1, 2]);
  });

  it('may be read twice, and each chunk keeps its memory', async () => {
    const signals = [Array.from({ length: 300_000 }, (_, i) => i % 2000)];
    const recording = await openRecording(await writeRecord(folder, { name: 'own', packing: 212, signals }));
    const chunks: Float32Array[] = [];
    for await (const chunk of recording.samples(0)) chunks.push(chunk);
    expect(chunks.length).toBeGreaterThan(1);
    expect(chunks.flatMap((chunk) => [...chunk])).toEqual(signals[0]);
    expect(await readSamples(recording)).toEqual(signals[0]);
  });
});

describe('damaged WFDB signals', () => {
  const header = (name: string, rest: string) => folder.write(`${name}.hea`, `${name} 1 100 ${rest}\n`);

  it('are refused when the signal file is missing, empty or a folder', async () => {
    await header('gone', '3\ngone.dat 16');
    expect(await errorOf(folder.path('gone'))).toMatchObject({ code: 'input-missing', where: 'gone.hea, line 2' });
    await header('empty', '3\nempty.dat 16');
    await folder.write('empty.dat', '');
    expect(await errorOf(folder.path('empty.hea'))).toMatchObject({ code: 'input-empty', where: 'empty.dat' });
    await header('dir', '3\n. 16');
    expect(await codeOf(folder.path('dir'))).toBe('input-format');
  });

  it('are refused with the sample where the file ends', async () => {
    await header('short', '5\nshort.dat 16');
    await folder.write('short.dat', packSamples(16, [1, 2, 3]));
    const error = await errorOf(folder.path('short'));
    expect(error).toMatchObject({ code: 'input-format', where: 'short.dat' });
    expect(error.message).toBe('the file ends at sample 3 (byte 6); short.hea says 5 samples');
  });

  it('are refused when a byte offset lies past the end', async () => {
    await header('past', '3\npast.dat 16+1000');
    await folder.write('past.dat', packSamples(16, [1, 2, 3]));
    expect(await codeOf(folder.path('past'))).toBe('input-format');
  });

  it('are noted when the file holds more than the header says', async () => {
    await header('more', '3\nmore.dat 16');
    await folder.write('more.dat', packSamples(16, Array(50).fill(1)));
    expect((await readAll(folder.path('more'))).notes).toEqual(['more.dat holds 50 samples; the header says 3.']);
  });

  it('are an error with its byte when the file shrinks while it is read', async () => {
    const path = await writeRecord(folder, { name: 'shrink', packing: 16, signals: [Array(400_000).fill(1)] });
    const recording = await openRecording(path);
    const read = async () => {
      for await (const _ of recording.samples(0)) await truncate(folder.path('shrink.dat'), 100);
    };
    await expect(read()).rejects.toMatchObject({ code: 'input-format', where: 'shrink.dat, byte 196608' });
  });

  it('end where the header says when the file grows while it is read', async () => {
    const path = await writeRecord(folder, { name: 'grow', packing: 16, signals: [[1, 2, 3]] });
    const recording = await openRecording(path);
    await folder.write('grow.dat', packSamples(16, [1, 2, 3, 4, 5]));
    expect(await readSamples(recording)).toEqual([1, 2, 3]);
  });

  it('of 2 GB cost no more memory than small ones', async () => {
    const frames = 2 ** 31 / 3;
    await folder.write('big.hea', `big 2 1000 ${Math.floor(frames)}\nbig.dat 212\nbig.dat 212\n`);
    const file = await open(folder.path('big.dat'), 'w');
    await file.truncate(2 ** 31); // sparse: takes no room on disk
    await file.close();
    const recording = await openRecording(folder.path('big'));
    const before = process.memoryUsage();
    let [given, peakBytes] = [0, 0];
    for await (const chunk of recording.samples(1)) {
      given += chunk.length;
      peakBytes = Math.max(peakBytes, process.memoryUsage().rss - before.rss);
      if (given * 3 > 200e6) break;
    }
    expect(given).toBeGreaterThan(60e6);
    expect(peakBytes).toBeLessThan(150e6); // what waits for the garbage collector; 200 MB of file, 267 MB of samples
  });
});
