// Gathers what the report shows from the sealed records of a store.
import type { ClockRecord, ResultRecord, StreamRecord } from '@maibo/protocols';
import { decodeReceipt, openCose } from '@maibo/protocols';
import { MaiboError } from '../errors.ts';
import { readRecord } from '../evidence/open-record.ts';
import { toHex } from '../evidence/record-types.ts';
import { blockOf } from '../pipeline/replay.ts';
import { RR_FLAG_NUMBERS } from '../pipeline/rr-series.ts';
import { ARTEFACT_NUMBERS } from '../pipeline/window-results.ts';
import type { Store, StoredSegment, StoredStream } from '../store/store.ts';
import { physicalValue, type SampleBlock, samplesAsNumbers } from '../stream/sample-block.ts';
import { MAIBO_VERSION } from '../version.ts';
import type { HrvWindow, Measurement, ReportModel, ReportStream } from './report-model.ts';
import { TABLE_ROWS_MAX } from './table.ts';

export interface ReportOptions {
  readonly title: string;
  /** From the World's clock. */
  readonly createdUtcUs: number;
}

/** Length of the ECG strip: long enough for a dozen beats, short enough to see their shape. */
const STRIP_S = 10;
/** Where the strip begins when the stream is long enough: behind the detector's learning. */
const STRIP_FROM_S = 10;

/** Errors: `evidence-bad` when a stored record cannot be read. Nothing is verified here; `maibo verify` does that. */
export function reportModelOf(store: Store, options: ReportOptions): ReportModel {
  return {
    title: options.title,
    maiboVersion: MAIBO_VERSION,
    createdUtcUs: options.createdUtcUs,
    streams: store.streams().flatMap((stream) => {
      const gathered = gather(store, stream);
      return gathered === null ? [] : [streamOf(store, stream, gathered)];
    }),
  };
}

interface Gathered {
  readonly description: StreamRecord;
  readonly beats: ResultRecord[];
  readonly rr: ResultRecord[];
  readonly hrv: ResultRecord[];
  readonly hrvErrors: ResultRecord[];
  readonly measurements: ResultRecord[];
  readonly strip: SampleBlock[];
  readonly gaps: ReportStream['gaps'][number][];
  clock: ClockRecord | null;
  measurementCount: number;
  endS: number;
  signerHex: string;
}

/** Where a result is gathered; `hrv-time` is what pipeline version 1 called its HRV. */
const SHELVES = { beats: 'beats', rr: 'rr', hrv: 'hrv', 'hrv-time': 'hrv', 'hrv-error': 'hrvErrors' } as const;

function gather(store: Store, stream: StoredStream): Gathered | null {
  let gathered: Gathered | null = null;
  let pastS = 0;
  for (const { bytes } of store.records(stream.id)) {
    const { record, keyId } = readRecord(bytes);
    if (record.kind === 'stream') {
      gathered ??= {
        description: record,
        beats: [],
        rr: [],
        hrv: [],
        hrvErrors: [],
        measurements: [],
        measurementCount: 0,
        strip: [],
        gaps: [],
        clock: null,
        endS: 0,
        signerHex: toHex(keyId),
      };
    }
    if (gathered === null) throw new MaiboError('evidence-bad', 'a stream does not begin with its description');
    if (record.kind === 'clock') gathered.clock ??= record;
    if (record.kind === 'result') shelve(gathered, record);
    const block = blockOf(record);
    if (block !== null) pastS = takeBlock(gathered, block, pastS);
  }
  return gathered;
}

function shelve(gathered: Gathered, record: ResultRecord): void {
  if (record.result in SHELVES) gathered[SHELVES[record.result as keyof typeof SHELVES]].push(record);
  else if (gathered.description.source.signal === 'vital') {
    gathered.measurementCount++;
    gathered.measurements.push(record);
    // An oximeter measures once a second: only what will be shown is kept.
    if (gathered.measurements.length > 2 * TABLE_ROWS_MAX) gathered.measurements.splice(0, TABLE_ROWS_MAX);
  }
}

/** Notes the block's stretch; returns where it ends. */
function takeBlock(gathered: Gathered, block: SampleBlock, pastS: number): number {
  const { rateHz, tickRateHz } = gathered.description;
  const fromS = rateHz === null ? block.ticks / tickRateHz : block.firstSample / rateHz;
  const lengthS = rateHz === null ? sumS(samplesAsNumbers(block.format, block.bytes)) : block.sampleCount / rateHz;
  // Half a sample of rounding is no gap.
  if (fromS - pastS > 0.01 && pastS > 0) gathered.gaps.push({ fromS: pastS, toS: fromS, reason: 'gap' });
  gathered.endS = fromS + lengthS;
  if (rateHz !== null && fromS < STRIP_FROM_S + STRIP_S && gathered.endS > 0) gathered.strip.push(block);
  return gathered.endS;
}

function sumS(intervalsUs: readonly (number | null)[]): number {
  return intervalsUs.reduce<number>((sum, us) => sum + (us ?? 0), 0) / 1e6;
}

