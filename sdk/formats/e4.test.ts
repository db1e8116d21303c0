import { mkdir, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openRecording } from './open-recording.ts';
import { describeSharedData } from './shared-data.testkit.ts';
import { codeOf, errorOf, readAll, readIntervals, readSamples, useTempFolder } from './temp-files.testkit.ts';

const folder = useTempFolder();
const START_S = 1_644_226_061;
const writeFolder = async (name: string, files: Record<string, string | Uint8Array>) => {
  await mkdir(folder.path(name), { recursive: true });
  for (const [file, content] of Object.entries(files)) await writeFile(`${folder.path(name)}/${file}`, content);
  return folder.path(name);
};

describe('Empatica E4', () => {
  it('reads a folder: sensors as channels, IBI as intervals', async () => {
    const path = await writeFolder('all', {
      'BVP.csv': `${START_S}\n64\n0\n-1.5\n`,
      'ACC.csv.gz': gzipSync(`${START_S}.0, ${START_S}.0, ${START_S}.0\n32.0, 32.0, 32.0\n-2,43,64\n-2,44,0\n`),
      'HR.csv': `${START_S + 10}\n1\n83.00\n`,
      'IBI.csv': `${START_S}, IBI\n35.5,0.875\n`,
      'tags.csv': `${START_S + 1}\n`,
    });
    const recording = await openRecording(path);
    expect(recording).toMatchObject({ format: 'e4', hasIntervals: true, startUtcMs: START_S * 1000 });
    expect(recording.channels.map(({ name, rateHz, kind }) => [name, rateHz, kind])).toEqual([
      ['BVP', 64, 'ppg'],
      ['ACC x', 32, 'acc'],
      ['ACC y', 32, 'acc'],
      ['ACC z', 32, 'acc'],
      ['HR', 1, 'other'],
    ]);
    expect(await readSamples(recording, 0)).toEqual([0, -1.5]);
    expect(await readSamples(recording, 2)).toEqual([43, 44]);
    expect(await readIntervals(recording)).toEqual([{ timeS: 35.5, rrMs: 875 }]);
    expect(recording.notes).toEqual(["HR begins 10 s after the recording's start."]);
  });

  it('reads a single file, told by its name and first lines', async () => {
    const recording = await openRecording(await folder.write('S05_EDA.csv', `${START_S}\r\n4\r\n0.5\r\n`));
    expect(recording).toMatchObject({ format: 'e4', channels: [{ name: 'EDA', rateHz: 4, unit: 'uS' }] });
    const intervals = await openRecording(await folder.write('IBI.csv', `${START_S}, IBI\n1.5,0.5\n`));
    expect(await readIntervals(intervals)).toEqual([{ timeS: 1.5, rrMs: 500 }]);
  });

  it('notes files without values and goes on with the others', async () => {
    const path = await writeFolder('some', { 'IBI.csv': `${START_S}, IBI\n`, 'EDA.csv': `${START_S}\n4\n1\n` });
    const recording = await readAll(path);
    expect(recording).toMatchObject({ hasIntervals: false, notes: ['IBI.csv has no values.'] });
    expect(await codeOf(`${path}/IBI.csv`)).toBe('input-empty');
  });

  it('is refused with file and line when it is damaged', async () => {
    const refusal = async (name: string, text: string) => errorOf(await folder.write(name, text), { format: 'e4' });
    expect(await refusal('BVP.csv', `${START_S}\n0\n1\n`)).toMatchObject({
      code: 'input-range',
      where: 'BVP.csv, line 2',
    });
    expect((await refusal('BVP.csv', `${START_S}\n-64\n1\n`)).code).toBe('input-range');
    expect((await refusal('BVP.csv', `${START_S}\nfast\n1\n`)).code).toBe('input-format');
    expect((await refusal('BVP.csv', `today\n64\n1\n`)).where).toBe('BVP.csv, line 1');
    expect(await refusal('ACC.csv', `${START_S},1,1\n32,32,32\n1,2,3\n1,2\n`)).toMatchObject({
      where: 'ACC.csv, line 4',
    });
    expect(await refusal('TEMP.csv', `${START_S}\n4\n28\nwarm\n`)).toMatchObject({ where: 'TEMP.csv, line 4' });
    expect(await refusal('IBI.csv', `${START_S}, IBI\n1,0.8\n2,1000\n`)).toMatchObject({
      code: 'input-range',
      where: 'IBI.csv, line 3',
    });
    expect((await refusal('IBI.csv', `${START_S}, IBI\n1,-0.8\n`)).code).toBe('input-range');
    expect((await refusal('other.csv', `${START_S}\n4\n1\n`)).code).toBe('input-format');
    expect(await codeOf(await writeFolder('none', { 'readme.md': 'x' }), { format: 'e4' })).toBe('input-format');
  });
});

describeSharedData('E4 sessions of Stress-Predict', 'stress_predict', (data) => {
  it.each(['S01', 'S02', 'S17', 'S35'])('%s is read whole', async (person) => {
    const recording = await readAll(`${data}/Raw_data/${person}`);
    expect(recording.channels.map((channel) => channel.rateHz)).toEqual([64, 32, 32, 32, 4, 4, 1]);
    expect(recording.hasIntervals).toBe(true);
  });
});
