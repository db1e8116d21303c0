// What the rr core makes of a recording's intervals: all at once, and what each of the originals is taken for.
import type { RrCorrection, RrNews } from '../pipeline/rr-correction.ts';
import type { Found } from './found.ts';

export function correctAll(correction: RrCorrection, { rr, beats }: Found): RrNews {
  const news: RrNews = { intervals: [], rhythm: [], events: [] };
  const learn = ({ intervals, rhythm, events }: RrNews) => {
    news.intervals.push(...intervals);
    news.rhythm.push(...rhythm);
    news.events.push(...events);
  };
  const offset = beats.length - rr.length;
  for (const [index, point] of rr.entries()) learn(correction.push(point, beats[index + offset]?.quality ?? null));
  learn(correction.flush());
  return news;
}

/** Originals come back from the correction in order, one each; those over a gap or to a beat not trusted never went in. */
export function flagsOf({ rr }: Found, news: RrNews): string[] {
  const originals = news.intervals.filter((interval) => interval.rrMs > 0)[Symbol.iterator]();
  return rr.map(({ flag }) => {
    if (flag === 'gap' || flag === 'poor') return flag;
    const artefact = originals.next().value?.artefact ?? 'normal';
    return artefact === 'normal' ? flag : artefact;
  });
}
