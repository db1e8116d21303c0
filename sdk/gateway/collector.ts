// Collects one log of one device into the store: pull, process, seal, commit, and only then acknowledge.
import type { LogInfo } from '@maibo/protocols';
import type { DeviceSession } from '../device/device-session.ts';
import { isMaiboError, MaiboError } from '../errors.ts';
import type { Result } from '../pipeline/result.ts';
import type { Store } from '../store/store.ts';
import type { Clock, Signer } from '../world/world.ts';
import type { ForeignCores } from './foreign-cores.ts';
import type { Committer } from './group-committer.ts';
import { type StreamDescription, StreamWriter, type StreamWriterOptions } from './stream-writer.ts';

export type { Committer } from './group-committer.ts';

/**
 * Blocks per commit at most; a commit also happens when the device pauses. A commit waits for the disk (milliseconds), so blocks that come
 * close together share one; well below the credit, so that the device never waits for it.
 */
const COMMIT_BLOCKS_MAX = 64;

export interface Collection {
  readonly session: DeviceSession;
  readonly log: LogInfo;
  readonly store: Store;
  readonly clock: Clock;
  readonly signer: Signer;
  readonly signal?: AbortSignal;
  /** How batches become durable; each in a transaction of its own when it is not given. */
  readonly committer?: Committer;
  /** Cores of other makers. */
  readonly cores?: ForeignCores;
  /** After each durable commit. */
  readonly onCommit?: (progress: Progress) => void;
}

export interface Progress {
  readonly blocksDone: number;
  /** Blocks the device had when the session began. */
  readonly blocksKnown: number;
  readonly results: readonly Result[];
  readonly segmentCount: number;
}

export interface CollectionSummary {
  readonly blocksBefore: number;
  readonly blocksDone: number;
  readonly newRecords: number;
  readonly gapBlocks: number;
  readonly ended: boolean;
}

/**
 * Runs until the device says the log ends, or until aborted. What the summary counts is durable.
 * Errors: `link-lost`, `link-timeout`, `device-refused`, `store-full`, `store-busy`; all of them leave the store whole.
 */
export async function collectLog(collection: Collection): Promise<CollectionSummary> {
  const { session, log, store, signer, clock, signal, committer, cores } = collection;
  const identity = { device: session.info.device, log: log.log, epoch: log.epoch };
  const description = describe(session, log);
  const parts = { ...(committer && { committer }), ...(cores && { cores }) };
  const writer = openWriter({ store, identity, signer, description, ...parts });
  const blocksBefore = writer.nextBlock;
  let newRecords = 0;
  let gapBlocks = 0;
  let marked = false;
  const commit = async () => {
    const done = await writer.commit();
    if (done === null) return;
    newRecords += done.recordCount;
    if (writer.nextBlock > 0) await session.ack(log, writer.nextBlock - 1, 1);
    collection.onCommit?.({ ...done, blocksDone: writer.nextBlock, blocksKnown: log.head });
  };
  // The clocks are paired while the first items are on their way; none is taken before.
  const marking = writer.ended ? null : session.markClock();
  marking?.catch(() => undefined); // told where it is awaited
  for await (const item of session.read(log, writer.position, signal)) {
    if (item.kind === 'quiet') {
      await commit();
      continue;
    }
    if (marking !== null && !marked && item.kind !== 'end') {
      writer.markClock(await marking, clock.source);
      marked = true;
    }
    if (item.kind === 'gap') gapBlocks += item.to - item.from + 1;
    writer.take(item);
    if (item.kind === 'checkpoint' && item.agrees === false) {
      await commit();
      throw new MaiboError('device-forked', 'the device signed another story of its log than the one that is stored', {
        hint: 'both are kept as evidence; the device was restored from a copy, or somebody has its keys',
      });
    }
    if (writer.pendingBlocks >= COMMIT_BLOCKS_MAX || item.kind === 'end') await commit();
  }
  await commit();
  return { blocksBefore, blocksDone: writer.nextBlock, newRecords, gapBlocks, ended: writer.ended };
}

function openWriter(options: StreamWriterOptions): StreamWriter {
  try {
    return StreamWriter.open(options);
  } catch (cause) {
    if (!isMaiboError(cause, 'input-range')) throw cause;
    throw new MaiboError('device-refused', `the device describes a stream that cannot be: ${cause.message}`, { cause });
  }
}

function describe(session: DeviceSession, log: LogInfo): StreamDescription {
  const { signal, sensor, rateHz, unit, gain, offset, bits } = log.stream;
  return {
    kind: 'stream',
    source: { device: session.info.device, sensor, signal },
    firmware: session.info.firmware,
    tickRateHz: session.info.tickRateHz,
    rateHz,
    unit,
    gain,
    offset,
    bits,
  };
}
