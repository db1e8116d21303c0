// Packets in order back into messages, one at a time per channel.
import { CHANNEL_COUNT, type DataPacket } from './packet-codec.ts';

/** What a packet completed; 'more' when its message goes on; a text when no honest sender sends it: the link is then over. */
export type Reassembled = Uint8Array | 'more' | { readonly violation: string };

interface Partial {
  readonly bytes: Uint8Array;
  filled: number;
}

export class Reassembly {
  readonly #partials: (Partial | null)[] = new Array<Partial | null>(CHANNEL_COUNT).fill(null);
  readonly #messageBytesMax: number;

  constructor(messageBytesMax: number) {
    this.#messageBytesMax = messageBytesMax;
  }

  /** Whether the end of a message is still to come. */
  get isMidMessage(): boolean {
    return this.#partials.some((partial) => partial !== null);
  }

  take(packet: DataPacket): Reassembled {
    const partial = this.#partials[packet.channel]!;
    if (packet.first !== (partial === null))
      return { violation: packet.first ? 'a message begins before the last one ended' : 'a packet of no message' };
    if (packet.first && packet.last) return this.#whole(packet);
    if (packet.first) return this.#begin(packet);
    return this.#goOn(packet, partial!);
  }

  #whole({ bytes }: DataPacket): Reassembled {
    if (bytes.length === 0) return { violation: 'an empty message' };
    return bytes.length > this.#messageBytesMax ? this.#tooLong(bytes.length) : bytes.slice();
  }

  #begin({ channel, total, bytes }: DataPacket): Reassembled {
    if (total! > this.#messageBytesMax) return this.#tooLong(total!);
    if (bytes.length === 0 || bytes.length >= total!)
      return { violation: `${bytes.length} of ${total} bytes, and more to come` };
    const partial = { bytes: new Uint8Array(total!), filled: bytes.length };
    partial.bytes.set(bytes);
    this.#partials[channel] = partial;
    return 'more';
  }

  #goOn({ channel, last, bytes }: DataPacket, partial: Partial): Reassembled {
    const filled = partial.filled + bytes.length;
    const total = partial.bytes.length;
    if (bytes.length === 0 || filled > total || last !== (filled === total))
      return { violation: `${filled} of ${total} bytes at the ${last ? 'last' : 'next'} packet` };
    partial.bytes.set(bytes, partial.filled);
    partial.filled = filled;
    if (!last) return 'more';
    this.#partials[channel] = null;
    return partial.bytes;
  }

  #tooLong(size: number): Reassembled {
    return { violation: `a message of ${size} bytes, at most ${this.#messageBytesMax}` };
  }
}
