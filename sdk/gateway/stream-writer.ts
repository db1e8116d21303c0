// Writes one stream of a store: seals input and results in the order they arise, cuts segments, commits in batches.
//
// Opening a stream that has records feeds the stored input through a new processor, so it stands where the last commit left it. Where that would
// be much, and once a day, a restart record is sealed instead: a new processor takes over that knows the last minutes (../evidence/warm-up.ts).
import { type CoreModule, coreCatalog } from '@maibo/cores';
import {
  CHAIN_START,
  type ClockRecord,
  chainAfter,
  decodeItem,
  type LogPosition,
  type StreamRecord,
  type TrimReason,
} from '@maibo/protocols';
import type { ClockMark, LogItem } from '../device/device-session.ts';
import { MaiboError } from '../errors.ts';
import { readRecord } from '../evidence/open-record.ts';
import { RecordChain, type SealedRecord } from '../evidence/record-chain.ts';
import { type AnyRecord, fromHex, type RecordBody, type StreamIdentity } from '../evidence/record-types.ts';
import { type SealedSegment, SegmentBuilder } from '../evidence/segment-builder.ts';
import { RESTART_RECORDS_MIN, ticksOfInput, WarmUp, warmUpFrom } from '../evidence/warm-up.ts';
import { blockOf, replayRecord } from '../pipeline/replay.ts';
import type { Result } from '../pipeline/result.ts';
import { type CoreName, StreamProcessor } from '../pipeline/stream-processor.ts';
import type { LinkNote, RestartPoint } from '../store/rows.ts';
import type { Batch, Store, StoredStream } from '../store/store.ts';
import type { SampleBlock } from '../stream/sample-block.ts';
import type { ClockSource, Signer } from '../world/world.ts';
import type { ForeignCores } from './foreign-cores.ts';
import { type Committer, createDirectCommitter } from './group-committer.ts';
import { StreamGuests } from './stream-guests.ts';
import { StreamTail } from './stream-tail.ts';

/** Cores whose modules go into the store beside the records that name them. */
const CORE_NAMES: readonly CoreName[] = ['wave-decode', 'ecg', 'ppg', 'rr', 'hrv'];

/** With more records than this behind the last restart record, a start seals another one instead of running all of them again. */
export const REPLAY_RECORDS_MAX = 1_200;
/** A running writer seals one this often, so that a stream that never stops can be trimmed. */
const RESTART_EVERY_S = 24 * 3600;

export type StreamDescription = Extract<RecordBody, { kind: 'stream' }>;

export interface StreamWriterOptions {
  readonly store: Store;
  readonly identity: StreamIdentity;
  readonly signer: Signer;
  /** What the device says of this stream; sealed as the first record of a new one. */
  readonly description: StreamDescription;
  /** How batches become durable; each at once when it is not given. */
  readonly committer?: Committer;
  /** Cores of other makers to run beside our own. */
  readonly cores?: ForeignCores;
}

export interface Committed {
  readonly results: readonly Result[];
  readonly recordCount: number;
  readonly segmentCount: number;
}

export interface TrimPlan {
  /** The first record to keep behind record 0. */
  readonly before: number;
  /** Hash of the record in front of it. */
  readonly hash: Uint8Array;
  readonly reason: TrimReason;
  readonly trimmed: NonNullable<Batch['trimmed']>;
}

export class StreamWriter {
  readonly #committer: Committer;
  readonly #stored: StoredStream;
  readonly #stream: StreamRecord;
  readonly #chain: RecordChain;
  readonly #segments: SegmentBuilder;
  readonly #tail: StreamTail;
  readonly #guests: StreamGuests;
  /** Null until a restart record is sealed, which the next input does. */
  #processor: StreamProcessor | null = null;
  #nextBlock: number;
  #nextSample = 0;
  #nextTicks = 0;
  #ended: boolean;
  #records: SealedRecord[] = [];
  #cut: SealedSegment[] = [];
  #results: Result[] = [];
  #trimmed: Batch['trimmed'];
  #committing: Promise<void> | null = null;
  #pendingBlocks = 0;
  #link: LinkNote = { chain: CHAIN_START, checkedUpto: -1 };
  #clock: ClockRecord | null = null;
  #restartSeq = 0;
  /** Ticks of the first input behind the last restart record. */
  #sinceTicks: number | null = null;

