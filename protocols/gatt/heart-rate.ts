// Heart Rate Service: measurement with RR intervals, sensor location, control point.

import { characteristic, GATT_VALUE_BYTES_MAX, reservedBits, type Unclaimed } from './characteristic.ts';
import { type Coded, codes, flag } from './coded.ts';

const HEART_RATE_SERVICE = 0x180d;
const WIDE = 1;
const CONTACT_SHIFT = 1;
const ENERGY = 8;
const RR = 16;
const KNOWN_FLAGS = 0x1f;
const RR_TICKS_PER_S = 1024;

/** Bits 1 and 2 of the flags as one number. Without support (bit 2) bit 1 says nothing. */
export const sensorContacts = codes({ 0: 'unsupported', 1: 'unsupported', 2: 'no-contact', 3: 'contact' });
export type SensorContact = 'unsupported' | 'no-contact' | 'contact';

export interface HeartRateMeasurementFields extends Unclaimed {
  /** Beats per minute as sent, 0 included. */
  readonly heartRate: number;
  /** Two bytes on the air; by default only above 255. */
  readonly isWide?: boolean;
  readonly contact?: Coded<SensorContact>;
  /** Kilojoules since the last reset; 65535 stands for that and more. */
  readonly energyExpendedKJ?: number | null;
  /** RR intervals in 1/1024 s, oldest first; null when the field is absent. */
  readonly rrTicks?: readonly number[] | null;
}

export interface HeartRateMeasurement extends Required<HeartRateMeasurementFields> {
  /** Null when the device sends 0, which is how straps say that they have no beat yet. */
  readonly heartRateBpm: number | null;
  /** `rrTicks` in milliseconds, exactly. */
  readonly rrMs: readonly number[] | null;
}

/**
 *     const beat = heartRateMeasurement.decode(notification);
 *     if (beat.ok) rrMs.push(...(beat.value.rrMs ?? []));
 */
export const heartRateMeasurement = characteristic<HeartRateMeasurement, HeartRateMeasurementFields>({
  uuid: 0x2a37,
  name: 'Heart Rate Measurement',
  services: [HEART_RATE_SERVICE],
  bytesMax: GATT_VALUE_BYTES_MAX,
  read(reader) {
    const flags = reader.u8('flags');
    const isWide = (flags & WIDE) !== 0;
    const heartRate = isWide ? reader.u16('heart rate') : reader.u8('heart rate');
    const energyExpendedKJ = flags & ENERGY ? reader.u16('energy expended') : null;
    let rrTicks: number[] | null = null;
    // The intervals run to the end of the value, so nothing can stand behind them.
    if (flags & RR) for (rrTicks = []; reader.left > 0; ) rrTicks.push(reader.u16('RR interval'));
    return {
      heartRate,
      heartRateBpm: heartRate || null,
      isWide,
      contact: sensorContacts.of((flags >> CONTACT_SHIFT) & 3),
      energyExpendedKJ,
      rrTicks,
      rrMs: rrTicks?.map((ticks) => (ticks * 1000) / RR_TICKS_PER_S) ?? null,
      reservedFlags: flags & ~KNOWN_FLAGS,
      rest: reader.rest(),
    };
  },
  write(fields, writer) {
    const { heartRate, isWide = heartRate > 0xff, contact, energyExpendedKJ = null, rrTicks = null, rest } = fields;
    const contactCode = contact?.code ?? 0;
    if (contactCode > 3) throw new TypeError(`sensor contact ${contactCode} takes more than two bits`);
    const flags =
      flag(WIDE, isWide) |
      (contactCode << CONTACT_SHIFT) |
      flag(ENERGY, energyExpendedKJ !== null) |
      flag(RR, rrTicks !== null);
    writer.u8(flags | reservedBits(fields, KNOWN_FLAGS), 'flags');
    if (isWide) writer.u16(heartRate, 'heart rate');
    else writer.u8(heartRate, 'heart rate');
    if (energyExpendedKJ !== null) writer.u16(energyExpendedKJ, 'energy expended');
    for (const ticks of rrTicks ?? []) writer.u16(ticks, 'RR interval');
    if (rrTicks && rest?.length) throw new TypeError('bytes behind RR intervals would be read as intervals');
    if (rest) writer.raw(rest);
  },
});

export const bodySensorLocations = codes({
  0: 'other',
  1: 'chest',
  2: 'wrist',
  3: 'finger',
  4: 'hand',
  5: 'ear-lobe',
  6: 'foot',
});
export type BodySensorLocation = NonNullable<ReturnType<typeof bodySensorLocations.of>['name']>;

export const bodySensorLocation = characteristic<Coded<BodySensorLocation>>({
  uuid: 0x2a38,
  name: 'Body Sensor Location',
  services: [HEART_RATE_SERVICE],
  bytesMax: 1,
  read: (reader) => bodySensorLocations.of(reader.u8('location')),
  write: ({ code }, writer) => writer.u8(code, 'location'),
});

/** The only command there is; it is written, never read, and answered by an ATT response alone. */
export const heartRateCommands = codes({ 1: 'reset-energy-expended' });
export type HeartRateCommand = 'reset-energy-expended';

export const heartRateControlPoint = characteristic<Coded<HeartRateCommand>>({
  uuid: 0x2a39,
  name: 'Heart Rate Control Point',
  services: [HEART_RATE_SERVICE],
  bytesMax: 1,
  read: (reader) => heartRateCommands.of(reader.u8('command')),
  write: ({ code }, writer) => writer.u8(code, 'command'),
});
