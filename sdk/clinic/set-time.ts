// Sets the clock of a device that lets itself be set (Current Time, 0x2A2B): a cuff in a drawer forgets what day it is.
import { gatt } from '@maibo/protocols';
import { isMaiboError } from '../errors.ts';
import type { RadioPeer } from '../world/radio.ts';

const CURRENT_TIME = { service: gatt.gattUuidText(0x1805), characteristic: gatt.gattUuidText(gatt.currentTime.uuid) };
const WRITE_MS = 5_000;
const US_PER_MINUTE = 60e6;

/** Its wall clock shows UTC plus this. True when the device took it; one that has no clock to set, or lets nobody, keeps its own. Errors: `link-lost`. */
export async function setDeviceTime(
  peer: RadioPeer,
  utcUs: number,
  utcOffsetMinutes: number,
  signal?: AbortSignal,
): Promise<boolean> {
  if (!peer.has(CURRENT_TIME)) return false;
  try {
    const bytes = currentTimeBytes(utcUs + utcOffsetMinutes * US_PER_MINUTE);
    await peer.write(CURRENT_TIME, bytes, 'request', { deadlineMs: WRITE_MS, ...(signal && { signal }) });
    return true;
  } catch (failure) {
    if (isMaiboError(failure, 'radio-refused', 'link-timeout') && !peer.gone.aborted) return false;
    throw failure;
  }
}

/** The wall clock that shows this many microseconds since 1970. */
export function currentTimeBytes(localUs: number): Uint8Array {
  const localMs = Math.floor(localUs / 1000);
  // A calendar without a zone: the parts of this date are local by construction.
  const date = new Date(localMs);
  return gatt.currentTime.encode({
    dateTime: gatt.dateTimeOf(
      date.getUTCFullYear(),
      date.getUTCMonth() + 1,
      date.getUTCDate(),
      date.getUTCHours(),
      date.getUTCMinutes(),
      date.getUTCSeconds(),
    ),
    dayOfWeek: gatt.daysOfWeek.of(date.getUTCDay() || 7),
    fractions256: Math.floor((date.getUTCMilliseconds() * 256) / 1000),
    adjustReason: gatt.timeAdjustReasons.named('external-reference'),
  });
}
