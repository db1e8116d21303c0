import { beforeAll, describe, expect, it } from 'vitest';
import { MaiboError } from '../errors.ts';
import { toHex } from '../evidence/record-types.ts';
import { confirmedItem } from '../platform/confirmed-item.ts';
import { fillWithWaiting, listening } from '../store/large-store.testkit.ts';
import { Store } from '../store/store.ts';
import { openSqlite } from '../world/node-sqlite.ts';
import { openStoreFile } from '../world/node-store.ts';
import type { UplinkAnswer } from '../world/world.ts';
import { ForwardingLoop } from './forwarding-loop.ts';
import { fill, meddle, minuteOfBlocks, platformKey, receiptFor, useFolder } from './made-store.testkit.ts';
import { highEntropy, ManualClock } from './manual-clock.testkit.ts';

const path = useFolder('forwarding');
const blocks = minuteOfBlocks();
let stores = 0;

async function filled(): Promise<{ store: Store; close: () => void }> {
  const file = openStoreFile(path(`${stores++}.sqlite`));
  await fill(file.store, blocks);
  return file;
}

/** `answer` gives what the platform says to each request; null is silence. */
async function forwarding(answer: (request: number) => 'yes' | 'no' | null) {
  const { store, close } = await filled();
  const clock = new ManualClock();
  const stop = new AbortController();
  const troubles: (string | null)[] = [];
  const times: number[] = [];
  let receipts = 0;
  const loop = new ForwardingLoop({
    ...{ store, platformKey, clock, entropy: highEntropy, signal: stop.signal },
    uplink: {
      putSegment: async (sha256Hex): Promise<UplinkAnswer> => {
        const said = answer(times.length);
        times.push(clock.nowMonotonicMs());
        if (said === null) throw new MaiboError('platform-unreachable', 'no answer came');
        if (said === 'no') return { outcome: 'refused', detail: 'said the test' };
        return {
          outcome: 'stored',
          receipt: receiptFor(store.segments(1).find(({ hash }) => toHex(hash) === sha256Hex)!),
        };
      },
    },
    onReceipt: () => receipts++,
    onTrouble: (code) => troubles.push(code),
    onFailure: (failure) => {
      throw failure;
    },
  });
  const running = loop.run();
  const end = async () => {
    stop.abort();
    await running;
    close();
  };
  return { store, clock, loop, troubles, times, receipts: () => receipts, end };
}

describe('forwarding in the background', () => {
  it('sends what an earlier life left, and tells whoever listens how far it is confirmed', async () => {
    const { store, clock, loop, receipts, end } = await forwarding(() => 'yes');
    const heard: number[] = [];
    loop.listen(1, (upto) => heard.push(upto));
    const count = store.segments(1).length;
    await clock.advance(1_000);
    expect([receipts(), loop.waitingSegments, store.firstUnconfirmed(1)]).toEqual([count, 0, null]);
    expect(heard).toEqual(heard.toSorted((a, b) => a - b));
    expect(heard.at(-1)).toBe(confirmedItem(store, 1));
    await end();
  });

  it('waits longer and longer while no answer comes, and goes on when one does', async () => {
    let isAway = true;
    const { clock, loop, troubles, times, store, end } = await forwarding(() => (isAway ? null : 'yes'));
    await clock.advance(3_600_000);
    // Five tries each time, and at most five minutes from one time to the next.
    expect(times.length).toBeLessThanOrEqual(5 * 20);
    expect(loop.unreachableMs).toBeGreaterThan(3_590_000);
    expect(troubles).toEqual(['platform-unreachable']);
    isAway = false;
    await clock.advance(310_000);
    expect(troubles).toEqual(['platform-unreachable', null]);
    expect(loop.unreachableMs).toBeNull();
    expect(store.firstUnconfirmed(1)).toBeNull();
    await end();
  });

  it('asks once an hour for what the platform refused', async () => {
    const { clock, loop, times, troubles, end } = await forwarding((request) => (request === 0 ? 'no' : 'yes'));
    await clock.advance(3_590_000);
    expect([times.length, loop.refusedStreams]).toEqual([1, 1]);
    expect(loop.unreachableMs).toBeNull();
    await clock.advance(120_000);
    expect(times.length).toBeGreaterThan(1);
    expect(loop.refusedStreams).toBe(0);
    expect(troubles).toEqual(['platform-rejected']);
    await end();
  });

  it('stops in the middle of silence', async () => {
    const { clock, end } = await forwarding(() => null);
    await clock.advance(50);
    await end();
    expect(clock.sleeperCount).toBe(0);
  });
});

describe('a hundred thousand segments that wait', () => {
  const COUNT = 100_000;
  const file = path('waiting.sqlite');
  let streamIds: number[] = [];
  beforeAll(async () => {
    const { store, close } = openStoreFile(file);
    await fill(store, blocks);
    close();
    meddle(file, (db) => {
      streamIds = [fillWithWaiting(db, COUNT), fillWithWaiting(db, 3)];
    });
  }, 60_000);

  /** Every read of the store, by how many rows it brought. */
  const open = () => {
    const heard = listening(openSqlite(file));
    return { ...heard, store: Store.openForWriting(heard.db) };
  };

  it('are counted by one statement that reads a row a stream', () => {
    const { store, rows } = open();
    rows.length = 0;
    const counts = store.unconfirmedCounts();
    expect(streamIds.map((id) => counts.get(id))).toEqual([COUNT, 3]);
    expect(rows).toEqual([3]);
    store.close();
  });

  it('are in memory one at a time, and leave other streams their turn', async () => {
    const { store, rows } = open();
    const clock = new ManualClock();
    const stop = new AbortController();
    const asked: number[] = [];
    const streamOf = new Map(streamIds.flatMap((id) => [...take(store, id, 200)].map((hash) => [hash, id] as const)));
    rows.length = 0;
    const loop = new ForwardingLoop({
      ...{ store, platformKey, clock, entropy: highEntropy, signal: stop.signal },
      uplink: {
        putSegment: async (sha256Hex): Promise<UplinkAnswer> => {
          const streamId = streamOf.get(sha256Hex) ?? 1;
          asked.push(streamId);
          if (asked.length > 150) return new Promise(() => undefined);
          return { outcome: 'stored', receipt: receiptFor(store.firstUnconfirmed(streamId)!) };
        },
      },
      ...{ onReceipt: () => undefined, onTrouble: () => undefined },
      onFailure: (failure) => {
        throw failure;
      },
    });
    void loop.run();
    await clock.advance(10_000);
    expect(loop.waitingSegments).toBeGreaterThan(COUNT - 150);
    // The large one had 64, and then the other two all they have, before it went on.
    expect(asked.filter((id) => id === streamIds[1])).toHaveLength(3);
    expect(asked.filter((id) => id === streamIds[0]).length).toBeGreaterThan(64);
    expect(Math.max(...rows)).toBeLessThanOrEqual(64);
    stop.abort();
  });

  function* take(store: Store, streamId: number, count: number): Generator<string> {
    for (const { hash } of store.unconfirmedSegments(streamId)) {
      if (count-- <= 0) return;
      yield toHex(hash);
    }
  }
});
