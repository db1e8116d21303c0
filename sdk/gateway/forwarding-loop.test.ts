import { describe, expect, it } from 'vitest';
import { MaiboError } from '../errors.ts';
import { toHex } from '../evidence/record-types.ts';
import { confirmedItem } from '../platform/confirmed-item.ts';
import type { Store } from '../store/store.ts';
import { openStoreFile } from '../world/node-store.ts';
import type { UplinkAnswer } from '../world/world.ts';
import { ForwardingLoop } from './forwarding-loop.ts';
import { fill, minuteOfBlocks, platformKey, receiptFor, useFolder } from './made-store.testkit.ts';
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
    expect([receipts(), loop.waitingSegments, store.unconfirmedSegments(1)]).toEqual([count, 0, []]);
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
    expect(store.unconfirmedSegments(1)).toEqual([]);
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
