// The whole method of a stream in one deterministic machine: records of input in, results out. The gateway runs it live, after a
// restart it is fed the stored input again, and `verify` runs it to compare. Same input records, same results, bit for bit.
import { type CoreModule, CoreStatusError, HrvCore } from '@maibo/cores';
import type { ClockRecord, StreamRecord } from '@maibo/protocols';
import { MaiboError } from '../errors.ts';
import type { SampleBlock } from '../stream/sample-block.ts';
import { type BeatEvent, type BeatStage, EcgStage, RrStage } from './beat-stage.ts';
import {
  BEAT_SPAN_S,
  HRV_COVERAGE_MIN,
  HRV_INTERVALS_MIN,
  HRV_STEP_S,
  HRV_WINDOW_S,
  PIPELINE,
  type Result,
} from './result.ts';
import { RR_FLAG_NUMBERS, RR_MAX_MS, RR_MIN_MS, type RrPoint, RrSeries, usableIntervals } from './rr-series.ts';
import { TimeAxis } from './time-axis.ts';
import { UsableTime } from './usable-time.ts';

/** Modules by core name: the ones installed, or the ones a record names. */
export type Modules = (name: 'ecg' | 'hrv') => CoreModule;

/** More beats than this in one HRV window cannot be: 300 s at 300 beats a minute, doubled. */
const WINDOW_INTERVALS_MAX = 3_000;

/** What one beat record holds at most (record.cddl: value). Only a device that makes up its intervals gets there. */
const SPAN_BEATS_MAX = 1_024;

interface Beat {
  readonly timeS: number;
  readonly quality: number | null;
}

export class StreamProcessor {
  readonly #stream: StreamRecord;
  readonly #stage: BeatStage;
  readonly #hrv: HrvCore;
  readonly #axis: TimeAxis;
  readonly #usable = new UsableTime();
  readonly #series = new RrSeries();
  /** Beats and intervals that a window may still need. */
  #beats: Beat[] = [];
  #rr: RrPoint[] = [];
  /** The span of the newest beat, and how many beats it has got. */
  #newestSpan = { span: 0, beatCount: 0 };
  #nextSpan = 0;
  #endS = 0;
  #ended = false;

  /** Errors: `input-range` for a stream that cannot be: no ticks, no gain, a sample rate that the core does not take. */
  constructor(stream: StreamRecord, modules: Modules) {
    this.#stream = stream;
    this.#stage = createStage(stream, modules);
    this.#hrv = HrvCore.create({ intervalCountMax: WINDOW_INTERVALS_MAX, module: modules('hrv') });
    this.#axis = new TimeAxis(stream.tickRateHz);
  }

  /** From here on ticks mean UTC by this mark. */
  clock(record: ClockRecord): void {
    this.#axis.setClock(record);
  }

