// The method of a stream of beats, whether they are found in samples or told as intervals.
//
//   block ─▶ beats ─▶ RR ─▶ corrected RR and rhythm ─▶ HRV
//            every 10 s     └────── every 60 s ──────┘
import { type CoreModule, CoreStatusError, HrvCore, toIntervals, WHOLE_SERIES } from '@maibo/cores';
import type { ClockRecord, StreamRecord } from '@maibo/protocols';
import { MaiboError } from '../errors.ts';
import type { SampleBlock } from '../stream/sample-block.ts';
import { type BeatEvent, type BeatStage, RrStage, SampledStage } from './beat-stage.ts';
import type { Modules } from './modules.ts';
import type { NnInterval } from './nn-series.ts';
import { BEAT_SPAN_S, HRV_BLOCK_COUNT, HRV_STEP_S, HRV_WINDOW_S, type Result } from './result.ts';
import { type CorrectedRr, RR_DELAY_S, RrCorrection, type RrNews } from './rr-correction.ts';
import { type RrPoint, RrSeries } from './rr-series.ts';
import { TimeAxis } from './time-axis.ts';
import { UsableTime } from './usable-time.ts';
import { type Beat, beatResult, type Frame, hrvResult, rrResult, SPAN_BEATS_MAX } from './window-results.ts';

/** More intervals than this in one HRV window cannot be: 300 s at 300 beats a minute, doubled. */
const WINDOW_INTERVALS_MAX = 3_000;

/** Times of the core and of the spans differ by rounding alone. */
const SAME_TIME_S = 1e-3;

/** Results and the time at which they became due: block size must not change their order. */
interface Due {
  readonly dueS: number;
  readonly results: Result[];
}

/** Ticks at which the last span and the last step ended that results were given for; null where there was none. */
export interface Given {
  readonly spanEndTicks: number | null;
  readonly stepEndTicks: number | null;
}

export class BeatProcessor {
  /** Only the state moves on: nobody wants the results, and computing them is most of the work. */
  isQuiet = false;
  readonly #stream: StreamRecord;
  readonly #stage: BeatStage;
  readonly #correction: RrCorrection;
  readonly #hrv: HrvCore;
  readonly #axis: TimeAxis;
  readonly #usable = new UsableTime();
  readonly #series = new RrSeries();
  /** What a span or window may still need. */
  #beats: Beat[] = [];
  #rr: RrPoint[] = [];
  #windows: { readonly timeS: number; readonly quality: number }[] = [];
  #news: RrNews = { intervals: [], rhythm: [], events: [] };
  /** The span of the newest beat, and how many beats it has got. */
  #newestSpan = { span: 0, beatCount: 0 };
  #nextSpan = 0;
  #nextStep = 0;
  #endS = 0;
  /** What decoded the samples; from the first such block on, results name it among their modules. */
  #usedDecoder: CoreModule | null = null;
  #isTakenUp: boolean;

