// The definitions are whole, and those of NeuroKit2's columns are all there, in its order.

import { describe, expect, it } from 'vitest';
import { madeSeries } from '../vectors/golden-hrv.testkit.ts';
import { coverageOf, defineIndex, INDEX_DEFINITIONS } from './all.ts';
import { cite } from './source.ts';
import { SOURCES, type SourceKey } from './sources.ts';

const columns = INDEX_DEFINITIONS.map(({ column }) => column);

describe('definitions of the indices', () => {
  it('begin with the 95 columns of NeuroKit2, in its order', () => {
    expect(columns.slice(0, 95)).toEqual(Object.keys(madeSeries()[0]!.values));
  });

  it('hold the 14 columns of its recurrence plot', () => {
    for (const column of Object.keys(madeSeries()[0]!.rqa))
      expect(defineIndex(column)?.group, column).toBe('recurrence');
  });

  it('have a name each', () => {
    expect(new Set(columns).size).toBe(columns.length);
  });

  it('say every part, in sentences without holes', () => {
    for (const { column, sources, plain, profiles = {}, group: _, ...texts } of INDEX_DEFINITIONS) {
      for (const text of [...Object.values(texts), ...Object.values(profiles), plain.en, plain.zh]) {
        expect(text, column).toMatch(/^\S(.*\S)?$/);
        expect(text, column).not.toMatch(/undefined|NaN\b| {2}/);
      }
      expect(sources.length, column).toBeGreaterThan(0);
    }
  });

  it('name themselves in plain English and in Chinese, in one line', () => {
    for (const { column, plain } of INDEX_DEFINITIONS) {
      expect(plain.en.length, column).toBeLessThan(110);
      expect(plain.zh, column).toMatch(/[\u4e00-\u9fff]/);
    }
  });

  it('cite every paper that is listed', () => {
    const cited = new Set(INDEX_DEFINITIONS.flatMap(({ sources }) => sources as readonly SourceKey[]));
    expect(Object.keys(SOURCES).filter((key) => !cited.has(key as SourceKey))).toEqual([]);
  });

  it('cite with a year and, where it is known, a DOI', () => {
    expect(cite(SOURCES.taskforce1996)).toMatch(/1996\. Heart rate variability: .*doi:10\.1161/);
  });
});

describe('coverage', () => {
  it('names what is given and not defined, and what is defined and not given', () => {
    const { undefinedColumns, ungivenColumns } = coverageOf([...columns.slice(1), 'HRV_New']);
    expect(undefinedColumns).toEqual(['HRV_New']);
    expect(ungivenColumns).toEqual([columns[0]]);
  });
});
