// The links that need no hardware, and the queue that all of them hand their chunks on with.
import { describe, expect, it } from 'vitest';
import { MaiboError } from '../errors.ts';
import { ByteQueue } from './byte-queue.ts';
import { createMemoryLinks } from './memory-link.ts';
import { openSerialLink } from './serial-link.ts';

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<number[]> {
  const all: number[] = [];
  for await (const chunk of chunks) all.push(...chunk);
  return all;
}

describe('the byte queue', () => {
  it('gives what was pushed, in order, before and after the reader came', async () => {
    const queue = new ByteQueue();
    queue.push(Uint8Array.of(1, 2));
    const reading = collect(queue);
    await Promise.resolve();
    queue.push(Uint8Array.of(3));
    queue.push(new Uint8Array());
    queue.end();
    queue.push(Uint8Array.of(9));
    expect(await reading).toEqual([1, 2, 3]);
  });

  it('gives what waits and then the failure', async () => {
    const queue = new ByteQueue();
    queue.push(Uint8Array.of(1));
    queue.end(new MaiboError('link-lost', 'unplugged'));
    queue.end();
    const seen: number[] = [];
    const reading = (async () => {
      for await (const chunk of queue) seen.push(...chunk);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'link-lost' });
    expect(seen).toEqual([1]);
  });

  it('asks the source to pause when too much waits, and to go on when the reader has caught up', async () => {
    const pressure: boolean[] = [];
    const queue = new ByteQueue({ highWaterBytes: 10, onPressure: (full) => pressure.push(full) });
    for (let count = 0; count < 4; count++) queue.push(new Uint8Array(4));
    expect(pressure).toEqual([true]);
    queue.end();
    await collect(queue);
    expect(pressure).toEqual([true, false]);
  });
});

describe('memory links', () => {
  it('carry bytes both ways, each chunk in memory of its own', async () => {
    const [a, b] = createMemoryLinks();
    const bytes = Uint8Array.of(1, 2, 3);
    await a.write(bytes);
    bytes.fill(9);
    await b.write(Uint8Array.of(7));
    await a.close();
    expect(await collect(b.chunks)).toEqual([1, 2, 3]);
    expect(await collect(a.chunks)).toEqual([7]);
  });

  it('refuse to write once either end is closed, and may be closed twice', async () => {
    const [a, b] = createMemoryLinks();
    await b.close();
    await b.close();
    await expect(a.write(Uint8Array.of(1))).rejects.toMatchObject({ code: 'link-lost' });
    await expect(b.write(Uint8Array.of(1))).rejects.toMatchObject({ code: 'link-lost' });
  });
});

describe('a serial link', () => {
  it('says link-open and the path when there is no such port', async () => {
    const opening = openSerialLink({ path: '/dev/maibo-no-such-port' });
    await expect(opening).rejects.toMatchObject({ code: 'link-open', where: '/dev/maibo-no-such-port' });
  });
});
