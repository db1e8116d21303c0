// What the device's side of the sync needs of a log, and a log in memory for prototypes and simulators.
import type { GapReason, StreamInfo } from '../generated/types.gen.ts';
import { CHAIN_START, chainAfter } from './log-chain.ts';

export type AckLevel = 1 | 2 | 3;

/** A log counts its items from 0; (device, log, epoch, seq) is never used twice. */
export interface DeviceLog {
  readonly log: number;
  /** Drawn anew whenever the log is erased. */
  readonly epoch: Uint8Array;
  readonly stream: StreamInfo;
  /** The oldest item still there, and one past the newest. */
  readonly first: number;
  readonly head: number;
  /** One past the newest item that can be read by now: a log on slow storage, or in the future of a replay, may be behind its head. */
  readonly ready: number;
  /** Nothing will be added any more. */
  readonly isFinal: boolean;
  /** Why the items before `first` are gone. */
  readonly goneReason: GapReason;
  /** Null when it cannot be read any more. */
  read(seq: number): Uint8Array | null;
  /** The chain after `seq`; null where it is not known any more. It is always known at `first - 1` and at `head - 1`. */
  chainAt(seq: number): Uint8Array | null;
  /** `host`, by its key, says that everything up to `upto` is durable at `level`. What may be freed then is the log's own policy. */
  acknowledged(upto: number, level: AckLevel, host: Uint8Array): void;
}

export interface MemoryLogOptions {
  readonly log: number;
  readonly epoch: Uint8Array;
  readonly stream: StreamInfo;
  /** Items kept at most: the oldest goes when one more is written, acknowledged or not. */
  readonly itemsMax: number;
  /** Items are freed once they are acknowledged at this level by everyone in `hosts`; null: never before they are overwritten. */
  readonly freeLevel?: AckLevel | null;
  /** Keys of the hosts whose word is waited for; empty: any host's will do. */
  readonly hosts?: readonly Uint8Array[];
}

interface Kept {
  readonly bytes: Uint8Array | null;
  readonly chain: Uint8Array;
}

const REASON_WRAPPED = 1;
const REASON_FREED = 4;

export class MemoryLog implements DeviceLog {
  readonly log: number;
  readonly stream: StreamInfo;
  readonly #options: MemoryLogOptions;
  readonly #acked = new Map<string, number>();
  #epoch: Uint8Array;
  #kept: Kept[] = [];
  #first = 0;
  #chainBefore = CHAIN_START;
  #goneReason: GapReason = REASON_WRAPPED;
  #isFinal = false;

  constructor(options: MemoryLogOptions) {
    this.#options = options;
    this.log = options.log;
    this.stream = options.stream;
    this.#epoch = options.epoch;
  }

  get epoch(): Uint8Array {
    return this.#epoch;
  }

  get first(): number {
    return this.#first;
  }

  get head(): number {
    return this.#first + this.#kept.length;
  }

  get ready(): number {
    return this.head;
  }

  get isFinal(): boolean {
    return this.#isFinal;
  }

  get goneReason(): GapReason {
    return this.#goneReason;
  }

  /** Throws Error once `end` was called. */
  append(item: Uint8Array): void {
    if (this.#isFinal) throw new Error('the log is complete');
    this.#kept.push({ bytes: item, chain: chainAfter(this.#chain(), item) });
    if (this.#kept.length > this.#options.itemsMax) this.#drop(1, REASON_WRAPPED);
  }

  end(): void {
    this.#isFinal = true;
  }

  /** Everything is gone, and numbers begin anew under another epoch. */
  erase(epoch: Uint8Array): void {
    this.#epoch = epoch;
    this.#kept = [];
    this.#acked.clear();
    this.#first = 0;
    this.#chainBefore = CHAIN_START;
    this.#isFinal = false;
  }

  /** As a worn flash page: the item is there and cannot be read. */
  spoil(seq: number): void {
    const kept = this.#kept[seq - this.#first];
    if (kept !== undefined) this.#kept[seq - this.#first] = { bytes: null, chain: kept.chain };
  }

  /** As a device that was restored from a copy: what came from `head` on was never written. No honest device does this. */
  restore(head: number): void {
    this.#kept = this.#kept.slice(0, Math.max(0, head - this.#first));
    this.#isFinal = false;
  }

  read(seq: number): Uint8Array | null {
    return this.#kept[seq - this.#first]?.bytes ?? null;
  }

  chainAt(seq: number): Uint8Array | null {
    return seq === this.#first - 1 ? this.#chainBefore : (this.#kept[seq - this.#first]?.chain ?? null);
  }

  acknowledged(upto: number, level: AckLevel, host: Uint8Array): void {
    const { freeLevel = 1, hosts = [] } = this.#options;
    if (freeLevel === null || level < freeLevel) return;
    const name = nameOf(host);
    this.#acked.set(name, Math.max(this.#acked.get(name) ?? -1, upto));
    const waitedFor = hosts.length === 0 ? [...this.#acked.keys()] : hosts.map(nameOf);
    const words = waitedFor.map((key) => this.#acked.get(key) ?? -1);
    const past = Math.min(hosts.length === 0 ? Math.max(...words) : Math.min(...words), this.head - 1) + 1;
    if (past > this.#first) this.#drop(past - this.#first, REASON_FREED);
  }

  #drop(count: number, reason: GapReason): void {
    this.#chainBefore = this.#kept[count - 1]!.chain;
    this.#kept = this.#kept.slice(count);
    this.#first += count;
    this.#goneReason = reason;
  }

  #chain(): Uint8Array {
    return this.#kept.at(-1)?.chain ?? this.#chainBefore;
  }
}

function nameOf(key: Uint8Array): string {
  return key.join();
}
