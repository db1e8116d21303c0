import { describe, expect, it } from 'vitest';
import { analysisMessagesEn } from './analysis-messages.en.ts';
import { analysisMessagesZh } from './analysis-messages.zh.ts';
import { analysisModel } from './analysis-model.testkit.ts';
import { formatError, formatIndex } from './analysis-words.ts';
import { renderAnalysis } from './render-analysis.ts';

const empty = analysisModel({
  rr: { ms: [], timeS: [], flag: [] },
  hrv: { HRV_MeanNN: null },
  hrvError: { HRV_MeanNN: null },
  hrvBasis: { ...analysisModel().hrvBasis, count: 0, coverage: 0, quality: null, flags: ['thin'] },
  series: null,
  stress: null,
  breathing: null,
  quality: { score: null, coverage: 0, flags: ['no-beats'] },
  notes: [],
});

describe('the page of an analysis', () => {
  it('gives the same bytes for the same numbers', () => {
    expect(renderAnalysis(analysisModel())).toBe(renderAnalysis(structuredClone(analysisModel())));
    expect(renderAnalysis(analysisModel(), 'zh')).not.toBe(renderAnalysis(analysisModel(), 'en'));
  });

  it('is one file: no script, no external resource', () => {
    const page = renderAnalysis(analysisModel());
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\((?!#)|https?:/i);
    expect(page).toContain("default-src 'none'");
  });

  it('holds every index with its error, a dash where there is no value, and never a number that is none', () => {
    for (const model of [analysisModel(), empty]) {
      for (const language of ['en', 'zh'] as const) {
        const page = renderAnalysis(model, language);
        for (const name of Object.keys(model.hrv)) expect(page).toContain(`<code>${name}</code>`);
        expect(page).not.toMatch(/NaN|Infinity|undefined|null|\[object/);
      }
    }
    expect(renderAnalysis(analysisModel())).toContain('28.40</td><td class="quiet nowrap">± 1.20');
    expect(renderAnalysis(empty)).toContain('<td class="number">-</td>');
  });

  it('draws what changes over time, and says where there is nothing to draw', () => {
    const words = analysisMessagesEn;
    const page = renderAnalysis(analysisModel());
    for (const id of ['series-0', 'series-1', 'stress', 'drivers', 'breathing', 'bands']) {
      expect(page).toContain(`aria-labelledby="${id}-t ${id}-d"`);
    }
    expect(page).not.toContain('series-2'); // LF has no value in any window
    expect(page).toContain(words['driver-heart']);
    expect(page).toContain('somethingNew');
    const blank = analysisModel({
      series: { ...analysisModel().series!, values: {} },
      stress: { ...analysisModel().stress!, probability: [null] },
      breathing: { ...analysisModel().breathing!, rate: [null] },
      hrv: {},
    });
    const said = renderAnalysis(blank);
    for (const text of [words.seriesNone, words.stressNone, words.breathingNone, words.bandsNone]) {
      expect(said).toContain(text);
    }
  });

  it('breaks a line where a value is missing and where windows lie apart', () => {
    const series = { windowS: 60, stepS: 30, fromS: [0, 30, 60, 300, 330], toS: [60, 90, 120, 360, 390] };
    const values = { HRV_RMSSD: [20, null, 22, 23, 24] };
    const page = renderAnalysis(
      analysisModel({ series: { ...series, values, error: {} }, stress: null, breathing: null }),
    );
    const path = /class="series line-0" d="([^"]*)"/.exec(page)?.[1] ?? '';
    expect(path.match(/M/g)).toHaveLength(3);
    expect(path.match(/L/g)).toHaveLength(1);
  });

  it('gives powers no unit where they are divided by the highest', () => {
    const basis = { ...analysisModel().hrvBasis, powerUnit: '1' as const };
    expect(renderAnalysis(analysisModel())).toContain('ms²');
    expect(renderAnalysis(analysisModel({ hrvBasis: basis }))).not.toContain('ms²');
  });

  it('warns where too little of the time is covered', () => {
    const basis = { ...analysisModel().hrvBasis, coverage: 0.2, flags: ['thin'] };
    expect(renderAnalysis(analysisModel({ hrvBasis: basis }))).toContain(analysisMessagesEn.thinNote);
    expect(renderAnalysis(empty)).not.toContain(analysisMessagesEn.thinNote);
  });

  it('keeps hostile strings as text', () => {
    const hostile = `<script>alert(1)</script>"'\`&`;
    const model = analysisModel({
      maibo: hostile,
      input: { ...analysisModel().input, path: hostile, format: hostile, channel: hostile },
      cores: [{ name: hostile, version: hostile, sha256: hostile }],
      hrv: { [hostile]: 1 },
      hrvBasis: { ...analysisModel().hrvBasis, profile: hostile, intervals: hostile },
      stress: { ...analysisModel().stress!, drivers: { [hostile]: analysisModel().stress!.probability } },
      breathing: { ...analysisModel().breathing!, source: { [hostile]: analysisModel().breathing!.rate } },
      notes: [hostile],
    });
    expect(renderAnalysis(model)).not.toContain('<script');
  });

  it('says the same things in both languages', () => {
    expect(Object.keys(analysisMessagesZh).sort()).toEqual(Object.keys(analysisMessagesEn).sort());
    const holes = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
    for (const [key, text] of Object.entries(analysisMessagesEn)) {
      expect(holes(analysisMessagesZh[key as keyof typeof analysisMessagesEn]), key).toEqual(holes(text));
    }
  });
});

describe('a number of an index', () => {
  it('has about three digits, whatever its size', () => {
    const shown = [12_345.6, 123.456, 12.3456, 1.23456, 0.123456, 0.000123456, 0, -2.5, null].map(formatIndex);
    expect(shown).toEqual(['12\u202f346', '123.5', '12.35', '1.23', '0.123', '1.2e-4', '0', '\u22122.50', '-']);
  });

  it('has no error where rounding alone is left of it', () => {
    expect([formatError(1e-12, 800), formatError(2, 800), formatError(null, 1), formatError(1, null)]).toEqual([
      '0',
      '2.00',
      null,
      null,
    ]);
  });
});
