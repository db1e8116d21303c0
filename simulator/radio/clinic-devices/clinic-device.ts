// What the simulated clinic devices have in common: a name, a pseudonymous serial number, a battery, and a record of what was sent.
import { gatt, sha256 } from '@maibo/protocols';
import { type GattAddress, toHex } from '@maibo/sdk';
import { createRng, type Rng } from '../../world/rng.ts';
import type { GattAir, GattDevice, GattServiceTable } from '../gatt-device.ts';
import { Outbox, type Sent } from './outbox.ts';

export interface ClinicDeviceOptions {
  /** The same seed is the same device with the same values; 1 by default. */
  readonly seed?: number;
  readonly name?: string;
  /** 1 is real time, by default; Infinity as fast as values are taken. */
  readonly speed?: number;
  /** The zone of the device's own clock, minutes east of UTC; 0 by default. */
  readonly zoneMinutes?: number;
}

export interface ClinicDevice extends GattDevice {
  readonly serialNumber: string;
  /** What was handed on to the air, oldest first; at most the last 50,000. */
  readonly sent: readonly Sent[];
}

/** What a device is made of and what it works with. */
export interface Workings {
  readonly outbox: Outbox;
  readonly rng: Rng;
  /** Device time to clock time, 0 for a device as fast as it goes. */
  pauseMs(seconds: number): number;
}

interface Design {
  readonly model: string;
  /** The service it announces. */
  readonly announces: readonly number[];
  readonly services: readonly GattServiceTable[];
  live(air: GattAir, signal: AbortSignal): Promise<void>;
}

const MANUFACTURER = 'Maibo simulator';
const FIRMWARE = '1.0';
const BATTERY_SERVICE = 0x180f;
const INFORMATION_SERVICE = 0x180a;

export function clinicDevice(
  kind: string,
  options: ClinicDeviceOptions,
  build: (workings: Workings) => Design,
): ClinicDevice {
  const { seed = 1, speed = 1 } = options;
  if (!(speed > 0)) throw new RangeError(`speed must be above 0, got ${speed}`);
  const outbox = new Outbox();
  const rng = createRng(seed).fork(kind);
  const design = build({ outbox, rng, pauseMs: (seconds) => (seconds * 1000) / speed });
  const serialNumber = serialNumberOf(kind, seed);
  const battery = 60 + rng.fork('battery').nextBelow(40);
  return {
    name: options.name ?? `${design.model} ${serialNumber.slice(-4)}`,
    advertises: design.announces.map(uuidOf),
    services: [...design.services, batteryService(battery), informationService(design.model, serialNumber)],
    serialNumber,
    sent: outbox.sent,
    run: async (air, signal) => {
      outbox.open(air);
      await Promise.all([design.live(air, signal), outbox.serve(signal)]);
    },
  };
}

/** 128 bits of a number the Bluetooth SIG gave out. */
export function uuidOf(number: number): string {
  return `${number.toString(16).padStart(8, '0')}-0000-1000-8000-00805f9b34fb`;
}

export function addressOf(service: number, { uuid }: { readonly uuid: number }): GattAddress {
  return { service: uuidOf(service), characteristic: uuidOf(uuid) };
}

/** A characteristic that is always the same. */
export function fixed(
  { uuid }: { readonly uuid: number },
  bytes: Uint8Array,
): GattServiceTable['characteristics'][number] {
  return { uuid: uuidOf(uuid), flags: ['read'], read: () => bytes };
}

/** Belongs to nobody and says nothing: the same kind and seed are the same number. */
function serialNumberOf(kind: string, seed: number): string {
  const hash = sha256(new TextEncoder().encode(`maibo-clinic-device ${kind} ${seed}`));
  return `SIM-${toHex(hash.subarray(0, 4)).toUpperCase()}`;
}

function batteryService(level: number): GattServiceTable {
  return {
    uuid: uuidOf(BATTERY_SERVICE),
    characteristics: [fixed(gatt.batteryLevel, gatt.batteryLevel.encode({ level }))],
  };
}

function informationService(model: string, serialNumber: string): GattServiceTable {
  const texts = [
    [gatt.manufacturerName, MANUFACTURER],
    [gatt.modelNumber, model],
    [gatt.serialNumber, serialNumber],
    [gatt.firmwareRevision, FIRMWARE],
  ] as const;
  return {
    uuid: uuidOf(INFORMATION_SERVICE),
    characteristics: texts.map(([codec, text]) => fixed(codec, codec.encode({ text }))),
  };
}
