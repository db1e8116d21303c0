// The log of a virtual wearable: blocks are read from their source a little ahead of what is asked for, and kept until acknowledged.
import {
  type AckLevel,
  chainAfter,
  type DeviceLog,
  encodeItem,
  type GapReason,
  type StreamInfo,
} from '@maibo/protocols';
import type { BlockSource, LogBlock } from './block-source.ts';
import type { Freed } from './freed-state.ts';

/** Read ahead: more than any credit, so that the link never waits for the source. */
const AHEAD_BLOCKS = 1_100;
const BOOT = 1;
const REASON_FREED: GapReason = 4;

interface Kept {
  readonly item: Uint8Array;
  readonly chain: Uint8Array;
}

export class SourceLog implements DeviceLog {
  readonly log = 1;
  readonly goneReason: GapReason = REASON_FREED;
  readonly isFinal = true;
  readonly epoch: Uint8Array;
  readonly stream: StreamInfo;
  readonly head: number;
  readonly #source: BlockSource;
  readonly #onFreed: (freed: Freed) => void;
  #kept: Kept[] = [];
  #first: number;
  #chainBefore: Uint8Array;
  /** The block that is not complete yet, read once. */
  #coming: LogBlock | null = null;

  /** `freed`: where the log begins, after what was acknowledged in an earlier life. */
  constructor(source: BlockSource, freed: Freed, onFreed: (freed: Freed) => void) {
    this.#source = source;
    this.#onFreed = onFreed;
    this.#first = freed.firstBlock;
    this.#chainBefore = freed.chain;
    this.epoch = source.identity.slice(16, 20);
    this.stream = source.stream;
    this.head = Math.max(source.blockCount, freed.firstBlock);
  }

  get first(): number {
    return this.#first;
  }

  get ready(): number {
    return this.#first + this.#kept.length;
  }

  /** When the block that is measured now will be complete; null when nothing is on its way. */
  get dueTicks(): number | null {
    return this.#coming?.completeTicks ?? null;
  }

  /** Reads the next block if there is room and it is complete by `ticks`. False when there is nothing to do now. */
  async readOn(ticks: number): Promise<boolean> {
    if (this.ready >= this.head || this.#kept.length >= AHEAD_BLOCKS) return false;
    const block = this.#coming?.seq === this.ready ? this.#coming : await this.#source.read(this.ready);
    this.#coming = block;
    if (block === null || block.completeTicks > ticks) return false;
    this.#coming = null;
    const item = encodeItem(itemOf(block));
    this.#kept.push({ item, chain: chainAfter(this.#kept.at(-1)?.chain ?? this.#chainBefore, item) });
    return true;
  }

  read(seq: number): Uint8Array | null {
    return this.#kept[seq - this.#first]?.item ?? null;
  }

  chainAt(seq: number): Uint8Array | null {
    return seq === this.#first - 1 ? this.#chainBefore : (this.#kept[seq - this.#first]?.chain ?? null);
  }

  acknowledged(upto: number, _level: AckLevel): void {
    // What was not read yet cannot have been stored.
    const count = Math.min(upto, this.ready - 1) + 1 - this.#first;
    if (count <= 0) return;
    this.#chainBefore = this.#kept[count - 1]!.chain;
    this.#kept = this.#kept.slice(count);
    this.#first += count;
    this.#onFreed({ firstBlock: this.#first, chain: this.#chainBefore });
  }
}

function itemOf({ firstSample, ticks, format, samples }: LogBlock): Parameters<typeof encodeItem>[0] {
  return { type: 'sample-item', boot: BOOT, ticks, firstSample, format, samples };
}
