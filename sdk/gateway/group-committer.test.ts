import { describe, expect, it } from 'vitest';
import { isMaiboError, MaiboError } from '../errors.ts';
import { type Batch, Store, type StreamBatch } from '../store/store.ts';
import { systemClock } from '../world/node-clock.ts';
import { openSqlite } from '../world/node-sqlite.ts';
import type { Clock } from '../world/world.ts';
import { GroupCommitter } from './group-committer.ts';
import { useFolder } from './made-store.testkit.ts';

const path = useFolder('group');

function batchOf(...seqs: number[]): Batch {
  const records = seqs.map((seq) => {
    return { seq, record: {} as never, bytes: new Uint8Array(10).fill(seq), hash: new Uint8Array(32).fill(seq) };
  });
  return { records, segments: [], nextBlock: seqs.length, ended: false };
}

let stores = 0;
function openStore(streamCount: number) {
  const file = path(`${stores++}.sqlite`);
  const db = openSqlite(file);
  const store = Store.openForWriting(db);
  const ids = Array.from({ length: streamCount }, (_, log) => {
    return store.openStream({ device: new Uint8Array(16).fill(1), log, epoch: new Uint8Array(4) }).id;
  });
  const seqs = (id: number) => [...store.records(id)].map(({ seq }) => seq);
  return { file, db, store, ids, seqs };
}

/** What became of each promise: true, or the code of its error. */
async function outcomes(promises: readonly Promise<void>[]): Promise<unknown[]> {
  const settled = await Promise.allSettled(promises);
  return settled.map((one) => one.status === 'fulfilled' || (isMaiboError(one.reason) ? one.reason.code : one.reason));
}

/** Time goes as fast as it is waited for. */
function createFastClock(): Clock & { sleeps: number[] } {
  const sleeps: number[] = [];
  let nowMs = 0;
  return {
    ...systemClock,
    sleeps,
    nowMonotonicMs: () => nowMs,
    sleep: async (ms) => {
      sleeps.push(ms);
      nowMs += ms;
      await new Promise(setImmediate);
    },
  };
}

describe('commits of many streams', () => {
  it('share one transaction, and resolve when they are stored', async () => {
    const { store, ids, seqs } = openStore(50);
    let transactions = 0;
    const counting = {
      commitAll: (all: readonly StreamBatch[]) => {
        transactions++;
        store.commitAll(all);
      },
    };
    const committer = new GroupCommitter(counting, createFastClock());
    const done = ids.map((id) => committer.commit(id, batchOf(0, 1)).then(() => seqs(id)));
    expect(await Promise.all(done)).toEqual(ids.map(() => [0, 1]));
    expect(transactions).toBe(1);
    expect(committer.stats).toEqual({ groups: 1, batches: 50, records: 100 });
    store.close();
  });

  it('wait for others 20 ms, and no longer when there are many records, or when nothing more comes', async () => {
    const { store, ids } = openStore(3);
    const clock = createFastClock();
    const committer = new GroupCommitter(store, clock);
    await committer.commit(ids[0]!, batchOf(0));
    expect(clock.sleeps).toEqual([20]);
    let signal: AbortSignal | undefined;
    const patient: Clock = {
      ...systemClock,
      sleep: (_, given) => {
        signal = given;
        return new Promise((resolve) => given?.addEventListener('abort', () => resolve()));
      },
    };
    const full = new GroupCommitter(store, patient, { recordsMax: 4 });
    const both = [full.commit(ids[1]!, batchOf(0, 1)), full.commit(ids[2]!, batchOf(0))];
    expect(signal?.aborted).toBe(false);
    both.push(full.commit(ids[0]!, batchOf(1)));
    await Promise.all(both);
    const last = full.commit(ids[0]!, batchOf(2));
    await full.flush();
    await last;
    store.close();
  });

  it('all reject when the disk is full, nothing of them is stored, and the same store takes them when there is room', async () => {
    const { db, store, ids, seqs } = openStore(3);
    const pages = Number(db.prepare('PRAGMA page_count').get()?.[0]);
    db.prepare(`PRAGMA max_page_count = ${pages + 2}`).get();
    const committer = new GroupCommitter(store, createFastClock());
    const large = ids.map((_, index) => ({
      ...batchOf(0),
      records: batchOf(0).records.map((record) => ({ ...record, bytes: new Uint8Array(index === 2 ? 60_000 : 10) })),
    }));
    const all = () => ids.map((id, index) => committer.commit(id, large[index]!));
    expect(await outcomes(all())).toEqual(['store-full', 'store-full', 'store-full']);
    expect(ids.map(seqs)).toEqual([[], [], []]);
    db.prepare('PRAGMA max_page_count = 100000').get();
    expect(await outcomes(all())).toEqual([true, true, true]);
    expect(ids.map(seqs)).toEqual([[0], [0], [0]]);
    store.close();
  });

  it('of which one cannot be stored do not keep the others from it', async () => {
    const { store, ids, seqs } = openStore(4);
    store.commit(ids[1]!, batchOf(0));
    const committer = new GroupCommitter(store, createFastClock());
    const all = [
      committer.commit(ids[0]!, batchOf(0)),
      committer.commit(ids[1]!, batchOf(0)),
      committer.commit(ids[1]!, batchOf(1)),
      committer.commit(ids[2]!, batchOf(0)),
    ];
    // What stands behind a batch that failed would leave a hole.
    expect(await outcomes(all)).toEqual([true, 'store-conflict', 'store-conflict', true]);
    expect(ids.map(seqs)).toEqual([[0], [0], [0], []]);
    store.close();
  });

  it('wait for a lock that somebody else holds, and give up as store-busy after five seconds', async () => {
    const { file, db, store, ids, seqs } = openStore(2);
    db.exec('PRAGMA busy_timeout = 0'); // the clock of this test does not wait either
    const other = openSqlite(file);
    other.exec('BEGIN IMMEDIATE');
    const clock = createFastClock();
    const committer = new GroupCommitter(store, clock, { waitMs: 0 });
    expect(await outcomes([committer.commit(ids[0]!, batchOf(0))])).toEqual(['store-busy']);
    expect(clock.sleeps.reduce((sum, ms) => sum + ms, 0)).toBe(5_000);
    const patient = new GroupCommitter(store, systemClock, { waitMs: 0 });
    const waiting = patient.commit(ids[0]!, batchOf(0));
    await new Promise((resolve) => setTimeout(resolve, 10));
    other.exec('COMMIT');
    await waiting;
    expect(seqs(ids[0]!)).toEqual([0]);
    other.close();
    store.close();
  });

  it('reject with what the store said, also when it is nothing of ours', async () => {
    const broken = () => {
      throw new TypeError('a fault of ours');
    };
    const committer = new GroupCommitter({ commitAll: broken }, createFastClock());
    expect(await outcomes([committer.commit(1, batchOf(0))])).toEqual([expect.any(TypeError)]);
    const readOnly = () => {
      throw new MaiboError('store-open', 'read-only');
    };
    const other = new GroupCommitter({ commitAll: readOnly }, createFastClock());
    expect(await outcomes([other.commit(1, batchOf(0)), other.commit(2, batchOf(0))])).toEqual([
      'store-open',
      'store-open',
    ]);
  });
});
