// The simulated clinic devices by the names people use for them.
import { createCuff } from './blood-pressure-cuff.ts';
import type { ClinicDevice, ClinicDeviceOptions } from './clinic-device.ts';
import { createGlucoseMeter } from './glucose-meter.ts';
import { createStrap } from './heart-rate-strap.ts';
import { createOximeter } from './pulse-oximeter.ts';
import { createScale } from './scale.ts';
import { createThermometer } from './thermometer.ts';

export const CLINIC_DEVICES = {
  strap: createStrap,
  cuff: createCuff,
  oximeter: createOximeter,
  glucose: createGlucoseMeter,
  thermometer: createThermometer,
  scale: createScale,
} as const satisfies Record<string, (options: ClinicDeviceOptions) => ClinicDevice>;

export type ClinicDeviceKind = keyof typeof CLINIC_DEVICES;

export function isClinicDeviceKind(kind: string): kind is ClinicDeviceKind {
  return Object.hasOwn(CLINIC_DEVICES, kind);
}
