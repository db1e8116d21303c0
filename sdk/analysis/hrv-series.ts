// Windows one after the other, turned into a column per index: the shape in which a series is printed and drawn.
import type { HrvWindow } from './hrv-cores.ts';

export interface HrvSeries {
  readonly windowS: number;
  readonly stepS: number;
  /** Begin and end of each window, seconds of the recording. */
  readonly fromS: readonly number[];
  readonly toS: readonly number[];
  /** Share 0..1 of each window that its intervals cover. */
  readonly coverage: readonly number[];
  /** Mean quality of its intervals, null where nobody states one. */
  readonly quality: readonly (number | null)[];
  /** Intervals in each window. */
  readonly count: readonly number[];
  readonly flags: readonly (readonly string[])[];
  /** By column name, a value per window. */
  readonly values: Readonly<Record<string, readonly (number | null)[]>>;
  /** Standard errors likewise. */
  readonly error: Readonly<Record<string, readonly (number | null)[]>>;
}

/** `startS` is where the first interval begins in the recording. */
export function hrvSeriesOf(
  windows: readonly HrvWindow[],
  { windowS, stepS }: { windowS: number; stepS: number },
  startS: number,
): HrvSeries {
  return {
    windowS,
    stepS,
    fromS: windows.map((window) => startS + window.fromS),
    toS: windows.map((window) => startS + window.toS),
    coverage: windows.map((window) => window.coverage),
    quality: windows.map((window) => window.quality),
    count: windows.map((window) => window.count),
    flags: windows.map((window) => window.flags),
    values: columnsOf(windows.map((window) => window.values)),
    error: columnsOf(windows.map((window) => window.errors)),
  };
}

function columnsOf(rows: readonly HrvWindow['values'][]): Record<string, (number | null)[]> {
  const names = Object.keys(rows[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name] ?? null)]));
}
