// Messages that wait to be cut into packets: one queue per channel, the lower channel first. The choice is made anew for every packet,
// so a long message of one channel delays another's by one packet and no more.
import { CHANNEL_COUNT, dataHeadBytes, encodeData } from './packet-codec.ts';

/** Bytes that may wait in one channel. */
export const QUEUE_BYTES_MAX = 65_536;
/** Droppable messages that may wait in one channel: the oldest goes when one more comes. */
export const DROPPABLE_MAX = 16;

/** Makes the bytes that travel of a message, at the moment its first packet is cut: what was dropped before was never sealed. Null: not to be sent after all. */
export type Seal = (message: Uint8Array) => Uint8Array | null;

export interface SendOptions {
  /** It may be dropped for a newer one while it waits. */
  readonly droppable?: boolean;
  readonly seal?: Seal;
}

interface Waiting {
  readonly message: Uint8Array;
  readonly isDroppable: boolean;
  readonly seal: Seal | null;
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
  #dropped = 0;

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
  add(channel: number, message: Uint8Array, { droppable = false, seal }: SendOptions): boolean {
    const queue = this.#channels[channel]!;
    if (droppable) this.#makeRoom(queue);
    if (queue.waitingBytes + message.length > QUEUE_BYTES_MAX) return false;
    queue.waiting.push({ message, isDroppable: droppable, seal: seal ?? null });
    queue.waitingBytes += message.length;
    return true;
  }

  /** The next packet, or null when nothing waits. */
  cut(seq: number, packetBytesMax: number): Uint8Array | null {
    const index = this.#channels.findIndex(hasBytes);
    if (index < 0) return null;
    const channel = this.#channels[index]!;
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

/** Begins the next message where none is being cut. */
function hasBytes(channel: Channel): boolean {
  while (channel.current === null) {
    const next = channel.waiting.shift();
    if (next === undefined) return false;
    channel.waitingBytes -= next.message.length;
    channel.current = next.seal === null ? next.message : next.seal(next.message);
    channel.sentBytes = 0;
  }
  return true;
}

function isIdle({ waiting, current }: Channel): boolean {
  return current === null && waiting.length === 0;
}
