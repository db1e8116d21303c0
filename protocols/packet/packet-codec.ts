// One packet, byte for byte (SPEC.md, "Packets"). A packet is what the bearer carries whole or not at all.
//
//  DATA  | kind 0, FIRST, LAST, channel | seq | total length, varint: only FIRST without LAST | bytes of the message |
//  ACK   | kind 1                       | next expected seq | credit | bitmap, 0..8 bytes |
//  RESET | kind 2, ASK                  | version | window | longest message, u16 | own nonce, 4 | the other's nonce, 4 |
import { type Decoded, decoded, refused } from '../wire-fault.ts';

export const PACKET_VERSION = 1;
/** ATT's smallest payload, and the largest value of a GATT characteristic rounded to what UART takes. */
export const PACKET_BYTES_MIN = 20;
export const PACKET_BYTES_MAX = 1024;
export const CHANNEL_COUNT = 16;
/** Packets on the way at once: well below half of the 256 numbers, so that old and new cannot be mistaken. */
export const WINDOW_MAX = 64;
export const MESSAGE_BYTES_MAX = 16_383;
export const NONCE_BYTES = 4;
export const BITMAP_BYTES_MAX = 8;
export const HEAD_BYTES = 2;

const RESET_BYTES = 13;
const ACK_BYTES = 3;
const FIRST = 0x20;
const LAST = 0x10;
const ASK = 0x20;

export interface DataPacket {
  readonly kind: 'data';
  readonly channel: number;
  readonly seq: number;
  readonly first: boolean;
  readonly last: boolean;
  /** Bytes of the whole message; null unless the packet is the first of several. */
  readonly total: number | null;
  /** A view into the packet. */
  readonly bytes: Uint8Array;
}

export interface AckPacket {
  readonly kind: 'ack';
  readonly next: number;
  /** Packets from `next` on that the receiver has room for. */
  readonly credit: number;
  /** Bit i of byte j: packet `next + 1 + 8 j + i` is here. */
  readonly bitmap: Uint8Array;
}

export interface ResetPacket {
  readonly kind: 'reset';
  /** The sender is not open yet and wants an answer. */
  readonly asks: boolean;
  readonly version: number;
  readonly window: number;
  readonly messageBytesMax: number;
  readonly nonce: Uint8Array;
  /** Zeros as long as the sender has not heard of the other. */
  readonly peerNonce: Uint8Array;
}

export type Packet = DataPacket | AckPacket | ResetPacket;

/** Bytes in front of the message's: the head, and the total length of a message that takes several packets. */
export function dataHeadBytes(isSplitFirst: boolean, total: number): number {
  return HEAD_BYTES + (isSplitFirst ? varintBytes(total) : 0);
}

export function encodeData(channel: number, seq: number, part: Uint8Array, split: DataSplit): Uint8Array {
  const headBytes = dataHeadBytes(split.first && !split.last, split.total);
  const packet = new Uint8Array(headBytes + part.length);
  packet[0] = (split.first ? FIRST : 0) | (split.last ? LAST : 0) | channel;
  packet[1] = seq;
  if (headBytes > HEAD_BYTES) writeVarint(packet, HEAD_BYTES, split.total);
  packet.set(part, headBytes);
  return packet;
}

export interface DataSplit {
  readonly first: boolean;
  readonly last: boolean;
  readonly total: number;
}

export function encodeAck(next: number, credit: number, bitmap: Uint8Array): Uint8Array {
  const packet = new Uint8Array(ACK_BYTES + bitmap.length);
  packet.set([0x40, next, credit]);
  packet.set(bitmap, ACK_BYTES);
  return packet;
}

export function encodeReset(reset: Omit<ResetPacket, 'kind'>): Uint8Array {
  const packet = new Uint8Array(RESET_BYTES);
  packet.set([
    0x80 | (reset.asks ? ASK : 0),
    reset.version,
    reset.window,
    reset.messageBytesMax & 0xff,
    reset.messageBytesMax >>> 8,
  ]);
  packet.set(reset.nonce, 5);
  packet.set(reset.peerNonce, 5 + NONCE_BYTES);
  return packet;
}

