// Maibo Link over a radio: packets are values of two characteristics (protocols/gatt/maibo-service.ts). Works on any `Radio`. Packets may be
// lost, doubled or change places on the way, which the packet layer above is made for.
import {
  decodeMaiboInfo,
  MAIBO_INFO_UUID,
  MAIBO_RX_UUID,
  MAIBO_SERVICE_UUID,
  MAIBO_TX_UUID,
  type MaiboInfo,
  packetBytesOfMtu,
} from '@maibo/protocols';
import { isMaiboError } from '../errors.ts';
import type { GattAddress, Notifications, Patience, Radio, RadioPeer } from '../world/radio.ts';
import type { Link } from '../world/world.ts';

const OPEN_MS = 30_000;
const WRITE_MS = 10_000;
/** What the device says of itself is a hint: not worth a long wait. */
const INFO_MS = 2_000;

/** bluetoothd 5.66 as a peripheral loses longer commands, and says that they went. */
const PACKET_BYTES_SURE = 510;

const at = (characteristic: string): GattAddress => ({ service: MAIBO_SERVICE_UUID, characteristic });
const RX = at(MAIBO_RX_UUID);
const TX = at(MAIBO_TX_UUID);
const INFO = at(MAIBO_INFO_UUID);

export interface BleLink extends Link {
  /** What the device says of itself before any handshake, which anybody can forge; null when it does not say. */
  readonly info: MaiboInfo | null;
}

/**
 * Connects and subscribes. The link owns the connection: closing it disconnects. Default deadline 30 s.
 * Errors: those of `Radio.connect`, `radio-refused` when the device does not let itself be listened to.
 */
export async function openBleLink(radio: Radio, address: string, patience: Patience = {}): Promise<BleLink> {
  const deadlineMs = patience.deadlineMs ?? OPEN_MS;
  const startMs = performance.now();
  const rest = () => ({ ...patience, deadlineMs: Math.max(1, deadlineMs - (performance.now() - startMs)) });
  const peer = await radio.connect(address, { ...rest(), services: [MAIBO_SERVICE_UUID] });
  try {
    const info = await readInfo(peer, rest());
    return linkOver(peer, await peer.listen(TX, rest()), info);
  } catch (failure) {
    await peer.close();
    throw failure;
  }
}

async function readInfo(peer: RadioPeer, rest: Patience & { deadlineMs: number }): Promise<MaiboInfo | null> {
  if (!peer.has(INFO)) return null;
  try {
    const info = decodeMaiboInfo(await peer.read(INFO, { ...rest, deadlineMs: Math.min(INFO_MS, rest.deadlineMs) }));
    return info.ok ? info.value : null;
  } catch (failure) {
    if (isMaiboError(failure, 'radio-refused', 'link-timeout')) return null;
    throw failure;
  }
}

function linkOver(peer: RadioPeer, chunks: Notifications, info: MaiboInfo | null): BleLink {
  let how: 'command' | 'request' = 'command';
  return {
    name: `ble ${peer.address}`,
    carries: 'packets',
    info,
    get packetBytesMax() {
      return Math.min(PACKET_BYTES_SURE, packetBytesOfMtu(peer.attMtu));
    },
    chunks,
    write: async (bytes) => {
      try {
        await peer.write(RX, bytes, how, { deadlineMs: WRITE_MS });
      } catch (failure) {
        // Some devices take writes with an answer only.
        if (how === 'request' || !isMaiboError(failure, 'radio-refused')) throw failure;
        await peer.write(RX, bytes, 'request', { deadlineMs: WRITE_MS });
        how = 'request';
      }
    },
    close: () => peer.close(),
  };
}
