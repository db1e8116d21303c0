// Beats of a board that prints one whole number a line, and its samples into a store where that is wished.
//
//   port ─▶ inbox ─▶ lines ─▶ placed in time ─┬─▶ beats, shown as they come
//                                             └─▶ items of a second, sealed and stored
import { Inbox } from '../device/inbox.ts';
import { isMaiboError, MaiboError } from '../errors.ts';
import { IntervalLineClock, type LineClock, SampledLineClock } from '../gateway/line-clock.ts';
import { LineStream, type LineStreamOptions } from '../gateway/line-stream.ts';
import { NumberLines, type NumberRange } from '../stream/number-lines.ts';
import type { Clock, Link } from '../world/world.ts';
import { LineBeats } from './line-beats.ts';
import type { LineSettings } from './line-options.ts';
import { LineWatch } from './line-watch.ts';
import type { Voice } from './voice.ts';

export interface LineVisit {
  readonly link: Link;
  readonly settings: LineSettings;
  readonly clock: Clock;
  readonly voice: Voice;
  readonly signal: AbortSignal;
  /** Where samples go; null: they are shown only. */
  readonly keep: Pick<LineStreamOptions, 'device' | 'store' | 'entropy' | 'signer'> | null;
}

const TICKS_PER_MS = 1_000;
/** Our own time begins this much before the first byte: what it told of was earlier. */
const LEAD_TICKS = 10_000_000;
/** How often silence is looked at. */
const TURN_MS = 1_000;
/** Chunks that wait; more means that the disk does not keep up. */
const WAITING_MAX = 4_096;
/** What a converter can count, and what no heart takes between two beats (as in ../formats/limits.ts). */
const COUNTS: NumberRange = { min: -0x7fff_ffff, max: 0x7fff_ffff };
const INTERVALS_MS: NumberRange = { min: 1, max: 10_000 };

interface Arrival {
  readonly bytes: Uint8Array;
  readonly atMs: number;
}

/**
 * Until the signal aborts or the link ends; gives how many beats were shown. What came is stored then. Errors: `link-lost`, `device-refused` for
 * what no heart and no clock can make, those of the store.
 */
export async function liveLines(visit: LineVisit): Promise<number> {
  const reading = new Reading(visit);
  try {
    await reading.run();
    await reading.end();
    return reading.beatCount;
  } catch (failure) {
    // What came before is good, unless it is the store that failed.
    if (!isMaiboError(failure, 'store-full', 'store-busy', 'store-conflict')) await reading.end();
    throw isMaiboError(failure, 'link-lost') ? gone(failure, visit.keep !== null) : failure;
  } finally {
    await visit.link.close();
  }
}

class Reading {
  readonly #with: LineVisit;
  readonly #inbox = new Inbox<Arrival>(WAITING_MAX);
  readonly #lines: NumberLines;
  readonly #place: LineClock;
  readonly #watch: LineWatch;
  readonly #beats: LineBeats;
  readonly #startMs: number;
  #stream: LineStream | null = null;
  #nextSample = 0;

  constructor(visit: LineVisit) {
    const { what } = visit.settings;
    this.#with = visit;
    this.#lines = new NumberLines(what.signal === 'rr' ? INTERVALS_MS : COUNTS);
    this.#place = what.signal === 'rr' ? new IntervalLineClock() : new SampledLineClock(what.rateHz);
    this.#beats = new LineBeats(what, visit.voice);
    this.#startMs = visit.clock.nowMonotonicMs();
    this.#watch = new LineWatch(visit.settings, visit.voice, this.#startMs);
  }

  get beatCount(): number {
    return this.#beats.beatCount;
  }

  async run(): Promise<void> {
    const { voice, clock, signal } = this.#with;
    voice.progress('connected; waiting for the first number');
    void this.#pump();
    while (!signal.aborted) {
      const arrival = await this.#inbox.next(clock, TURN_MS, signal);
      if (arrival !== null) this.#take(arrival);
      else if (this.#inbox.isEnded) return;
      else this.#watch.look(0, this.#lines, clock.nowMonotonicMs());
      await this.#stream?.commitDue(this.#ticksAt(clock.nowMonotonicMs()));
    }
  }

  /** Says and stores what is left. */
  async end(): Promise<void> {
    const { junkCount, oddText, outsideCount, numberCount } = this.#lines;
    if (numberCount > 0 && junkCount + outsideCount > 0) {
      this.#with.voice.remark(`${junkCount + outsideCount} lines held no number that can be, the last "${oddText}".`);
    }
    const stream = this.#stream;
    this.#stream = null;
    await stream?.end();
  }

  async #pump(): Promise<void> {
    const { link, clock } = this.#with;
    try {
      for await (const bytes of link.chunks) {
        if (this.#inbox.push({ bytes, atMs: clock.nowMonotonicMs() })) continue;
        throw new MaiboError('device-refused', 'the board prints more than can be taken');
      }
      this.#inbox.end();
    } catch (failure) {
      this.#inbox.end(failure);
    }
  }

  #take({ bytes, atMs }: Arrival): void {
    const samples = this.#lines.push(bytes);
    this.#watch.look(bytes.length, this.#lines, atMs);
    const ticks = this.#ticksAt(atMs);
    for (const placed of this.#place.place(samples, ticks)) {
      this.#watch.count(placed.samples.length, placed.firstSample !== this.#nextSample, atMs);
      this.#nextSample = placed.firstSample + placed.samples.length;
      this.#streamOf()?.take(placed, ticks);
      this.#beats.take(placed, this.#with.clock.nowUtcUs());
    }
  }

  /** Made for the first sample: a run without one leaves nothing behind. */
  #streamOf(): LineStream | null {
    const { keep, clock, settings } = this.#with;
    if (keep === null) return null;
    this.#stream ??= new LineStream({ ...keep, clock, what: settings.what });
    return this.#stream;
  }

  #ticksAt(atMs: number): number {
    return LEAD_TICKS + Math.round((atMs - this.#startMs) * TICKS_PER_MS);
  }
}

function gone({ where, cause }: MaiboError, isKept: boolean): MaiboError {
  const hint = `was it unplugged? ${isKept ? 'What came before is kept; plug' : 'Plug'} it in and start again`;
  return new MaiboError('link-lost', 'the board is gone', { hint, ...(where !== null && { where }), cause });
}
