// The host's side of a session: asks for logs, and checks that what comes is what was asked for, in order, each once. The packets below
// lose nothing and keep order, so anything else is a broken or a hostile device, and ends the session with a name. No IO.
import type { GapReason, Info, Live, LogInfo, Message } from '../generated/types.gen.ts';
import { sameBytes } from '../same-bytes.ts';
import { CHAIN_START, chainAfter, verifyClaim } from './log-chain.ts';

/** Where a host is in a log: the next item it wants, and the chain before it; null where that is not known. */
export interface LogPosition {
  readonly next: number;
  readonly chain: Uint8Array | null;
}

export const LOG_START: LogPosition = { next: 0, chain: CHAIN_START };

/** A number that no device reaches: 8,900 years of a thousand items a second. */
const SEQ_MAX = 2 ** 48;

export type HostEvent =
  | { readonly event: 'info'; readonly info: Info }
  /** `chain` is the chain behind the last of them: keep it with them. */
  | {
      readonly event: 'items';
      readonly log: LogInfo;
      readonly first: number;
      readonly items: readonly Uint8Array[];
      readonly chain: Uint8Array | null;
    }
  | {
      readonly event: 'lost';
      readonly log: LogInfo;
      readonly from: number;
      readonly to: number;
      readonly reason: GapReason;
      readonly chain: Uint8Array | null;
    }
  /** The device signed what the host has; `isChecked` is false where the host could not follow the chain. */
  | {
      readonly event: 'checkpoint';
      readonly log: LogInfo;
      readonly checkpoint: Checkpoint;
      readonly isChecked: boolean;
    }
  | { readonly event: 'end'; readonly log: LogInfo; readonly head: number; readonly isFinal: boolean }
  | { readonly event: 'live'; readonly live: Live }
  | { readonly event: 'pong'; readonly id: number; readonly boot: number; readonly ticks: number }
  | { readonly event: 'failure'; readonly code: number; readonly detail: string }
  /** The device's signed word and the host's own chain differ: keep both. */
  | { readonly event: 'forked'; readonly log: LogInfo; readonly checkpoint: Checkpoint; readonly ours: Uint8Array }
  /** No honest device sends this: end the session. */
  | { readonly event: 'violation'; readonly detail: string };

type Checkpoint = Extract<Message, { type: 'checkpoint' }>;

interface Reading {
  readonly info: LogInfo;
  readonly credit: number;
  next: number;
  limit: number;
  chain: Uint8Array | null;
}

export class HostSync {
  /** By log and epoch: what was on the way when a log was erased is still of the old one. */
  readonly #reading = new Map<string, Reading>();
  #info: Info | null = null;

  /** Null before the device has said who it is. */
  get info(): Info | null {
    return this.#info;
  }

  /** Asks for everything from `position` on. `credit`: items the device may be ahead of the last acknowledgement, 1..1024. */
  pull(log: LogInfo, position: LogPosition, credit: number): Message {
    const { next, chain } = position;
    this.#reading.set(nameOf(log), { info: log, credit, next, limit: next + credit, chain });
    return { type: 'pull', log: log.log, epoch: log.epoch, from: next, credit };
  }

  /** Say it only once everything up to `upto` is durable at `level`. */
  ack(log: LogInfo, upto: number, level: 1 | 2 | 3): Message {
    const reading = this.#reading.get(nameOf(log));
    if (reading !== undefined) reading.limit = Math.max(reading.limit, upto + 1 + reading.credit);
    return { type: 'ack', log: log.log, epoch: log.epoch, upto, level };
  }

  take(message: Message): HostEvent[] {
    switch (message.type) {
      case 'info':
        return this.#meet(message);
      case 'items':
      case 'lost':
      case 'checkpoint':
      case 'log-end':
        return this.#ofLog(message);
      case 'live':
        return [{ event: 'live', live: message }];
      case 'time-pong':
        return [{ event: 'pong', id: message.id, boot: message.boot, ticks: message.ticks }];
      case 'failure':
        return [{ event: 'failure', code: message.code, detail: message.detail }];
      default:
        return [{ event: 'violation', detail: `a device does not send ${message.type}` }];
    }
  }

