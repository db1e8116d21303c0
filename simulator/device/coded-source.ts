// The same log with its int16 samples coded (sample format 3), as a device sends it that has a radio to save. Coded it is another log: its items
// have other bytes and their chain other hashes, so it has an identity of its own.
import { encodeWave, toHex } from '@maibo/sdk';
import type { BlockSource, LogBlock } from './block-source.ts';
import { identityOf } from './identity.ts';

/** A source of intervals has nothing to code and is given back. */
export function codeSource(source: BlockSource): BlockSource {
  if (source.stream.rateHz === null) return source;
  return {
    identity: identityOf(`coded ${toHex(source.identity)}`),
    stream: source.stream,
    blockCount: source.blockCount,
    read: async (seq) => {
      const block = await source.read(seq);
      return block === null ? null : codeBlock(block);
    },
  };
}

/** What would not get shorter stays as it is. */
function codeBlock(block: LogBlock): LogBlock {
  const samples = block.format === 1 ? encodeWave(block.samples) : null;
  return samples === null ? block : { ...block, format: 3, samples };
}
