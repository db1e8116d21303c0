// Golden values of heart rate variability: what NeuroKit2 says of real and of made series (hrv-neurokit2.json), and what a vendor of a
// phone application says of its own (welltory_hrv_covid19). Real recordings lie beside the repository in ../shared/data, or nowhere.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { readIntervals } from '../cores/rr/records.testkit.ts';

const GOLDEN = fileURLToPath(new URL('hrv-neurokit2.json', import.meta.url));
const SHARED_DATA = fileURLToPath(new URL('../../../shared/data', import.meta.url));

export type Values = Readonly<Record<string, number | null>>;

interface Gap {
  /** The interval before which time is missing. */
  readonly before: number;
  readonly missingMs: number;
}

export interface GoldenHrv {
  readonly name: string;
  readonly rrMs: readonly number[];
  readonly gaps: readonly Gap[];
  /** The 95 columns of nk.hrv(), powers in ms2; null where NeuroKit2 has no finite number. */
  readonly values: Values;
  /** The 10 frequency columns with the spectrum divided by its maximum. */
  readonly normalised: Values;
  /** The 14 columns of nk.hrv_rqa(). */
  readonly rqa: Values;
}

interface Part {
  readonly kind: 'welltory' | 'wfdb' | 'gudb' | 'text' | 'hrm';
  readonly dataSet: string;
  readonly file: string;
  readonly firstInterval: number;
  readonly intervalCount: number;
  readonly row?: number;
  readonly rateHz?: number;
}

type Expected = Pick<GoldenHrv, 'name' | 'values' | 'normalised' | 'rqa'>;

interface Document {
  readonly origin: string;
  readonly gapAware: readonly string[];
  readonly real: readonly (Expected & { readonly source: Part; readonly sha256: string })[];
  readonly made: readonly (Expected & { readonly rrMs: number[]; readonly gaps: [number, number][] })[];
}

const document = JSON.parse(readFileSync(GOLDEN, 'utf8')) as Document;

/** The versions that gave the values. */
export const GOLDEN_ORIGIN: string = document.origin;

/** Columns that NeuroKit2 computes without reaching across a gap: the only ones to compare where `gaps` is not empty. */
export const GAP_AWARE_COLUMNS: readonly string[] = document.gapAware;

/** Series made by formula: there on every machine. */
export function madeSeries(): GoldenHrv[] {
  return document.made.map(({ gaps, ...rest }) => {
    return { ...rest, gaps: gaps.map(([before, missingMs]) => ({ before, missingMs })) };
  });
}

/** Real series with their names, or the reason why there are none. Throws when the data is not what the values were made from. */
export function realSeries(): { readonly series: GoldenHrv[] | null; readonly reason: string } {
  const absent = document.real.find(({ source }) => !existsSync(pathOf(source)));
  if (absent) return { series: null, reason: `no ../shared/data/${absent.source.dataSet} beside the repository` };
  const series = document.real.map(({ source, sha256, ...expected }) => {
    const rrMs = readPart(source);
    if (hashOf(rrMs) !== sha256)
      throw new Error(`${expected.name}: not the intervals that the golden values belong to`);
    return { ...expected, rrMs, gaps: [] };
  });
  return { series, reason: '' };
}

function pathOf({ dataSet, file }: Part): string {
  return `${SHARED_DATA}/${dataSet}/${file}`;
}

function readPart(part: Part): number[] {
  return readSeries(part).slice(part.firstInterval, part.firstInterval + part.intervalCount);
}

function readSeries(part: Part): number[] {
  const path = pathOf(part);
  switch (part.kind) {
    case 'wfdb':
      return readIntervals(path, part.rateHz!).map((interval) => interval.rrMs);
    case 'gudb':
      return differences(numbersOf(readFileSync(path, 'utf8'))).map((samples) => (samples * 1000) / part.rateHz!);
    case 'text':
      return numbersOf(readFileSync(path, 'utf8'));
    case 'hrm':
      return numbersOf(readFileSync(path, 'latin1').split('[HRData]')[1]!);
    case 'welltory':
      return readWelltoryRows(path)[part.row!]!.rrMs;
  }
}

function numbersOf(text: string): number[] {
  return text.split(/\s+/).filter(Boolean).map(Number);
}

function differences(values: readonly number[]): number[] {
  return values.slice(1).map((value, index) => value - values[index]!);
}

function hashOf(values: readonly number[]): string {
  const bytes = Buffer.alloc(8 * values.length);
  values.forEach((value, index) => {
    bytes.writeDoubleLE(value, 8 * index);
  });
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * A row of welltory_hrv_covid19: the intervals and what the vendor's application made of them. SDNN (n - 1) and RMSSD are given to three
 * digits, pNN50 to two and over n - 1 differences, AMo to whole per cent.
 */
export interface WelltoryRow {
  readonly rrMs: number[];
  readonly meanRrMs: number;
  readonly sdnnMs: number;
  readonly rmssdMs: number;
  readonly pnn50Percent: number;
  /** Centre of the fullest 50-ms bin. */
  readonly modeS: number;
  /** Share of the intervals in that bin. */
  readonly amoPercent: number;
}

/** All rows, or null where the data is absent. */
export function welltoryRows(): WelltoryRow[] | null {
  const path = `${SHARED_DATA}/welltory_hrv_covid19/hrv_measurements.csv.gz`;
  return existsSync(path) ? readWelltoryRows(path) : null;
}

/** Plain CSV, but for the last column: intervals with commas, in quotation marks. */
function readWelltoryRows(path: string): WelltoryRow[] {
  const [header, ...lines] = gunzipSync(readFileSync(path)).toString('utf8').trim().split(/\r?\n/);
  const names = header!.split(',');
  return lines.map((line) => {
    const [plain, quoted] = line.split('"');
    const cells = plain!.split(',');
    const number = (name: string) => Number(cells[names.indexOf(name)]);
    return {
      rrMs: quoted!.split(',').map(Number),
      meanRrMs: number('meanrr'),
      sdnnMs: number('sdnn'),
      rmssdMs: number('rmssd'),
      pnn50Percent: number('pnn50'),
      modeS: number('mode'),
      amoPercent: number('amo'),
    };
  });
}
