// Runs a maker's own core again, whose package somebody has at hand: from each `core-started` result on, a new one that was fed the input which the
// gateway fed it. What stands behind an input must be what it finds there.
//
//   item item ... item | core-started {fromSeq} | item, results ... | core-stopped
//   ^fromSeq  fed, results dropped                 compared
//
// That a core finds something and nothing of it is sealed may be: somebody took it out of the configuration. Nothing may follow then.
import type { ClockRecord, EvidenceRecord, ResultRecord, StreamRecord } from '@maibo/protocols';
import type { CorePackage } from '../engine/core-package.ts';
import type { Engine } from '../engine/engine.ts';
import { isMaiboError } from '../errors.ts';
import { GuestProcessor, STARTED, STOPPED } from '../pipeline/guest-processor.ts';
import { blockOf } from '../pipeline/replay.ts';
import type { Result } from '../pipeline/result.ts';
import { type GuestSeals, type GuestStart, guestOf } from './guest-seals.ts';
import { type Problem, placeName } from './problem.ts';
import { compareResults } from './same-results.ts';
import { WARM_UP_RECORDS_MAX } from './warm-up.ts';

/** Where packages come from, by SHA-256 of the module (hex); null when nobody gave it. */
export type Guests = (sha256Hex: string) => GuestSource | null;

export interface GuestSource {
  readonly core: CorePackage;
  readonly engine: Engine;
}

/** What a stream holds of one such core. */
export interface GuestCheck {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  readonly resultCount: number;
  readonly agreed: number;
}

/** A gateway that meets its device every few seconds starts a core as often; results behind more warm-ups at once are not run again. */
const WARMINGS_MAX = 64;

interface Warming {
  readonly start: GuestStart;
  /** Null: it could not be made, or was stopped. */
  processor: GuestProcessor | null;
  why: string;
}

export class GuestReplay {
  readonly problems: Problem[] = [];
  agreed = 0;
  readonly #stream: StreamRecord;
  readonly #sha256: string;
  readonly #source: GuestSource;
  readonly #starts = new Map<number, GuestStart[]>();
  #warming: Warming[] = [];
  #running: GuestProcessor | null = null;
  #clock: ClockRecord | null = null;
  #expected: readonly Result[] = [];
  #found: ResultRecord[] = [];
  /** Why the last input ended the core here; the gateway must say so too. */
  #failure: string | null = null;
  /** Where the core found what is not sealed. */
  #lapsedAt: string | null = null;
  /** It was stopped here as it was there: the engine runs it no more. */
  #isOver = false;
  /** Nothing may be found: it has not been started, or was stopped. */
  #isSilent: boolean;
  #where = '';

  /** `isWhole`: the stream is here from its beginning. */
  constructor(
    stream: StreamRecord,
    isWhole: boolean,
    { sha256, starts }: GuestSeals & { readonly sha256: string },
    source: GuestSource,
  ) {
    this.#stream = stream;
    this.#sha256 = sha256;
    this.#source = source;
    this.#isSilent = isWhole;
    for (const start of starts) {
      const isPossible = start.fromSeq >= 1 && start.fromSeq <= start.seq;
      if (!isPossible || start.seq - start.fromSeq > WARM_UP_RECORDS_MAX) continue;
      this.#starts.set(start.fromSeq, [...(this.#starts.get(start.fromSeq) ?? []), start]);
    }
  }

  take(record: EvidenceRecord): void {
    const { seq } = record.place;
    for (const start of this.#starts.get(seq) ?? []) this.#warm(start);
    if (record.kind === 'result') {
      if (guestOf(record)?.sha256 === this.#sha256) this.#takeResult(record);
      return;
    }
    this.#settle();
    this.#where = `${placeName(record.place)} record ${seq}`;
    if (record.kind === 'clock') this.#clock = record;
    for (const one of this.#warming) this.#feed(one, record);
    if (this.#running === null) return;
    try {
      this.#expected = feed(this.#running, record);
    } catch (failure) {
      this.#failure = whyStopped(failure);
    }
  }

  finish(): void {
    this.#settle();
  }

  #takeResult(record: ResultRecord): void {
    const { flags } = record.quality;
    if (flags.includes(STARTED)) this.#start(record);
    else if (flags.includes(STOPPED)) this.#stop();
    else this.#found.push(record);
  }

  #warm(start: GuestStart): void {
    if (this.#warming.length >= WARMINGS_MAX || this.#isOver) return;
    const warming: Warming = { start, processor: null, why: '' };
    const { core, engine } = this.#source;
    const options = { engineName: start.engine, signal: this.#stream.source.signal };
    try {
      warming.processor = new GuestProcessor(this.#stream, core, engine, options);
    } catch (failure) {
      warming.why = whyStopped(failure);
    }
    this.#warming.push(warming);
  }

  #feed(warming: Warming, record: EvidenceRecord): void {
    try {
      if (warming.processor !== null) feed(warming.processor, record);
    } catch (failure) {
      warming.processor = null;
      warming.why = whyStopped(failure);
    }
  }

  #start(record: ResultRecord): void {
    this.#settle();
    const { seq } = record.place;
    const warm = this.#warming.find(({ start }) => start.seq === seq) ?? null;
    this.#warming = this.#warming.filter((one) => one !== warm);
    this.#running = warm?.processor ?? null;
    this.#lapsedAt = null;
    this.#isSilent = false;
    // Null: what it got to know the signal by was trimmed, and so are its results to a re-check.
    if (warm === null) return;
    if (this.#running === null) {
      this.#say('module-stopped', warm.why);
      return;
    }
    if (this.#clock !== null) this.#running.clock(this.#clock);
    const fault = compareResults([this.#running.started(warm.start.fromSeq)], [record], this.#where);
    if (fault !== null) this.problems.push(fault);
  }

  /** What it found in the same input before it failed was never given. */
  #stop(): void {
    if (this.#found.length > 0) this.#say('result', 'its input gives no such result');
    this.#isOver = this.#failure !== null;
    this.#failure = null;
    this.#expected = [];
    this.#found = [];
    this.#running = null;
    this.#isSilent = true;
  }

  #settle(): void {
    const [expected, found, failure] = [this.#expected, this.#found, this.#failure];
    this.#expected = [];
    this.#found = [];
    this.#failure = null;
    if (this.#isSilent && found.length > 0) this.#say('result', 'its core did not run then');
    if (this.#running === null) return;
    if (failure !== null) {
      this.#running = null;
      this.#say('module-stopped', failure);
    } else if (found.length > 0) this.#judge(expected, found);
    else if (expected.length > 0) this.#lapsedAt ??= this.#where;
  }

  #judge(expected: readonly Result[], found: readonly ResultRecord[]): void {
    const lapsed = this.#lapsedAt;
    this.#lapsedAt = null;
    const fault =
      lapsed === null
        ? compareResults(expected, found, this.#where)
        : { code: 'result-missing' as const, where: lapsed, message: 'what its core finds is not there' };
    if (fault === null) this.agreed += found.length;
    else this.problems.push(fault);
  }

  #say(code: Problem['code'], message: string): void {
    this.problems.push({ code, where: this.#where, message });
  }
}

function feed(processor: GuestProcessor, record: EvidenceRecord): readonly Result[] {
  if (record.kind === 'clock') processor.clock(record);
  if (record.kind === 'end') return processor.end();
  const block = blockOf(record);
  return block === null ? [] : processor.block(block);
}

function whyStopped(failure: unknown): string {
  if (isMaiboError(failure, 'core-stopped', 'core-refused', 'core-status', 'input-range')) return failure.message;
  throw failure;
}
