// A thermometer (Health Thermometer Service): rises while it measures, then one measurement, which is kept.
import { gatt } from '@maibo/protocols';
import type { GattAir } from '../gatt-device.ts';
import {
  addressOf,
  type ClinicDevice,
  type ClinicDeviceOptions,
  clinicDevice,
  fixed,
  uuidOf,
  type Workings,
} from './clinic-device.ts';
import { DeviceClock } from './device-clock.ts';

const SERVICE = 0x1809;
const RISE_STEPS = 5;
const RISE_STEP_S = 1;
const ROOM_C = 24;

export interface ThermometerOptions extends ClinicDeviceOptions {
  /** Between the beginnings of two measurements; 60 by default. */
  readonly intervalS?: number;
  /** Then it rests; no end by default. */
  readonly measurementCount?: number;
  readonly unit?: 'C' | 'F';
}

export function createThermometer(options: ThermometerOptions = {}): ClinicDevice {
  const clock = new DeviceClock(options.zoneMinutes ?? 0);
  return clinicDevice('thermometer', options, (workings) => {
    const { outbox } = workings;
    const { intervalS = 60 } = options;
    const characteristics = [
      outbox.characteristic(uuidOf(gatt.temperatureMeasurement.uuid), 'indicate'),
      outbox.characteristic(uuidOf(gatt.intermediateTemperature.uuid), 'notify'),
      fixed(gatt.temperatureType, gatt.temperatureType.encode(gatt.temperatureTypes.named('ear'))),
      fixed(gatt.measurementInterval, gatt.measurementInterval.encode({ intervalS })),
    ];
    return {
      model: 'Thermometer',
      announces: [SERVICE],
      services: [{ uuid: uuidOf(SERVICE), characteristics }, clock.service()],
      live: (air, signal) => measure(options, workings, clock, air, signal),
    };
  });
}

async function measure(
  { intervalS = 60, measurementCount = Number.POSITIVE_INFINITY, unit = 'C' }: ThermometerOptions,
  { outbox, rng, pauseMs }: Workings,
  deviceClock: DeviceClock,
  { clock }: GattAir,
  signal: AbortSignal,
): Promise<void> {
  deviceClock.open(clock);
  for (let count = 0; count < measurementCount && !signal.aborted; count++) {
    const startMs = clock.nowMonotonicMs();
    const bodyC = 36.7 + 0.3 * rng.nextNormal();
    for (let step = 1; step <= RISE_STEPS && !signal.aborted; step++) {
      const risen = ROOM_C + ((bodyC - ROOM_C) * step) / RISE_STEPS;
      const shown = { temperature: inUnit(risen, unit), unit };
      await outbox.send(addressOf(SERVICE, gatt.intermediateTemperature), gatt.intermediateTemperature.encode(shown));
      await clock.sleep(pauseMs(RISE_STEP_S), signal);
    }
    const measured = { temperature: inUnit(bodyC, unit), unit, timeStamp: deviceClock.now() };
    await outbox.keep(addressOf(SERVICE, gatt.temperatureMeasurement), gatt.temperatureMeasurement.encode(measured));
    await clock.sleep(Math.max(0, startMs + pauseMs(intervalS) - clock.nowMonotonicMs()), signal);
  }
}

/** One digit behind the point, as it is shown. */
function inUnit(celsius: number, unit: 'C' | 'F'): gatt.MedFloat {
  return gatt.floatOf(Math.round((unit === 'C' ? celsius : (celsius * 9) / 5 + 32) * 10), -1);
}
