// Breathing of recordings: known rates come back, and nothing is made up where there is none.
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useFolder } from '../gateway/made-store.testkit.ts';
import { ECG_RATE_HZ } from '../pipeline/made-signals.testkit.ts';
import { medianOf } from '../report/format.ts';
import { analyzeFile } from './analyze.ts';
import { WRIST_BREATHS_HZ, writeWristFolder } from './wrist-folder.testkit.ts';

const path = useFolder('breathing');

function write(name: string, lines: readonly (number | string)[]): string {
  writeFileSync(path(name), `${lines.join('\n')}\n`);
  return path(name);
}

/** Intervals that swing with breaths of a rate. */
function swinging(count: number, breathsHz: number): number[] {
  let timeS = 0;
  return Array.from({ length: count }, () => {
    const rrMs = 850 + 50 * Math.sin(2 * Math.PI * breathsHz * timeS);
    timeS += rrMs / 1000;
    return Math.round(rrMs);
  });
}

/** An ECG whose beats and baseline swing with the breath, with the breath beside it. */
function ecgWithRespiration(seconds: number, breathsHz: number): string[] {
  const breath = (timeS: number) => Math.sin(2 * Math.PI * breathsHz * timeS);
  const samples = new Float64Array(seconds * ECG_RATE_HZ);
  for (let atS = 0.5; atS < seconds - 0.5; atS += 0.85 + 0.05 * breath(atS)) {
    for (let i = -20; i <= 20; i++) {
      const at = Math.round(atS * ECG_RATE_HZ) + i;
      samples[at] = samples[at]! + (1000 + 150 * breath(atS)) * Math.exp(-((i / 4) ** 2));
    }
  }
  const rows = [...samples].map((value, i) => {
    const timeS = i / ECG_RATE_HZ;
    return `${timeS.toFixed(3)},${(value + 60 * breath(timeS) + ((i * 7919) % 11)).toFixed(1)},${breath(timeS).toFixed(4)}`;
  });
  return ['time,ecg,resp', ...rows];
}

describe('breathing of a recording', () => {
  it('is read from intervals alone', async () => {
    for (const breathsHz of [0.15, 0.25, 0.35]) {
      const { breathing, cores } = await analyzeFile(write('rr.txt', swinging(400, breathsHz)));
      expect(medianOf(breathing!.rate)).toBeCloseTo(60 * breathsHz, 0);
      expect(breathing!.error.some((error) => error !== null && error > 0)).toBe(true);
      expect(Object.keys(breathing!.source)).toEqual(['rr']);
      expect(cores.map(({ name }) => name)).toContain('breath');
    }
  });

  it('is null where nothing swings, and where there are too few beats', async () => {
    const { breathing } = await analyzeFile(write('equal.txt', Array(400).fill(800)));
    expect(breathing!.rate.every((rate) => rate === null)).toBe(true);
    for (const count of [1, 2, 3]) {
      const few = await analyzeFile(write('few.txt', Array(count).fill(800)), { format: 'rr' });
      expect(few.breathing!.rate.every((rate) => rate === null)).toBe(true);
    }
  });

  it('is read from the sizes of the beats too, and stands beside the respiration signal', async () => {
    const file = write('ecg.csv', ecgWithRespiration(180, 0.25));
    const { breathing, hrv, hrvError } = await analyzeFile(file, { signal: 'ecg', channel: 'ecg' });
    const { rate, source } = breathing!;
    for (const column of [rate, source.ecgHeight!, source.respiration!]) expect(medianOf(column)).toBeCloseTo(15, 0);
    expect(hrv.RSA_P2T_Mean).toBeGreaterThan(50);
    expect(hrv.RSA_PorgesBohrer).not.toBeNull();
    expect(hrvError.RSA_P2T_Mean).toBeNull();
    expect(Object.keys(hrvError)).toEqual(Object.keys(hrv));
  });

  it('is read from a wristband', async () => {
    const folder = writeWristFolder(path('wrist'), { seconds: 180, rateBpm: () => 70 });
    const { breathing } = await analyzeFile(folder);
    expect(medianOf(breathing!.rate)).toBeCloseTo(60 * WRIST_BREATHS_HZ, 0);
  });
});