  private constructor(options: StreamWriterOptions, stored: StoredStream) {
    this.#committer = options.committer ?? createDirectCommitter(options.store);
    this.#stored = stored;
    this.#chain = new RecordChain(options.identity, options.signer, stored.chain);
    this.#segments = new SegmentBuilder(options.identity, options.signer, stored.segments);
    this.#tail = new StreamTail(options.store, stored.id, () => this.#records);
    this.#nextBlock = stored.nextBlock;
    this.#ended = stored.ended;
    if (stored.chain.recordCount === 0) {
      this.#stream = this.#seal(options.description);
      this.#processor = new StreamProcessor(this.#stream, installedModule);
    } else {
      this.#stream = firstRecordOf(options.store, stored.id);
      this.#link = stored.link ?? this.#tail.linkNote(stored.trimmed === null ? CHAIN_START : null);
      this.#standUp(stored);
    }
    this.#guests = new StreamGuests(this.#stream, options.cores ?? null);
  }

  static open(options: StreamWriterOptions): StreamWriter {
    for (const name of CORE_NAMES) {
      const module = installedModule(name);
      const hash = fromHex(module.sha256);
      if (options.store.module(hash) === null) options.store.addModule(hash, module);
    }
    return new StreamWriter(options, options.store.openStream(options.identity));
  }

  /** Goes on with a stream that the store holds. Errors: `evidence-bad` when it does not begin with its description. */
  static openStored(store: Store, stream: StoredStream, signer: Signer, committer?: Committer): StreamWriter {
    const { id, device, log, epoch } = stream;
    const { v, place, prev, ...description } = firstRecordOf(store, id);
    const identity = { device, log, epoch };
    return StreamWriter.open({ store, identity, signer, description, ...(committer && { committer }) });
  }

  /** Number of the item to ask for next. */
  get nextBlock(): number {
    return this.#nextBlock;
  }

