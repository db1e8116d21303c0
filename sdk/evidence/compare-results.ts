// Runs the input of a stream again: behind every input record must stand exactly the results that it settles, as one of the processors gives
// them. At a restart record new processors take over, which were warmed up beside the old ones.
import type { EvidenceRecord, ResultRecord, StreamRecord } from '@maibo/protocols';
import { replayRecord } from '../pipeline/replay.ts';
import type { Result } from '../pipeline/result.ts';
import type { StreamProcessor } from '../pipeline/stream-processor.ts';
import type { Seals } from './check-seals.ts';
import { isGuestResult } from './guest-seals.ts';
import { type Problem, placeName } from './problem.ts';
import { compareResults } from './same-results.ts';
import { restartFault, WarmUp } from './warm-up.ts';

export interface Replay {
  readonly agreed: number;
  /** Results whose input was trimmed: they are sealed, and cannot be run again. */
  readonly skipped: number;
  readonly problems: readonly Problem[];
}

/** Processors of a stream from its beginning, or from its middle. */
export type MakeProcessors = (isTakenUp: boolean) => readonly StreamProcessor[];

interface Warming {
  readonly warmUp: WarmUp;
  readonly processors: readonly StreamProcessor[];
  readonly restartSeq: number;
}

export class ResultReplay {
  readonly #stream: StreamRecord;
  readonly #make: MakeProcessors;
  readonly #plan: ReadonlyMap<number, readonly number[]>;
  readonly #faults = new Map<number, string>();
  readonly #problems: Problem[] = [];
  /** Null in front of the first restart record of a stream whose beginning was trimmed. */
  #processors: readonly StreamProcessor[] | null;
  #warming: Warming[] = [];
  #agreed = 0;
  #skipped = 0;
  #expected: Result[][] = [];
  #found: ResultRecord[] = [];
  #where = '';

  constructor(stream: StreamRecord, seals: Pick<Seals, 'restarts' | 'hole'>, make: MakeProcessors) {
    this.#stream = stream;
    this.#make = make;
    this.#processors = seals.hole === null ? make(false) : null;
    this.#plan = this.#planWarmUps(seals.restarts);
  }

  /** Results of other makers' cores are not for these processors (guest-replay.ts). */
  take(record: EvidenceRecord): void {
    this.#startWarmUps(record.place.seq);
    if (isGuestResult(record)) return;
    if (record.kind === 'result') {
      this.#found.push(record);
      for (const { warmUp } of this.#warming) warmUp.follow(record);
      return;
    }
    this.#settle();
    this.#where = `${placeName(record.place)} record ${record.place.seq}`;
    if (record.kind === 'restart') this.#takeRestart(record.place.seq);
    this.#expected = (this.#processors ?? []).map((processor) => replayRecord(processor, record));
    for (const { processors, warmUp } of this.#warming) {
      for (const processor of processors) replayRecord(processor, record);
      warmUp.follow(record);
    }
  }

  finish(): Replay {
    this.#settle();
    return { agreed: this.#agreed, skipped: this.#skipped, problems: this.#problems };
  }

  /** Restart records by the record from which their warm-up begins; one that cannot be is told where it stands. */
  #planWarmUps(restarts: Seals['restarts']): Map<number, number[]> {
    const plan = new Map<number, number[]>();
    let before: Seals['restarts'][number] | null = null;
    for (const restart of restarts) {
      const fault = restartFault(restart, before);
      if (fault === null) {
        plan.set(restart.fromSeq, [...(plan.get(restart.fromSeq) ?? []), restart.seq]);
        before = restart;
      } else this.#faults.set(restart.seq, fault);
    }
    return plan;
  }

  #startWarmUps(seq: number): void {
    for (const restartSeq of this.#plan.get(seq) ?? []) {
      const processors = this.#make(true);
      for (const processor of processors) processor.follow();
      this.#warming.push({ warmUp: new WarmUp(seq, this.#stream), processors, restartSeq });
    }
  }

  #takeRestart(seq: number): void {
    const warm = this.#warming.find(({ restartSeq }) => restartSeq === seq);
    this.#warming = this.#warming.filter((one) => one !== warm);
    const fault = this.#faults.get(seq) ?? null;
    if (fault !== null) this.#say(fault);
    // Its warm-up was trimmed: the next restart record has one that is here.
    else if (warm === undefined) return;
    else if (!warm.warmUp.isEnough(seq)) this.#say(`its warm-up from record ${warm.warmUp.fromSeq} on is too short`);
    else {
      for (const processor of warm.processors) processor.resume(warm.warmUp.given);
      this.#processors = warm.processors;
    }
  }

  #say(message: string): void {
    this.#problems.push({ code: 'restart', where: this.#where, message });
  }

  #settle(): void {
    if (this.#processors === null) this.#skipped += this.#found.length;
    const verdicts = this.#expected.map((results) => compareResults(results, this.#found, this.#where));
    const best = verdicts.find((verdict) => verdict === null) === null ? null : verdicts[0];
    if (best === null) this.#agreed += this.#found.length;
    else if (best !== undefined) this.#problems.push(best);
    this.#found = [];
  }
}
