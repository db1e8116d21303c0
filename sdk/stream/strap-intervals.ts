// What one notification of a heart-rate strap (0x2A37) gives the pipeline: its RR intervals in whole microseconds.
import { gatt } from '@maibo/protocols';

export const HEART_RATE_MEASUREMENT = gatt.heartRateMeasurement.uuid;

/** 1/1024 s is 976.5625 us: rounding is off by half a microsecond at most, where the strap itself cannot tell a millisecond. */
const US_PER_TICK = 1e6 / 1024;

export interface StrapNews {
  /** Oldest first; NaN for an interval of no length, which is none. Often empty: not every second holds a beat. */
  readonly intervalsUs: readonly number[];
  /** 'lost': it touches nobody, or has no beat yet (heart rate 0). 'bad': the bytes are no measurement. Neither has intervals. */
  readonly state: 'ok' | 'lost' | 'bad';
}

export function readStrap(value: Uint8Array): StrapNews {
  const decoded = gatt.heartRateMeasurement.decode(value);
  if (!decoded.ok) return { intervalsUs: [], state: 'bad' };
  const { contact, heartRateBpm, rrTicks } = decoded.value;
  if (contact.name === 'no-contact' || heartRateBpm === null) return { intervalsUs: [], state: 'lost' };
  const intervalsUs = (rrTicks ?? []).map((ticks) => (ticks === 0 ? Number.NaN : Math.round(ticks * US_PER_TICK)));
  return { intervalsUs, state: 'ok' };
}
