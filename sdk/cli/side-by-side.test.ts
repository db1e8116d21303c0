import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { sideBySide } from './side-by-side.ts';

const untilStopped = (stop: AbortSignal) =>
  new Promise<string>((resolve) => stop.addEventListener('abort', () => resolve('stopped'), { once: true }));

describe('side by side', () => {
  it('gives what each gives, also when one is over long before the other', async () => {
    const { signal } = new AbortController();
    const given = await sideBySide<[number, string]>(signal, [async () => 1, async () => 'late']);
    expect(given).toEqual([1, 'late']);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('stops the others when one fails, waits for them, and throws what it failed with', async () => {
    const ended: string[] = [];
    const failing = sideBySide<[string, string]>(new AbortController().signal, [
      async (stop) => ended.push(await untilStopped(stop)).toString(),
      async () => Promise.reject(new Error('first')),
    ]);
    await expect(failing).rejects.toThrow('first');
    expect(ended).toEqual(['stopped']);
  });

  it('stops all when it is aborted, before or while they run', async () => {
    const stop = new AbortController();
    const running = sideBySide<[string]>(stop.signal, [untilStopped]);
    stop.abort();
    expect(await running).toEqual(['stopped']);
    const late = sideBySide<[boolean]>(stop.signal, [async (signal) => signal.aborted]);
    expect(await late).toEqual([true]);
  });
});
