// What really happened, written down where neither device nor gateway can see it: the checkers compare the stores with this.

export interface AckSeen {
  readonly gateway: number;
  readonly log: string;
  readonly upto: number;
}

export class Truth {
  /** Every item a device ever wrote, by the name of its log and epoch. */
  readonly #items = new Map<string, Uint8Array[]>();
  /** Items that could not be read any more, or were overwritten before everybody had them. */
  readonly #gone = new Map<string, Set<number>>();
  /** Logs that a device went on with under numbers it had used before. */
  readonly #rewritten = new Set<string>();
  readonly acks: AckSeen[] = [];

  wrote(log: string, seq: number, item: Uint8Array): void {
    const items = this.#items.get(log) ?? [];
    this.#items.set(log, items);
    if (seq < items.length) this.#rewritten.add(log);
    items[seq] = item;
  }

  lost(log: string, seq: number): void {
    const gone = this.#gone.get(log) ?? new Set();
    this.#gone.set(log, gone);
    gone.add(seq);
  }

  itemOf(log: string, seq: number): Uint8Array | undefined {
    return this.#items.get(log)?.[seq];
  }

  isGone(log: string, seq: number): boolean {
    return this.#gone.get(log)?.has(seq) ?? false;
  }

  isRewritten(log: string): boolean {
    return this.#rewritten.has(log);
  }

  restored(log: string): void {
    this.#rewritten.add(log);
  }

  countOf(log: string): number {
    return this.#items.get(log)?.length ?? 0;
  }

  get itemCount(): number {
    return [...this.#items.values()].reduce((sum, items) => sum + items.length, 0);
  }
}

export function logName(device: Uint8Array, log: number, epoch: Uint8Array): string {
  return `${Buffer.from(device).toString('hex').slice(0, 8)}/${log}/${Buffer.from(epoch).toString('hex')}`;
}
