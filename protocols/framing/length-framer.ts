// Packets on a byte stream that neither loses nor damages anything (TCP, a local pipe): length, u16 little endian, and the packet.
// What a serial line needs on top of that is in serial-framer.ts. A length is the only thing a reader can go by: after a wrong one nothing
// that follows can be found again, so a stream that shows one is at its end.

import { PACKET_BYTES_MAX } from '../packet/packet-codec.ts';
import { type Decoded, decoded, refused } from '../wire-fault.ts';

const LENGTH_BYTES = 2;

/** A packet in memory of its own, or why the stream ends; `at` counts from the start of that length. */
export type PacketOrFault = Decoded<Uint8Array>;

/** Throws TypeError on an empty packet or one over PACKET_BYTES_MAX. */
export function encodeLength(packet: Uint8Array): Uint8Array {
  const size = packet.length;
  if (size === 0 || size > PACKET_BYTES_MAX)
    throw new TypeError(`packet of ${size} bytes, expected 1..${PACKET_BYTES_MAX}`);
  const framed = new Uint8Array(LENGTH_BYTES + size);
  framed[0] = size & 0xff;
  framed[1] = size >>> 8;
  framed.set(packet, LENGTH_BYTES);
  return framed;
}

export interface LengthFramerCounts {
  readonly packets: number;
  /** Bytes in no packet: a wrong length and all that came behind it, and what `end` and `reset` found unfinished. */
  readonly junkBytes: number;
}

/**
 * One direction of one stream.
 *
 *     const framer = new LengthFramer();
 *     for (const packet of framer.push(chunk)) packet.ok ? link.receive(packet.value, nowMs) : socket.destroy();
 */
export class LengthFramer {
  /** The beginning of a length and its packet whose end has not come yet. */
  private readonly pending = new Uint8Array(LENGTH_BYTES + PACKET_BYTES_MAX);
  private pendingSize = 0;
  private isBroken = false;
  private packets = 0;
  private junkBytes = 0;

  /** A length was wrong: nothing comes out any more until `reset`. */
  get isEnded(): boolean {
    return this.isBroken;
  }

  get counts(): LengthFramerCounts {
    return { packets: this.packets, junkBytes: this.junkBytes };
  }

  /** What the chunk completed, in order; a fault is the last there will be. Keeps no reference to the chunk. */
  push(chunk: Uint8Array): PacketOrFault[] {
    const found: PacketOrFault[] = [];
    let at = 0;
    while (at < chunk.length && !this.isBroken) at = this.take(chunk, at, found);
    this.junkBytes += chunk.length - at;
    return found;
  }

  /** The other side said that nothing follows: `torn` when that was in the middle of a packet, else null. */
  end(): PacketOrFault | null {
    const size = this.pendingSize;
    this.reset();
    return size === 0 ? null : refused('torn', size, `the stream ends after ${size} bytes of a packet and its length`);
  }

  /** For a new stream. The counts stay. */
  reset(): void {
    this.junkBytes += this.pendingSize;
    this.pendingSize = 0;
    this.isBroken = false;
  }

  /** Moves what is needed next from chunk[at..], and returns how far it came. */
  private take(chunk: Uint8Array, at: number, found: PacketOrFault[]): number {
    const next = this.fill(chunk, at, LENGTH_BYTES);
    if (this.pendingSize < LENGTH_BYTES) return next;
    const size = this.pending[0]! | (this.pending[1]! << 8);
    if (size === 0 || size > PACKET_BYTES_MAX) {
      this.reset();
      this.isBroken = true;
      found.push(refused(size === 0 ? 'bad-shape' : 'too-long', 0, `length ${size}, expected 1..${PACKET_BYTES_MAX}`));
      return next;
    }
    const end = this.fill(chunk, next, LENGTH_BYTES + size);
    if (this.pendingSize < LENGTH_BYTES + size) return end;
    found.push(decoded(this.pending.slice(LENGTH_BYTES, this.pendingSize)));
    this.packets++;
    this.pendingSize = 0;
    return end;
  }

  /** Fills `pending` up to `size` bytes as far as the chunk goes. */
  private fill(chunk: Uint8Array, at: number, size: number): number {
    const count = Math.min(Math.max(0, size - this.pendingSize), chunk.length - at);
    this.pending.set(chunk.subarray(at, at + count), this.pendingSize);
    this.pendingSize += count;
    return at + count;
  }
}
