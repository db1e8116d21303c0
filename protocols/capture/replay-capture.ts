// Plays what one side sent into a fresh packet link of the other side, in the time of the capture: what does it make of it?
// The link draws the nonces that the capture shows this side to have drawn, because the other's packets answer to them.

import { decodePacket, type ResetPacket } from '../packet/packet-codec.ts';
import { type PacketEvent, PacketLink, type PacketStats } from '../packet/packet-link.ts';
import type { CaptureSide } from './capture.ts';
import type { Capture } from './read-capture.ts';

export interface ReplayedEvent {
  readonly tUs: number;
  readonly event: PacketEvent;
}

export interface Replay {
  /** The side whose link was made anew. */
  readonly side: CaptureSide;
  readonly fedCount: number;
  readonly events: readonly ReplayedEvent[];
  readonly stats: PacketStats;
}

const PACKET_BYTES = 244;
/** How often a link may speak between two packets of a capture. */
const TURNS_MAX = 1_000;

/** `side` is by default where the capture was taken: what arrived there is exactly what it holds. */
export function replayCapture({ header, entries }: Capture, side: CaptureSide = header.side): Replay {
  const packets = entries.filter((entry) => entry.kind === 'packet');
  const link = linkLike(packets.flatMap(({ from, bytes }) => (from === side ? resetsIn(bytes) : [])));
  const events: ReplayedEvent[] = [];
  const fed = packets.filter(({ from }) => from !== side);
  for (const { tUs, bytes } of fed) {
    const nowMs = tUs / 1000;
    letSpeak(link, nowMs);
    link.receive(bytes, nowMs);
    letSpeak(link, nowMs);
    events.push(...link.take().map((event) => ({ tUs, event })));
  }
  return { side, fedCount: fed.length, events, stats: link.stats };
}

function resetsIn(bytes: Uint8Array): ResetPacket[] {
  const packet = decodePacket(bytes);
  return packet.ok && packet.value.kind === 'reset' ? [packet.value] : [];
}

/** What this link sends is thrown away: the packets of the other side are on record already. */
function letSpeak(link: PacketLink, nowMs: number): void {
  for (let turn = 0; turn < TURNS_MAX; turn++) {
    const dueMs = link.deadlineMs;
    if (dueMs === null || dueMs > nowMs || link.next(nowMs) === null) return;
  }
}

function linkLike(resets: readonly ResetPacket[]): PacketLink {
  const nonces = new Map(resets.map(({ nonce }) => [nonce.join(), nonce]));
  const drawn = [...nonces.values()];
  const offer = resets[0] && { window: resets[0].window, messageBytesMax: resets[0].messageBytesMax };
  // Silence in a capture is no reason to give up on it.
  const options = { packetBytesMax: PACKET_BYTES, keepAliveMs: null, ...offer };
  return new PacketLink({ ...options, entropy: (count) => drawn.shift() ?? new Uint8Array(count).fill(0xff) });
}
