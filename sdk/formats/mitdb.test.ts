// The MIT-BIH Arrhythmia Database as PhysioNet publishes it: sums over every sample and counts of every beat.

import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openRecording } from './open-recording.ts';
import { describeSharedData } from './shared-data.testkit.ts';
import { readAll } from './temp-files.testkit.ts';

describeSharedData('MIT-BIH records', 'mitdb', (data) => {
  const records = readdirSync(data).filter((name) => name.endsWith('.hea'));

  it('all parse, with checksums that hold', async () => {
    expect(records.length).toBeGreaterThan(0);
    for (const name of records) {
      const recording = await readAll(`${data}/${name}`);
      expect(recording.channels.map((channel) => [channel.rateHz, channel.sampleCount, channel.kind])).toEqual([
        [360, 650_000, 'ecg'],
        [360, 650_000, 'ecg'],
      ]);
      expect(recording.notes).toEqual([]);
    }
  });

  it('have the published number of beats in record 100', async () => {
    const annotations = await (await openRecording(`${data}/100`)).annotations();
    expect(annotations.filter((annotation) => annotation.isBeat).length).toBe(2273);
    expect(annotations[0]).toEqual({ sample: 18, code: '+', isBeat: false, text: '(N' });
    expect(annotations.filter((annotation) => annotation.code === 'A').length).toBe(33);
  });

  it('give the first samples of record 100 as the published header has them', async () => {
    const recording = await openRecording(`${data}/100`);
    for (const [channel, first] of [995, 1011].entries()) {
      for await (const chunk of recording.samples(channel)) {
        expect(chunk[0]).toBe(first);
        break;
      }
    }
  });
});
