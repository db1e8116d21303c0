import { describe, expect, it } from 'vitest';
import { renderReport } from './render-report.ts';
import type { Measurement, ReportModel } from './report-model.ts';
import { sampleModel, sampleStream } from './sample-model.ts';

function modelOf(newest: readonly Measurement[], count = newest.length): ReportModel {
  const stream = { ...sampleStream(), signal: 'vital' as const, rateHz: null, measurements: { newest, count } };
  return { ...sampleModel(), streams: [stream] };
}

const cuff: Measurement = {
  result: 'blood-pressure',
  utcUs: 1_767_225_603_000_000,
  deviceTime: '2026-01-01T01:00:03',
  values: { systolicMmHg: 138, diastolicMmHg: 88, meanMmHg: null, pulseRatePerMin: 60, userNumber: 1 },
  flags: ['irregular-pulse'],
};

describe('measurements in the report', () => {
  it('stand in a table with units, remarks and both clocks, in place of beats', () => {
    const page = renderReport(modelOf([cuff]));
    expect(page).toContain('systolic 138 mmHg · diastolic 88 mmHg · mean - mmHg · pulse 60 /min');
    expect(page).toContain('irregular-pulse');
    expect(page).toContain('2026-01-01 01:00:03');
    expect(page).not.toContain('Heart rate variability');
    const chinese = renderReport(modelOf([cuff]), 'zh');
    expect(chinese).toContain('血压');
    expect(chinese).toContain('收缩压 138 mmHg · 舒张压 88 mmHg · 平均压 - mmHg · 脉率 60 次/分');
  });

  it('tell a context from a glucose value', () => {
    const glucose = { ...cuff, result: 'glucose', values: { glucoseMgPerDl: 99, glucoseMmolPerL: 5.495 }, flags: [] };
    const context = { ...cuff, result: 'glucose', values: { sequence: 1 }, flags: ['context'] };
    const page = renderReport(modelOf([glucose, context]));
    expect(page).toContain('99 mg/dL · 5.5 mmol/L');
    expect(page).toContain('Note on a glucose value');
  });

  it('say how many are not shown, and when there are none', () => {
    expect(renderReport(modelOf([cuff], 41))).toContain('40 more rows');
    expect(renderReport(modelOf([]))).toContain('Nothing was measured.');
  });
});
