// The device's side of a session: says who it is, answers, and serves its logs within the host's credit. No IO: messages in, messages out.
import type { Item, LogInfo, Message, Pull } from '../generated/types.gen.ts';
import { sameBytes } from '../same-bytes.ts';
import type { AckLevel, DeviceLog } from './device-log.ts';
import { claimBytes } from './log-chain.ts';

/** Channels of a session. */
export const CHANNEL_CONTROL = 0;
export const CHANNEL_LIVE = 1;
export const CHANNEL_BULK = 2;

const ITEMS_PER_MESSAGE = 64;
/** What an `items` message needs beside its items, and an item beside its bytes. */
const MESSAGE_HEAD_BYTES = 40;
const ITEM_HEAD_BYTES = 3;
/** The first message behind a pull is short: it fits one window of the smallest packets, so something new is there a round trip after the question. */
const FIRST_MESSAGE_BYTES = 256;
/** The chain is signed at every such number of items, so that everybody gets the same checkpoints, and at the end. */
const ITEMS_PER_CHECKPOINT = 256;
const REASON_CORRUPT = 3;

export interface Outgoing {
  readonly channel: number;
  readonly message: Message;
  readonly droppable: boolean;
}

export interface DeviceIdentity {
  /** First 16 bytes of the SHA-256 of its static public key. */
  readonly device: Uint8Array;
  readonly firmware: string;
  /** Changes with every restart. */
  readonly boot: number;
  readonly tickRateHz: number;
  /** Raw Ed25519 key of `sign`. */
  readonly signer: Uint8Array;
  readonly sign: (bytes: Uint8Array) => Uint8Array;
}

export interface DeviceSyncOptions {
  readonly identity: DeviceIdentity;
  readonly logs: readonly DeviceLog[];
  /** The host's key, as the handshake proved it. */
  readonly host: Uint8Array;
  readonly nowTicks: () => number;
  /** Longest message, before it is sealed, that the host takes. */
  readonly messageBytesMax: number;
  /** The host says what time it is. False: the device has it from a better source. */
  readonly onClockSet?: (clock: Extract<Message, { type: 'clock-set' }>) => boolean;
}

interface Serving {
  readonly epoch: Uint8Array;
  readonly credit: number;
  readonly from: number;
  next: number;
  limit: number;
  /** The end was said, at this head. */
  endSaidAt: number | null;
  signedPast: number;
  wasFinal: boolean;
}

export class DeviceSync {
  readonly #options: DeviceSyncOptions;
  readonly #serving = new Map<number, Serving>();
  readonly #live = new Map<number, number>();
  #turn = 0;
  /** The epochs that the host knows of. */
  #announced = '';

  constructor(options: DeviceSyncOptions) {
    this.#options = options;
  }

  /** What a session begins with, and what follows when a log was erased. */
  introduce(): Outgoing {
    this.#announced = this.#epochs();
    const { device, firmware, boot, tickRateHz, signer } = this.#options.identity;
    const logs = this.#options.logs.map(logInfoOf);
    return control({ type: 'info', device, firmware, boot, tickRateHz, signer, logs });
  }