/** Faults: `torn` (too short), `bad-shape` (a kind, a bit or a number that is not in this version), `over-budget` (too long). */
export function decodePacket(packet: Uint8Array): Decoded<Packet> {
  if (packet.length < HEAD_BYTES) return refused('torn', packet.length, `${packet.length} bytes of a packet`);
  if (packet.length > PACKET_BYTES_MAX) return refused('over-budget', 0, `a packet of ${packet.length} bytes`);
  const kind = packet[0]! >>> 6;
  if (kind === 0) return decodeData(packet);
  if (kind === 3) return refused('bad-shape', 0, 'packet of a kind that is not known');
  if ((packet[0]! & (kind === 1 ? 0x3f : 0x1f)) !== 0) return refused('bad-shape', 0, 'reserved bits are set');
  return kind === 1 ? decodeAck(packet) : decodeReset(packet);
}

function decodeData(packet: Uint8Array): Decoded<DataPacket> {
  const first = (packet[0]! & FIRST) !== 0;
  const last = (packet[0]! & LAST) !== 0;
  const head = { kind: 'data', channel: packet[0]! & 0x0f, seq: packet[1]!, first, last } as const;
  if (!first || last) return decoded({ ...head, total: null, bytes: packet.subarray(HEAD_BYTES) });
  const low = packet[HEAD_BYTES];
  if (low === undefined) return refused('torn', HEAD_BYTES, 'the length is missing');
  if (low < 0x80) return decoded({ ...head, total: low, bytes: packet.subarray(HEAD_BYTES + 1) });
  const high = packet[HEAD_BYTES + 1];
  if (high === undefined) return refused('torn', HEAD_BYTES + 1, 'the length is cut short');
  if (high === 0 || high >= 0x80)
    return refused('bad-shape', HEAD_BYTES + 1, 'a length in another than its shortest form');
  return decoded({ ...head, total: (low & 0x7f) | (high << 7), bytes: packet.subarray(HEAD_BYTES + 2) });
}

function decodeAck(packet: Uint8Array): Decoded<AckPacket> {
  if (packet.length < ACK_BYTES) return refused('torn', packet.length, 'an acknowledgement without its credit');
  if (packet.length > ACK_BYTES + BITMAP_BYTES_MAX)
    return refused('bad-shape', 0, 'an acknowledgement that is too long');
  const credit = packet[2]!;
  if (credit > WINDOW_MAX) return refused('bad-shape', 2, `credit ${credit}, at most ${WINDOW_MAX}`);
  return decoded({ kind: 'ack', next: packet[1]!, credit, bitmap: packet.subarray(ACK_BYTES) });
}

function decodeReset(packet: Uint8Array): Decoded<ResetPacket> {
  if (packet.length < RESET_BYTES) return refused('torn', packet.length, 'a reset that is cut short');
  // Later versions may say more behind this.
  const window = packet[2]!;
  const messageBytesMax = packet[3]! | (packet[4]! << 8);
  if (window < 1 || window > WINDOW_MAX) return refused('bad-shape', 2, `window ${window}, expected 1..${WINDOW_MAX}`);
  if (messageBytesMax < 1 || messageBytesMax > MESSAGE_BYTES_MAX)
    return refused('bad-shape', 3, `messages up to ${messageBytesMax}, expected 1..${MESSAGE_BYTES_MAX}`);
  const nonce = packet.slice(5, 5 + NONCE_BYTES);
  const peerNonce = packet.slice(5 + NONCE_BYTES, RESET_BYTES);
  if (nonce.every((byte) => byte === 0)) return refused('bad-shape', 5, 'a nonce of zeros');
  const asks = (packet[0]! & ASK) !== 0;
  return decoded({ kind: 'reset', asks, version: packet[1]!, window, messageBytesMax, nonce, peerNonce });
}

function varintBytes(value: number): number {
  return value < 0x80 ? 1 : 2;
}

function writeVarint(into: Uint8Array, at: number, value: number): void {
  if (value < 0x80) into[at] = value;
  else {
    into[at] = (value & 0x7f) | 0x80;
    into[at + 1] = value >>> 7;
  }
}
