// Sends segments to the platform as they are cut, several streams side by side, and tells sessions how far the platform has confirmed them.
// While no answer comes one stream at a time knocks, after longer and longer waits; everything else waits in the store.
import { isMaiboError } from '../errors.ts';
import { readRecord } from '../evidence/open-record.ts';
import { BackOff } from '../link/back-off.ts';
import { forwardSegments } from '../platform/forwarder.ts';
import type { Store, StoredSegment } from '../store/store.ts';
import type { Clock, Entropy, Uplink } from '../world/world.ts';
import type { PlatformKey } from './platform-key.ts';

/** Streams on their way at once: a platform a continent away answers in 0.2 s, and a thousand devices cut 50 segments a second. */
const STREAMS_AT_ONCE = 16;
/** Segments of a stream, then others have their turn: after a long silence every stream has thousands, and none may keep the rest waiting. */
const TURN_SEGMENTS = 64;
/** The longest between two knocks at a platform that does not answer. */
const KNOCK_MOST_MS = 5 * 60_000;
/** A segment that the platform refuses: people have to look, and it is not sent over and over. */
const REFUSED_MS = 3_600_000;
const REFUSED_LOOK_MS = 60_000;

export interface ForwardingOptions {
  readonly store: Store;
  readonly uplink: Uplink;
  readonly platformKey: PlatformKey;
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** The gateway stops. */
  readonly signal: AbortSignal;
  /** One was confirmed. */
  readonly onReceipt: () => void;
  /** `code`: what stands in the way now, or null: it works again. Called when that changes, and for each refusal. */
  readonly onTrouble: (code: string | null) => void;
  /** Something that is not the platform's fault: the store, or ours. */
  readonly onFailure: (failure: unknown) => void;
}

export class ForwardingLoop {
  readonly #options: ForwardingOptions;
  readonly #backOff: BackOff;
  /** Streams that have something to send. */
  readonly #ready = new Set<number>();
  readonly #refusedUntilMs = new Map<number, number>();
  readonly #listeners = new Map<number, (upto: number) => void>();
  #wakeUp: (() => void) | null = null;
  #unreachableSinceMs: number | null = null;
  #waitingSegments = 0;

  constructor(options: ForwardingOptions) {
    this.#options = options;
    this.#backOff = new BackOff(options.entropy, { mostMs: KNOCK_MOST_MS });
  }

  /** How long no answer has come; null while they come. */
  get unreachableMs(): number | null {
    const { clock } = this.#options;
    return this.#unreachableSinceMs === null ? null : clock.nowMonotonicMs() - this.#unreachableSinceMs;
  }

  /** Segments that the platform has not confirmed. */
  get waitingSegments(): number {
    return this.#waitingSegments;
  }

  /** Streams of which the platform refused a segment within the last hour. */
  get refusedStreams(): number {
    return this.#refusedUntilMs.size;
  }

  /** So many segments more of this stream wait. */
  wake(streamId: number, segmentCount: number): void {
    this.#waitingSegments += segmentCount;
    this.#ready.add(streamId);
    this.#wakeUp?.();
  }

  /** `onConfirmed` hears how far the platform has confirmed this stream's items. Call what it returns to stop. */
  listen(streamId: number, onConfirmed: (upto: number) => void): () => void {
    this.#listeners.set(streamId, onConfirmed);
    return () => {
      if (this.#listeners.get(streamId) === onConfirmed) this.#listeners.delete(streamId);
    };
  }

  /** Until the gateway stops. Never rejects. */
  async run(): Promise<void> {
    const { signal, clock } = this.#options;
    signal.addEventListener('abort', () => this.#wakeUp?.(), { once: true });
    this.#findWaiting();
    while (!signal.aborted) {
      this.#forgive();
      if (this.#ready.size === 0) await this.#untilReady();
      const atOnce = this.#unreachableSinceMs === null ? STREAMS_AT_ONCE : 1;
      const sent = await Promise.all([...this.#ready].slice(0, atOnce).map((streamId) => this.#send(streamId)));
      if (sent.every(Boolean)) continue;
      await clock.sleep(this.#backOff.nextMs(clock.nowMonotonicMs()), signal);
    }
  }

  /** What an earlier life of this gateway left. */
  #findWaiting(): void {
    const { store, onFailure } = this.#options;
    try {
      for (const [streamId, count] of store.unconfirmedCounts()) if (count > 0) this.wake(streamId, count);
    } catch (failure) {
      onFailure(failure);
    }
  }

  #forgive(): void {
    const nowMs = this.#options.clock.nowMonotonicMs();
    for (const [streamId, untilMs] of this.#refusedUntilMs) {
      if (untilMs > nowMs) continue;
      this.#refusedUntilMs.delete(streamId);
      this.#ready.add(streamId);
    }
  }

  /** Something is to be sent, or it is time to look at what was refused. */
  async #untilReady(): Promise<void> {
    const stop = new AbortController();
    const woken = new Promise<void>((resolve) => {
      this.#wakeUp = resolve;
    });
    await Promise.race(
      this.#refusedUntilMs.size === 0 ? [woken] : [woken, this.#options.clock.sleep(REFUSED_LOOK_MS, stop.signal)],
    );
    this.#wakeUp = null;
    stop.abort();
  }

  /** False when the next attempt had better wait. */
  async #send(streamId: number): Promise<boolean> {
    const { store, uplink, platformKey, clock, signal, onFailure } = this.#options;
    this.#ready.delete(streamId);
    if (this.#refusedUntilMs.has(streamId)) return true;
    try {
      const count = await forwardSegments({
        ...{ store, streamId, uplink, clock, platformKey, signal, segmentsMax: TURN_SEGMENTS },
        onReceipt: (segment) => this.#confirmed(segment),
      });
      if (count === TURN_SEGMENTS) this.#ready.add(streamId);
      this.#answered();
      return true;
    } catch (failure) {
      if (isMaiboError(failure, 'platform-rejected')) return this.#refused(streamId);
      this.#ready.add(streamId);
      if (isMaiboError(failure, 'platform-unreachable')) this.#unanswered();
      else onFailure(failure);
      return false;
    }
  }

  #confirmed(segment: StoredSegment): void {
    this.#waitingSegments = Math.max(0, this.#waitingSegments - 1);
    this.#options.onReceipt();
    this.#answered();
    const listener = this.#listeners.get(segment.streamId);
    if (listener === undefined) return;
    // Oldest first: what came before this one is confirmed.
    const upto = lastItemOf(this.#options.store, segment);
    if (upto !== null) listener(upto);
  }

  #answered(): void {
    this.#backOff.up(this.#options.clock.nowMonotonicMs());
    if (this.#unreachableSinceMs === null) return;
    this.#unreachableSinceMs = null;
    this.#options.onTrouble(null);
  }

  #unanswered(): void {
    if (this.#unreachableSinceMs !== null) return;
    this.#unreachableSinceMs = this.#options.clock.nowMonotonicMs();
    this.#options.onTrouble('platform-unreachable');
  }

  #refused(streamId: number): boolean {
    this.#answered();
    this.#refusedUntilMs.set(streamId, this.#options.clock.nowMonotonicMs() + REFUSED_MS);
    this.#options.onTrouble('platform-rejected');
    return true;
  }
}

/** Null for a segment of results alone. */
function lastItemOf(store: Store, { streamId, first, last }: StoredSegment): number | null {
  let upto: number | null = null;
  for (const { bytes } of store.records(streamId, first, last)) {
    const { record } = readRecord(bytes);
    if (record.kind === 'item') upto = record.itemSeq;
    else if (record.kind === 'gap') upto = record.toBlock;
  }
  return upto;
}