  #meet(info: Info): HostEvent[] {
    const numbers = new Set(info.logs.map(({ log }) => log));
    if (numbers.size < info.logs.length) return [{ event: 'violation', detail: 'two logs of one number' }];
    const broken = info.logs.find(({ first, head }) => first > head || head > SEQ_MAX);
    if (broken !== undefined)
      return [{ event: 'violation', detail: `log ${broken.log} from ${broken.first} to ${broken.head}` }];
    this.#forgetAllBut([...info.logs, ...(this.#info?.logs ?? [])]);
    this.#info = info;
    return [{ event: 'info', info }];
  }

  /** Of every log the epoch before this one stays, and none before that. */
  #forgetAllBut(logs: readonly LogInfo[]): void {
    const names = new Set(logs.map(nameOf));
    for (const name of this.#reading.keys()) if (!names.has(name)) this.#reading.delete(name);
  }

  #ofLog(message: Extract<Message, { type: 'items' | 'lost' | 'checkpoint' | 'log-end' }>): HostEvent[] {
    const reading = this.#reading.get(nameOf(message));
    if (reading === undefined) {
      // Of a log that was erased long ago, or not asked for: what was on the way.
      return this.#info?.logs.some(({ log }) => log === message.log)
        ? []
        : [violation(`log ${message.log} was never named`)];
    }
    if (message.type === 'items') return [this.#items(reading, message.first, message.items)];
    if (message.type === 'lost') return [this.#lost(reading, message)];
    if (message.type === 'checkpoint') return [this.#check(reading, message)];
    if (message.head !== reading.next) return [violation(`the end at ${message.head}, expected ${reading.next}`)];
    return [{ event: 'end', log: reading.info, head: message.head, isFinal: message.final }];
  }

  #items(reading: Reading, first: number, items: readonly Uint8Array[]): HostEvent {
    if (first !== reading.next) return violation(`item ${first}, expected ${reading.next}`);
    if (first + items.length > reading.limit) return violation(`item ${first + items.length - 1} beyond the credit`);
    for (const item of items) if (reading.chain !== null) reading.chain = chainAfter(reading.chain, item);
    reading.next += items.length;
    return { event: 'items', log: reading.info, first, items, chain: reading.chain };
  }

  #lost(reading: Reading, { from, to, reason, chain }: Extract<Message, { type: 'lost' }>): HostEvent {
    if (from !== reading.next || to < from || to >= SEQ_MAX)
      return violation(`lost ${from}..${to}, expected ${reading.next}`);
    reading.next = to + 1;
    reading.limit += to + 1 - from;
    reading.chain = chain;
    return { event: 'lost', log: reading.info, from, to, reason, chain };
  }

  #check(reading: Reading, checkpoint: Checkpoint): HostEvent {
    const { info } = reading;
    if (checkpoint.upto !== reading.next - 1)
      return violation(`checkpoint at ${checkpoint.upto}, expected ${reading.next - 1}`);
    const claim = { ...checkpoint, device: this.#info!.device };
    if (!verifyClaim(claim, checkpoint.signature, this.#info!.signer))
      return violation('a checkpoint that its signer did not sign');
    if (reading.chain !== null && !sameBytes(reading.chain, checkpoint.chain))
      return { event: 'forked', log: info, checkpoint, ours: reading.chain };
    const isChecked = reading.chain !== null;
    reading.chain = checkpoint.chain;
    return { event: 'checkpoint', log: info, checkpoint, isChecked };
  }
}

function nameOf({ log, epoch }: { readonly log: number; readonly epoch: Uint8Array }): string {
  return `${log}/${epoch.join('.')}`;
}

function violation(detail: string): HostEvent {
  return { event: 'violation', detail };
}
