// Stress of a wristband's wearer: the fixed shape of what is printed, clocks that start apart, and the choice of sensors. How well it
// tells stress from rest is measured in bench.
import { describe, expect, it } from 'vitest';
import { useFolder } from '../gateway/made-store.testkit.ts';
import { type AnalyzeOptions, analyzeFile } from './analyze.ts';
import type { StressSeries } from './stress-series.ts';
import { WRIST_START_S, type WristFolder, writeWristFolder } from './wrist-folder.testkit.ts';

const path = useFolder('stress');
const MINUTES = 12;
const CALM: WristFolder = { seconds: 60 * MINUTES, rateBpm: () => 68 };

async function stressOf(
  name: string,
  wish: Partial<WristFolder> = {},
  options: AnalyzeOptions = {},
): Promise<StressSeries> {
  const folder = writeWristFolder(path(name), { ...CALM, ...wish });
  const { stress } = await analyzeFile(folder, { format: 'e4', ...options });
  return stress!;
}

describe('stress of a wristband', () => {
  it('has a value, a reason and indices for every half minute', async () => {
    const stress = await stressOf('plain');
    expect(stress).toMatchObject({ startUnixS: WRIST_START_S, windowS: 60, stepS: 30 });
    expect(stress.timeS).toEqual(Array.from({ length: 2 * MINUTES - 1 }, (_, i) => 60 + 30 * i));
    const { si, sqrtSi, pns, sns } = stress.index;
    for (const column of [stress.probability, stress.why, si, sqrtSi, pns, sns]) {
      expect(column).toHaveLength(stress.timeS.length);
    }
    const told = stress.probability.filter((value) => value !== null);
    expect(told.length).toBeGreaterThan(10);
    expect(told.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(stress.why.every((why) => why !== '')).toBe(true);
    for (const [index, value] of si.entries()) {
      if (value !== null) expect(sqrtSi[index]).toBeCloseTo(Math.sqrt(value), 6);
    }
  });

  it('counts from the start of the pulse, whenever the other sensors begin', async () => {
    const plain = await stressOf('plain');
    for (const [name, lateS] of [
      ['early', -40],
      ['late', 25],
    ] as const) {
      const moved = await stressOf(name, { motionLateS: lateS, edaLateS: lateS });
      expect(moved.startUnixS).toBe(WRIST_START_S);
      expect(moved.timeS[0]).toBe(60);
      expect(moved.timeS.length).toBeGreaterThanOrEqual(plain.timeS.length);
    }
  });

  it('is driven by the sensors that were asked for, and only by them', async () => {
    const drivers = async (sensors?: AnalyzeOptions['sensors']) =>
      Object.keys((await stressOf('plain', {}, { sensors })).drivers);
    expect(await drivers('cardiac')).toEqual(['heart', 'variability']);
    expect(await drivers('cardiac+motion')).toEqual(['heart', 'variability', 'motion']);
    expect(await drivers('all')).toEqual(['heart', 'variability', 'motion', 'eda', 'temperature']);
    expect(await drivers()).toEqual(await drivers('all'));
    const heart = await stressOf('heart', { without: ['ACC.csv', 'EDA.csv', 'TEMP.csv'] });
    const chosen = await stressOf('plain', {}, { sensors: 'cardiac' });
    expect(heart.probability).toEqual(chosen.probability);
  });

  it('says nothing of minutes without a pulse, and why', async () => {
    const stress = await stressOf('lost', { pulseUntilS: 60 * (MINUTES - 5) });
    expect(stress.probability.some((value) => value !== null)).toBe(true);
    expect(stress.probability.at(-1)).toBeNull();
    expect(stress.why.at(-1)).toMatch(/too few|too little/);
    expect(stress.index.si.at(-1)).toBeNull();
  });

  it('names the core that computed it', async () => {
    const { cores } = await analyzeFile(writeWristFolder(path('named'), { ...CALM, seconds: 90 }));
    expect(cores.map(({ name }) => name)).toContain('stress');
  });

  it('is not there for other recordings, and their sensors cannot be chosen', async () => {
    const folder = writeWristFolder(path('single'), { ...CALM, seconds: 30 });
    const single = await analyzeFile(`${folder}/BVP.csv`, { format: 'csv', rateHz: 64, signal: 'ppg' });
    expect(single.stress).toBeNull();
    const asked = analyzeFile(`${folder}/BVP.csv`, { format: 'csv', rateHz: 64, signal: 'ppg', sensors: 'all' });
    await expect(asked).rejects.toMatchObject({ code: 'usage' });
  });

  it('is the same again for the same folder', async () => {
    expect(await stressOf('plain')).toEqual(await stressOf('plain'));
  });
});
