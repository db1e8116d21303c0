// A packet link in C, spoken to packet by packet.

import { encodeFrame, SerialFramer } from '../framing/serial-framer.ts';
import { decodePacket, encodeReset, type Packet, type ResetPacket } from '../packet/packet-codec.ts';
import type { Dialogue } from './c.testkit.ts';
import { CEnd, type LinkOptions } from './line.testkit.ts';

/** As a device on a slow wire. */
export const DEVICE: LinkOptions = { window: 8, packetBytes: 20, messageBytesMax: 512, keepAliveMs: 0 };
/** Nonce of the test's own end. */
export const OURS = Uint8Array.of(1, 2, 3, 4);
export const ZEROS = new Uint8Array(4);

export class Hand {
  c: CEnd;
  nowMs = 0;
  readonly #program: Dialogue;

  constructor(program: Dialogue) {
    this.#program = program;
    this.c = new CEnd(program, DEVICE, 7);
  }

  /** The link's memory becomes zero, and it opens. */
  begin(options: LinkOptions): void {
    this.nowMs = 0;
    this.c = new CEnd(this.#program, options, 7);
  }

  say(...packets: readonly Uint8Array[]): void {
    for (const packet of packets) this.c.receive(encodeFrame(packet), this.nowMs);
  }

  /** What it says now. */
  hear(): Packet[] {
    return this.c.give(this.nowMs).map(packetOf);
  }

  /** As `hear`, where one RESET is all that may come. */
  hearReset(): ResetPacket {
    const [packet, ...more] = this.hear();
    if (packet?.kind !== 'reset' || more.length > 0) throw new Error('not one RESET');
    return packet;
  }

  /** What it says until then, each with its time. */
  hearUntil(endMs: number): { atMs: number; packet: Packet }[] {
    const heard: { atMs: number; packet: Packet }[] = [];
    while (this.nowMs <= endMs) {
      heard.push(...this.hear().map((packet) => ({ atMs: this.nowMs, packet })));
      this.nowMs = this.c.deadlineMs ?? Number.POSITIVE_INFINITY;
    }
    this.nowMs = endMs;
    return heard;
  }

  /** Opens it from nonce `own`; its nonce. */
  openWith(own: Uint8Array, window = 64, messageBytesMax = 16_383): Uint8Array {
    this.hear();
    this.say(reset(own, ZEROS, { asks: true, window, messageBytesMax }));
    const { nonce } = this.hearReset();
    this.say(reset(own, nonce, { asks: false, window, messageBytesMax }));
    if (this.c.happenings.pop()?.event !== 'open') throw new Error('it does not open');
    this.hear();
    return nonce;
  }
}

interface ResetParts {
  readonly asks: boolean;
  readonly version?: number;
  readonly window?: number;
  readonly messageBytesMax?: number;
}

export function reset(
  nonce: Uint8Array,
  peerNonce: Uint8Array,
  { asks, version = 1, window = 64, messageBytesMax = 16_383 }: ResetParts,
): Uint8Array {
  return encodeReset({ asks, version, window, messageBytesMax, nonce, peerNonce });
}

export function ack(next: number, credit: number, ...bitmap: number[]): Packet {
  return { kind: 'ack', next, credit, bitmap: Uint8Array.from(bitmap) };
}

export function payloadOf(frame: Uint8Array): Uint8Array {
  const [found] = new SerialFramer().push(frame);
  if (!found?.ok) throw new Error('no good frame');
  return found.value;
}

export function packetOf(frame: Uint8Array): Packet {
  return decoded(payloadOf(frame));
}

export function decoded(packet: Uint8Array): Packet {
  const found = decodePacket(packet);
  if (!found.ok) throw new Error(found.fault.detail);
  return found.value;
}
