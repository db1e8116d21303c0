// Messages that wait to be cut into packets: one queue per channel, the lower channel first. The choice is made anew for every packet,
// so a long message of one channel delays another's by one packet and no more.
import { CHANNEL_COUNT, dataHeadBytes, encodeData } from './packet-codec.ts';

/** Bytes that may wait in one channel. */
export const QUEUE_BYTES_MAX = 65_536;
/** Droppable messages that may wait in one channel: the oldest goes when one more comes. */
export const DROPPABLE_MAX = 16;

/** Makes the bytes that travel of a message, at the moment its first packet is cut: a message that was dropped was never sealed. */
export type Seal = (channel: number, message: Uint8Array) => Uint8Array;

interface Waiting {
  readonly message: Uint8Array;
  readonly isDroppable: boolean;
}

interface Channel {
  readonly waiting: Waiting[];
  waitingBytes: number;
  /** The message that is being cut, sealed, and how much of it has gone. */
  current: Uint8Array | null;
  sentBytes: number;
}

export class SendQueue {
  readonly #channels: Channel[] = Array.from({ length: CHANNEL_COUNT }, newChannel);
  readonly #seal: Seal;
  #dropped = 0;

  constructor(seal: Seal) {
    this.#seal = seal;
  }

  /** Droppable messages that never went. */
  get droppedCount(): number {
    return this.#dropped;
  }

  get isEmpty(): boolean {
    return this.#channels.every(isIdle);
  }

  /** Bytes of one channel that wait, what is being cut included. */
  waitingBytes(channel: number): number {
    const { waitingBytes, current, sentBytes } = this.#channels[channel]!;
    return waitingBytes + (current === null ? 0 : current.length - sentBytes);
  }

  /** False when the channel is full: try again when it has drained. */
  add(channel: number, message: Uint8Array, isDroppable: boolean): boolean {
    const queue = this.#channels[channel]!;
    if (isDroppable) this.#makeRoom(queue);
    if (queue.waitingBytes + message.length > QUEUE_BYTES_MAX) return false;
    queue.waiting.push({ message, isDroppable });
    queue.waitingBytes += message.length;
    return true;
  }

  /** The next packet, or null when nothing waits. */
  cut(seq: number, packetBytesMax: number): Uint8Array | null {
    const index = this.#channels.findIndex((channel) => !isIdle(channel));
    if (index < 0) return null;
    const channel = this.#channels[index]!;
    if (channel.current === null) this.#begin(index, channel);
    const message = channel.current!;
    const first = channel.sentBytes === 0;
    const isWhole = first && message.length <= packetBytesMax - dataHeadBytes(false, 0);
    const room = packetBytesMax - dataHeadBytes(first && !isWhole, message.length);
    const part = message.subarray(channel.sentBytes, channel.sentBytes + room);
    channel.sentBytes += part.length;
    const last = channel.sentBytes === message.length;
    if (last) channel.current = null;
    return encodeData(index, seq, part, { first, last, total: message.length });
  }

  clear(): void {
    for (let index = 0; index < CHANNEL_COUNT; index++) this.#channels[index] = newChannel();
  }

  #begin(index: number, channel: Channel): void {
    const { message } = channel.waiting.shift()!;
    channel.waitingBytes -= message.length;
    channel.current = this.#seal(index, message);
    channel.sentBytes = 0;
  }

  #makeRoom(queue: Channel): void {
    const droppable = queue.waiting.filter(({ isDroppable }) => isDroppable);
    if (droppable.length < DROPPABLE_MAX) return;
    const oldest = droppable[0]!;
    queue.waiting.splice(queue.waiting.indexOf(oldest), 1);
    queue.waitingBytes -= oldest.message.length;
    this.#dropped++;
  }
}

function newChannel(): Channel {
  return { waiting: [], waitingBytes: 0, current: null, sentBytes: 0 };
}

function isIdle({ waiting, current }: Channel): boolean {
  return current === null && waiting.length === 0;
}
