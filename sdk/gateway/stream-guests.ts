// The cores of other makers on one stream that is being written. Whatever one of them does stays here: it is sealed as stopped, told, and left
// out from then on.
import type { ClockRecord, EvidenceRecord, StreamRecord } from '@maibo/protocols';
import { GuestProcessor } from '../pipeline/guest-processor.ts';
import { blockOf } from '../pipeline/replay.ts';
import type { Result } from '../pipeline/result.ts';
import type { SampleBlock } from '../stream/sample-block.ts';
import type { ForeignCore, ForeignCores } from './foreign-cores.ts';

interface Guest {
  readonly foreign: ForeignCore;
  readonly processor: GuestProcessor;
}

export class StreamGuests {
  readonly #stream: StreamRecord;
  readonly #cores: ForeignCores | null;
  #running: Guest[] = [];
  #isDue: boolean;

  constructor(stream: StreamRecord, cores: ForeignCores | null) {
    this.#stream = stream;
    this.#cores = cores;
    this.#isDue = this.#wanted().length > 0;
  }

  /** Some have to be started before the next input. */
  get isDue(): boolean {
    return this.#isDue;
  }

  /** The stream is taken up anew: so are they. */
  renew(): void {
    this.#running = [];
    this.#isDue = this.#wanted().length > 0;
  }

  /** Starts those that do not run. `records` are the stream's from `fromSeq` on: their input makes a core know the signal. */
  start(fromSeq: number, records: Iterable<EvidenceRecord>, clock: ClockRecord | null): Result[] {
    this.#isDue = false;
    const known = this.#running.map(({ foreign }) => foreign);
    const missing = this.#wanted().filter((foreign) => !known.includes(foreign));
    let fresh = missing.flatMap((foreign) => this.#open(foreign));
    if (fresh.length === 0) return [];
    for (const record of records) {
      const block = blockOf(record);
      if (block !== null) fresh = fresh.filter((guest) => !('stop' in this.#try(guest, (one) => one.block(block))));
    }
    this.#running.push(...fresh);
    return fresh.map(({ processor }) => {
      if (clock !== null) processor.clock(clock);
      return processor.started(fromSeq);
    });
  }

  clock(record: ClockRecord): void {
    for (const { processor } of this.#running) processor.clock(record);
  }

  /** What they find in this block, and which of them it stopped. */
  block(block: SampleBlock): Result[] {
    return this.#running.flatMap((guest) => this.#results(guest, (processor) => processor.block(block)));
  }

  end(): Result[] {
    return this.#running.flatMap((guest) => this.#results(guest, (processor) => processor.end()));
  }

  #wanted(): ForeignCore[] {
    return this.#cores?.forStream(this.#stream) ?? [];
  }

  #open(foreign: ForeignCore): Guest[] {
    const { core, engine, config } = foreign;
    const options = { engineName: engine.kind, ...(config.signal !== null && { signal: config.signal }) };
    try {
      return core === null ? [] : [{ foreign, processor: new GuestProcessor(this.#stream, core, engine, options) }];
    } catch (failure) {
      this.#cores?.fail(foreign, failure, true);
      return [];
    }
  }

  #results(guest: Guest, work: (processor: GuestProcessor) => Result[]): Result[] {
    const outcome = this.#try(guest, work);
    if ('stop' in outcome) return [guest.processor.stopped(outcome.stop)];
    guest.foreign.resultCount += outcome.results.length;
    return outcome.results;
  }

  /** A core that fails is left out from here on. */
  #try(guest: Guest, work: (processor: GuestProcessor) => Result[]) {
    try {
      return { results: work(guest.processor) };
    } catch (failure) {
      const stop = this.#cores!.fail(guest.foreign, failure);
      this.#running = this.#running.filter((one) => one !== guest);
      // Whatever ended its process may be over: it is started again before the next input.
      if (stop.reason === 'lost') this.#isDue = true;
      return { stop };
    }
  }
}
