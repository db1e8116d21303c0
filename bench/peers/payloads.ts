// The payloads that peers are compared on: the block messages of half an hour of ECG.

import { type Block, encodeMessage } from '@maibo/protocols';
import { encodeSamples } from '@maibo/sdk';
import { findHalfHour, readAll } from '../half-hour.ts';

export async function blockMessages(): Promise<{ name: string; blocks: Block[]; payloads: Uint8Array[] }> {
  const record = await findHalfHour();
  const counts = await readAll(record);
  const { rateHz, name } = record;
  const blocks = Array.from({ length: Math.ceil(counts.length / rateHz) }, (_, seq): Block => {
    const samples = encodeSamples(1, counts.subarray(seq * rateHz, (seq + 1) * rateHz));
    const place = { log: 1, epoch: new Uint8Array(4), seq, firstSample: seq * rateHz, ticks: seq * 1_000_000 };
    return { type: 'block', ...place, format: 1, samples };
  });
  return { name, blocks, payloads: blocks.map((block) => encodeMessage(block)) };
}
