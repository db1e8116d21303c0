// What a device remembers over a power cut: up to where its log was acknowledged, and the chain there. Rolling back is harmless (the host
// drops what it has), running ahead would lose records, so it is written only after an acknowledgement came.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHAIN_START } from '@maibo/protocols';

export interface Freed {
  readonly firstBlock: number;
  /** The chain of the log before that block. */
  readonly chain: Uint8Array;
}

export interface FreedState extends Freed {
  save(freed: Freed): void;
}

export const NOTHING_FREED: Freed = { firstBlock: 0, chain: CHAIN_START };

/** One small file per log in `folder`. A file that cannot be read counts as a device fresh from the factory. */
export function openFreedState(folder: string, identity: Uint8Array): FreedState {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${Buffer.from(identity).toString('hex')}.json`);
  return {
    ...readFreed(path),
    save: ({ firstBlock, chain }) => {
      writeFileSync(`${path}.new`, JSON.stringify({ firstBlock, chain: Buffer.from(chain).toString('hex') }));
      renameSync(`${path}.new`, path);
    },
  };
}

function readFreed(path: string): Freed {
  if (!existsSync(path)) return NOTHING_FREED;
  try {
    const { firstBlock, chain } = JSON.parse(readFileSync(path, 'utf8')) as { firstBlock?: unknown; chain?: unknown };
    const isWhole =
      Number.isSafeInteger(firstBlock) && (firstBlock as number) >= 0 && /^[0-9a-f]{64}$/.test(String(chain));
    if (!isWhole) return NOTHING_FREED;
    return { firstBlock: firstBlock as number, chain: new Uint8Array(Buffer.from(chain as string, 'hex')) };
  } catch {
    return NOTHING_FREED;
  }
}
