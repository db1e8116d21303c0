// Previews of what logs will hold: the newest matter, so those that nobody took are dropped, the oldest first.
import type { HostEvent, LogInfo } from '@maibo/protocols';
import type { MaiboError } from '../errors.ts';
import type { Clock } from '../world/world.ts';
import { Inbox } from './inbox.ts';
import { readTwice, silent } from './log-readers.ts';
import { Chunker, type SampleChunk } from './sample-chunks.ts';
import { sessionError } from './session-errors.ts';
import type { ReadOptions } from './session-options.ts';

const PREVIEWS_WAITING_MAX = 64;

export interface PreviewsOptions {
  readonly clock: Clock;
  /** Name of the link, for errors. */
  readonly where: string;
  /** Tells the device whether a log's previews are wanted; throws when there is no session any more. */
  readonly want: (log: number, on: boolean) => void;
}

type Preview = Extract<HostEvent, { event: 'live' | 'failure' }>;

export class LogPreviews {
  readonly #options: PreviewsOptions;
  readonly #inboxes = new Map<number, Inbox<Preview>>();
  #isOver = false;

  constructor(options: PreviewsOptions) {
    this.#options = options;
  }

  /** A preview goes to who wants it, a refusal to all. */
  take(event: Preview): void {
    for (const [log, inbox] of this.#inboxes) {
      if ((event.event === 'live' && event.live.log !== log) || inbox.push(event)) continue;
      inbox.dropOldest();
      inbox.push(event);
    }
  }

  end(error: MaiboError): void {
    this.#isOver = true;
    for (const inbox of this.#inboxes.values()) inbox.end(error);
  }

  async *read(log: LogInfo, { signal, silenceMs }: ReadOptions): AsyncGenerator<SampleChunk, void> {
    const { clock, where, want } = this.#options;
    if (this.#inboxes.has(log.log)) throw readTwice(where, log);
    const inbox = new Inbox<Preview>(PREVIEWS_WAITING_MAX);
    const chunker = new Chunker(log, null);
    want(log.log, true);
    this.#inboxes.set(log.log, inbox);
    try {
      for (;;) {
        const event = await inbox.next(clock, silenceMs ?? null, signal);
        if (event === null && signal?.aborted) return;
        if (event === null) throw silent(where, silenceMs);
        if (event.event === 'failure')
          throw sessionError(where, 'device-refused', `the device refused: ${event.code} ${event.detail}`);
        const chunk = chunker.ofLive(event.live);
        if (chunk !== null) yield chunk;
      }
    } finally {
      this.#inboxes.delete(log.log);
      if (!this.#isOver) want(log.log, false);
    }
  }
}
