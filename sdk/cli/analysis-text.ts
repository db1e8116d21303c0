// An analysis as text for a terminal: what was found, every index with its standard error, and series as rows of small bars.
import { basename } from 'node:path';
import type { Analysis } from '../analysis/analyze.ts';

/** Series that are drawn, when they are there; all of them are in the JSON. */
const DRAWN = [
  'HRV_MeanNN',
  'HRV_SDNN',
  'HRV_RMSSD',
  'HRV_LF',
  'HRV_HF',
  'HRV_LFHF',
  'HRV_SD1',
  'HRV_DFA_alpha1',
  'HRV_SampEn',
];
const BARS = '▁▂▃▄▅▆▇█';
/** Bars that fit beside a name and two numbers in 100 columns. */
const BARS_MAX = 60;

export function analysisText(analysis: Analysis): string {
  const { cores, notes } = analysis;
  const parts = [headLines(analysis), indexLines(analysis), seriesLines(analysis), bodyLines(analysis)];
  const tail = [
    ...cores.map((core) => `core ${core.name} ${core.version} ${core.sha256.slice(0, 16)}`),
    ...notes.map((note) => `note: ${note}`),
  ];
  const lines = [...parts, tail].filter((part) => part.length > 0).map((part) => part.join('\n'));
  return `${lines.join('\n\n')}\n`;
}

function headLines({ input, beats, rr, quality, hrvBasis }: Analysis): string[] {
  const rate = input.rateHz === null ? '' : ` at ${input.rateHz} Hz`;
  const normal = rr.flag.filter((flag) => flag === 'ok').length;
  const flags = quality.flags.length > 0 ? ` (${quality.flags.join(', ')})` : '';
  return [
    `${basename(input.path)}  ${input.format}, ${input.channel ?? input.signal}${rate}, ${input.durationS.toFixed(1)} s`,
    `beats     ${beats.timeS.length}`,
    `RR        ${rr.ms.length}, ${normal} taken for normal`,
    `quality   ${fixed(quality.score, 2)}, coverage ${fixed(quality.coverage, 3)}${flags}`,
    `HRV       ${hrvBasis.count} ${hrvBasis.intervals} intervals, definitions: ${hrvBasis.profile}`,
  ];
}

function indexLines({ hrv, hrvError }: Analysis): string[] {
  return Object.entries(hrv).map(([name, value]) => {
    const error = hrvError[name] ?? null;
    return `${name.padEnd(14)} ${number(value).padStart(10)}${value === null || error === null ? '' : ` ± ${number(error)}`}`;
  });
}

function seriesLines({ series }: Analysis): string[] {
  if (series === null) return [];
  const { windowS, stepS, toS, values } = series;
  const head = `${toS.length} windows of ${windowS} s every ${stepS} s`;
  return [head, ...DRAWN.flatMap((name) => (isKnown(values[name]) ? [barLine(name, values[name]!)] : []))];
}

function isKnown(values: readonly (number | null)[] | undefined): boolean {
  return values?.some((value) => value !== null) ?? false;
}

function bodyLines({ breathing, stress }: Analysis): string[] {
  const lines: string[] = [];
  if (breathing !== null) lines.push(barLine('breaths/min', breathing.rate));
  if (stress !== null) {
    const told = stress.probability.filter((value) => value !== null).length;
    lines.push(
      barLine('stress', stress.probability, { min: 0, max: 1 }),
      `${told} of ${stress.timeS.length} windows of ${stress.windowS} s say how probable stress was`,
      ...Object.entries(stress.drivers).map(([name, values]) => barLine(`  ${name}`, values)),
    );
  }
  return lines;
}

/** One row: the name, a bar per window (or per group of windows), lowest and highest value. */
function barLine(name: string, values: readonly (number | null)[], range?: { min: number; max: number }): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return `${name.padEnd(14)} -`;
  const low = known.reduce((a, b) => Math.min(a, b));
  const high = known.reduce((a, b) => Math.max(a, b));
  const bars = groupMeans(values, BARS_MAX).map((value) => barOf(value, range?.min ?? low, range?.max ?? high));
  return `${name.padEnd(14)} ${bars.join('')} ${number(low)} .. ${number(high)}`;
}

function barOf(value: number | null, low: number, high: number): string {
  if (value === null) return ' ';
  const share = high > low ? (value - low) / (high - low) : 0.5;
  return BARS[Math.min(BARS.length - 1, Math.floor(share * BARS.length))]!;
}

/** At most `countMax` values: the means of neighbours, null where none of them has one. */
function groupMeans(values: readonly (number | null)[], countMax: number): (number | null)[] {
  const size = Math.ceil(values.length / countMax);
  return Array.from({ length: Math.ceil(values.length / size) }, (_, group) => {
    const known = values.slice(group * size, (group + 1) * size).filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
  });
}

/** Three decimals, or three digits where those would show next to nothing. */
function number(value: number | null): string {
  if (value === null) return '-';
  return value !== 0 && Math.abs(value) < 0.1 ? value.toPrecision(3) : value.toFixed(3);
}

function fixed(value: number | null, digits: number): string {
  return value === null ? '-' : value.toFixed(digits);
}
