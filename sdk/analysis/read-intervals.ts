// RR intervals that a recording holds already, with the holes between them.
import { basename } from 'node:path';
import { MaiboError } from '../errors.ts';
import type { Recording } from '../formats/recording.ts';
import { type RrPoint, rrFlagOf } from '../pipeline/rr-series.ts';
import type { Found } from './found.ts';
import { ADJACENT_S } from './hrv-input.ts';

/** Errors: what reading throws, and `input-range` for times that run backwards. */
export async function readIntervals(recording: Recording): Promise<Found> {
  const rr: RrPoint[] = [];
  let endS = 0;
  let missingS = 0;
  for await (const { timeS, rrMs } of recording.intervals()) {
    const startS = timeS === null ? endS : timeS - rrMs / 1000;
    if (timeS !== null && rr.length > 0 && timeS < endS) throw runsBackwards(recording, timeS, endS);
    if (rr.length > 0 && startS - endS > ADJACENT_S) {
      missingS += startS - endS;
      // The hole itself is an interval that nobody measured: it keeps its neighbours apart.
      rr.push({ endS: startS, rrMs: (startS - endS) * 1000, flag: 'gap' });
    }
    endS = timeS ?? endS + rrMs / 1000;
    rr.push({ endS, rrMs, flag: rrFlagOf(rrMs) });
  }
  const fromS = rr[0] === undefined ? 0 : rr[0].endS - rr[0].rrMs / 1000;
  const durationS = endS - Math.min(fromS, 0);
  const timesS = rr.length === 0 ? [] : [fromS, ...rr.map((point) => point.endS)];
  return {
    rateHz: null,
    durationS,
    modules: [],
    beats: timesS.map((timeS) => ({ sample: null, timeS, quality: null })),
    rr,
    coverage: durationS > 0 ? Math.max(0, 1 - missingS / durationS) : 0,
    flags: missingS > 0 ? ['gap'] : [],
    windows: [],
  };
}

function runsBackwards({ path }: Recording, timeS: number, beforeS: number): MaiboError {
  const message = `an interval ends at ${timeS} s, before the one before it (${beforeS} s)`;
  return new MaiboError('input-range', message, { where: basename(path), hint: 'sort the intervals by their times' });
}
