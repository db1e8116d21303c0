// The health devices that clinics own today, as the standard Bluetooth services describe them: what each is known by, and how it is collected.
import { gatt, type StreamInfo } from '@maibo/protocols';
import type { Advertisement } from '../world/radio.ts';

export type ClinicKindName =
  | 'heart-rate'
  | 'blood-pressure'
  | 'pulse-oximeter'
  | 'glucose'
  | 'thermometer'
  | 'weight-scale'
  | 'body-composition';

export interface ClinicKind {
  readonly name: ClinicKindName;
  /** For people, and the name of a sensor that does not give its own. */
  readonly title: string;
  /** 16-bit number of its service, and of the log that its records are in. */
  readonly service: number;
  /** 'rr': intervals for the cores. 'vital': single measurements, one result each. */
  readonly signal: Extract<StreamInfo['signal'], 'rr' | 'vital'>;
  /** What it notifies or indicates, by 16-bit number; those it does not have are passed over. */
  readonly measurements: readonly number[];
  /** 'told': it speaks by itself. 'fetched': it keeps its records until it is asked for them (RACP). */
  readonly collected: 'told' | 'fetched';
  /** More values than this a second, over many seconds, no such device has. */
  readonly valuesPerSMax: number;
}

/** A strap speaks once a second and an oximeter up to four times; a meter sends its memory as fast as the radio takes it. */
const TOLD_PER_S_MAX = 10;
const FETCHED_PER_S_MAX = 200;

export const CLINIC_KINDS: readonly ClinicKind[] = [
  told('heart-rate', 'heart-rate strap', 0x180d, [gatt.heartRateMeasurement.uuid], 'rr'),
  told('blood-pressure', 'blood-pressure cuff', 0x1810, [gatt.bloodPressureMeasurement.uuid]),
  told('pulse-oximeter', 'pulse oximeter', 0x1822, [
    gatt.plxSpotCheckMeasurement.uuid,
    gatt.plxContinuousMeasurement.uuid,
  ]),
  {
    ...told('glucose', 'glucose meter', 0x1808, [gatt.glucoseMeasurement.uuid, gatt.glucoseMeasurementContext.uuid]),
    collected: 'fetched',
    valuesPerSMax: FETCHED_PER_S_MAX,
  },
  told('thermometer', 'thermometer', 0x1809, [gatt.temperatureMeasurement.uuid]),
  told('weight-scale', 'weight scale', 0x181d, [gatt.weightMeasurement.uuid]),
  told('body-composition', 'body-composition scale', 0x181b, [gatt.bodyCompositionMeasurement.uuid]),
];

function told(
  name: ClinicKindName,
  title: string,
  service: number,
  measurements: readonly number[],
  signal: ClinicKind['signal'] = 'vital',
): ClinicKind {
  return { name, title, service, signal, measurements, collected: 'told', valuesPerSMax: TOLD_PER_S_MAX };
}

/** Services to scan for. */
export const CLINIC_SERVICES: readonly string[] = CLINIC_KINDS.map(({ service }) => gatt.gattUuidText(service));

/** What a device says it is; none for a device that is nothing of this. One device can be several. */
export function recogniseClinicDevice(device: Pick<Advertisement, 'services'>): readonly ClinicKind[] {
  return CLINIC_KINDS.filter(({ service }) => device.services.includes(gatt.gattUuidText(service)));
}
