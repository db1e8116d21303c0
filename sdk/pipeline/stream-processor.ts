// The whole method of a stream in one deterministic machine: records of input in, results out. The gateway runs it live, after a
// restart it is fed the stored input again, and `verify` runs it to compare. Same input records, same results, bit for bit.
//
//   blocks of samples or intervals ─▶ BeatProcessor        values of a clinic device ─▶ VitalProcessor
import type { CoreModule } from '@maibo/cores';
import type { ClockRecord, GattItem, StreamRecord } from '@maibo/protocols';
import { MaiboError } from '../errors.ts';
import type { SampleBlock } from '../stream/sample-block.ts';
import { BeatProcessor, type Given } from './beat-processor.ts';
import type { Modules } from './modules.ts';
import type { Result } from './result.ts';
import { VitalProcessor } from './vital-processor.ts';

export type { Given } from './beat-processor.ts';
export type { CoreName, Modules } from './modules.ts';

const NOTHING_GIVEN: Given = { spanEndTicks: null, stepEndTicks: null };

export class StreamProcessor {
  /** The module for coded samples of this stream: whoever makes blocks of stored items decodes with it. */
  readonly decoder: CoreModule;
  readonly #method: BeatProcessor | VitalProcessor;
  #ended = false;

  /**
   * `isTakenUp`: the stream is taken up in its middle, behind a restart record (../evidence/warm-up.ts). Errors: `input-range` for a stream
   * that cannot be: no ticks, no gain, a sample rate that the core does not take.
   */
  constructor(stream: StreamRecord, modules: Modules, isTakenUp = false) {
    if (stream.tickRateHz === 0) throw new MaiboError('input-range', 'a stream without ticks');
    if (stream.gain === 0 || !Number.isFinite(stream.gain))
      throw new MaiboError('input-range', `a gain of ${stream.gain}`);
    this.decoder = modules('wave-decode');
    this.#method =
      stream.source.signal === 'vital' ? new VitalProcessor(stream) : new BeatProcessor(stream, modules, isTakenUp);
  }

  /** From here on ticks mean UTC by this mark. */
  clock(record: ClockRecord): void {
    this.#method.clock(record);
  }

  /** Results that this block settles, in order. Errors: `input-range` behind the end of the stream. */
  block(block: SampleBlock): Result[] {
    if (this.#ended) throw new MaiboError('input-range', `block ${block.seq} stands behind the end of the stream`);
    return this.#method instanceof BeatProcessor ? this.#method.block(block) : [];
  }

  /** The result of one measurement of a clinic device. Errors: `input-range` behind the end of the stream. */
  value(item: GattItem): Result[] {
    if (this.#ended) throw new MaiboError('input-range', 'a value stands behind the end of the stream');
    return this.#method instanceof VitalProcessor ? this.#method.value(item) : [];
  }

  /** Takes input only to stand behind it: no results are computed until `resume`. */
  follow(): void {
    if (this.#method instanceof BeatProcessor) this.#method.isQuiet = true;
  }

  /** Warmed up: from here on results count, and go on behind those that were given before. */
  resume(given: Given = NOTHING_GIVEN): void {
    if (!(this.#method instanceof BeatProcessor)) return;
    this.#method.isQuiet = false;
    this.#method.resume(given);
  }

  /** Nothing follows: what the cores still hold comes out, the last span and window as far as they reach. */
  end(): Result[] {
    this.#ended = true;
    return this.#method instanceof BeatProcessor ? this.#method.end() : [];
  }
}