  /**
   * `isTakenUp`: the first block is not the stream's first. Errors: `input-range` for a stream that cannot be: no ticks, no gain, a sample rate
   * that the core does not take.
   */
  constructor(stream: StreamRecord, modules: Modules, isTakenUp = false) {
    this.#stream = stream;
    this.#isTakenUp = isTakenUp;
    this.#stage = createStage(stream, modules);
    this.#correction = new RrCorrection(modules('rr'));
    this.#hrv = HrvCore.create({
      ...WHOLE_SERIES,
      blockCount: HRV_BLOCK_COUNT,
      intervalCountMax: WINDOW_INTERVALS_MAX,
      module: modules('hrv'),
    });
    this.#axis = new TimeAxis(stream.tickRateHz);
  }

  /** From here on ticks mean UTC by this mark. */
  clock(record: ClockRecord): void {
    this.#axis.setClock(record);
  }

  /** Results that this block settles, in order. */
  block(block: SampleBlock): Result[] {
    this.#usedDecoder = block.decoder ?? this.#usedDecoder;
    const startS = this.#stage.startOf(block);
    if (this.#isTakenUp) this.#beginAt(startS);
    this.#axis.anchor(startS, block.ticks);
    this.#take(this.#stage.push(block));
    const { settledS } = this.#stage;
    const results = inOrder([...this.#emitSpans(settledS), ...this.#emitSteps(settledS - RR_DELAY_S)]);
    this.#forget(settledS);
    this.#endS = Math.max(this.#endS, settledS, startS);
    return results;
  }

  /**
   * Goes on behind the spans and steps that were given before. Those of a sampled signal follow from its sample numbers; intervals add up, and
   * their sum runs away from the ticks at which a stream of them is taken up.
   */
  resume({ spanEndTicks, stepEndTicks }: Given): void {
    if (!(this.#stage instanceof RrStage)) return;
    const spanTicks = BEAT_SPAN_S * this.#stream.tickRateHz;
    const stepTicks = HRV_STEP_S * this.#stream.tickRateHz;
    if (spanEndTicks !== null) this.#nextSpan = Math.round(spanEndTicks / spanTicks);
    if (stepEndTicks !== null) this.#nextStep = Math.round(stepEndTicks / stepTicks);
  }

  /** What lies before is a hole, and no silent heart; a sampled stage says so itself. */
  #beginAt(startS: number): void {
    this.#isTakenUp = false;
    this.#nextSpan = Math.floor(startS / BEAT_SPAN_S);
    this.#nextStep = Math.floor(startS / HRV_STEP_S);
    if (!(this.#stage instanceof RrStage)) return;
    this.#usable.lose(0, 'gap');
    this.#usable.regain(startS);
  }

  /** Nothing follows: what the cores still hold comes out, the last span and window as far as they reach. */
  end(): Result[] {
    this.#take(this.#stage.flush());
    this.#learn(this.#correction.flush());
    const endS = Math.max(this.#endS, this.#stage.settledS);
    const due = [...this.#emitSpans(endS), ...this.#emitSteps(endS)];
    const fromS = this.#nextSpan * BEAT_SPAN_S;
    if (endS > fromS) due.push({ dueS: endS, results: [this.#beatResult(fromS, endS)] });
    const stepFromS = this.#nextStep * HRV_STEP_S;
    if (endS > stepFromS) due.push({ dueS: endS + RR_DELAY_S, results: this.#stepResults(stepFromS, endS) });
    return inOrder(due);
  }

  #take(events: readonly BeatEvent[]): void {
    for (const event of events) {
      if (event.kind === 'lost') {
        this.#usable.lose(event.timeS, event.reason);
        this.#series.break();
      } else if (event.kind === 'back') this.#usable.regain(event.timeS);
      else if (event.kind === 'window') this.#windows.push(event);
      else this.#takeBeat(event);
    }
  }

  #takeBeat({ timeS, quality }: Beat): void {
    const span = Math.floor(timeS / BEAT_SPAN_S);
    this.#newestSpan = { span, beatCount: span === this.#newestSpan.span ? this.#newestSpan.beatCount + 1 : 1 };
    // One more than a record holds is kept, so that the span says "cut"; the others would only fill the memory.
    if (this.#newestSpan.beatCount > SPAN_BEATS_MAX + 1) {
      this.#series.break();
      return;
    }
    this.#beats.push({ timeS, quality });
    const interval = this.#series.addBeat(timeS, quality);
    if (interval === null) return;
    this.#rr.push(interval);
    this.#learn(this.#correction.push(interval, quality));
  }

  #learn(news: RrNews): void {
    this.#news.intervals.push(...news.intervals);
    this.#news.rhythm.push(...news.rhythm);
    this.#news.events.push(...news.events);
  }

  #emitSpans(settledS: number): Due[] {
    const results: Due[] = [];
    while ((this.#nextSpan + 1) * BEAT_SPAN_S <= settledS) {
      const fromS = this.#nextSpan * BEAT_SPAN_S;
      const toS = fromS + BEAT_SPAN_S;
      const behindS = this.#behindHole(fromS, toS, settledS);
      this.#nextSpan = Math.max(this.#nextSpan + 1, Math.floor((behindS ?? 0) / BEAT_SPAN_S));
      if (behindS === null && !this.isQuiet) results.push({ dueS: toS, results: [this.#beatResult(fromS, toS)] });
    }
    return results;
  }

  #emitSteps(settledS: number): Due[] {
    const results: Due[] = [];
    while ((this.#nextStep + 1) * HRV_STEP_S <= settledS) {
      const fromS = this.#nextStep * HRV_STEP_S;
      const toS = fromS + HRV_STEP_S;
      const behindS = this.#behindHole(fromS, toS, settledS);
      this.#nextStep = Math.max(this.#nextStep + 1, Math.floor((behindS ?? 0) / HRV_STEP_S));
      if (behindS !== null || this.isQuiet) continue;
      results.push({ dueS: toS + RR_DELAY_S, results: this.#stepResults(fromS, toS) });
    }
    return results;
  }

  /** Where a hole ends that holds all of the stretch; null when there was signal. However long the hole, one step crosses it. */
  #behindHole(fromS: number, toS: number, settledS: number): number | null {
    return this.#usable.coverage(fromS, toS) === 0 ? this.#usable.lostUntil(fromS, settledS) : null;
  }

  #forget(settledS: number): void {
    const keepFromS = settledS - HRV_WINDOW_S - 3 * HRV_STEP_S;
    this.#usable.forget(keepFromS);
    if ((this.#beats[0]?.timeS ?? 0) >= keepFromS - HRV_STEP_S) return;
    this.#beats = this.#beats.filter((beat) => beat.timeS >= keepFromS);
    this.#rr = this.#rr.filter((point) => point.endS >= keepFromS);
    this.#windows = this.#windows.filter((window) => window.timeS >= keepFromS);
    this.#news = {
      intervals: this.#news.intervals.filter((point) => point.timeS >= keepFromS),
      rhythm: this.#news.rhythm.filter((point) => point.timeS >= keepFromS),
      events: this.#news.events.filter((event) => event.timeS >= keepFromS),
    };
  }

  #beatResult(fromS: number, toS: number): Result {
    const intervals = this.#rr.filter((point) => point.endS >= fromS && point.endS < toS);
    // A core counts its windows from where it began: behind a hole in the log they are not our spans any more.
    const stated = this.#windows.find(({ timeS }) => Math.abs(timeS - toS) < SAME_TIME_S)?.quality ?? null;
    return beatResult(this.#frame(fromS, toS, this.#beatModules()), this.#beatsIn(fromS, toS), intervals, stated);
  }

  /** The intervals of one step, and the HRV of the window that ends with it. */
  #stepResults(fromS: number, toS: number): Result[] {
    // What was decided later than this result was due is left to the next, however much signal the last block brought.
    const within = ({ timeS, decidedS }: { timeS: number; decidedS: number }) =>
      timeS >= fromS && timeS < toS && decidedS < toS + RR_DELAY_S;
    const found = {
      intervals: this.#news.intervals.filter(within),
      rhythm: this.#news.rhythm.filter(within),
      events: this.#news.events.filter(within),
    };
    const modules = [...this.#beatModules(), this.#correction.module];
    const rr = rrResult(this.#frame(fromS, toS, modules), this.#beatsIn(fromS, toS), found);
    const windowFromS = Math.max(0, toS - HRV_WINDOW_S);
    const frame = this.#frame(windowFromS, toS, [...modules, this.#hrv.module]);
    const beats = this.#beatsIn(windowFromS, toS);
    const compute = (normal: readonly NnInterval[]) => this.#hrv.compute(toIntervals(normal));
    return [rr, ...hrvResult(frame, beats, this.#intervalsIn(windowFromS, toS), compute)];
  }

  #beatModules(): readonly CoreModule[] {
    return this.#usedDecoder === null ? this.#stage.modules : [this.#usedDecoder, ...this.#stage.modules];
  }

  #beatsIn(fromS: number, toS: number): Beat[] {
    return this.#beats.filter((beat) => beat.timeS >= fromS && beat.timeS < toS);
  }

  /** Intervals that lie in the window with both ends. */
  #intervalsIn(fromS: number, toS: number): CorrectedRr[] {
    return this.#news.intervals.filter(
      ({ timeS, rrMs, decidedS }) => timeS - rrMs / 1000 >= fromS && timeS < toS && decidedS < toS + RR_DELAY_S,
    );
  }

  #frame(fromS: number, toS: number, modules: readonly CoreModule[]): Frame {
    return { stream: this.#stream, axis: this.#axis, usable: this.#usable, fromS, toS, modules };
  }
}

function inOrder(due: Due[]): Result[] {
  return due.sort((a, b) => a.dueS - b.dueS).flatMap(({ results }) => results);
}

function createStage(stream: StreamRecord, modules: Modules): BeatStage {
  const { signal } = stream.source;
  if (signal === 'rr') return new RrStage(stream.tickRateHz);
  if (signal === 'vital') throw new MaiboError('input-range', 'single measurements have no beats');
  if (stream.rateHz === null) throw new MaiboError('input-range', 'a sampled stream without a sample rate');
  try {
    return new SampledStage(signal, stream.rateHz, modules(signal));
  } catch (cause) {
    if (!(cause instanceof CoreStatusError)) throw cause;
    const message = `the ${signal} core does not take ${stream.rateHz} samples per second`;
    throw new MaiboError('input-range', message, { cause });
  }
}
