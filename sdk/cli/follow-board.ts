// From a port to the beats of a board that prints numbers: open it, and keep what comes where that is wished.
import { join } from 'node:path';
import { pseudonymOf } from '../clinic/pseudonym.ts';
import { loadOrCreateKey, loadOrCreateLinkKey } from '../world/node-keys.ts';
import { openStoreFile } from '../world/node-store.ts';
import type { LineSettings } from './line-options.ts';
import { liveLines } from './live-lines.ts';
import type { Surroundings } from './surroundings.ts';
import type { Voice } from './voice.ts';

export interface BoardWish {
  readonly settings: LineSettings;
  readonly surroundings: Surroundings;
  readonly voice: Voice;
  readonly signal: AbortSignal;
  /** Where to keep what comes. */
  readonly folder: string | undefined;
  readonly onOpen: () => void;
}

/** Gives how many beats were shown. Errors: `link-open`, those of `liveLines`, of keys and of stores. */
export async function followBoard(path: string, wish: BoardWish): Promise<number> {
  const { folder, voice, surroundings } = wish;
  if (folder === undefined) return await read(path, wish, null);
  const { entropy } = surroundings;
  const { store, close } = openStoreFile(join(folder, 'store.sqlite'));
  try {
    const signer = loadOrCreateKey(join(folder, 'gateway.key'), entropy);
    store.addKey(signer.keyId, signer.publicKey, 'gateway');
    const secret = loadOrCreateLinkKey(join(folder, 'pseudonyms.key'), entropy).secretKey;
    const device = pseudonymOf(secret, await lastingName(path, surroundings));
    const streamsBefore = store.streams().length;
    const beatCount = await read(path, wish, { device, store, entropy, signer });
    // A board that never printed a number leaves nothing.
    if (store.streams().length > streamsBefore)
      voice.remark(`stored in ${folder}; maibo verify ${folder}/store.sqlite`);
    return beatCount;
  } finally {
    close();
  }
}

async function read(path: string, wish: BoardWish, keep: Parameters<typeof liveLines>[0]['keep']): Promise<number> {
  const { settings, surroundings, voice, signal, onOpen } = wish;
  voice.progress(`opening ${path} …`);
  const link = await surroundings.openPort(path, signal, settings.baudRate);
  onOpen();
  return await liveLines({ link, settings, clock: surroundings.clock, voice, signal, keep });
}

/** By which the same board is the same when it is plugged in again. */
async function lastingName(path: string, surroundings: Surroundings): Promise<string> {
  const ports = await surroundings.listPorts();
  const port = ports.find((known) => known.path === path || known.stablePath === path);
  return `serial ${port?.byId ?? path}`;
}
