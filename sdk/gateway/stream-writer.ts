// Writes one stream of a store: seals input and results in the order they arise, cuts segments, commits in batches.
//
// Opening a stream that has records feeds the stored input through a new processor, so it stands where the last commit left it.
import { type CoreModule, coreCatalog } from '@maibo/cores';
import { CHAIN_START, chainAfter, type EvidenceRecord, type LogPosition, type StreamRecord } from '@maibo/protocols';
import type { ClockMark, LogItem } from '../device/device-session.ts';
import { MaiboError } from '../errors.ts';
import { readRecord } from '../evidence/open-record.ts';
import { RecordChain, type SealedRecord } from '../evidence/record-chain.ts';
import { type AnyRecord, fromHex, type RecordBody, type StreamIdentity } from '../evidence/record-types.ts';
import { type SealedSegment, SegmentBuilder } from '../evidence/segment-builder.ts';
import { blockOf, replayRecord } from '../pipeline/replay.ts';
import type { Result } from '../pipeline/result.ts';
import { type CoreName, StreamProcessor } from '../pipeline/stream-processor.ts';
import type { Store, StoredStream } from '../store/store.ts';
import type { SampleBlock } from '../stream/sample-block.ts';
import type { ClockSource, Signer } from '../world/world.ts';

/** Cores whose modules go into the store beside the records that name them. */
const CORE_NAMES: readonly CoreName[] = ['wave-decode', 'ecg', 'ppg', 'rr', 'hrv'];

export type StreamDescription = Extract<RecordBody, { kind: 'stream' }>;

export interface StreamWriterOptions {
  readonly store: Store;
  readonly identity: StreamIdentity;
  readonly signer: Signer;
  /** What the device says of this stream; sealed as the first record of a new one. */
  readonly description: StreamDescription;
}

export interface Committed {
  readonly results: readonly Result[];
  readonly recordCount: number;
  readonly segmentCount: number;
}

export class StreamWriter {
  readonly #store: Store;
  readonly #stored: StoredStream;
  readonly #chain: RecordChain;
  readonly #segments: SegmentBuilder;
  readonly #processor: StreamProcessor;
  #nextBlock: number;
  #nextSample = 0;
  #nextTicks = 0;
  #ended: boolean;
  #records: SealedRecord[] = [];
  #cut: SealedSegment[] = [];
  #results: Result[] = [];
  #pendingBlocks = 0;
  /** The device's chain behind the last item; null where an item is missing and the device's word for it was not kept. */
  #linkChain: Uint8Array | null = CHAIN_START;
  #checkedUpto = -1;

  private constructor(options: StreamWriterOptions, stored: StoredStream) {
    this.#store = options.store;
    this.#stored = stored;
    this.#chain = new RecordChain(options.identity, options.signer, stored.chain);
    this.#segments = new SegmentBuilder(options.identity, options.signer, stored.segments);
    this.#nextBlock = stored.nextBlock;
    this.#ended = stored.ended;
    const first = stored.chain.recordCount === 0 ? this.#seal(options.description) : this.#firstRecord();
    this.#processor = new StreamProcessor(first, installedModule);
    this.#replayStored();
  }

  static open(options: StreamWriterOptions): StreamWriter {
    for (const name of CORE_NAMES) {
      const module = installedModule(name);
      options.store.addModule(fromHex(module.sha256), module);
    }
    return new StreamWriter(options, options.store.openStream(options.identity));
  }

  /** Number of the item to ask for next. */
  get nextBlock(): number {
    return this.#nextBlock;
  }

