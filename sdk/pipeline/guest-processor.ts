// A maker's own core over the samples of a stream: its findings as results of the kind `core`, under the names that its manifest gives them.
// Live in the gateway and in a re-check it is this one machine, as StreamProcessor is for the cores that come with Maibo.
//
//   block ─counts to the stream's unit─▶ GuestCore ─findings─▶ one result a block that gave any (more where they do not fit)
//
// A core lives from a `core-started` result to the next one or to `core-stopped`. It begins anew behind every hole in the log.
import type { ClockRecord, StreamRecord } from '@maibo/protocols';
import type { CoreManifest } from '../engine/core-manifest.ts';
import type { CorePackage } from '../engine/core-package.ts';
import { CoreStoppedError, type Engine } from '../engine/engine.ts';
import { GuestCore, type GuestFinding } from '../engine/guest-core.ts';
import { MaiboError } from '../errors.ts';
import { physicalValue, type SampleBlock, samplesAsFloat32 } from '../stream/sample-block.ts';
import type { Result } from './result.ts';
import { TimeAxis } from './time-axis.ts';

export const GUEST_PIPELINE = { name: 'maibo-guest', version: '1' } as const;
export const STARTED = 'core-started';
export const STOPPED = 'core-stopped';

/** A list of a record holds so many values, and all of them together this many bytes, at 9 a number; a sealed record ends at 64 KiB. */
const ROWS_MAX = 1_024;
const VALUE_BYTES_MAX = 48_000;
/** Findings are fewer than samples. A core may begin with some, and no core writes the store full. */
const FINDINGS_FREE = 1_024;
const TEXT_MAX = 64;

export interface GuestOptions {
  /** What results call the engine; a re-check says what the gateway said. */
  readonly engineName: string;
  /** Which signal of a stream it takes; the manifest's when it is not given. */
  readonly signal?: string;
}

/** Why this core is not for this stream; null when it is. */
export function guestMisfit(
  { takes, gives }: CoreManifest,
  stream: StreamRecord,
  signal = takes.signal,
): string | null {
  const { rateHz, unit, source } = stream;
  if (source.signal !== signal) return `it takes ${signal}, the stream is ${source.signal}`;
  if (rateHz === null) return 'the stream is not sampled at a rate';
  if (!(rateHz >= takes.rateHzMin && rateHz <= takes.rateHzMax)) return `it does not take ${rateHz} samples per second`;
  if (takes.channelCount !== 1) return `it takes ${takes.channelCount} channels, the stream has one`;
  if (takes.unit !== '' && takes.unit !== unit) return `it takes ${takes.unit}, the stream is in ${unit}`;
  return gives.fields.length === 0 ? 'it gives nothing that could be stored' : null;
}

export class GuestProcessor {
  readonly #stream: StreamRecord;
  readonly #manifest: CoreManifest;
  readonly #core: GuestCore;
  readonly #engineName: string;
  readonly #axis: TimeAxis;
  readonly #rateHz: number;
  /** Sample number of the core's own sample 0. */
  #base = 0;
  #next: number | null = null;
  #span = { fromS: 0, toS: 0, coverage: 0 };
  #sampleCount = 0;
  #findingCount = 0;

  /** Errors: `input-range` for a stream that the core does not take, `core-refused`, `core-stopped`, `engine-absent`. */
  constructor(stream: StreamRecord, core: CorePackage, engine: Engine, options: GuestOptions) {
    const misfit = guestMisfit(core.manifest, stream, options.signal);
    if (misfit !== null) throw new MaiboError('input-range', `core ${core.manifest.name}: ${misfit}`);
    this.#stream = stream;
    this.#manifest = core.manifest;
    this.#rateHz = stream.rateHz!;
    this.#core = GuestCore.create(core, this.#rateHz, engine);
    this.#engineName = options.engineName;
    this.#axis = new TimeAxis(stream.tickRateHz);
  }

  clock(record: ClockRecord): void {
    this.#axis.setClock(record);
  }

  /** Errors: `core-status`, `core-stopped`. */
  block(block: SampleBlock): Result[] {
    const tail = this.#next === null || block.firstSample === this.#next ? [] : this.#breakAt(block.firstSample);
    if (this.#next === null) this.#base = block.firstSample;
    this.#next = block.firstSample + block.sampleCount;
    const samples = samplesAsFloat32(block.format, block.bytes).map((count) => physicalValue(count, this.#stream));
    const fromS = block.firstSample / this.#rateHz;
    this.#axis.anchor(fromS, block.ticks);
    this.#sampleCount += samples.length;
    this.#span = { fromS, toS: this.#next / this.#rateHz, coverage: shareOfFinite(samples) };
    return [...tail, ...this.#resultsOf(this.#core.push(samples))];
  }

  /** What the core still holds. Errors as `block`. */
  end(): Result[] {
    return this.#next === null ? [] : this.#resultsOf(this.#core.flush());
  }

  /** From here on the core runs; it was fed the input from the record `fromSeq` on. */
  started(fromSeq: number): Result {
    return { ...this.#head(), quality: { score: null, coverage: 0, flags: [STARTED] }, values: { fromSeq } };
  }

  /** It gives nothing from here on, until it is started again. */
  stopped({ reason, why }: { readonly reason: string; readonly why: string }): Result {
    const values = { reason, why: why.replace(/[^\x20-\x7e]/g, '?').slice(0, TEXT_MAX) };
    return { ...this.#head(), quality: { score: null, coverage: 0, flags: [STOPPED] }, values };
  }

  #breakAt(sample: number): Result[] {
    const tail = this.#resultsOf(this.#core.flush());
    this.#core.reset();
    this.#base = sample;
    return tail;
  }

  #resultsOf(findings: readonly GuestFinding[]): Result[] {
    this.#findingCount += findings.length;
    if (this.#findingCount > this.#sampleCount + FINDINGS_FREE) throw this.#tooMany();
    const { fields } = this.#manifest.gives;
    const rowsMax = Math.min(ROWS_MAX, Math.floor(VALUE_BYTES_MAX / (9 * fields.length)));
    const { coverage } = this.#span;
    const results: Result[] = [];
    for (let from = 0; from < findings.length; from += rowsMax) {
      const rows = findings.slice(from, from + rowsMax);
      // Records know one zero: -0 would not come back as it went.
      const columns = fields.map(({ name }) => [name, rows.map((row) => row[name]! + 0)] as const);
      const quality = { score: null, coverage, flags: [] };
      results.push({ ...this.#head(), quality, values: Object.fromEntries(columns) });
    }
    return results;
  }

  #head(): Pick<Result, 'result' | 'source' | 'method' | 'time'> {
    const { name, version, sha256 } = this.#manifest;
    const parameters = { engine: this.#engineName, rateHz: this.#rateHz, firstSample: this.#base };
    const method = { pipeline: GUEST_PIPELINE, cores: [{ name, version, sha256 }], parameters };
    const { fromS, toS } = this.#span;
    return { result: 'core', source: this.#stream.source, method, time: this.#axis.span(fromS, toS) };
  }

  #tooMany(): CoreStoppedError {
    const { name, version, sha256 } = this.#manifest;
    const why = `${this.#findingCount} findings in ${this.#sampleCount} samples`;
    return new CoreStoppedError({ name, version, sha256: Buffer.from(sha256).toString('hex'), reason: 'answer', why });
  }
}

function shareOfFinite(samples: Float32Array): number {
  return samples.length === 0 ? 0 : samples.filter((sample) => Number.isFinite(sample)).length / samples.length;
}
