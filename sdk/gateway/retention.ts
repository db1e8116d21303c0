// Once a day what is too old leaves the store, and the oldest of what is too much. With a platform, nothing goes that it has not confirmed.
//
// A stream has one writer. A device that is being collected is asked to pause: its session ends, its stream is trimmed, and it comes back
// within a second or so; nothing is lost, because what is not acknowledged stays on the device.
import type { Store, StoredStream } from '../store/store.ts';
import type { Clock, Signer } from '../world/world.ts';
import type { StoreConfig } from './config-types.ts';
import type { DeviceClaims } from './device-claims.ts';
import type { Committer } from './group-committer.ts';
import { StreamWriter } from './stream-writer.ts';
import { planTrim, type TrimWish, trimStream } from './trim-stream.ts';

export interface RetentionOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly signer: Signer;
  readonly committer: Committer;
  readonly claims: DeviceClaims;
  readonly config: StoreConfig;
  /** Without a platform nothing is ever confirmed, and age alone decides. */
  readonly hasPlatform: boolean;
  /** The gateway stops. */
  readonly signal: AbortSignal;
  readonly onTrimmed: (recordCount: number) => void;
  readonly onFailure: (failure: unknown) => void;
}

const DAY_S = 86_400;
/** The first look, once everything else runs. */
const FIRST_LOOK_MS = 10 * 60_000;
/** A store that is too large is looked at with shorter and shorter retentions. */
const SHORTER = 0.75;
const LONGEST_DAYS = 3_650;

/** Until the gateway stops. Never rejects. */
export async function keepRetention(options: RetentionOptions): Promise<void> {
  const { clock, signal, config, onFailure } = options;
  if (config.retentionDays === null && config.bytesMax === null) return;
  await clock.sleep(FIRST_LOOK_MS, signal);
  while (!signal.aborted) {
    await applyRetention(options).catch(onFailure);
    await clock.sleep(DAY_S * 1_000, signal);
  }
}

/** One look. Errors: those of the store. */
export async function applyRetention(options: RetentionOptions): Promise<void> {
  const { config, store, signal } = options;
  if (config.retentionDays !== null) await trimOlder(options, config.retentionDays);
  const isTooMuch = () => {
    const { fileBytes, freeBytes } = store.size();
    return config.bytesMax !== null && fileBytes - freeBytes > config.bytesMax;
  };
  for (let days = (config.retentionDays ?? LONGEST_DAYS) * SHORTER; days >= 1 && isTooMuch(); days *= SHORTER) {
    if (signal.aborted) return;
    await trimOlder(options, days);
  }
}

async function trimOlder(options: RetentionOptions, days: number): Promise<void> {
  const { store, clock, signal, hasPlatform, onTrimmed } = options;
  const beforeUtcUs = clock.nowUtcUs() - days * DAY_S * 1e6;
  const wish: TrimWish = { beforeUtcUs, reason: 'retention', unconfirmed: !hasPlatform };
  for (const stream of store.streams()) {
    // Others have their turn between two streams.
    await clock.sleep(0);
    if (signal.aborted) return;
    if (typeof planTrim(store, stream.id, wish) !== 'string') onTrimmed(await trimOne(options, stream, wish));
  }
}

/** The plan is made anew once nobody writes the stream any more. */
async function trimOne(options: RetentionOptions, stream: StoredStream, wish: TrimWish): Promise<number> {
  const { store, signer, committer, claims } = options;
  await claims.release(stream.device);
  const giveBack = claims.take(stream.device, () => undefined);
  if (giveBack === null) return 0; // it came back sooner: tomorrow
  try {
    const plan = planTrim(store, stream.id, wish);
    if (typeof plan === 'string') return 0;
    const writer = StreamWriter.openStored(store, stream, signer, committer);
    return (await trimStream(store, stream.id, writer, plan)).recordCount;
  } finally {
    giveBack();
  }
}
