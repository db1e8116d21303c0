// The door of this folder: standard Bluetooth health characteristics, bytes <-> values. NOTES.md says what is ambiguous.

export * from './battery.ts';
export * from './blood-pressure.ts';
export * from './body-composition.ts';
export { GATT_VALUE_BYTES_MAX, type GattCharacteristic } from './characteristic.ts';
export type { Bits, BitTable, Coded, CodeTable } from './coded.ts';
export * from './current-time.ts';
export { type DateTime, type DateTimeFields, dateTimeOf } from './date-time.ts';
export * from './device-information.ts';
export * from './glucose.ts';
export * from './glucose-context.ts';
export * from './heart-rate.ts';
export * from './mass-and-height.ts';
export {
  decodeFloat,
  decodeSfloat,
  encodeFloat,
  encodeSfloat,
  float,
  floatOf,
  type MedFloat,
  type MedFloatSpecial,
  sfloat,
  sfloatOf,
} from './med-float.ts';
export * from './pulse-oximeter.ts';
export * from './pulse-oximeter-status.ts';
export * from './record-access.ts';
export * from './record-transfer.ts';
export * from './registry.ts';
export * from './thermometer.ts';
export type { UserId } from './user-id.ts';
export * from './weight-scale.ts';
