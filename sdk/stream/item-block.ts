// The samples of one item of a log, whatever kind of item it is: live, after a restart and in a re-check this is the one way.
import type { CoreModule } from '@maibo/cores';
import type { GattItem, Item } from '@maibo/protocols';
import { blockFromItem, encodeSamples, type SampleBlock } from './sample-block.ts';
import { HEART_RATE_MEASUREMENT, readStrap } from './strap-intervals.ts';

const INT32 = 2;

/** The block of an item, null for an item without samples, or a sentence that says why a sample item is none. */
export function blockOfItem(seq: number, item: Item, decoder?: CoreModule): SampleBlock | string | null {
  if (item.type === 'sample-item') return blockFromItem(seq, item, decoder);
  return item.type === 'gatt-item' ? blockOfValue(seq, item) : null;
}

/** RR intervals of a strap: `count` are the ones before, `ticks` is where the first of them begins. */
function blockOfValue(seq: number, { characteristic, count, ticks, value }: GattItem): SampleBlock | null {
  if (characteristic !== HEART_RATE_MEASUREMENT) return null;
  const { intervalsUs } = readStrap(value);
  if (intervalsUs.length === 0) return null;
  const bytes = encodeSamples(INT32, intervalsUs);
  return { seq, firstSample: count, ticks, format: INT32, bytes, sampleCount: intervalsUs.length };
}