  /** Results that this block settles, in order. Errors: `input-range` behind the end of the stream. */
  block(block: SampleBlock): Result[] {
    if (this.#ended) throw new MaiboError('input-range', `block ${block.seq} stands behind the end of the stream`);
    const startS = this.#stage.startOf(block);
    this.#axis.anchor(startS, block.ticks);
    this.#take(this.#stage.push(block));
    const results = this.#emitUntil(this.#stage.settledS);
    this.#endS = Math.max(this.#endS, this.#stage.settledS, startS);
    return results;
  }

  /** Nothing follows: what the cores still hold comes out, the last span and window as far as they reach. */
  end(): Result[] {
    this.#ended = true;
    this.#take(this.#stage.flush());
    const endS = Math.max(this.#endS, this.#stage.settledS);
    const results = this.#emitUntil(endS);
    const fromS = this.#nextSpan * BEAT_SPAN_S;
    if (endS > fromS) results.push(this.#beatResult(fromS, endS));
    if (endS % HRV_STEP_S !== 0 && endS > 0) results.push(this.#hrvResult(endS));
    return results;
  }

  #take(events: readonly BeatEvent[]): void {
    for (const event of events) {
      if (event.kind === 'lost') {
        this.#usable.lose(event.timeS, event.reason);
        this.#series.break();
      } else if (event.kind === 'back') this.#usable.regain(event.timeS);
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
    const interval = this.#series.addBeat(timeS);
    if (interval !== null) this.#rr.push(interval);
  }

  #emitUntil(settledS: number): Result[] {
    const results: Result[] = [];
    while ((this.#nextSpan + 1) * BEAT_SPAN_S <= settledS) {
      const fromS = this.#nextSpan * BEAT_SPAN_S;
      const toS = fromS + BEAT_SPAN_S;
      if (this.#usable.coverage(fromS, toS) === 0) {
        // A span that lies wholly in a hole has nothing to say: the gap record says it. However long the hole, one step crosses it.
        this.#nextSpan = Math.max(
          this.#nextSpan + 1,
          Math.floor(this.#usable.lostUntil(fromS, settledS) / BEAT_SPAN_S),
        );
        continue;
      }
      this.#nextSpan++;
      results.push(this.#beatResult(fromS, toS));
      if (toS % HRV_STEP_S === 0) results.push(this.#hrvResult(toS));
    }
    this.#forget(settledS);
    return results;
  }

  #forget(settledS: number): void {
    const keepFromS = settledS - HRV_WINDOW_S - 2 * HRV_STEP_S;
    this.#usable.forget(keepFromS);
    if ((this.#beats[0]?.timeS ?? 0) >= keepFromS - HRV_STEP_S) return;
    this.#beats = this.#beats.filter((beat) => beat.timeS >= keepFromS);
    this.#rr = this.#rr.filter((point) => point.endS >= keepFromS);
  }

  #beatResult(fromS: number, toS: number): Result {
    const beats = this.#beats.filter((beat) => beat.timeS >= fromS && beat.timeS < toS);
    const intervals = this.#rr.filter((point) => point.endS >= fromS && point.endS < toS);
    const coverage = this.#usable.coverage(fromS, toS);
    const flags = this.#usable.reasons(fromS, toS);
    if (beats.length === 0) flags.push('no-beats');
    if (beats.length > SPAN_BEATS_MAX) flags.push('cut');
    return {
      result: 'beats',
      source: this.#stream.source,
      method: this.#method(this.#stage.modules, { spanS: BEAT_SPAN_S, rrMinMs: RR_MIN_MS, rrMaxMs: RR_MAX_MS }),
      time: this.#axis.span(fromS, toS),
      quality: { score: meanQuality(beats, coverage), coverage, flags },
      values: {
        beatS: beats.slice(0, SPAN_BEATS_MAX).map((beat) => beat.timeS),
        beatQuality: beats.slice(0, SPAN_BEATS_MAX).flatMap((beat) => (beat.quality === null ? [] : [beat.quality])),
        rrEndS: intervals.slice(0, SPAN_BEATS_MAX).map((point) => point.endS),
        rrMs: intervals.slice(0, SPAN_BEATS_MAX).map((point) => point.rrMs),
        rrFlag: intervals.slice(0, SPAN_BEATS_MAX).map((point) => RR_FLAG_NUMBERS[point.flag]),
      },
    };
  }

  #hrvResult(toS: number): Result {
    const fromS = Math.max(0, toS - HRV_WINDOW_S);
    const points = this.#rr.filter((point) => point.endS - point.rrMs / 1000 >= fromS && point.endS < toS);
    const usable = usableIntervals(points);
    const coverage = this.#usable.coverage(fromS, toS);
    const enough = usable.length >= HRV_INTERVALS_MIN && coverage >= HRV_COVERAGE_MIN;
    const indices = this.#hrv.compute(enough ? usable : []);
    const beats = this.#beats.filter((beat) => beat.timeS >= fromS && beat.timeS < toS);
    const flags = this.#usable.reasons(fromS, toS);
    if (!enough) flags.push('too-little-signal');
    if (toS - fromS < HRV_WINDOW_S) flags.push('short-window');
    const modules = [...this.#stage.modules, this.#hrv.module];
    return {
      result: 'hrv-time',
      source: this.#stream.source,
      method: this.#method(modules, {
        windowS: HRV_WINDOW_S,
        stepS: HRV_STEP_S,
        intervalsMin: HRV_INTERVALS_MIN,
        coverageMin: HRV_COVERAGE_MIN,
        rrMinMs: RR_MIN_MS,
        rrMaxMs: RR_MAX_MS,
      }),
      time: this.#axis.span(fromS, toS),
      quality: { score: enough ? rrQuality(points, usable.length, beats, coverage) : null, coverage, flags },
      values: { fromS, toS, intervalCount: usable.length, ...indices.values },
    };
  }

  #method(modules: readonly CoreModule[], parameters: Record<string, number>): Result['method'] {
    return {
      pipeline: PIPELINE,
      cores: modules.map(({ name, version, sha256 }) => ({
        name,
        version,
        sha256: new Uint8Array(Buffer.from(sha256, 'hex')),
      })),
      parameters: this.#stream.rateHz === null ? parameters : { rateHz: this.#stream.rateHz, ...parameters },
    };
  }
}

function createStage(stream: StreamRecord, modules: Modules): BeatStage {
  if (stream.tickRateHz === 0) throw new MaiboError('input-range', 'a stream without ticks');
  if (stream.gain === 0 || !Number.isFinite(stream.gain))
    throw new MaiboError('input-range', `a gain of ${stream.gain}`);
  if (stream.source.signal === 'rr') return new RrStage(stream.tickRateHz);
  if (stream.rateHz === null) throw new MaiboError('input-range', 'an ECG stream without a sample rate');
  try {
    return new EcgStage(stream.rateHz, modules('ecg'));
  } catch (cause) {
    if (!(cause instanceof CoreStatusError)) throw cause;
    throw new MaiboError('input-range', `the ECG core does not take ${stream.rateHz} samples per second`, { cause });
  }
}

/** Mean quality of the beats times the share of usable signal; null where there are no beats to speak of. */
function meanQuality(beats: readonly Beat[], coverage: number): number | null {
  const stated = beats.flatMap((beat) => (beat.quality === null ? [] : [beat.quality]));
  if (beats.length === 0) return null;
  if (stated.length === 0) return coverage;
  return (coverage * stated.reduce((sum, quality) => sum + quality, 0)) / stated.length;
}

function rrQuality(
  points: readonly RrPoint[],
  usableCount: number,
  beats: readonly Beat[],
  coverage: number,
): number | null {
  const beatQuality = meanQuality(beats, coverage);
  return beatQuality === null || points.length === 0 ? null : (beatQuality * usableCount) / points.length;
}
