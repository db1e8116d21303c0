// All characteristics by number, for those who see a UUID first: a bearer that routes notifications, an inspector.

import { type Decoded, decoded, refused } from '../wire-fault.ts';
import { batteryLevel } from './battery.ts';
import { bloodPressureFeature, bloodPressureMeasurement, intermediateCuffPressure } from './blood-pressure.ts';
import { bodyCompositionFeature, bodyCompositionMeasurement } from './body-composition.ts';
import type { GattCharacteristic } from './characteristic.ts';
import { currentTime, dateTime, localTimeInformation, referenceTimeInformation } from './current-time.ts';
import {
  firmwareRevision,
  hardwareRevision,
  manufacturerName,
  modelNumber,
  pnpId,
  regulatoryCertification,
  serialNumber,
  softwareRevision,
  systemId,
} from './device-information.ts';
import { glucoseFeature, glucoseMeasurement } from './glucose.ts';
import { glucoseMeasurementContext } from './glucose-context.ts';
import { bodySensorLocation, heartRateControlPoint, heartRateMeasurement } from './heart-rate.ts';
import { plxContinuousMeasurement, plxFeatures, plxSpotCheckMeasurement } from './pulse-oximeter.ts';
import { recordAccessControlPoint } from './record-access.ts';
import {
  intermediateTemperature,
  measurementInterval,
  temperatureMeasurement,
  temperatureType,
} from './thermometer.ts';
import { weightMeasurement, weightScaleFeature } from './weight-scale.ts';

/** Any of them: decodes to an object, encodes only what its own `decode` gave. */
export type AnyGattCharacteristic = GattCharacteristic<object, never>;

const ALL: readonly AnyGattCharacteristic[] = [
  heartRateMeasurement,
  bodySensorLocation,
  heartRateControlPoint,
  bloodPressureMeasurement,
  intermediateCuffPressure,
  bloodPressureFeature,
  plxSpotCheckMeasurement,
  plxContinuousMeasurement,
  plxFeatures,
  glucoseMeasurement,
  glucoseMeasurementContext,
  glucoseFeature,
  recordAccessControlPoint,
  temperatureMeasurement,
  intermediateTemperature,
  temperatureType,
  measurementInterval,
  weightMeasurement,
  weightScaleFeature,
  bodyCompositionMeasurement,
  bodyCompositionFeature,
  batteryLevel,
  manufacturerName,
  modelNumber,
  serialNumber,
  hardwareRevision,
  firmwareRevision,
  softwareRevision,
  systemId,
  pnpId,
  regulatoryCertification,
  currentTime,
  localTimeInformation,
  referenceTimeInformation,
  dateTime,
];

export const gattCharacteristics: ReadonlyMap<number, AnyGattCharacteristic> = new Map(
  ALL.map((one) => [one.uuid, one]),
);

/** Names of the services these live in. */
export const gattServiceNames: ReadonlyMap<number, string> = new Map([
  [0x1805, 'Current Time'],
  [0x1808, 'Glucose'],
  [0x1809, 'Health Thermometer'],
  [0x180a, 'Device Information'],
  [0x180d, 'Heart Rate'],
  [0x180f, 'Battery'],
  [0x1810, 'Blood Pressure'],
  [0x181b, 'Body Composition'],
  [0x181d, 'Weight Scale'],
  [0x1822, 'Pulse Oximeter'],
]);

/** The value of a characteristic known by number only; `unknown-number` when it is not one of these. */
export function decodeCharacteristic(uuid: number, bytes: Uint8Array): Decoded<{ name: string; value: object }> {
  const found = gattCharacteristics.get(uuid);
  if (!found) return refused('unknown-number', 0, `no decoder for characteristic 0x${uuid.toString(16)}`);
  const value = found.decode(bytes);
  return value.ok ? decoded({ name: found.name, value: value.value }) : value;
}

const SHORT_UUID = /^(?:([0-9a-f]{4})|0000([0-9a-f]{4})-?0000-?1000-?8000-?00805f9b34fb)$/i;

/** 0x2a37 for "2a37" and for "00002a37-0000-1000-8000-00805f9b34fb"; null for a UUID of somebody's own. */
export function gattUuid16(text: string): number | null {
  const match = SHORT_UUID.exec(text);
  return match ? Number.parseInt(match[1] ?? match[2]!, 16) : null;
}

/** 0x2a37 as the 128-bit text that radios use. */
export function gattUuidText(uuid16: number): string {
  return `0000${uuid16.toString(16).padStart(4, '0')}-0000-1000-8000-00805f9b34fb`;
}