  /** Where to go on with the device's log. */
  get position(): LogPosition {
    return { next: this.#nextBlock, chain: this.#link.chain };
  }

  get pendingBlocks(): number {
    return this.#pendingBlocks;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** From the next block on, ticks mean UTC by this mark. */
  markClock(mark: ClockMark, source: ClockSource): void {
    this.#sealClock({ kind: 'clock', ...mark, source });
  }

  take(item: LogItem): void {
    if (this.#ended && (item.kind === 'item' || item.kind === 'gap')) {
      throw new MaiboError('device-refused', 'the device goes on behind the end that it announced', {
        hint: 'nothing of this was stored',
      });
    }
    if (item.kind === 'gap') this.#takeGap(item);
    else if (item.kind === 'item') this.#takeItem(item);
    else if (item.kind === 'checkpoint') this.#takeCheckpoint(item);
    else if (item.final && !this.#ended) this.#takeEnd(item.head);
  }

  /** Says in the chain that the records before `plan.before` are no longer kept; once that is durable, `Store.dropTrimmed` takes them out. */
  takeTrim({ before, hash, reason, trimmed }: TrimPlan): void {
    this.#seal({ kind: 'trim', before, hash, reason });
    this.#trimmed = trimmed;
  }

  /**
   * Makes everything taken so far durable; null when there was nothing. After an error nothing of the batch is stored, and all of it waits for
   * the next commit. Errors: as `Store.commit`.
   */
  async commit(): Promise<Committed | null> {
    while (this.#committing !== null) await this.#committing.catch(() => undefined);
    if (this.#records.length === 0) return null;
    const [records, segments, results, blocks] = [this.#records, this.#cut, this.#results, this.#pendingBlocks];
    const batch: Batch = {
      records: [...records],
      segments: [...segments],
      nextBlock: this.#nextBlock,
      ended: this.#ended,
      link: this.#link,
      ...(this.#trimmed && { trimmed: this.#trimmed }),
    };
    const done = { results: [...results], recordCount: records.length, segmentCount: segments.length };
    this.#committing = this.#committer.commit(this.#stored.id, batch);
    try {
      await this.#committing;
    } finally {
      this.#committing = null;
    }
    // What was taken meanwhile stays for the next commit.
    this.#records.splice(0, done.recordCount);
    this.#cut.splice(0, done.segmentCount);
    this.#results.splice(0, done.results.length);
    this.#pendingBlocks -= blocks;
    if (this.#trimmed === batch.trimmed) this.#trimmed = undefined;
    return done;
  }

  #takeItem({ seq, bytes, block }: Extract<LogItem, { kind: 'item' }>): void {
    if (this.#processor === null) this.#restart();
    if (block !== null && (block.firstSample < this.#nextSample || block.ticks < this.#nextTicks)) {
      throw new MaiboError('device-refused', `block ${seq} of the device lies before the block behind it`, {
        hint: 'the device counts its samples or ticks wrongly: nothing of this block was stored',
      });
    }
    const ticks = block === null ? ticksOfItem(bytes) : block.ticks;
    if (this.#isDayOver(ticks)) this.#restart();
    if (this.#guests.isDue) this.#startGuests();
    this.#sinceTicks ??= ticks;
    this.#nextBlock = seq + 1;
    this.#pendingBlocks++;
    const record = this.#seal({ kind: 'item', itemSeq: seq, item: bytes });
    if (this.#link.chain !== null) this.#link = { ...this.#link, chain: chainAfter(this.#link.chain, bytes) };
    this.#noteBlock(block);
    this.#sealResults(replayRecord(this.#running(), record, block));
    if (block !== null) this.#sealResults(this.#guests.block(block));
  }

  /** The device's signed word is evidence whatever it says; one that says what the last one said is no news. */
  #takeCheckpoint({ checkpoint, signer, agrees }: Extract<LogItem, { kind: 'checkpoint' }>): void {
    const { upto, chain, signature } = checkpoint;
    if (upto <= this.#link.checkedUpto && agrees !== false) return;
    this.#link = { ...this.#link, checkedUpto: upto };
    this.#seal({ kind: 'checkpoint', upto, chain, signer, signature, agrees });
  }

  #takeGap(gap: Extract<LogItem, { kind: 'gap' }>): void {
    const fromBlock = Math.max(gap.from, this.#nextBlock);
    this.#seal({ kind: 'gap', fromBlock, toBlock: gap.to, reason: gap.reason });
    this.#nextBlock = gap.to + 1;
    this.#link = { ...this.#link, chain: gap.chain };
    this.#pendingBlocks++;
  }

  #takeEnd(head: number): void {
    if (this.#processor === null) this.#restart();
    this.#ended = true;
    this.#seal({ kind: 'end', blockHead: head });
    this.#sealResults([...this.#running().end(), ...this.#guests.end()]);
    const segment = this.#segments.close();
    if (segment !== null) this.#cut.push(segment);
  }

  #sealResults(results: readonly Result[]): void {
    for (const result of results) this.#seal({ kind: 'result', ...result });
    this.#results.push(...results);
  }

  #sealClock(mark: Extract<RecordBody, { kind: 'clock' }>): void {
    this.#clock = this.#seal(mark);
    this.#processor?.clock(this.#clock);
    this.#guests.clock(this.#clock);
  }

  #seal<Body extends RecordBody>(body: Body): Extract<AnyRecord, { kind: Body['kind'] }> {
    const sealed = this.#chain.seal(body);
    this.#records.push(sealed);
    const segment = this.#segments.add(sealed.bytes);
    if (segment !== null) this.#cut.push(segment);
    return sealed.record as Extract<AnyRecord, { kind: Body['kind'] }>;
  }

  #isDayOver(ticks: number | null): boolean {
    if (ticks === null || this.#sinceTicks === null) return false;
    if (this.#chain.head.recordCount - this.#restartSeq < RESTART_RECORDS_MIN) return false;
    return ticks - this.#sinceTicks >= RESTART_EVERY_S * this.#stream.tickRateHz;
  }

  /** A new processor takes over; the clock mark in force is said again behind the restart record, so that nothing before it is needed. */
  #restart(): void {
    const endSeq = this.#chain.head.recordCount;
    this.#clock ??= this.#tail.lastClock(this.#stored.clockSeq, endSeq);
    const fromSeq = warmUpFrom(this.#tail.backwards(endSeq), endSeq, this.#stream);
    this.#processor = this.#warmUp(fromSeq, endSeq);
    this.#restartSeq = this.#seal({ kind: 'restart', fromSeq }).place.seq;
    this.#sinceTicks = null;
    this.#guests.renew();
    if (this.#clock === null) return;
    const { boot, ticks, utcUs, uncertaintyUs, source } = this.#clock;
    this.#sealClock({ kind: 'clock', boot, ticks, utcUs, uncertaintyUs, source });
  }

  /** A new processor that was fed the input from `fromSeq` up to a restart record at `restartSeq`, and whose results count from there on. */
  #warmUp(fromSeq: number, restartSeq: number): StreamProcessor {
    const processor = new StreamProcessor(this.#stream, installedModule, true);
    processor.follow();
    const warmUp = new WarmUp(fromSeq, this.#stream);
    for (const record of this.#tail.from(fromSeq)) {
      if (record.place.seq >= restartSeq) break;
      this.#replay(processor, record);
      warmUp.follow(record);
    }
    processor.resume(warmUp.given);
    return processor;
  }

  /** Like our own they get to know the signal first; which input that was, each one's first result says. */
  #startGuests(): void {
    const endSeq = this.#chain.head.recordCount;
    const fromSeq = warmUpFrom(this.#tail.backwards(endSeq), endSeq, this.#stream);
    this.#sealResults(this.#guests.start(fromSeq, this.#tail.from(fromSeq), this.#clock));
  }

  #noteBlock(block: SampleBlock | null): void {
    if (block === null) return;
    this.#nextTicks = block.ticks;
    this.#nextSample = block.firstSample + block.sampleCount;
  }

  #replay(processor: StreamProcessor, record: AnyRecord): void {
    const block = blockOf(record, processor.decoder);
    replayRecord(processor, record, block);
    this.#noteBlock(block);
  }

  /** Stands behind the stored records as it stood when they were sealed. Where they are many, that is left to a restart record. */
  #standUp({ restart, chain, ended }: StoredStream): void {
    const isLong = chain.recordCount - (restart?.seq ?? 0) > REPLAY_RECORDS_MAX;
    if (isLong || ended) return;
    const processor = this.#takeUp(restart);
    processor.follow();
    for (const record of this.#tail.from(this.#restartSeq + 1)) {
      this.#replay(processor, record);
      this.#sinceTicks ??= ticksOfInput(record);
      if (record.kind === 'clock') this.#clock = record;
    }
    processor.resume();
    this.#processor = processor;
  }

  #takeUp(restart: RestartPoint | null): StreamProcessor {
    if (restart === null) return new StreamProcessor(this.#stream, installedModule);
    this.#restartSeq = restart.seq;
    return this.#warmUp(restart.fromSeq, restart.seq);
  }

  #running(): StreamProcessor {
    if (this.#processor === null) throw new Error('input before the restart record');
    return this.#processor;
  }
}

function firstRecordOf(store: Store, streamId: number): StreamRecord {
  const [first] = store.records(streamId, 0, 0);
  const record = first === undefined ? null : readRecord(first.bytes).record;
  if (record?.kind === 'stream') return record;
  throw new MaiboError('evidence-bad', 'the first record of a stored stream does not describe it', {
    hint: 'run `maibo verify` on this store',
  });
}

function ticksOfItem(bytes: Uint8Array): number | null {
  const item = decodeItem(bytes);
  return item.ok && 'ticks' in item.value ? item.value.ticks : null;
}

export function installedModule(name: CoreName): CoreModule {
  return coreCatalog.get(name);
}
