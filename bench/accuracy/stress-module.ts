// The stress core with other weights: its table, as it stands among the module's bytes, is written over.

import { createHash } from 'node:crypto';
import type { CoreModule } from '@maibo/cores';

export type WeightSets = Readonly<Record<string, readonly number[]>>;

/** `shipped` are the weights that are in `module`, `wanted` those to put there; both of the same sets, in the core's order. */
export function withWeights(module: CoreModule, shipped: WeightSets, wanted: WeightSets): CoreModule {
  const bytes = Buffer.from(module.bytes);
  const names = Object.keys(shipped);
  const place = bytes.indexOf(tableOf(names.flatMap((name) => shipped[name]!)));
  if (place < 0)
    throw new Error('the stress core does not hold the weights of vectors/stress-weights.json: train again');
  tableOf(names.flatMap((name) => wanted[name]!)).copy(bytes, place);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { ...module, bytes: Uint8Array.from(bytes), sha256 };
}

function tableOf(numbers: readonly number[]): Buffer {
  const table = Buffer.alloc(4 * numbers.length);
  for (const [index, number] of numbers.entries()) table.writeFloatLE(number, 4 * index);
  return table;
}
