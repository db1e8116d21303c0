// What a device on the air is, by the services that it announces.
import { MAIBO_SERVICE_UUID } from '@maibo/protocols';
import { recogniseClinicDevice } from '../clinic/clinic-kinds.ts';

/** For people: "heart-rate strap", "Maibo device"; null for what this SDK does not speak with. */
export function titleOf(services: readonly string[]): string | null {
  if (isMaibo(services)) return 'Maibo device';
  return recogniseClinicDevice({ services })[0]?.title ?? null;
}

export function isMaibo(services: readonly string[]): boolean {
  return services.includes(MAIBO_SERVICE_UUID);
}

export const WAKE_HINTS: readonly string[] = [
  'a strap sleeps until it feels a heart beat: wet its electrodes and wear it',
  'wake other devices: take a measurement, press a button, or open pairing at it',
  'a device that is connected with a phone is silent: close the app, or switch the phone’s Bluetooth off',
  'maibo doctor looks at this machine and says what to mend',
];
