// What a connected device says of itself: who made it, which firmware, how much battery. Never its serial number: that would lead from
// records back to a device that somebody bought.
import { gatt } from '@maibo/protocols';
import { isMaiboError } from '../errors.ts';
import type { RadioPeer } from '../world/radio.ts';
import { shortText } from './device-text.ts';

export interface AboutDevice {
  /** Maker and model; null when it tells neither. */
  readonly sensor: string | null;
  readonly firmware: string | null;
  readonly batteryPercent: number | null;
}

const DEVICE_INFORMATION = 0x180a;
const BATTERY = 0x180f;
/** A device that is slow to say who it is must not keep its measurements waiting. */
const READ_MS = 5_000;

/** What cannot be read is null. Errors: `link-lost`. */
export async function readAbout(peer: RadioPeer, signal?: AbortSignal): Promise<AboutDevice> {
  const text = async (characteristic: typeof gatt.modelNumber) => {
    const bytes = await readOne(peer, DEVICE_INFORMATION, characteristic.uuid, signal);
    const decoded = bytes === null ? null : characteristic.decode(bytes);
    return decoded?.ok ? shortText(decoded.value.trimmed ?? '') : '';
  };
  // One after the other: small stacks answer one question at a time.
  const maker = await text(gatt.manufacturerName);
  const model = await text(gatt.modelNumber);
  const firmware = await text(gatt.firmwareRevision);
  const battery = await readOne(peer, BATTERY, gatt.batteryLevel.uuid, signal);
  const level = battery === null ? null : gatt.batteryLevel.decode(battery);
  // Many models begin with the maker's name.
  const isNamed = model.toLowerCase().startsWith(maker.toLowerCase());
  return {
    sensor: shortText(isNamed ? model : `${maker} ${model}`) || null,
    firmware: firmware || null,
    batteryPercent: level?.ok ? level.value.percent : null,
  };
}

async function readOne(
  peer: RadioPeer,
  service: number,
  uuid: number,
  signal?: AbortSignal,
): Promise<Uint8Array | null> {
  const at = { service: gatt.gattUuidText(service), characteristic: gatt.gattUuidText(uuid) };
  if (!peer.has(at)) return null;
  try {
    return await peer.read(at, { deadlineMs: READ_MS, ...(signal && { signal }) });
  } catch (failure) {
    if (isMaiboError(failure, 'radio-refused', 'link-timeout') && !peer.gone.aborted) return null;
    throw failure;
  }
}
