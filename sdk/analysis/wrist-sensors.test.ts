// What a wristband measures beside the pulse: units, clocks, and which of it is used.
import { describe, expect, it } from 'vitest';
import { openRecording } from '../formats/open-recording.ts';
import { useFolder } from '../gateway/made-store.testkit.ts';
import { readChannel, valueAt } from './channel-samples.ts';
import { writeWristFolder } from './wrist-folder.testkit.ts';
import { framesWithMotion, readWristSensors } from './wrist-sensors.ts';

const path = useFolder('wrist-sensors');
const still = { seconds: 20, rateBpm: () => 70 };

describe('the sensors of a wristband', () => {
  it('are read in g, microsiemens and degrees, each with its own start', async () => {
    const folder = writeWristFolder(path('early'), { ...still, motionLateS: -2, edaLateS: 3 });
    const { motion, eda, temperature } = await readWristSensors(await openRecording(folder), undefined);
    expect(motion?.map(({ values }) => Math.round(values[50]!))).toEqual([0, 0, 1]);
    expect([motion?.[0].startS, eda?.startS, temperature?.startS]).toEqual([0, 5, 2]);
    expect([motion?.[0].rateHz, eda?.rateHz, temperature?.values[0]]).toEqual([32, 4, Math.fround(33.1)]);
  });

  it('are those that were asked for and that are there', async () => {
    const recording = await openRecording(writeWristFolder(path('all'), still));
    expect(await readWristSensors(recording, 'cardiac')).toEqual({ motion: null, eda: null, temperature: null });
    const withMotion = await readWristSensors(recording, 'cardiac+motion');
    expect([withMotion.motion === null, withMotion.eda, withMotion.temperature]).toEqual([false, null, null]);
    const bare = await openRecording(writeWristFolder(path('bare'), { ...still, without: ['ACC.csv', 'EDA.csv'] }));
    const found = await readWristSensors(bare, 'all');
    expect([found.motion, found.eda, found.temperature === null]).toEqual([null, null, false]);
    await expect(readWristSensors(bare, 'cardiac+motion')).rejects.toMatchObject({ code: 'usage', where: 'bare' });
  });

  it('give each sample of light the acceleration of its moment', () => {
    const axis = (slope: number) => ({
      rateHz: 32,
      startS: 1,
      values: Float32Array.from({ length: 64 }, (_, i) => slope * i),
    });
    const frames = framesWithMotion(Float32Array.of(5, 6, 7), { firstS: 1.5, rateHz: 64 }, [
      axis(1),
      axis(2),
      axis(-1),
    ]);
    expect([...frames]).toEqual([5, 16, 32, -16, 6, 16.5, 33, -16.5, 7, 17, 34, -17]);
  });
});

describe('a channel in memory', () => {
  const samples = { rateHz: 2, startS: 10, values: Float32Array.of(0, 2, 4) };

  it('is linear between its samples, and nothing far away from them', () => {
    expect([9.9, 10, 10.25, 10.5, 11, 11.4].map((timeS) => valueAt(samples, timeS))).toEqual([0, 0, 1, 2, 4, 4]);
    expect([9.5, 9, 11.5, 100].map((timeS) => valueAt(samples, timeS))).toEqual(Array(4).fill(Number.NaN));
    expect(valueAt({ ...samples, values: new Float32Array(0) }, 10)).toBeNaN();
  });

  it('is null where no channel has the name', async () => {
    const recording = await openRecording(writeWristFolder(path('names'), still));
    expect(await readChannel(recording, 'RESP')).toBeNull();
    expect((await readChannel(recording, 'BVP'))?.values).toHaveLength(20 * 64);
  });
});