function streamOf(store: Store, stream: StoredStream, gathered: Gathered): ReportStream {
  const { description, clock } = gathered;
  const newest = gathered.hrv.at(-1) ?? gathered.beats.at(-1) ?? gathered.measurements.at(-1);
  return {
    deviceHex: toHex(description.source.device),
    sensor: description.source.sensor,
    signal: description.source.signal,
    firmware: description.firmware,
    rateHz: description.rateHz,
    unit: description.unit,
    durationS: gathered.endS,
    strip: stripOf(gathered),
    rr: rrOf(gathered.beats, gathered.rr),
    gaps: gathered.gaps,
    hrvWindows: gathered.hrv.map((record) => windowOf(record, gathered.hrvErrors)),
    measurements: {
      newest: gathered.measurements.slice(-TABLE_ROWS_MAX).map(measurementOf),
      count: gathered.measurementCount,
    },
    provenance: {
      cores: (newest?.method.cores ?? []).map(({ name, version, sha256 }) => ({
        name,
        version,
        sha256Hex: toHex(sha256),
      })),
      pipeline: newest === undefined ? '' : `${newest.method.pipeline.name} ${newest.method.pipeline.version}`,
      parameters: parametersOf(newest),
      signerHex: gathered.signerHex,
      labKey: store.keys().some((key) => key.role === 'gateway-lab' && toHex(key.keyId) === gathered.signerHex),
      clock:
        clock === null
          ? null
          : { source: clock.source, utcUs: clock.utcUs, ticks: clock.ticks, uncertaintyUs: clock.uncertaintyUs },
      recordCount: stream.chain.recordCount,
      headHashHex: toHex(stream.chain.hash),
    },
    segments: store.segments(stream.id).map((segment) => segmentOf(store, segment)),
  };
}

function stripOf({ description, strip, beats, endS }: Gathered): ReportStream['strip'] {
  const { rateHz } = description;
  if (rateHz === null || strip.length === 0) return null;
  const fromS = endS >= STRIP_FROM_S + STRIP_S ? STRIP_FROM_S : 0;
  const toS = Math.min(endS, fromS + STRIP_S);
  const first = Math.ceil(fromS * rateHz);
  const values: (number | null)[] = new Array(Math.max(0, Math.floor(toS * rateHz) - first)).fill(null);
  for (const block of strip) {
    for (const [index, count] of samplesAsNumbers(block.format, block.bytes).entries()) {
      const at = block.firstSample + index - first;
      if (at >= 0 && at < values.length) values[at] = count === null ? null : physicalValue(count, description);
    }
  }
  const beatTimesS = beats
    .flatMap((record) => numbersOf(record, 'beatS'))
    .filter((timeS) => timeS >= fromS && timeS < toS);
  return { fromS, rateHz, values, beatTimesS };
}

const RR_FLAGS = Object.entries(RR_FLAG_NUMBERS);

const ARTEFACTS = Object.entries(ARTEFACT_NUMBERS);

/** Raw intervals; where the rr core took one for something other than normal, its word is the flag. */
function rrOf(beats: readonly ResultRecord[], decided: readonly ResultRecord[]): ReportStream['rr'] {
  const artefacts = new Map<number, string>();
  for (const record of decided) {
    const numbers = numbersOf(record, 'artefact');
    for (const [index, endS] of numbersOf(record, 'rrEndS').entries()) {
      const name = ARTEFACTS.find(([, value]) => value === numbers[index])?.[0];
      if (name !== undefined && name !== 'normal') artefacts.set(endS, name);
    }
  }
  const flags = beats.flatMap((record) => numbersOf(record, 'rrFlag'));
  const timeS = beats.flatMap((record) => numbersOf(record, 'rrEndS'));
  return {
    timeS,
    ms: beats.flatMap((record) => numbersOf(record, 'rrMs')),
    flag: flags.map((number, index) => {
      const raw = RR_FLAGS.find(([, value]) => value === number)?.[0] ?? 'unknown';
      return raw === 'gap' || raw === 'poor' ? raw : (artefacts.get(timeS[index] ?? -1) ?? raw);
    }),
  };
}

function numbersOf(record: ResultRecord, name: string): readonly number[] {
  const value = record.values[name];
  return Array.isArray(value) ? value : [];
}

function windowOf(record: ResultRecord, errors: readonly ResultRecord[]): HrvWindow {
  const { fromS, toS } = record.values;
  const error = errors.find(({ values }) => values.toS === toS && values.fromS === fromS);
  return {
    fromS: typeof fromS === 'number' ? fromS : 0,
    toS: typeof toS === 'number' ? toS : 0,
    quality: record.quality.score,
    coverage: record.quality.coverage,
    flags: record.quality.flags,
    values: indicesOf(record),
    errors: error === undefined ? {} : indicesOf(error),
  };
}

function measurementOf({ result, time, values, quality }: ResultRecord): Measurement {
  const { deviceTime } = values;
  return {
    result,
    utcUs: time.fromUtcUs,
    deviceTime: typeof deviceTime === 'string' ? deviceTime : null,
    values: Object.fromEntries(
      Object.entries(values).flatMap(([name, value]) =>
        typeof value === 'number' || value === null ? [[name, value]] : [],
      ),
    ),
    flags: quality.flags,
  };
}

function indicesOf({ values }: ResultRecord): Record<string, number | null> {
  const indices = Object.entries(values).filter(([name]) => name.startsWith('HRV_'));
  return Object.fromEntries(indices.map(([name, value]) => [name, typeof value === 'number' ? value : null]));
}

function parametersOf(record: ResultRecord | undefined): Record<string, number | string | null> {
  const entries = Object.entries(record?.method.parameters ?? {});
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : value]),
  );
}

function segmentOf(store: Store, segment: StoredSegment): ReportStream['segments'][number] {
  const sealed = segment.receipt === null ? null : openCose(segment.receipt);
  const receipt = sealed?.ok ? decodeReceipt(sealed.value.payload) : null;
  return {
    index: segment.index,
    sha256Hex: toHex(segment.hash),
    recordCount: segment.last - segment.first + 1,
    sizeBytes: store.segmentBytes(segment).length,
    receipt:
      sealed?.ok && receipt?.ok
        ? { platformHex: toHex(sealed.value.keyId), receivedUtcUs: receipt.value.receivedUtcUs }
        : null,
  };
}
