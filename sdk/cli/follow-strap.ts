// Beats of a strap over as many connections as it takes: who wears it walks out of reach, and comes back.
import { join } from 'node:path';
import { pseudonymOf } from '../clinic/pseudonym.ts';
import { isMaiboError } from '../errors.ts';
import { CONNECTION_FAILURES, collectClinicDevice } from '../gateway/clinic-collector.ts';
import { BackOff } from '../link/back-off.ts';
import { loadOrCreateKey, loadOrCreateLinkKey } from '../world/node-keys.ts';
import { openStoreFile } from '../world/node-store.ts';
import type { Radio, RadioPeer } from '../world/radio.ts';
import { BeatLines } from './beat-lines.ts';
import { liveStrap } from './live-strap.ts';
import { sideBySide } from './side-by-side.ts';
import type { Surroundings } from './surroundings.ts';
import type { Voice } from './voice.ts';

export interface Following {
  readonly radio: Radio;
  readonly surroundings: Surroundings;
  readonly voice: Voice;
  /** Where signed records are kept; absent: nothing is. */
  readonly folder?: string | undefined;
  readonly signal: AbortSignal;
}

/** Somebody stands in front of the screen and waits for it. */
const AGAIN_MOST_MS = 10_000;

/**
 * From this connection on, which it closes, until the signal aborts; gives how many beats there were. Errors: what another connection would not
 * mend, such as `device-unknown` or `store-full`.
 */
export async function followStrap(first: RadioPeer, following: Following): Promise<number> {
  const { surroundings, voice, folder, signal } = following;
  const { clock, entropy } = surroundings;
  const beats = new BeatLines();
  const backOff = new BackOff(entropy, { mostMs: AGAIN_MOST_MS });
  const keeper = folder === undefined ? null : new Keeper(folder, surroundings);
  try {
    for (
      let peer: RadioPeer | null = first;
      peer !== null;
      peer = await connectAgain(peer.address, backOff, following)
    ) {
      backOff.up(clock.nowMonotonicMs());
      await visit(peer, beats, keeper, following);
      if (signal.aborted) break;
      beats.break();
      voice.remark('The strap is out of reach. It is looked for until it comes back; Ctrl-C ends that.');
    }
    return beats.beatCount;
  } finally {
    keeper?.close();
    if (keeper !== null)
      voice.remark(`${keeper.valueCount} values are stored in ${folder}; maibo verify ${folder}/store.sqlite`);
  }
}

/** One connection, to its end. */
async function visit(peer: RadioPeer, beats: BeatLines, keeper: Keeper | null, following: Following): Promise<void> {
  const { surroundings, voice, signal } = following;
  await using _ = peer;
  try {
    await sideBySide(signal, [
      (stop) => liveStrap(peer, beats, surroundings, voice, stop),
      (stop) => keeper?.collect(peer, stop) ?? Promise.resolve(),
    ]);
  } catch (failure) {
    if (!peer.gone.aborted || !isMaiboError(failure, ...CONNECTION_FAILURES)) throw failure;
  }
}

/** Null: the signal aborted before it came back. */
async function connectAgain(
  address: string,
  backOff: BackOff,
  { radio, surroundings, voice, signal }: Following,
): Promise<RadioPeer | null> {
  const { clock } = surroundings;
  for (;;) {
    await clock.sleep(backOff.nextMs(clock.nowMonotonicMs()), signal);
    if (signal.aborted) return null;
    try {
      return await radio.connect(address, { signal });
    } catch (failure) {
      if (signal.aborted) return null;
      if (!isMaiboError(failure, ...CONNECTION_FAILURES)) throw failure;
      voice.progress(`not yet: ${failure.message}`);
    }
  }
}

/** The store, over all connections. */
class Keeper {
  readonly #file;
  readonly #folder: string;
  readonly #surroundings: Surroundings;
  readonly #signer;
  valueCount = 0;

  constructor(folder: string, surroundings: Surroundings) {
    this.#folder = folder;
    this.#surroundings = surroundings;
    this.#file = openStoreFile(join(folder, 'store.sqlite'));
    this.#signer = loadOrCreateKey(join(folder, 'gateway.key'), surroundings.entropy);
    this.#file.store.addKey(this.#signer.keyId, this.#signer.publicKey, 'gateway');
  }

  async collect(peer: RadioPeer, signal: AbortSignal): Promise<void> {
    const { clock, entropy } = this.#surroundings;
    const { store } = this.#file;
    const secret = loadOrCreateLinkKey(join(this.#folder, 'pseudonyms.key'), entropy).secretKey;
    const { valueCount } = await collectClinicDevice({
      ...{ peer, store, clock, entropy, signer: this.#signer, signal },
      device: pseudonymOf(secret, peer.address),
      kinds: ['heart-rate'],
    });
    this.valueCount += valueCount;
  }

  close(): void {
    this.#file.close();
  }
}
