// The GATT service of Maibo Link: a packet is one value of RX or TX, whole or not at all (SPEC.md, "Bearers and frames"). Its numbers
// are our own, 128 bits, so it stands beside the characteristics of gatt.ts, not among them.

import type { CborLimits } from '../cbor/cbor-value.ts';
import { readGattInfo, writeGattInfo } from '../generated/codec.gen.ts';
import type { GattInfo } from '../generated/types.gen.ts';
import { schemaCodec } from '../message/schema-codec.ts';
import { PACKET_BYTES_MIN } from '../packet/packet-codec.ts';
import { type Decoded, decoded } from '../wire-fault.ts';
import { GATT_VALUE_BYTES_MAX } from './characteristic.ts';

/** Drawn once at random (RFC 9562, version 4), never changed. The UUIDs differ in the low half of the first group only. */
const base = (number: string) => `c911${number}-a7f8-4d43-9a86-bf132251c2fa`;

/** In Bluetooth's own notation; on the air the bytes go the other way round. */
export const MAIBO_SERVICE_UUID = base('0001');
/** Host to device: write without response; a write with response is taken as well. */
export const MAIBO_RX_UUID = base('0002');
/** Device to host: notifications. */
export const MAIBO_TX_UUID = base('0003');
/** What the device says of itself: read, without pairing or encryption of the radio. */
export const MAIBO_INFO_UUID = base('0004');

/** The bits of a characteristic's properties (Bluetooth Core, Vol 3, Part G, 3.3.1.1): all of these must be there. */
export const MAIBO_PROPERTIES: Readonly<Record<string, number>> = {
  [MAIBO_RX_UUID]: 0x04 | 0x08, // write without response, write
  [MAIBO_TX_UUID]: 0x10, // notify
  [MAIBO_INFO_UUID]: 0x02, // read
};

/** What fits into a read before any exchange of MTUs, with two bytes to spare. */
export const MAIBO_INFO_BYTES_MAX = 20;
/** Room for four versions and a few extensions. */
const INFO_LIMITS: CborLimits = { bytesMax: MAIBO_INFO_BYTES_MAX, itemsMax: 20, depthMax: 3 };

export interface MaiboInfo {
  /** Link versions the device speaks, 1..4 of them. */
  readonly versions: readonly number[];
  /** A person has opened pairing at the device: it answers XX. */
  readonly isPairingOpen: boolean;
  /** Its logs hold items that no host has acknowledged. */
  readonly isBulkWaiting: boolean;
}

const PAIRING_OPEN = 1;
const BULK_WAITING = 2;
const codec = schemaCodec<GattInfo>('gatt-info', INFO_LIMITS, readGattInfo, writeGattInfo);

/** The value of INFO. Throws TypeError on versions it cannot hold. */
export function encodeMaiboInfo({ versions, isPairingOpen, isBulkWaiting }: MaiboInfo): Uint8Array {
  const flags = (isPairingOpen ? PAIRING_OPEN : 0) | (isBulkWaiting ? BULK_WAITING : 0);
  return codec.encode({ type: 'gatt-info', versions, flags });
}

/** Never throws. A hint only, which anybody can forge: what holds is what the handshake says. */
export function decodeMaiboInfo(bytes: Uint8Array): Decoded<MaiboInfo> {
  const info = codec.decode(bytes);
  if (!info.ok) return info;
  const { versions, flags } = info.value;
  return decoded({
    versions,
    isPairingOpen: (flags & PAIRING_OPEN) !== 0,
    isBulkWaiting: (flags & BULK_WAITING) !== 0,
  });
}

/** Opcode and handle in front of the value in a write or a notification (Bluetooth Core, Vol 3, Part F, 3.4.5.3 and 3.4.7.1). */
const ATT_HEAD_BYTES = 3;

/**
 * The longest packet to send: ATT_MTU less the head, within 20..512. Null, where the radio's driver does not tell: 20, which always goes.
 * Call it again when the MTU changes, which it may on a running link.
 */
export function packetBytesOfMtu(attMtu: number | null): number {
  if (attMtu === null || !Number.isFinite(attMtu)) return PACKET_BYTES_MIN;
  return Math.min(GATT_VALUE_BYTES_MAX, Math.max(PACKET_BYTES_MIN, Math.floor(attMtu) - ATT_HEAD_BYTES));
}

/** The longest packet to be ready for: some peers forget the head and send up to the whole MTU, one of 517 included. */
export function packetBytesTakenOfMtu(attMtu: number | null): number {
  return packetBytesOfMtu(attMtu) + ATT_HEAD_BYTES;
}
