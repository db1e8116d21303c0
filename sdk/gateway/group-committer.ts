// Commits of many streams in one transaction: the disk is waited for once for all of them.
//
//   commit(a) ┐
//   commit(b) ├─ 20 ms or 256 records ─▶ one transaction ─▶ each of them resolves, or each rejects and nothing of it is stored
//   commit(c) ┘
import { isMaiboError } from '../errors.ts';
import type { Batch, Store, StreamBatch } from '../store/store.ts';
import type { Clock } from '../world/world.ts';

/** Makes batches durable. */
export interface Committer {
  /** Resolves when the batch is durable. After an error nothing of it is stored, and it may be tried again. Errors: as `Store.commit`. */
  commit(streamId: number, batch: Batch): Promise<void>;
}

/** Each batch at once, in a transaction of its own. */
export function createDirectCommitter(store: Store): Committer {
  return { commit: async (streamId, batch) => store.commit(streamId, batch) };
}

export interface GroupOptions {
  /** How long the first commit of a group waits for others. */
  readonly waitMs: number;
  /** A group with this many records waits for no more. */
  readonly recordsMax: number;
}

export interface GroupStats {
  readonly groups: number;
  readonly batches: number;
  readonly records: number;
}

const DEFAULTS: GroupOptions = { waitMs: 20, recordsMax: 256 };
/** Somebody else's lock (a backup) is waited for this long, a little at a time, while everything else goes on. */
const BUSY_MS_MAX = 5_000;
const BUSY_PAUSE_MS = 100;

interface Waiting extends StreamBatch {
  readonly done: () => void;
  readonly failed: (failure: unknown) => void;
}

export class GroupCommitter implements Committer {
  readonly #store: Pick<Store, 'commitAll'>;
  readonly #clock: Clock;
  readonly #options: GroupOptions;
  #waiting: Waiting[] = [];
  #waitingRecords = 0;
  #hurry = new AbortController();
  #running: Promise<void> | null = null;
  #stats: GroupStats = { groups: 0, batches: 0, records: 0 };

  constructor(store: Pick<Store, 'commitAll'>, clock: Clock, options: Partial<GroupOptions> = {}) {
    this.#store = store;
    this.#clock = clock;
    this.#options = { ...DEFAULTS, ...options };
  }

  /** What has become durable so far. */
  get stats(): GroupStats {
    return this.#stats;
  }

  commit(streamId: number, batch: Batch): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ streamId, batch, done, failed });
      this.#waitingRecords += batch.records.length;
      if (this.#waitingRecords >= this.#options.recordsMax) this.#hurry.abort();
      this.#running ??= this.#run();
    });
  }

  /** Commits what waits without waiting for more. Resolves when all of it has been answered. */
  async flush(): Promise<void> {
    this.#hurry.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    await this.#clock.sleep(this.#options.waitMs, this.#hurry.signal);
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      this.#waitingRecords = 0;
      this.#hurry = new AbortController();
      await this.#commitGroup(group);
    }
    this.#running = null;
  }

  async #commitGroup(group: readonly Waiting[]): Promise<void> {
    try {
      await this.#write(group);
      for (const { done } of group) done();
    } catch (failure) {
      // One stream whose places are taken must not keep the others from the disk; a disk that is full keeps all of them.
      if (group.length > 1 && isMaiboError(failure, 'store-conflict')) await this.#commitEach(group);
      else for (const { failed } of group) failed(failure);
    }
  }

  /** A batch behind one that failed would leave a hole in its stream: it fails with it. */
  async #commitEach(group: readonly Waiting[]): Promise<void> {
    const failures = new Map<number, unknown>();
    for (const one of group) {
      try {
        if (failures.has(one.streamId)) throw failures.get(one.streamId);
        await this.#write([one]);
        one.done();
      } catch (failure) {
        failures.set(one.streamId, failure);
        one.failed(failure);
      }
    }
  }

  async #write(group: readonly Waiting[]): Promise<void> {
    const untilMs = this.#clock.nowMonotonicMs() + BUSY_MS_MAX;
    for (;;) {
      try {
        this.#store.commitAll(group);
        break;
      } catch (failure) {
        if (!isMaiboError(failure, 'store-busy') || this.#clock.nowMonotonicMs() >= untilMs) throw failure;
        await this.#clock.sleep(BUSY_PAUSE_MS);
      }
    }
    const { groups, batches, records } = this.#stats;
    const added = group.reduce((sum, { batch }) => sum + batch.records.length, 0);
    this.#stats = { groups: groups + 1, batches: batches + group.length, records: records + added };
  }
}
