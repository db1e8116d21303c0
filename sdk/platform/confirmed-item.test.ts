import { describe, expect, it } from 'vitest';
import { fill, minuteOfBlocks, receiptFor, useFolder } from '../gateway/made-store.testkit.ts';
import { openStoreFile } from '../world/node-store.ts';
import { confirmedItem } from './confirmed-item.ts';

const path = useFolder('confirmed');

describe('what the platform has confirmed', () => {
  it('is nothing at first, then up to the first segment without a receipt, then all', async () => {
    const { store, close } = openStoreFile(path('store.sqlite'));
    const blocks = minuteOfBlocks();
    await fill(store, blocks);
    const segments = store.segments(1);
    expect(segments.length).toBeGreaterThan(1);
    expect(confirmedItem(store, 1)).toBe(-1);
    store.setReceipt(segments.at(-1)!, receiptFor(segments.at(-1)!));
    expect(confirmedItem(store, 1)).toBe(-1);
    store.setReceipt(segments[0]!, receiptFor(segments[0]!));
    const first = confirmedItem(store, 1);
    expect(first).toBeGreaterThan(0);
    for (const segment of segments) store.setReceipt(segment, receiptFor(segment));
    expect(confirmedItem(store, 1)).toBe(blocks.length - 1);
    expect(first).toBeLessThanOrEqual(blocks.length - 1);
    close();
  });
});
