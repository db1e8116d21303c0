import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeEdf, type TestEdf } from './edf.testkit.ts';
import { openRecording } from './open-recording.ts';
import { codeOf, errorOf, readAll, readSamples, useTempFolder } from './temp-files.testkit.ts';

const folder = useTempFolder();
const NAN = Number.NaN;
const write = (edf: TestEdf) => folder.write('x.edf', makeEdf(edf));
const one = { signals: [{ label: 'ECG I', samplesPerRecord: 3 }], records: [[[1, 2, 3]], [[4, 5, 6]]] };
const stamp = (onset: string, ...texts: string[]) =>
  `${onset}\x14\x14\0${texts.map((text) => `${text}\x14\0`).join('')}`;

describe('EDF', () => {
  it('gives back what was written', async () => {
    const value = fc.integer({ min: -32768, max: 32767 });
    const recordOf = (a: number, b: number) => {
      return fc.tuple(fc.array(value, { minLength: a, maxLength: a }), fc.array(value, { minLength: b, maxLength: b }));
    };
    const file = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })).chain(([a, b]) => {
      return fc.record({
        a: fc.constant(a),
        b: fc.constant(b),
        records: fc.array(recordOf(a, b), { minLength: 1, maxLength: 9 }),
      });
    });
    await fc.assert(
      fc.asyncProperty(file, async ({ a, b, records }) => {
        const signals = [
          { label: 'a', samplesPerRecord: a },
          { label: 'b', samplesPerRecord: b },
        ];
        const recording = await openRecording(await write({ signals, records }));
        expect(recording.channels.map((channel) => channel.sampleCount)).toEqual([
          a * records.length,
          b * records.length,
        ]);
        for (const s of [0, 1])
          expect(await readSamples(recording, s)).toEqual(records.flatMap((record) => record[s]!));
      }),
      { numRuns: 60 },
    );
  });

  it('says rate, unit and calibration so that physical = (value - offset) / gain', async () => {
    const signals = [
      { label: 'Pleth', unit: 'mV', physical: [-5, 5] as const, digital: [-2048, 2047] as const, samplesPerRecord: 2 },
    ];
    const [channel] = (await openRecording(await write({ recordS: 0.1, signals, records: [[[0, 1]]] }))).channels;
    expect(channel).toMatchObject({ rateHz: 20, unit: 'mV', kind: 'ppg', bits: 16 });
    expect((-2048 - channel!.offset) / channel!.gain).toBeCloseTo(-5, 9);
    expect((2047 - channel!.offset) / channel!.gain).toBeCloseTo(5, 9);
  });

  it('takes the long date of EDF+ over the short one', async () => {
    expect((await openRecording(await write(one))).startUtcMs).toBe(Date.UTC(2018, 7, 27, 11, 25, 11));
    const path = await write({ ...one, recordingId: 'Startdate 27-AUG-2118 X X X' });
    expect((await openRecording(path)).startUtcMs).toBe(Date.UTC(2118, 7, 27, 11, 25, 11));
  });

  const withNotes = (kind: 'EDF+C' | 'EDF+D', onsets: readonly string[]): TestEdf => ({
    kind,
    signals: [
      { label: 'ECG', samplesPerRecord: 4 },
      { label: 'EDF Annotations', samplesPerRecord: 30 },
    ],
    records: onsets.map((onset, i) => [[1, 2, 3, 4], stamp(onset, ...(i === 0 ? ['+1.5\x150.5\x14Lights off'] : []))]),
  });

  it('reads annotations and does not show their signal as a channel', async () => {
    const recording = await openRecording(await write(withNotes('EDF+C', ['+0', '+1'])));
    expect(recording.channels.map((channel) => channel.name)).toEqual(['ECG']);
    expect(await recording.annotations()).toEqual([{ sample: 6, code: '"', isBeat: false, text: 'Lights off' }]);
  });

  it('fills the gaps of a discontinuous file with missing samples', async () => {
    const recording = await openRecording(await write(withNotes('EDF+D', ['+10', '+11', '+13.5'])));
    expect(recording.channels[0]!.sampleCount).toBeNull();
    const part = [1, 2, 3, 4];
    expect(await readSamples(recording)).toEqual([...part, ...part, ...Array(6).fill(NAN), ...part]);
  });

  it('refuses a discontinuous file without stamps, with one that goes back, or with a week of nothing', async () => {
    const refusal = async (...onsets: string[]) => errorOf(await write(withNotes('EDF+D', onsets)));
    expect(await refusal('+0', '+0.1')).toMatchObject({ code: 'input-format', where: 'x.edf, data record 2' });
    expect(await refusal('+0', '+9999999')).toMatchObject({ code: 'input-range', where: 'x.edf, data record 2' });
    expect(await refusal('+0', 'soon')).toMatchObject({ code: 'input-format', where: 'x.edf, data record 2' });
    expect(await refusal('')).toMatchObject({ code: 'input-format' });
  });

  it('counts the records itself when the header does not', async () => {
    const recording = await readAll(await write({ ...one, recordCount: -1 }));
    expect(recording.channels[0]!.sampleCount).toBe(6);
    expect(recording.notes[0]).toBe('The header does not say how many data records there are; the file holds 2.');
  });

  it('notes a signal without calibration', async () => {
    const recording = await openRecording(await write({ ...one, signals: [{ ...one.signals[0]!, physical: [0, 0] }] }));
    expect(recording.channels[0]).toMatchObject({ gain: 1, offset: 0, unit: '' });
    expect(recording.notes).toContain('ECG I has no calibration; its values are converter counts.');
  });
});

