import { describe, expect, it } from 'vitest';
import { messagesEn } from './messages.en.ts';
import { messagesZh } from './messages.zh.ts';
import { renderReport } from './render-report.ts';
import type { ReportModel, ReportStream } from './report-model.ts';
import { sampleModel, sampleStream } from './sample-model.ts';

function modelOf(change: Partial<ReportStream>): ReportModel {
  return { ...sampleModel(), streams: [{ ...sampleStream(), ...change }] };
}

function emptyStream(): ReportStream {
  const sample = sampleStream();
  return {
    ...sample,
    durationS: 0,
    strip: null,
    rr: { timeS: [], ms: [], flag: [] },
    gaps: [],
    hrvWindows: [],
    provenance: { ...sample.provenance, cores: [], parameters: {}, clock: null, recordCount: 0 },
    segments: [],
  };
}

describe('report', () => {
  it('gives the same bytes for the same model', () => {
    expect(renderReport(sampleModel())).toBe(renderReport(sampleModel()));
    expect(renderReport(sampleModel(), 'zh')).toBe(renderReport(structuredClone(sampleModel()), 'zh'));
  });

  it('is one file: no script, no external resource', () => {
    const page = renderReport(sampleModel());
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\((?!#)/i);
    expect(page).not.toMatch(/https?:/);
    expect(page).toContain("default-src 'none'");
  });

  it('keeps hostile device strings as text', () => {
    const hostile = `<script>alert(1)</script>"'\`&\u202Eabc`;
    const sample = sampleStream();
    const page = renderReport({
      ...sampleModel(),
      title: hostile,
      maiboVersion: hostile,
      streams: [
        {
          ...sample,
          sensor: hostile,
          firmware: hostile,
          unit: hostile,
          deviceHex: hostile,
          rr: { ...sample.rr, flag: sample.rr.flag.map((flag) => (flag === 'ok' ? flag : hostile)) },
          gaps: sample.gaps.map((gap) => ({ ...gap, reason: hostile })),
          hrvWindows: [{ ...sample.hrvWindows[0]!, flags: [hostile], values: { [hostile]: 1 } }],
          provenance: {
            ...sample.provenance,
            pipeline: hostile,
            signerHex: hostile,
            headHashHex: hostile,
            parameters: { [hostile]: hostile },
            cores: [{ name: hostile, version: hostile, sha256Hex: hostile }],
            clock: { source: hostile, utcUs: 0, ticks: 0, uncertaintyUs: 0 },
          },
          segments: [
            {
              index: 0,
              sha256Hex: hostile,
              recordCount: 1,
              sizeBytes: 1,
              receipt: { platformHex: hostile, receivedUtcUs: 0 },
            },
          ],
        },
      ],
    });
    expect(page).not.toContain('<script');
    expect(page).not.toContain('\u202E');
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&#96;&amp;\uFFFDabc');
  });

  it('shows a dash, never a zero, where there is no value', () => {
    const windows = sampleStream().hrvWindows.map((window) => ({
      ...window,
      quality: null,
      values: { HRV_SDNN: null, HRV_RMSSD: null },
    }));
    const page = renderReport(modelOf({ hrvWindows: windows }));
    for (const label of ['Mean heart rate', 'SDNN', 'RMSSD']) {
      expect(page).toContain(`<span class="label">${label}</span><span class="value">-</span>`);
    }
    expect(page).not.toContain('NaN');
    expect(page).not.toContain('null');
  });

  it('says so when a stream is empty or there is none', () => {
    const page = renderReport({ ...sampleModel(), streams: [emptyStream()] });
    for (const key of ['stripNone', 'rrNone', 'gapsNone', 'hrvNone', 'coresNone', 'segmentsNone'] as const) {
      expect(page).toContain(messagesEn[key]);
    }
    expect(renderReport({ ...sampleModel(), streams: [] })).toContain(messagesEn.noStreams);
  });

  it('survives numbers that are not numbers', () => {
    const sample = sampleStream();
    const bad = [Number.NaN, Number.POSITIVE_INFINITY, -1, 1e300];
    const page = renderReport(
      modelOf({
        strip: { ...sample.strip!, values: [...bad, ...sample.strip!.values.slice(4)] },
        rr: { timeS: [1, 2, 3, 4], ms: bad, flag: ['ok', 'ok', 'odd', 'odd'] },
      }),
    );
    expect(page).not.toContain('NaN');
    expect(page).not.toContain('Infinity');
  });

  it('names every missing stretch and warns of a lab key', () => {
    const page = renderReport(sampleModel());
    expect(page).toContain('lead-off');
    expect(page).toContain('link-lost');
    expect(page).toContain(messagesEn.labKeyWarning);
    const sample = sampleStream();
    const real = renderReport(modelOf({ provenance: { ...sample.provenance, labKey: false } }));
    expect(real).not.toContain(messagesEn.labKeyWarning);
  });

  it('calls a stretch missing when no gap names it', () => {
    const page = renderReport(modelOf({ gaps: [] }));
    expect(page).toContain('<title>missing</title>');
    expect(page).not.toContain('lead-off');
  });

  it('does not join intervals across a gap or a flagged interval', () => {
    const page = renderReport(
      modelOf({
        durationS: 12,
        gaps: [{ fromS: 5.5, toS: 7.5, reason: 'lead-off' }],
        rr: {
          timeS: [1, 2, 3, 4, 5, 8, 9, 10],
          ms: [1000, 1000, 600, 1000, 1000, 1000, 1000, 1000],
          flag: ['ok', 'ok', 'ectopic', 'ok', 'ok', 'ok', 'ok', 'ok'],
        },
      }),
    );
    const line = /class="rr-line" d="([^"]*)"/.exec(page)?.[1] ?? '';
    expect(line.match(/M/g)).toHaveLength(3);
    expect(line.match(/L/g)).toHaveLength(4);
  });

  it('stays below 1 MB for 100 000 intervals, flagged ones included', () => {
    const count = 100_000;
    const indices = Array.from({ length: count }, (_, index) => index);
    const rr = {
      timeS: indices.map((index) => index * 0.86),
      ms: indices.map((index) => 860 + ((index * 7919) % 400)),
      flag: indices.map((index) => (index % 2 === 0 ? 'ok' : `odd-${index % 9}`)),
    };
    const gaps = indices.slice(0, 20_000).map((index) => ({ fromS: index * 4, toS: index * 4 + 1, reason: 'wrapped' }));
    const page = renderReport(modelOf({ durationS: count * 0.86, rr, gaps }));
    expect(Buffer.byteLength(page)).toBeLessThan(1_000_000);
  });

  it('keeps a one-sample spike of a long strip', () => {
    const values = Array.from({ length: 50_000 }, () => 0);
    values[12_345] = 2;
    const page = renderReport(modelOf({ strip: { fromS: 0, rateHz: 5000, values, beatTimesS: [] } }));
    const trace = /class="trace" d="([^"]*)"/.exec(page)?.[1] ?? '';
    const heights = [...trace.matchAll(/[ML][\d.]+ ([\d.]+)/g)].map((match) => Number(match[1]));
    // 2 mV at 20 px per 0.5 mV
    expect(Math.max(...heights) - Math.min(...heights)).toBeCloseTo(80, 0);
  });

  it('has the same keys and the same blanks to fill in both languages', () => {
    const keys = Object.keys(messagesEn) as (keyof typeof messagesEn)[];
    expect(Object.keys(messagesZh)).toEqual(keys);
    const blanks = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
    for (const key of keys) expect([key, blanks(messagesZh[key])]).toEqual([key, blanks(messagesEn[key])]);
  });

  it('is written in the language asked for', () => {
    expect(renderReport(sampleModel())).toContain('<html lang="en">');
    const chinese = renderReport(sampleModel(), 'zh');
    expect(chinese).toContain('<html lang="zh-CN">');
    expect(chinese).toContain('心率变异性');
  });
});
