// What a device remembers over a power cut: up to where its log was acknowledged. Rolling back is harmless (the host drops what it
// has), running ahead would lose records, so it is written only after an acknowledgement came.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface FreedState {
  readonly firstBlock: number;
  save(firstBlock: number): void;
}

/** One small file per log in `folder`. A file that cannot be read counts as a device fresh from the factory. */
export function openFreedState(folder: string, identity: Uint8Array): FreedState {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${Buffer.from(identity).toString('hex')}.json`);
  return {
    firstBlock: readFirstBlock(path),
    save: (firstBlock) => {
      writeFileSync(`${path}.new`, JSON.stringify({ firstBlock }));
      renameSync(`${path}.new`, path);
    },
  };
}

function readFirstBlock(path: string): number {
  if (!existsSync(path)) return 0;
  try {
    const { firstBlock } = JSON.parse(readFileSync(path, 'utf8')) as { firstBlock?: unknown };
    return Number.isSafeInteger(firstBlock) && (firstBlock as number) >= 0 ? (firstBlock as number) : 0;
  } catch {
    return 0;
  }
}
