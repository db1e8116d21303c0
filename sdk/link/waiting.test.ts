// What waits, and for how long: queues, turns, deadlines.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../world/node-clock.ts';
import { LatestByKey, LatestValue } from './latest.ts';
import { withPatience } from './patience.ts';
import { Slots } from './slots.ts';
import { ValueQueue } from './value-queue.ts';

const never = () => new Promise<never>(() => {});
const late = () => new Error('late');

describe('patience', () => {
  it('gives what the work gives, or what it fails with', async () => {
    const patient = { deadlineMs: 10_000 };
    expect(await withPatience(systemClock, patient, late, async () => 7)).toBe(7);
    const failing = withPatience(systemClock, patient, late, () => Promise.reject(new Error('broken')));
    await expect(failing).rejects.toThrow('broken');
  });

  it('ends with the deadline, the signal or what the work hangs on, and tells the work', async () => {
    for (const end of ['deadline', 'signal', 'ends'] as const) {
      const stop = new AbortController();
      const bounds = { deadlineMs: end === 'deadline' ? 5 : 10_000, ...(end !== 'deadline' && { [end]: stop.signal }) };
      let told: unknown = null;
      const waiting = withPatience(systemClock, bounds, late, (signal) => {
        signal.addEventListener('abort', () => (told = signal.reason));
        return never();
      });
      if (end !== 'deadline') stop.abort(new Error(end));
      await expect(waiting).rejects.toThrow(end === 'deadline' ? 'late' : end);
      expect(told).toBeInstanceOf(Error);
      if (end !== 'deadline') await expect(withPatience(systemClock, bounds, late, never)).rejects.toThrow(end);
    }
  });

  it('takes a deadline of any length', async () => {
    const forever = { deadlineMs: Number.POSITIVE_INFINITY };
    expect(await withPatience(systemClock, forever, late, () => systemClock.sleep(5))).toBeUndefined();
  });
});

describe('slots', () => {
  it('let so many in, the rest in order, and pass over who gave up', async () => {
    const slots = new Slots(2);
    const quiet = new AbortController().signal;
    const first = await slots.take(quiet);
    await slots.take(quiet);
    const order: number[] = [];
    const impatient = new AbortController();
    const turns = [0, 1, 2].map((index) =>
      slots.take(index === 1 ? impatient.signal : quiet).then(
        () => order.push(index),
        () => order.push(-index),
      ),
    );
    expect(slots.waitingCount).toBe(3);
    impatient.abort();
    first();
    first(); // gives back once
    await Promise.all(turns.slice(0, 2));
    expect(order.toSorted()).toEqual([-1, 0]);
    expect(slots.waitingCount).toBe(1);
    await expect(slots.take(impatient.signal)).rejects.toThrow();
  });
});

describe('the value queue', () => {
  it('gives what was pushed, in order; past its limit the oldest go, and are counted', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(8), { maxLength: 400 }),
        fc.integer({ min: 1, max: 20 }),
        async (steps, most) => {
          let dropped = 0;
          const queue = new ValueQueue(() => dropped++, most);
          const model: number[] = [];
          let lost = 0;
          let number = 0;
          for (const step of steps) {
            if (step > 2 || model.length === 0) {
              queue.push(Uint8Array.of(++number & 0xff));
              model.push(number & 0xff);
              if (model.length > most) lost += model.splice(0, 1).length;
            } else {
              expect((await queue.next()).value).toEqual(Uint8Array.of(model.shift() ?? 0));
            }
          }
          expect(dropped).toBe(lost);
          queue.end();
          const rest: number[] = [];
          for await (const [byte] of queue) rest.push(byte ?? -1);
          expect(rest).toEqual(model);
        },
      ),
    );
  });

  it('wakes who waits, and hands on how it ended', async () => {
    const queue = new ValueQueue();
    const [a, b, c] = [queue.next(), queue.next(), queue.next()];
    queue.push(Uint8Array.of(1));
    expect(await a).toEqual({ done: false, value: Uint8Array.of(1) });
    queue.end(new Error('gone'));
    await expect(b).rejects.toThrow('gone');
    await expect(c).rejects.toThrow('gone');
    await expect(queue.next()).rejects.toThrow('gone');
  });

  it('counts what comes after its end', () => {
    let dropped = 0;
    const queue = new ValueQueue(() => dropped++);
    queue.end();
    queue.push(Uint8Array.of(1));
    expect(dropped).toBe(1);
  });
});

describe('the latest value', () => {
  it('is told at once and when it changes, to each at his own pace', async () => {
    const latest = new LatestValue('a');
    const follower = latest.follow();
    expect((await follower.next()).value).toBe('a');
    latest.set('b');
    latest.set('c');
    expect((await follower.next()).value).toBe('c');
    const waiting = follower.next();
    latest.set('c');
    latest.close();
    expect((await waiting).done).toBe(true);
  });

  it('ends for who does not want it any more', async () => {
    const latest = new LatestValue(1);
    const stop = new AbortController();
    const follower = latest.follow(stop.signal);
    await follower.next();
    const waiting = follower.next();
    stop.abort();
    expect((await waiting).done).toBe(true);
  });
});

describe('the latest by key', () => {
  it('keeps the newest of each, and no more keys than it may', async () => {
    const latest = new LatestByKey<number>(2);
    for (const [key, value] of [
      ['a', 1],
      ['b', 2],
      ['c', 3],
      ['a', 4],
    ] as const)
      latest.push(key, value);
    latest.end();
    const all: number[] = [];
    for await (const value of latest.drain()) all.push(value);
    expect(all).toEqual([4, 2]);
  });

  it('wakes its reader, and ends with a failure', async () => {
    const latest = new LatestByKey<number>(2);
    const drained = latest.drain();
    const first = drained.next();
    latest.push('a', 1);
    expect((await first).value).toBe(1);
    const next = drained.next();
    latest.end(new Error('gone'));
    await expect(next).rejects.toThrow('gone');
  });
});