  /** Where to go on with the device's log. */
  get position(): LogPosition {
    return { next: this.#nextBlock, chain: this.#linkChain };
  }

  get pendingBlocks(): number {
    return this.#pendingBlocks;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** From the next block on, ticks mean UTC by this mark. */
  markClock(mark: ClockMark, source: ClockSource): void {
    const record = this.#seal({ kind: 'clock', ...mark, source });
    this.#processor.clock(record);
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

  /** Makes everything taken durable; null when there was nothing. After an error nothing of the batch is stored. */
  commit(): Committed | null {
    if (this.#records.length === 0) return null;
    const batch = { records: this.#records, segments: this.#cut, nextBlock: this.#nextBlock, ended: this.#ended };
    this.#store.commit(this.#stored.id, batch);
    const done = { results: this.#results, recordCount: this.#records.length, segmentCount: this.#cut.length };
    this.#records = [];
    this.#cut = [];
    this.#results = [];
    this.#pendingBlocks = 0;
    return done;
  }

  #takeItem({ seq, bytes, block }: Extract<LogItem, { kind: 'item' }>): void {
    if (block !== null && (block.firstSample < this.#nextSample || block.ticks < this.#nextTicks)) {
      throw new MaiboError('device-refused', `block ${seq} of the device lies before the block behind it`, {
        hint: 'the device counts its samples or ticks wrongly: nothing of this block was stored',
      });
    }
    this.#nextBlock = seq + 1;
    this.#pendingBlocks++;
    this.#seal({ kind: 'item', itemSeq: seq, item: bytes });
    if (this.#linkChain !== null) this.#linkChain = chainAfter(this.#linkChain, bytes);
    if (block === null) return;
    this.#nextSample = block.firstSample + block.sampleCount;
    this.#nextTicks = block.ticks;
    this.#sealResults(this.#processor.block(block));
  }

  /** The device's signed word is evidence whatever it says; one that says what the last one said is no news. */
  #takeCheckpoint({ checkpoint, signer, agrees }: Extract<LogItem, { kind: 'checkpoint' }>): void {
    const { upto, chain, signature } = checkpoint;
    if (upto <= this.#checkedUpto && agrees !== false) return;
    this.#checkedUpto = upto;
    this.#seal({ kind: 'checkpoint', upto, chain, signer, signature, agrees });
  }

  #takeGap(gap: Extract<LogItem, { kind: 'gap' }>): void {
    const fromBlock = Math.max(gap.from, this.#nextBlock);
    this.#seal({ kind: 'gap', fromBlock, toBlock: gap.to, reason: gap.reason });
    this.#nextBlock = gap.to + 1;
    this.#linkChain = gap.chain;
    this.#pendingBlocks++;
  }

  #takeEnd(head: number): void {
    this.#ended = true;
    this.#seal({ kind: 'end', blockHead: head });
    this.#sealResults(this.#processor.end());
    const segment = this.#segments.close();
    if (segment !== null) this.#cut.push(segment);
  }

  #sealResults(results: readonly Result[]): void {
    for (const result of results) this.#seal({ kind: 'result', ...result });
    this.#results.push(...results);
  }

  #seal<Body extends RecordBody>(body: Body): Extract<AnyRecord, { kind: Body['kind'] }> {
    const sealed = this.#chain.seal(body);
    this.#records.push(sealed);
    const segment = this.#segments.add(sealed.bytes);
    if (segment !== null) this.#cut.push(segment);
    return sealed.record as Extract<AnyRecord, { kind: Body['kind'] }>;
  }

  /** Stands behind a stored record as it stood when that was sealed. */
  #follow(record: EvidenceRecord, block: SampleBlock | null): void {
    if (block !== null) {
      this.#nextTicks = block.ticks;
      this.#nextSample = block.firstSample + block.sampleCount;
    }
    if (record.kind === 'item') {
      if (this.#linkChain !== null) this.#linkChain = chainAfter(this.#linkChain, record.item);
    } else if (record.kind === 'checkpoint') {
      this.#checkedUpto = record.upto;
      if (record.agrees !== false) this.#linkChain = record.chain;
    } else if (record.kind === 'gap' || record.kind === 'block') this.#linkChain = null;
  }

  #firstRecord(): StreamRecord {
    const [first] = this.#store.records(this.#stored.id, 0, 0);
    const record = first === undefined ? null : readRecord(first.bytes).record;
    if (record?.kind === 'stream') return record;
    throw new MaiboError('evidence-bad', 'the first record of a stored stream does not describe it', {
      hint: 'run `maibo verify` on this store',
    });
  }

  #replayStored(): void {
    for (const { bytes } of this.#store.records(this.#stored.id, 1)) {
      const { record } = readRecord(bytes);
      const block = blockOf(record, this.#processor.decoder);
      replayRecord(this.#processor, record, block);
      this.#follow(record, block);
    }
  }
}

export function installedModule(name: CoreName): CoreModule {
  return coreCatalog.get(name);
}