describe('damaged EDF', () => {
  it('is refused when the data is truncated, missing or said to be none', async () => {
    const bytes = makeEdf(one);
    const torn = await errorOf(await folder.write('torn.edf', bytes.subarray(0, bytes.length - 1)));
    expect(torn).toMatchObject({ code: 'input-format', where: 'torn.edf' });
    expect(torn.message).toBe('the file ends in data record 2 (byte 523); the header says 2 records');
    expect(await codeOf(await folder.write('none.edf', bytes.subarray(0, 512)))).toBe('input-empty');
    expect(await codeOf(await folder.write('head.edf', bytes.subarray(0, 300)))).toBe('input-format');
    expect(await codeOf(await folder.write('stub.edf', bytes.subarray(0, 100)), { format: 'edf' })).toBe(
      'input-format',
    );
    expect(await codeOf(await folder.write('void.edf', ''), { format: 'edf' })).toBe('input-empty');
  });

  it.each([
    ['the header size', 184, '512x', 'input-format'],
    ['the number of records', 236, 'many', 'input-format'],
    ['the record duration', 244, '0 ', 'input-range'],
    ['the number of signals', 252, '9999', 'input-format'],
    ['the digital minimum', 256 + 120, 'low', 'input-format'],
    ['the number of samples', 256 + 216, '0 ', 'input-format'],
    ['the number of samples', 256 + 216, '99999999', 'input-format'],
  ])('is refused when %s is wrong (byte %i)', async (_, at, text, code) => {
    const bytes = Buffer.from(makeEdf(one));
    bytes.write(text, at);
    expect(await codeOf(await folder.write('bad.edf', bytes))).toBe(code);
  });

  it('is refused as BDF, and when there are only annotations', async () => {
    const bytes = Buffer.from(makeEdf(one));
    bytes.write('\xffBIOSEMI', 0, 'latin1');
    expect((await errorOf(await folder.write('x.bdf', bytes))).message).toContain('BDF');
    const signals = [{ label: 'EDF Annotations', samplesPerRecord: 9 }];
    expect(await codeOf(await write({ kind: 'EDF+C', signals, records: [[stamp('+0')]] }))).toBe('input-empty');
  });
});
