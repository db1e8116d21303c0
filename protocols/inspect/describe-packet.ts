// One packet as one line.

import { type AckPacket, type DataPacket, decodePacket, type ResetPacket } from '../packet/packet-codec.ts';
import { toHex } from './hex.ts';

export function describePacket(bytes: Uint8Array): string {
  const packet = decodePacket(bytes);
  if (!packet.ok) return `?     ${packet.fault.code} at byte ${packet.fault.at}: ${packet.fault.detail}`;
  if (packet.value.kind === 'data') return describeData(packet.value);
  return packet.value.kind === 'ack' ? describeAck(packet.value) : describeReset(packet.value);
}

function describeData({ channel, seq, first, last, total, bytes }: DataPacket): string {
  const part = first ? (last ? 'whole' : `first of ${total}`) : last ? 'last' : 'next';
  return `DATA  seq ${seq}, channel ${channel}, ${part}, ${bytes.length} bytes`;
}

function describeAck({ next, credit, bitmap }: AckPacket): string {
  const early = [...bitmap].flatMap((byte, at) =>
    Array.from({ length: 8 }, (_, bit) => ((byte >> bit) & 1 ? [(next + 1 + 8 * at + bit) & 0xff] : [])).flat(),
  );
  const beyond = early.length > 0 ? `, beyond it ${early.join(' ')}` : '';
  return `ACK   next ${next}, credit ${credit}${beyond}`;
}

function describeReset({ asks, version, window, messageBytesMax, nonce, peerNonce }: ResetPacket): string {
  const peer = peerNonce.some((byte) => byte !== 0) ? `, to ${toHex(peerNonce)}` : '';
  const offer = `window ${window}, messages up to ${messageBytesMax}`;
  return `RESET ${asks ? 'asks' : 'answers'}, nonce ${toHex(nonce)}${peer}, version ${version}, ${offer}`;
}
