// Pairs the device's ticks with UTC: asks a few times, and keeps the bounds that every answer leaves. Answers go past the queues of the logs,
// so that clocks are paired while a log is read.
import { ClockBounds } from '@maibo/protocols';
import type { Clock } from '../world/world.ts';
import type { ClockMark } from './session-options.ts';

const PONG_MS = 1_000;
const PINGS = 4;

type Pong = { readonly boot: number; readonly ticks: number };

export class ClockPings {
  readonly #clock: Clock;
  readonly #send: (id: number) => void;
  /** Who waits for which answer. */
  readonly #waiting = new Map<number, (pong: (Pong & { readonly receivedUtcUs: number }) | null) => void>();
  #count = 0;

  /** `send` throws when there is no session any more. */
  constructor(clock: Clock, send: (id: number) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  take(id: number, boot: number, ticks: number): void {
    this.#waiting.get(id)?.({ boot, ticks, receivedUtcUs: this.#clock.nowUtcUs() });
  }

  /** Nobody will answer any more. */
  end(): void {
    for (const resolve of this.#waiting.values()) resolve(null);
  }

  /** Null when no ping is answered. Throws what `limit` was aborted with. */
  async mark(tickRateHz: number, limit: AbortSignal): Promise<ClockMark | null> {
    const bounds = new ClockBounds({ tickRateHz });
    let last: Pong | null = null;
    for (let count = 0; count < PINGS; count++) last = (await this.#ping(bounds, limit)) ?? last;
    const found = last === null ? null : bounds.utcAt(last.ticks);
    if (last === null || found === null) return null;
    const { boot, ticks } = last;
    return { boot, ticks, utcUs: Math.round(found.utcUs), uncertaintyUs: Math.ceil(found.uncertaintyUs) };
  }

  async #ping(bounds: ClockBounds, limit: AbortSignal): Promise<Pong | null> {
    // A lab clock stands still, so its marks must not depend on how long the wire took.
    const isLab = this.#clock.source === 'lab';
    const sentUtcUs = this.#clock.nowUtcUs();
    const id = this.#count++;
    this.#send(id);
    const pong = await this.#pongTo(id, limit);
    limit.throwIfAborted();
    if (pong === null) return null;
    const receivedUtcUs = isLab ? sentUtcUs : pong.receivedUtcUs;
    bounds.add({ ticks: pong.ticks, sentUtcUs, receivedUtcUs, hostUncertaintyUs: this.#clock.uncertaintyUs });
    return pong;
  }

  async #pongTo(id: number, limit: AbortSignal) {
    const stop = new AbortController();
    const arrived = new Promise<(Pong & { readonly receivedUtcUs: number }) | null>((resolve) => {
      this.#waiting.set(id, resolve);
      limit.addEventListener('abort', () => resolve(null), { once: true, signal: stop.signal });
    });
    try {
      return await Promise.race([arrived, this.#clock.sleep(PONG_MS, stop.signal).then(() => null)]);
    } finally {
      this.#waiting.delete(id);
      stop.abort();
    }
  }
}
