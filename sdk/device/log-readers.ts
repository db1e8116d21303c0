// Who reads which log of a session: each reader has its own queue, gets what concerns its log, and asks for more as it takes.
import { type HostEvent, type Info, type LogInfo, type LogPosition, sameBytes } from '@maibo/protocols';
import { MaiboError } from '../errors.ts';
import type { Clock } from '../world/world.ts';
import { Inbox } from './inbox.ts';
import { itemsOfEvent, type LogItem } from './log-item.ts';
import { sessionError } from './session-errors.ts';
import type { ReadOptions } from './session-options.ts';

/** Items the device may send ahead of the last acknowledgement. */
export const CREDIT_ITEMS = 256;
/** A pause this long between items means that the device has said what it had. */
const QUIET_MS = 20;
/** More than an honest device says within its credit: each of 256 items alone, each behind a loss, an end behind each. */
const EVENTS_WAITING_MAX = 1_024;

/** What a reader needs of its session. */
export interface ReadersOptions {
  readonly clock: Clock;
  /** Name of the link, for errors. */
  readonly where: string;
  /** Asks the device; throws when there is no session any more. */
  readonly pull: (log: LogInfo, position: LogPosition, credit: number) => void;
  /** Who the device is. */
  readonly about: () => Info;
  readonly onReading: (isReading: boolean) => void;
}

interface Reader {
  readonly log: LogInfo;
  readonly inbox: Inbox<HostEvent>;
  position: LogPosition;
  /** The device sends no item from here on before it is told that it may. */
  limit: number;
}

type Reading = ReadOptions & {
  /** Asks for more when the credit is used up, without an acknowledgement. */
  readonly goesOnAlone: boolean;
};

export class LogReaders {
  readonly #options: ReadersOptions;
  readonly #readers = new Set<Reader>();

  constructor(options: ReadersOptions) {
    this.#options = options;
  }

  /** False when more waits than an honest device says. */
  take(event: HostEvent): boolean {
    let isTaken = true;
    for (const reader of this.#readers) {
      if ('log' in event && event.log !== reader.log) continue;
      isTaken = reader.inbox.push(event) && isTaken;
    }
    return isTaken;
  }

  end(error: MaiboError): void {
    for (const { inbox } of this.#readers) inbox.end(error);
  }

  acknowledged(log: LogInfo, upto: number): void {
    for (const reader of this.#readers)
      if (reader.log === log) reader.limit = Math.max(reader.limit, upto + 1 + CREDIT_ITEMS);
  }

  async *read(
    log: LogInfo,
    position: LogPosition,
    { signal, silenceMs, goesOnAlone }: Reading,
  ): AsyncGenerator<LogItem | { readonly kind: 'quiet' }, void> {
    const { clock, where } = this.#options;
    const reader = this.#start(log, position);
    let isBusy = false;
    try {
      while (!signal?.aborted) {
        if (goesOnAlone && reader.position.next >= reader.limit) this.#pull(reader);
        const event = await reader.inbox.next(clock, isBusy ? QUIET_MS : (silenceMs ?? null), signal);
        if (event === null) {
          if (signal?.aborted) return;
          if (!isBusy) throw silent(where, silenceMs);
          isBusy = false;
          yield { kind: 'quiet' };
          continue;
        }
        for (const item of this.#understood(event, reader)) {
          isBusy = true;
          yield item;
          if (item.kind === 'end' && item.final) return;
        }
      }
    } finally {
      this.#readers.delete(reader);
      this.#options.onReading(this.#readers.size > 0);
    }
  }

  #start(log: LogInfo, position: LogPosition): Reader {
    for (const { log: known } of this.#readers)
      if (known.log === log.log && sameBytes(known.epoch, log.epoch)) throw readTwice(this.#options.where, log);
    const reader = { log, inbox: new Inbox<HostEvent>(EVENTS_WAITING_MAX), position, limit: 0 };
    this.#pull(reader);
    this.#readers.add(reader);
    this.#options.onReading(true);
    return reader;
  }

  #pull(reader: Reader): void {
    this.#options.pull(reader.log, reader.position, CREDIT_ITEMS);
    reader.limit = reader.position.next + CREDIT_ITEMS;
  }

  #understood(event: HostEvent, reader: Reader): readonly LogItem[] {
    if (event.event === 'items') reader.position = { next: event.first + event.items.length, chain: event.chain };
    if (event.event === 'lost') {
      reader.position = { next: event.to + 1, chain: event.chain };
      reader.limit += event.to + 1 - event.from;
    }
    const understood = itemsOfEvent(event, reader.log, this.#options.about());
    if ('items' in understood) return understood.items;
    throw sessionError(this.#options.where, 'device-refused', understood.refused, null, understood.hint);
  }
}

export function silent(where: string, silenceMs = 0): MaiboError {
  return sessionError(where, 'link-timeout', `the device said nothing for ${silenceMs / 1000} s`);
}

export function readTwice(where: string, { log }: LogInfo): MaiboError {
  const hint = 'share what one reader gives, or open another session';
  return new MaiboError('usage', `log ${log} is being read in this session already`, { where, hint });
}
