import { mkdir } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMaiboError } from '../errors.ts';
import { makeEdf } from './edf.testkit.ts';
import { openRecording } from './open-recording.ts';
import type { RecordingFormat } from './recording.ts';
import { codeOf, errorOf, readAll, useTempFolder } from './temp-files.testkit.ts';
import { annotationWord, packSamples, words, writeRecord } from './wfdb.testkit.ts';

const folder = useTempFolder();
const FORMATS: readonly RecordingFormat[] = ['wfdb', 'edf', 'csv', 'e4', 'hrm', 'rr', 'fit'];

describe('opening a recording', () => {
  it('finds the format by content and then by name', async () => {
    const formatOf = async (path: string) => (await openRecording(path)).format;
    const record = await writeRecord(folder, {
      name: '100',
      packing: 212,
      signals: [
        [1, 2],
        [3, 4],
      ],
    });
    for (const path of [record, `${record}.hea`, `${record}.dat`]) expect(await formatOf(path)).toBe('wfdb');
    const edf = makeEdf({ signals: [{ label: 'a', samplesPerRecord: 1 }], records: [[[1]]] });
    expect(await formatOf(await folder.write('night.rec', edf))).toBe('edf');
    expect(await formatOf(await folder.write('run.txt', '[Params]\nInterval=238\n[HRData]\n800\n'))).toBe('hrm');
    expect(await formatOf(await folder.write('t.txt.gz', gzipSync('800\n810\n')))).toBe('rr');
    expect(await formatOf(await folder.write('s.csv', 'time_s,ecg\n0,1\n0.01,2\n'))).toBe('csv');
  });

  it('says what is missing, a folder, empty or unknown', async () => {
    expect(await errorOf(folder.path('nothing.csv'))).toMatchObject({ code: 'input-missing', where: 'nothing.csv' });
    for (const format of FORMATS.filter((known) => known !== 'fit')) {
      expect(await codeOf(folder.path('nothing'), { format })).toBe('input-missing');
    }
    await mkdir(folder.path('dir'));
    for (const format of [undefined, ...FORMATS]) {
      expect(['input-format', 'input-missing']).toContain(await codeOf(folder.path('dir'), { format }));
    }
    expect(await codeOf(await folder.write('empty.bin', ''))).toBe('input-empty');
    expect((await errorOf(await folder.write('junk.bin', Uint8Array.of(1, 2, 3)))).message).toContain(
      'format is not known',
    );
    expect(await errorOf(await folder.write('lone.dat', Uint8Array.of(1, 2, 3)))).toMatchObject({
      code: 'input-missing',
    });
    expect(await codeOf('a\0b')).toBe('input-missing');
    expect(await codeOf('/dev/null', { format: 'csv' })).toBe('input-format');
  });

  it('does not read FIT yet and says so', async () => {
    const fit = Uint8Array.of(14, 16, 0, 0, 0, 0, 0, 0, 0x2e, 0x46, 0x49, 0x54, 0, 0);
    expect((await errorOf(await folder.write('run.fit', fit))).message).toBe('FIT is not read yet');
  });

  it('refuses options that contradict the file', async () => {
    const path = await writeRecord(folder, { name: 'rate', packing: 16, signals: [[1, 2]], rateHz: 250 });
    expect((await readAll(path, { rateHz: 250, format: 'wfdb' })).channels.length).toBe(1);
    expect(await codeOf(path, { rateHz: 360, format: 'wfdb' })).toBe('usage');
    expect(await codeOf(path, { column: 'ecg' })).toBe('usage');
    expect(await codeOf(await folder.write('x.txt', '800\n'), { annotator: 'atr' })).toBe('usage');
    expect(await codeOf(path, { format: 'mp3' as never })).toBe('usage');
  });

  it('throws at once when asked for a channel or intervals that are not there', async () => {
    const recording = await openRecording(await writeRecord(folder, { name: 'ask', packing: 16, signals: [[1]] }));
    expect(() => recording.samples(1)).toThrow('there is no channel 1');
    expect(() => recording.samples(-1)).toThrow();
    expect(() => recording.intervals()).toThrow('no RR intervals');
  });
});

describe('hostile bytes', () => {
  const settle = async (path: string, format: RecordingFormat | 'auto'): Promise<void> => {
    try {
      await readAll(path, { format, ...(format === 'csv' ? { rateHz: 1 } : {}) });
    } catch (thrown) {
      if (!isMaiboError(thrown)) throw thrown;
    }
  };

  it.each(['auto', ...FORMATS] as const)('never give anything but a MaiboError (%s)', async (format) => {
    const texty = fc.array(
      fc.constantFrom('0', '1', '.', '-', ',', ';', '\t', '\n', ' ', 'e', 'x', '[', ']', '=', '/', '"', '#', ':'),
    );
    const content = fc.oneof(
      fc.uint8Array({ maxLength: 700 }),
      texty.map((parts) => Buffer.from(parts.join(''))),
    );
    const name = fc.constantFrom('f.csv', 'f.txt', 'f.hrm', 'f.bin', 'BVP.csv', 'IBI.csv', 'f.gz');
    await fc.assert(
      fc.asyncProperty(content, name, async (bytes, fileName) => settle(await folder.write(fileName, bytes), format)),
      { numRuns: 150 },
    );
  });

  it('in one place of a good file give a MaiboError or a recording', async () => {
    const edf = makeEdf({
      kind: 'EDF+D',
      signals: [
        { label: 'EDF Annotations', samplesPerRecord: 9 },
        { label: 'a', samplesPerRecord: 1 },
      ],
      records: [['+0\x14\x14', [1]]],
    });
    const good: Record<string, Uint8Array> = {
      'm.edf': edf,
      'm.csv.gz': gzipSync('time_s,v\n0,1\n0.1,2\n0.2,3\n'),
      'm.hrm': Buffer.from('[Params]\nVersion=106\nInterval=238\n[HRData]\n800\n810\n'),
      'm.hea': Buffer.from('m 1 100 4\nm.dat 212 200 12 0 1 10 0 ECG\n'),
      'm.atr': words(annotationWord(1, 3), annotationWord(63, 3), 0x4141, 0x41, annotationWord(59, 0), 0, 9, 0),
    };
    await folder.write('m.dat', packSamples(212, [1, 2, 3, 4]));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(good)), fc.nat(), fc.nat(255), async (name, place, byte) => {
        for (const [file, content] of Object.entries(good)) await folder.write(file, content);
        const bytes = Uint8Array.from(good[name]!);
        bytes[place % bytes.length] = byte;
        await settle(await folder.write(name, bytes), 'auto');
      }),
      { numRuns: 400 },
    );
  });
});
