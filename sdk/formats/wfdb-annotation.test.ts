import { describe, expect, it } from 'vitest';
import { openRecording } from './open-recording.ts';
import { describeSharedData } from './shared-data.testkit.ts';
import { codeOf, errorOf, readIntervals, readRr, useTempFolder } from './temp-files.testkit.ts';
import { annotationWord, words, writeRecord } from './wfdb.testkit.ts';

const folder = useTempFolder();
const [N, V, NOTE, RHYTHM, SKIP, NUM, SUB, CHN, AUX] = [1, 5, 22, 28, 59, 60, 61, 62, 63];
const writeAnnotations = async (name: string, ...values: number[]) => {
  await folder.write(`${name}.hea`, `${name} 0 100 0\n`);
  await folder.write(`${name}.ecg`, words(...values));
  return folder.path(name);
};
const text = (value: string): number[] => {
  const bytes = Buffer.from(value.length % 2 === 0 ? value : `${value}\0`);
  return Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readUInt16LE(i * 2));
};

describe('WFDB annotations', () => {
  it('are read with SKIP, NUM, SUB, CHN and AUX', async () => {
    const path = await writeAnnotations(
      'all',
      ...[annotationWord(RHYTHM, 10), annotationWord(AUX, 3), ...text('(AF')],
      ...[annotationWord(N, 90), annotationWord(SUB, 1), annotationWord(CHN, 1), annotationWord(NUM, 2)],
      ...[annotationWord(SKIP, 0), 1, 2, annotationWord(V, 3), 0],
    );
    const recording = await openRecording(path);
    expect(await recording.annotations()).toEqual([
      { sample: 10, code: '+', isBeat: false, text: '(AF' },
      { sample: 100, code: 'N', isBeat: true, text: '' },
      { sample: 100 + 65536 + 2 + 3, code: 'V', isBeat: true, text: '' },
    ]);
  });

  it('without signals give RR intervals from beat to beat', async () => {
    const path = await writeAnnotations('rr', ...[50, 80, 90].map((ticks) => annotationWord(N, ticks)), 0);
    const recording = await openRecording(path);
    expect(recording).toMatchObject({ hasIntervals: true, channels: [], notes: [] });
    expect(await readIntervals(recording)).toEqual([
      { timeS: 1.3, rrMs: 800 },
      { timeS: 2.2, rrMs: 900 },
    ]);
  });

  it('leave out what is no interval and say so', async () => {
    const path = await writeAnnotations('pause', ...[10, 0, 80, 1023, 85].map((ticks) => annotationWord(N, ticks)), 0);
    const recording = await openRecording(path);
    expect(await readRr(recording)).toEqual([800, 850]);
    expect(recording.notes).toEqual(['Between beats, 2 times were outside 1 to 10000 ms and were left out.']);
  });

  it('count in the ticks that the file says', async () => {
    const resolution = '## time resolution: 200';
    const note = [annotationWord(NOTE, 0), annotationWord(AUX, resolution.length), ...text(resolution)];
    const path = await writeAnnotations('ticks', ...note, annotationWord(N, 100), annotationWord(N, 160), 0);
    const beats = await (await openRecording(path)).annotations();
    expect(beats.map((beat) => beat.sample)).toEqual([50, 130]);
  });

  it('lie beside signals, and are empty when there are none', async () => {
    const path = await writeRecord(folder, { name: 'both', packing: 16, signals: [[1, 2, 3]] });
    expect(await (await openRecording(path)).annotations()).toEqual([]);
    await folder.write('both.qrs', words(annotationWord(N, 1), 0));
    const recording = await openRecording(path);
    expect(recording.hasIntervals).toBe(false);
    expect((await recording.annotations()).length).toBe(1);
    await folder.write('both.atr', words(annotationWord(N, 1), annotationWord(N, 1), 0));
    expect((await (await openRecording(path)).annotations()).length).toBe(2);
    expect((await (await openRecording(path, { annotator: 'qrs' })).annotations()).length).toBe(1);
    expect((await (await openRecording(`${path}.qrs`)).annotations()).length).toBe(1);
    expect(await codeOf(path, { annotator: 'xyz' })).toBe('input-missing');
    expect(await codeOf(path, { annotator: '../x' })).toBe('usage');
  });

  it('without an end mark are noted, torn ones refused with their byte', async () => {
    const recording = await openRecording(await writeAnnotations('open', annotationWord(N, 1)));
    expect((await recording.annotations()).length).toBe(1);
    expect(recording.notes).toEqual(['open.ecg ends without its end mark; it may be truncated.']);
    const path = await writeAnnotations('torn', annotationWord(N, 1), annotationWord(AUX, 40), 0x4141);
    expect(await errorOf(path)).toMatchObject({ code: 'input-format', where: 'torn.ecg, byte 6' });
    await folder.write('torn.ecg', Uint8Array.of(1, 4, 7));
    expect(await errorOf(path)).toMatchObject({ code: 'input-format', where: 'torn.ecg, byte 2' });
  });

  it('before the start of the record, without any, or empty are refused', async () => {
    const path = await writeAnnotations('early', annotationWord(SKIP, 0), 0xffff, 0xff00, annotationWord(N, 1), 0);
    expect(await codeOf(path)).toBe('input-format');
    expect(await codeOf(await writeAnnotations('stray', annotationWord(AUX, 2), 0x4141))).toBe('input-format');
    await folder.write('bare.hea', 'bare 0 100\n');
    expect(await codeOf(folder.path('bare'))).toBe('input-empty');
    await folder.write('bare.atr', '');
    expect(await codeOf(folder.path('bare'))).toBe('input-empty');
  });
});

describeSharedData('annotation-only records of nsr2db', 'rr_nsr2db', (data) => {
  it('give a day of intervals with a plausible mean', async () => {
    const recording = await openRecording(`${data}/nsr001`);
    const rr = await readRr(recording);
    expect(rr.length).toBeGreaterThan(100_000);
    const meanMs = rr.reduce((sum, value) => sum + value, 0) / rr.length;
    expect(meanMs).toBeGreaterThan(700);
    expect(meanMs).toBeLessThan(850);
  });
});
