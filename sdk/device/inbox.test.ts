import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../world/node-clock.ts';
import { Inbox } from './inbox.ts';

describe('an inbox', () => {
  it('hands out in order what came, and then what it ended with', async () => {
    const inbox = new Inbox<number>(8);
    inbox.push(1);
    inbox.push(2);
    inbox.end(new Error('over'));
    expect([await inbox.next(systemClock, null), await inbox.next(systemClock, null)]).toEqual([1, 2]);
    await expect(inbox.next(systemClock, null)).rejects.toThrow('over');
    expect(inbox.isEnded).toBe(true);
  });

  it('wakes who waits: by something new, the end, time, or the signal', async () => {
    const inbox = new Inbox<number>(8);
    const waiting = inbox.next(systemClock, null);
    inbox.push(7);
    expect(await waiting).toBe(7);
    expect(await inbox.next(systemClock, 1)).toBeNull();
    const stop = new AbortController();
    const stopped = inbox.next(systemClock, null, stop.signal);
    stop.abort();
    expect(await stopped).toBeNull();
    expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
    const last = inbox.next(systemClock, null);
    inbox.end();
    expect(await last).toBeNull();
  });

  it('takes no more than it has room for, and makes room when it is told to', async () => {
    const inbox = new Inbox<number>(2);
    expect([1, 2, 3].map((item) => inbox.push(item))).toEqual([true, true, false]);
    inbox.dropOldest();
    expect(inbox.push(4)).toBe(true);
    expect([await inbox.next(systemClock, null), await inbox.next(systemClock, null)]).toEqual([2, 4]);
  });
});