  /** Answers to a message of the host. */
  take(message: Message): Outgoing[] {
    switch (message.type) {
      case 'pull':
        return this.#pull(message);
      case 'ack':
        return this.#ack(message.log, message.epoch, message.upto, message.level);
      case 'time-ping':
        return [
          control({
            type: 'time-pong',
            id: message.id,
            boot: this.#options.identity.boot,
            ticks: this.#options.nowTicks(),
          }),
        ];
      case 'clock-set':
        return (this.#options.onClockSet?.(message) ?? true) ? [] : [failure(6, 'the device has a better time')];
      case 'want-live':
        if (this.#logOf(message.log) === null) return [failure(3, 'no such log')];
        if (message.on) this.#live.set(message.log, this.#live.get(message.log) ?? 0);
        else this.#live.delete(message.log);
        return [];
      default:
        return [failure(5, `a host does not send ${message.type}`)];
    }
  }

  /** The next message of the logs, in turn; null when nothing is to be said within the credit. */
  next(): Outgoing | null {
    const { logs } = this.#options;
    // A log that was erased is news to every host, whether it was reading it or not.
    if (this.#announced !== this.#epochs()) return this.introduce();
    for (let tried = 0; tried < logs.length; tried++) {
      const log = logs[(this.#turn + tried) % logs.length]!;
      const message = this.#nextOf(log);
      if (message === null) continue;
      this.#turn = (this.#turn + tried + 1) % logs.length;
      return { channel: CHANNEL_BULK, message, droppable: false };
    }
    return null;
  }

  /** A preview of `item`, if the host wants one. `dropped`: previews lost on the way out so far. */
  live(log: DeviceLog, item: Extract<Item, { type: 'sample-item' }>, dropped: number): Outgoing | null {
    if (!this.#live.has(log.log)) return null;
    const { firstSample, ticks, format, samples } = item;
    const message = {
      type: 'live',
      log: log.log,
      epoch: log.epoch,
      dropped,
      firstSample,
      ticks,
      format,
      samples,
    } as const;
    return { channel: CHANNEL_LIVE, message, droppable: true };
  }

  #pull(pull: Pull): Outgoing[] {
    const log = this.#logOf(pull.log);
    if (log === null) return [failure(3, 'no such log')];
    if (!sameBytes(log.epoch, pull.epoch)) return [failure(4, 'the log was erased'), this.introduce()];
    const { from, credit, epoch } = pull;
    if (from > log.head) return [failure(5, 'the log does not reach that far')];
    this.#serving.set(pull.log, {
      epoch,
      credit,
      next: from,
      limit: from + credit,
      from,
      endSaidAt: null,
      signedPast: -1,
      wasFinal: false,
    });
    return [];
  }

  #ack(number: number, epoch: Uint8Array, upto: number, level: AckLevel): Outgoing[] {
    const log = this.#logOf(number);
    if (log === null) return [failure(3, 'no such log')];
    if (!sameBytes(log.epoch, epoch)) return [failure(4, 'the log was erased')];
    // What is not there yet cannot have been stored.
    if (upto >= log.head) return [failure(5, 'an acknowledgement of what was never sent')];
    const serving = this.#serving.get(number);
    if (serving !== undefined) serving.limit = Math.max(serving.limit, upto + 1 + serving.credit);
    log.acknowledged(upto, level, this.#options.host);
    return [];
  }

  #nextOf(log: DeviceLog): Message | null {
    const serving = this.#serving.get(log.log);
    if (serving === undefined) return null;
    if (!sameBytes(log.epoch, serving.epoch)) {
      this.#serving.delete(log.log);
      return null;
    }
    if (serving.next < log.first) return this.#lost(log, serving, log.first - 1, log.goneReason);
    if (serving.next >= log.head) return this.#end(log, serving);
    if (serving.next >= log.ready) return null;
    if (serving.next % ITEMS_PER_CHECKPOINT === 0 && serving.next > serving.from && serving.signedPast !== serving.next)
      return this.#sign(log, serving);
    return serving.next < serving.limit ? this.#items(log, serving) : null;
  }

  #items(log: DeviceLog, serving: Serving): Message {
    const items: Uint8Array[] = [];
    const { messageBytesMax } = this.#options;
    const isFirst = serving.next === serving.from;
    let room = Math.min(messageBytesMax, isFirst ? FIRST_MESSAGE_BYTES : messageBytesMax) - MESSAGE_HEAD_BYTES;
    const untilCheckpoint = ITEMS_PER_CHECKPOINT - (serving.next % ITEMS_PER_CHECKPOINT);
    const count = Math.min(ITEMS_PER_MESSAGE, untilCheckpoint);
    const past = Math.min(serving.next + count, serving.limit, log.ready);
    for (let seq = serving.next; seq < past; seq++) {
      const item = log.read(seq);
      if (item === null || (items.length > 0 && item.length + ITEM_HEAD_BYTES > room)) break;
      items.push(item);
      room -= item.length + ITEM_HEAD_BYTES;
    }
    if (items.length === 0) return this.#lost(log, serving, this.#lastUnreadable(log, serving.next), REASON_CORRUPT);
    const first = serving.next;
    serving.next += items.length;
    return { type: 'items', log: log.log, epoch: log.epoch, first, items };
  }

  #lastUnreadable(log: DeviceLog, from: number): number {
    let seq = from;
    while (seq + 1 < log.ready && log.read(seq + 1) === null) seq++;
    return seq;
  }

  #lost(log: DeviceLog, serving: Serving, to: number, reason: DeviceLog['goneReason']): Message {
    const from = serving.next;
    serving.next = to + 1;
    // A loss costs no credit, and gives none: a log that wraps faster than it is read would otherwise never stop.
    serving.limit += to + 1 - from;
    return { type: 'lost', log: log.log, epoch: log.epoch, from, to, reason, chain: log.chainAt(to) };
  }

  #end(log: DeviceLog, serving: Serving): Message | null {
    const isNews = serving.endSaidAt === null || (log.isFinal && !serving.wasFinal);
    const isCheckpoint = log.head % ITEMS_PER_CHECKPOINT === 0;
    if (log.head > 0 && serving.signedPast !== log.head && (isNews || isCheckpoint)) return this.#sign(log, serving);
    if (!isNews) return null;
    serving.endSaidAt = log.head;
    serving.wasFinal = log.isFinal;
    return { type: 'log-end', log: log.log, epoch: log.epoch, head: log.head, final: log.isFinal };
  }

  /** Of everything before `next`; where the chain is not known (an unreadable item), a later one will do. */
  #sign(log: DeviceLog, serving: Serving): Message | null {
    const upto = serving.next - 1;
    serving.signedPast = serving.next;
    const chain = log.chainAt(upto);
    if (chain === null) return this.#nextOf(log);
    const { device, sign } = this.#options.identity;
    const claim = { device, log: log.log, epoch: log.epoch, upto, chain };
    return { type: 'checkpoint', log: log.log, epoch: log.epoch, upto, chain, signature: sign(claimBytes(claim)) };
  }

  #epochs(): string {
    return this.#options.logs.map(({ epoch }) => epoch.join('.')).join();
  }

  #logOf(number: number): DeviceLog | null {
    return this.#options.logs.find(({ log }) => log === number) ?? null;
  }
}

function logInfoOf({ log, epoch, first, head, isFinal, stream }: DeviceLog): LogInfo {
  return { log, epoch, first, head, final: isFinal, stream };
}

function control(message: Message): Outgoing {
  return { channel: CHANNEL_CONTROL, message, droppable: false };
}

function failure(code: 3 | 4 | 5 | 6, detail: string): Outgoing {
  return control({ type: 'failure', code, detail });
}
