// Everything that becomes durable passes here: counted, timed, told to the forwarder, and taken as the store's sign of life.
import type { Batch } from '../store/store.ts';
import type { Clock } from '../world/world.ts';
import type { Committer } from './group-committer.ts';
import type { Overdue } from './overdue.ts';
import type { StoreGate } from './store-gate.ts';
import type { Tally } from './tally.ts';

/** A commit that takes longer than this, and the grace on top, hangs. */
const COMMIT_MS = 30_000;

export interface WatchedCommitterOptions {
  readonly committer: Committer;
  readonly clock: Clock;
  readonly gate: StoreGate;
  readonly tally: Tally;
  readonly overdue: Overdue;
  readonly onSegments: (streamId: number, count: number) => void;
}

export class WatchedCommitter implements Committer {
  readonly #options: WatchedCommitterOptions;

  constructor(options: WatchedCommitterOptions) {
    this.#options = options;
  }

  async commit(streamId: number, batch: Batch): Promise<void> {
    const { committer, clock, gate, tally, overdue, onSegments } = this.#options;
    const startMs = clock.nowMonotonicMs();
    const done = overdue.begin('store', COMMIT_MS);
    try {
      await committer.commit(streamId, batch);
    } catch (failure) {
      gate.fail(failure, 'commit');
      throw failure;
    } finally {
      done();
    }
    gate.hold();
    tally.committed(batch, (clock.nowMonotonicMs() - startMs) / 1_000);
    if (batch.segments.length > 0) onSegments(streamId, batch.segments.length);
  }
}
