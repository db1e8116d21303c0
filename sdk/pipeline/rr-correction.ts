// The rr core over a stream: every original interval comes back with what it is taken for and what was made of it, on the stream's own
// time axis. The core counts time as the sum of its intervals; gaps are the host's to know.
import { type CoreModule, RrCore, type RrFinding } from '@maibo/cores';
import { type NnInterval, NnSeries } from './nn-series.ts';
import type { RrPoint } from './rr-series.ts';

export type Artefact = RrFinding['artefact'];
export type Action = RrFinding['action'];

/** When something is, and by which beat it was decided; seconds from the start of the stream. */
interface Decided {
  readonly timeS: number;
  readonly decidedS: number;
}

/** `timeS` is the end of the original interval. */
export interface CorrectedRr extends Decided {
  /** The original; 0 for a part that was inserted. */
  readonly rrMs: number;
  /** What stands in its place; 0 where it was merged into a neighbour. */
  readonly correctedMs: number;
  readonly artefact: Artefact;
  readonly action: Action;
  /** It does not follow the one before: a gap or an excluded interval lies between. */
  readonly afterGap: boolean;
}

export interface RhythmPoint extends Decided {
  /** Probability 0..1 that the rhythm of the last beats is irregular, as in atrial fibrillation. */
  readonly irregularity: number;
}

export interface RhythmEvent extends Decided {
  readonly kind: 'pause' | 'bradycardia' | 'bradycardia-end' | 'tachycardia' | 'tachycardia-end';
  /** Length of a pause in ms, mean rate of an episode in beats a minute. */
  readonly value: number;
}

export interface RrNews {
  readonly intervals: CorrectedRr[];
  readonly rhythm: RhythmPoint[];
  readonly events: RhythmEvent[];
}

/** Longer than this without a beat is a pause: the threshold at which one is reported (ACC/AHA/HRS 2018, sinus pause 2 s and more). */
export const PAUSE_MS = 2_000;
/** A decision waits for two beats or 2 s; behind this nothing is undecided while beats come. */
export const RR_DELAY_S = 5;

interface Pushed {
  readonly endS: number;
  /** End on the core's own axis, the sum of the intervals. */
  readonly sumS: number;
}

export class RrCorrection {
  readonly module: CoreModule;
  readonly #core: RrCore;
  /** Intervals that the core may still speak of; `#first` is the number of the oldest. */
  #pushed: Pushed[] = [];
  #first = 0;
  #sumS = 0;
  #afterGap = false;
  #newestS = 0;

  constructor(module: CoreModule) {
    this.module = module;
    this.#core = RrCore.create({ pauseMs: PAUSE_MS, module });
  }

  /** An interval over a gap, or to a beat that is not trusted, is none: it only keeps its neighbours apart. */
  push(point: RrPoint, quality: number | null): RrNews {
    if (point.flag === 'gap' || point.flag === 'poor' || !(point.rrMs > 0)) {
      this.#afterGap = true;
      return NO_NEWS;
    }
    this.#newestS = point.endS;
    this.#sumS += point.rrMs / 1000;
    this.#pushed.push({ endS: point.endS, sumS: this.#sumS });
    const findings = this.#core.push([{ rrMs: point.rrMs, quality: quality ?? Number.NaN, afterGap: this.#afterGap }]);
    this.#afterGap = false;
    return this.#newsOf(findings);
  }

  flush(): RrNews {
    return this.#newsOf(this.#core.flush());
  }

  #newsOf(findings: readonly RrFinding[]): RrNews {
    if (findings.length === 0) return NO_NEWS;
    const news: RrNews = { intervals: [], rhythm: [], events: [] };
    for (const finding of findings) {
      const pushed = this.#pushed[finding.index - this.#first];
      if (pushed === undefined) throw new Error(`the rr core speaks of interval ${finding.index}, which it never got`);
      sortIn(news, finding, pushed, this.#newestS);
    }
    const oldest = findings.at(-1)?.index ?? this.#first;
    // A finding may look back over the interval before the newest decision, never further.
    const drop = Math.max(0, oldest - this.#first - KEPT_INTERVALS);
    this.#pushed.splice(0, drop);
    this.#first += drop;
    return news;
  }
}

const KEPT_INTERVALS = 16;
const NO_NEWS: RrNews = { intervals: [], rhythm: [], events: [] };

function sortIn(news: RrNews, finding: RrFinding, { endS, sumS }: Pushed, decidedS: number): void {
  const { kind, rrMs, correctedMs, artefact, action } = finding;
  const at = { timeS: endS, decidedS };
  if (kind === 'interval') {
    news.intervals.push({ ...at, rrMs, correctedMs, artefact, action, afterGap: (finding.flags & 1) !== 0 });
  } else if (kind === 'rhythm') news.rhythm.push({ ...at, irregularity: finding.value });
  else {
    const value = kind === 'pause' ? rrMs : finding.value;
    news.events.push({ timeS: endS + finding.timeS - sumS, decidedS, kind, value });
  }
}

/** Intervals from one normal beat to the next, for heart-rate variability: corrected, without what was excluded. */
export function normalIntervals(points: readonly CorrectedRr[]): NnInterval[] {
  const normal = new NnSeries();
  for (const { afterGap, action, correctedMs, rrMs, timeS } of points) {
    if (afterGap || action === 'excluded') normal.break();
    // Originals lie where they were measured; between two gaps the corrected ones have the same sum.
    const lengthMs = rrMs > 0 ? rrMs : correctedMs;
    if (action !== 'excluded' && correctedMs > 0) {
      normal.add({ rrMs: correctedMs, fromS: timeS - lengthMs / 1000, toS: timeS });
    }
  }
  return normal.intervals;
}
