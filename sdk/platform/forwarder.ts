// Sends a stream's segments to the platform, oldest first, each until it is answered for. Sending again is harmless: a segment is
// named by its hash, and the platform answers with the receipt it gave before.
import { isMaiboError, MaiboError } from '../errors.ts';
import { toHex } from '../evidence/record-types.ts';
import type { Store, StoredSegment } from '../store/store.ts';
import type { Clock, Uplink } from '../world/world.ts';
import { checkReceipt } from './receipt.ts';

export interface Forwarding {
  readonly store: Store;
  readonly streamId: number;
  readonly uplink: Uplink;
  readonly clock: Clock;
  /** The platform this gateway trusts. */
  readonly platformKey: { readonly keyId: Uint8Array; readonly publicKey: Uint8Array };
  readonly signal?: AbortSignal;
  /** Stops after so many; by default when all that wait now are confirmed. */
  readonly segmentsMax?: number;
  readonly onReceipt?: (segment: StoredSegment) => void;
}

const TRIES_MAX = 5;
const BACK_OFF_FIRST_MS = 100;

/**
 * Returns how many segments were confirmed now; aborted, it stops at the next segment or in the middle of one, without an error. One segment is in
 * memory at a time, however many wait. Errors: `platform-unreachable` after a few tries, `platform-rejected` when the platform refuses a segment
 * or answers with a receipt that does not hold; what was confirmed before stays confirmed.
 */
export async function forwardSegments(forwarding: Forwarding): Promise<number> {
  const { store, streamId, signal, segmentsMax = Number.POSITIVE_INFINITY } = forwarding;
  const { segmentCount } = store.stream(streamId).segments;
  let confirmed = 0;
  for (const segment of store.unconfirmedSegments(streamId)) {
    if (signal?.aborted || confirmed >= segmentsMax || segment.index >= segmentCount) break;
    try {
      await forwardOne(forwarding, segment);
    } catch (failure) {
      // An upload that was cut short by the abort is no failure: the segment is sent again next time.
      if (signal?.aborted && isMaiboError(failure, 'platform-unreachable')) break;
      throw failure;
    }
    confirmed++;
  }
  return confirmed;
}

async function forwardOne(forwarding: Forwarding, segment: StoredSegment): Promise<void> {
  const { store, platformKey } = forwarding;
  const answer = await put(forwarding, segment);
  if (!('receipt' in answer)) {
    throw new MaiboError('platform-rejected', `the platform refused segment ${segment.index}: ${answer.detail}`, {
      hint: 'the segment stays in the store; `maibo verify` says whether it is whole',
    });
  }
  const trusted = (keyId: Uint8Array) => (toHex(keyId) === toHex(platformKey.keyId) ? platformKey.publicKey : null);
  const checked = checkReceipt(answer.receipt, segment, trusted);
  if (typeof checked === 'string') throw new MaiboError('platform-rejected', `segment ${segment.index}: ${checked}`);
  store.setReceipt(segment, answer.receipt);
  forwarding.onReceipt?.(segment);
}

async function put(forwarding: Forwarding, segment: StoredSegment) {
  const bytes = forwarding.store.segmentBytes(segment);
  for (let attempt = 1; ; attempt++) {
    try {
      return await forwarding.uplink.putSegment(toHex(segment.hash), bytes, forwarding.signal);
    } catch (failure) {
      const again = failure instanceof MaiboError && failure.code === 'platform-unreachable';
      if (!again || attempt === TRIES_MAX || forwarding.signal?.aborted) throw failure;
      await forwarding.clock.sleep(BACK_OFF_FIRST_MS * 2 ** (attempt - 1), forwarding.signal);
    }
  }
}
