// An analysis for tests of its page: every part is there, and every kind of missing value.
import type { AnalysisModel } from './analysis-model.ts';

const COUNT = 40;
const column = (value: (index: number) => number | null) => Array.from({ length: COUNT }, (_, index) => value(index));
const timeS = Array.from({ length: COUNT }, (_, index) => 60 + 30 * index);
const wave = (mean: number, swing: number) => column((i) => (i % 13 === 5 ? null : mean + swing * Math.sin(i / 4)));

export function analysisModel(change: Partial<AnalysisModel> = {}): AnalysisModel {
  const ms = Array.from({ length: 400 }, (_, index) => 800 + 40 * Math.sin(index / 5));
  let endS = 0;
  const rrTimeS = ms.map((length) => (endS += length / 1000));
  return {
    maibo: '0.0.0',
    input: { path: 'folder/wrist', format: 'e4', signal: 'ppg', rateHz: 64, durationS: 1300, channel: 'BVP' },
    cores: [{ name: 'hrv', version: '1.0.0', sha256: 'ab'.repeat(32) }],
    rr: {
      ms,
      timeS: rrTimeS,
      flag: ms.map((_, index) => (index === 100 ? 'gap' : index % 50 === 9 ? 'ectopic' : 'ok')),
    },
    hrv: {
      HRV_MeanNN: 800,
      HRV_SDNN: 28.4,
      HRV_RMSSD: 12.1,
      HRV_LF: 400.2,
      HRV_HF: 120,
      HRV_VLF: 0,
      HRV_TINN: null,
      HRV_LFHF: 3.3,
    },
    hrvError: {
      HRV_MeanNN: 2.1,
      HRV_SDNN: 1.2,
      HRV_RMSSD: 0,
      HRV_LF: 80,
      HRV_HF: 200,
      HRV_VLF: null,
      HRV_TINN: null,
      HRV_LFHF: null,
    },
    hrvBasis: {
      profile: 'maibo',
      intervals: 'original',
      powerUnit: 'ms2',
      count: 392,
      coverage: 0.97,
      quality: 0.9,
      flags: ['gap'],
    },
    series: {
      windowS: 300,
      stepS: 30,
      fromS: timeS.map((toS) => toS - 300),
      toS: timeS,
      values: { HRV_MeanNN: wave(800, 40), HRV_RMSSD: wave(20, 9), HRV_LF: column(() => null) },
      error: { HRV_MeanNN: wave(5, 1), HRV_RMSSD: column(() => null), HRV_LF: column(() => null) },
    },
    stress: {
      windowS: 60,
      stepS: 30,
      timeS,
      probability: column((i) => (i < 6 ? null : 0.5 + 0.4 * Math.sin(i / 6))),
      drivers: { heart: wave(0.4, 1), motion: wave(-0.3, 0.2), somethingNew: wave(0, 0.1) },
    },
    breathing: {
      stepS: 30,
      timeS,
      rate: wave(15, 2),
      error: wave(1, 0.2),
      source: { rr: wave(15, 2), ecgHeight: column(() => null) },
    },
    quality: { score: 0.83, coverage: 0.95, flags: ['noise'] },
    notes: ['a note'],
    ...change,
  };
}
