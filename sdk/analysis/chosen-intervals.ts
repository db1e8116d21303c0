// Which intervals of a recording the indices are of, where they begin, and how sure their beats are.
import type { PlainInterval } from '@maibo/cores';
import { type NnInterval, NnSeries } from '../pipeline/nn-series.ts';
import { normalIntervals, type RrNews } from '../pipeline/rr-correction.ts';
import { type RrPoint, usableIntervals } from '../pipeline/rr-series.ts';
import type { Found } from './found.ts';

/**
 * 'original': as measured, without impossible ones and those to a beat in doubt. 'exact': as measured, whatever they are, apart
 * only where signal was missing; what NeuroKit2 would be given. 'corrected': from one normal beat to the next.
 */
export type IntervalChoice = 'original' | 'exact' | 'corrected';

export interface ChosenIntervals {
  readonly intervals: readonly PlainInterval[];
  /** Where the first one begins, seconds of the recording. */
  readonly startS: number;
}

export function chooseIntervals(found: Found, news: RrNews, choice: IntervalChoice): ChosenIntervals {
  const qualityAt = intervalQualities(found);
  if (choice === 'corrected') {
    const kept = news.intervals.filter(({ action, correctedMs }) => action !== 'excluded' && correctedMs > 0);
    const places = kept.map(({ timeS, rrMs, correctedMs }) => ({ endS: timeS, rrMs: rrMs > 0 ? rrMs : correctedMs }));
    return join(normalIntervals(news.intervals), places, qualityAt);
  }
  if (choice === 'original') {
    const kept = found.rr.filter(({ flag }) => flag === 'ok');
    return join(usableIntervals(found.rr), kept, qualityAt);
  }
  const kept = found.rr.filter(({ flag }) => flag !== 'gap');
  return join(exactIntervals(found.rr), kept, qualityAt);
}

function exactIntervals(points: readonly RrPoint[]): readonly NnInterval[] {
  const series = new NnSeries();
  for (const { flag, rrMs, endS } of points) {
    if (flag === 'gap') series.break();
    else series.add({ rrMs, fromS: endS - rrMs / 1000, toS: endS });
  }
  return series.intervals;
}

/** By the end of an interval: the lower quality of the two beats around it; empty where no beat states one. */
export function intervalQualities({ rr, beats }: Found): ReadonlyMap<number, number | null> {
  if (beats.every(({ quality }) => quality === null)) return new Map();
  const offset = beats.length - rr.length;
  return new Map(
    rr.map(({ endS }, index) => {
      const [from, to] = [beats[index + offset - 1]?.quality ?? null, beats[index + offset]?.quality ?? null];
      return [endS, from === null || to === null ? to : Math.min(from, to)];
    }),
  );
}

function join(
  intervals: readonly NnInterval[],
  places: readonly { readonly endS: number; readonly rrMs: number }[],
  qualityAt: ReadonlyMap<number, number | null>,
): ChosenIntervals {
  const first = places[0];
  return {
    intervals: intervals.map((interval, index) => ({
      ...interval,
      quality: qualityAt.get(places[index]!.endS) ?? null,
    })),
    startS: first === undefined ? 0 : first.endS - first.rrMs / 1000,
  };
}
