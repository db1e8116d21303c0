// Turns a link into messages: chunks -> frames -> messages, with a deadline on every wait. Damaged frames are counted, not fatal:
// what they carried is asked for again by sequence number.
import { decodeMessage, type Message, SerialFramer, type WireFault } from '@maibo/protocols';
import type { Clock, Link } from '../world/world.ts';

export interface LinkStats {
  receivedBytes: number;
  messages: number;
  /** Frames and messages that could not be read, by fault code. */
  readonly faults: Map<string, number>;
}

export type NextMessage = Message | 'timeout' | 'ended';

export class MessageReader {
  readonly stats: LinkStats = { receivedBytes: 0, messages: 0, faults: new Map() };
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #framer = new SerialFramer();
  readonly #clock: Clock;
  #ready: Message[] = [];
  #taken = 0;
  #pending: Promise<IteratorResult<Uint8Array>> | null = null;

  constructor(link: Link, clock: Clock) {
    this.#chunks = link.chunks[Symbol.asyncIterator]();
    this.#clock = clock;
  }

  /** Messages that can be taken without waiting. */
  get readyCount(): number {
    return this.#ready.length - this.#taken;
  }

  /** The next message; 'timeout' after `deadlineMs` of silence, 'ended' when the link is closed. Throws what the link throws. */
  async next(deadlineMs: number): Promise<NextMessage> {
    while (this.readyCount === 0) {
      const chunk = await this.#nextChunk(deadlineMs);
      if (chunk === 'timeout') return 'timeout';
      if (chunk.done) return 'ended';
      this.#take(chunk.value);
    }
    return this.#ready[this.#taken++] as Message;
  }

  // A chunk asked for stays asked for across a timeout: an async iterator must not be asked twice at once.
  async #nextChunk(deadlineMs: number): Promise<IteratorResult<Uint8Array> | 'timeout'> {
    this.#pending ??= this.#chunks.next();
    const stop = new AbortController();
    try {
      const timeout = this.#clock.sleep(deadlineMs, stop.signal).then(() => 'timeout' as const);
      const first = await Promise.race([this.#pending, timeout]);
      if (first !== 'timeout') this.#pending = null;
      return first;
    } catch (failure) {
      this.#pending = null;
      throw failure;
    } finally {
      stop.abort();
    }
  }

  #take(chunk: Uint8Array): void {
    this.stats.receivedBytes += chunk.length;
    this.#ready = [];
    this.#taken = 0;
    for (const frame of this.#framer.push(chunk)) {
      if (!frame.ok) this.#count(frame.fault);
      else {
        const message = decodeMessage(frame.value);
        if (message.ok) this.#ready.push(message.value);
        else this.#count(message.fault);
      }
    }
    this.stats.messages += this.#ready.length;
  }

  #count(fault: WireFault): void {
    this.stats.faults.set(fault.code, (this.stats.faults.get(fault.code) ?? 0) + 1);
  }
}
