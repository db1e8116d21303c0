// Health Thermometer Service: temperatures, where they were taken, and how often.

import { characteristic, GATT_VALUE_BYTES_MAX, reservedBits, type Unclaimed } from './characteristic.ts';
import { type Coded, codes, flag } from './coded.ts';
import type { DateTime, DateTimeFields } from './date-time.ts';
import type { MedFloat } from './med-float.ts';

const HEALTH_THERMOMETER_SERVICE = 0x1809;
const FAHRENHEIT = 1;
const TIME_STAMP = 2;
const PLACE = 4;
const KNOWN_FLAGS = 7;

export const temperatureTypes = codes({
  1: 'armpit',
  2: 'body',
  3: 'ear',
  4: 'finger',
  5: 'gastrointestinal-tract',
  6: 'mouth',
  7: 'rectum',
  8: 'toe',
  9: 'tympanum',
});
export type TemperatureType = NonNullable<ReturnType<typeof temperatureTypes.of>['name']>;

export interface TemperatureMeasurementFields extends Unclaimed {
  /** A FLOAT, not an SFLOAT. */
  readonly temperature: MedFloat;
  readonly unit: 'C' | 'F';
  readonly timeStamp?: DateTimeFields | null;
  readonly place?: Coded<TemperatureType> | null;
}

export interface TemperatureMeasurement extends Required<TemperatureMeasurementFields> {
  readonly timeStamp: DateTime | null;
  /** Null when the thermometer had no value. */
  readonly temperatureC: number | null;
}

/** Measured, and running while it measures: one format under two numbers. */
function temperature(uuid: number, name: string) {
  return characteristic<TemperatureMeasurement, TemperatureMeasurementFields>({
    uuid,
    name,
    services: [HEALTH_THERMOMETER_SERVICE],
    bytesMax: GATT_VALUE_BYTES_MAX,
    read(reader) {
      const flags = reader.u8('flags');
      const value = reader.float('temperature');
      const unit = flags & FAHRENHEIT ? 'F' : 'C';
      return {
        temperature: value,
        unit,
        temperatureC: unit === 'C' || value.value === null ? value.value : ((value.value - 32) * 5) / 9,
        timeStamp: flags & TIME_STAMP ? reader.dateTime('time stamp') : null,
        place: flags & PLACE ? temperatureTypes.of(reader.u8('temperature type')) : null,
        reservedFlags: flags & ~KNOWN_FLAGS,
        rest: reader.rest(),
      };
    },
    write(fields, writer) {
      const { unit, timeStamp = null, place = null, rest } = fields;
      const flags = flag(FAHRENHEIT, unit === 'F') | flag(TIME_STAMP, timeStamp !== null) | flag(PLACE, place !== null);
      writer.u8(flags | reservedBits(fields, KNOWN_FLAGS), 'flags');
      writer.float(fields.temperature);
      if (timeStamp) writer.dateTime(timeStamp);
      if (place) writer.u8(place.code, 'temperature type');
      if (rest) writer.raw(rest);
    },
  });
}

export const temperatureMeasurement = temperature(0x2a1c, 'Temperature Measurement');
export const intermediateTemperature = temperature(0x2a1e, 'Intermediate Temperature');

export const temperatureType = characteristic<Coded<TemperatureType>>({
  uuid: 0x2a1d,
  name: 'Temperature Type',
  services: [HEALTH_THERMOMETER_SERVICE],
  bytesMax: 1,
  read: (reader) => temperatureTypes.of(reader.u8('temperature type')),
  write: ({ code }, writer) => writer.u8(code, 'temperature type'),
});

/** Seconds between measurements; null (0 on the air) when the thermometer measures only when asked. */
export const measurementInterval = characteristic<{ readonly intervalS: number | null }>({
  uuid: 0x2a21,
  name: 'Measurement Interval',
  services: [HEALTH_THERMOMETER_SERVICE],
  bytesMax: 2,
  read: (reader) => ({ intervalS: reader.u16('interval') || null }),
  write: ({ intervalS }, writer) => writer.u16(intervalS ?? 0, 'interval'),
});
