// Notifications of straps (protocols/gatt/vectors/values.json names where they come from) as blocks of intervals.
import type { GattItem } from '@maibo/protocols';
import { describe, expect, it } from 'vitest';
import { blockOfItem } from './item-block.ts';
import { type SampleBlock, samplesAsNumbers } from './sample-block.ts';

function intervalsOf(hex: string, characteristic = 0x2a37): (number | null)[] | null {
  const value = new Uint8Array(Buffer.from(hex, 'hex'));
  const item: GattItem = { type: 'gatt-item', boot: 1, ticks: 70, count: 9, characteristic, value };
  const block = blockOfItem(5, item) as SampleBlock | null;
  if (block === null) return null;
  expect(block).toMatchObject({ seq: 5, firstSample: 9, ticks: 70, format: 2 });
  return samplesAsNumbers(block.format, block.bytes);
}

describe('a notification of a strap', () => {
  it('gives its intervals in microseconds', () => {
    expect(intervalsOf('16480002e803')).toEqual([500_000, 976_563]); // bluetooth-sig: 512 and 1000 of 1/1024 s
    expect(intervalsOf('1048b403c503')).toEqual([925_781, 942_383]); // bluetooth-sig, contact not supported
  });

  it('gives none without contact, without a beat, without intervals and without sense', () => {
    expect(intervalsOf('14480002')).toBeNull(); // contact supported, and there is none
    expect(intervalsOf('16000002')).toBeNull(); // heart rate 0
    expect(intervalsOf('0055')).toBeNull(); // nordic-android, no intervals
    expect(intervalsOf('1648000200')).toBeNull(); // half an interval
    expect(intervalsOf('')).toBeNull();
  });

  it('never makes an interval of no length a zero', () => {
    expect(intervalsOf('164800000002')).toEqual([null, 500_000]);
  });
});

it('an item that holds no samples has no block', () => {
  expect(intervalsOf('16480002e803', 0x2a35)).toBeNull();
  expect(blockOfItem(0, { type: 'event-item', boot: 1, ticks: 0, code: 1, number: null })).toBeNull();
});
