// A cuff (Blood Pressure Service): inflates at set times, shows the pressure on the way, and keeps the measurement until somebody takes it.
import { gatt } from '@maibo/protocols';
import type { Rng } from '../../world/rng.ts';
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

const SERVICE = 0x1810;
const INFLATED_MMHG = 170;
const STEP_MMHG = 10;
const STEP_S = 0.5;
const PASCAL_PER_MMHG = 133.322387415; // NIST SP 811, appendix B.8

export interface CuffOptions extends ClinicDeviceOptions {
  /** Between the beginnings of two measurements; 60 by default. */
  readonly intervalS?: number;
  /** Then it rests; no end by default. */
  readonly measurementCount?: number;
  readonly unit?: gatt.PressureUnit;
  /** Of measurements that fail: all pressures NaN and a reason, as real cuffs send them. 0 by default. */
  readonly failureShare?: number;
}

export function createCuff(options: CuffOptions = {}): ClinicDevice {
  const clock = new DeviceClock(options.zoneMinutes ?? 0);
  return clinicDevice('cuff', options, (workings) => {
    const { outbox } = workings;
    const features = gatt.bloodPressureFeatures.named('body-movement', 'cuff-fit', 'irregular-pulse');
    const characteristics = [
      outbox.characteristic(uuidOf(gatt.bloodPressureMeasurement.uuid), 'indicate'),
      outbox.characteristic(uuidOf(gatt.intermediateCuffPressure.uuid), 'notify'),
      fixed(gatt.bloodPressureFeature, gatt.bloodPressureFeature.encode({ features })),
    ];
    return {
      model: 'Cuff',
      announces: [SERVICE],
      services: [{ uuid: uuidOf(SERVICE), characteristics }, clock.service()],
      live: (air, signal) => measure(options, workings, clock, air, signal),
    };
  });
}

async function measure(
  { intervalS = 60, measurementCount = Number.POSITIVE_INFINITY, unit = 'mmHg', failureShare = 0 }: CuffOptions,
  { outbox, rng, pauseMs }: Workings,
  deviceClock: DeviceClock,
  { clock }: GattAir,
  signal: AbortSignal,
): Promise<void> {
  deviceClock.open(clock);
  for (let count = 0; count < measurementCount && !signal.aborted; count++) {
    const startMs = clock.nowMonotonicMs();
    for (let mmHg = INFLATED_MMHG; mmHg > 40 && !signal.aborted; mmHg -= STEP_MMHG) {
      const cuffPressure = pressure(mmHg, unit);
      await outbox.send(
        addressOf(SERVICE, gatt.intermediateCuffPressure),
        gatt.intermediateCuffPressure.encode({ unit, cuffPressure }),
      );
      await clock.sleep(pauseMs(STEP_S), signal);
    }
    const isFailure = rng.nextUnit() < failureShare;
    const fields = measurementOf(rng, unit, isFailure, deviceClock.now());
    await outbox.keep(addressOf(SERVICE, gatt.bloodPressureMeasurement), gatt.bloodPressureMeasurement.encode(fields));
    await clock.sleep(Math.max(0, startMs + pauseMs(intervalS) - clock.nowMonotonicMs()), signal);
  }
}

function measurementOf(
  rng: Rng,
  unit: gatt.PressureUnit,
  isFailure: boolean,
  timeStamp: gatt.DateTimeFields,
): gatt.BloodPressureMeasurementFields {
  const systolic = Math.round(121 + 8 * rng.nextNormal());
  const diastolic = Math.min(systolic - 20, Math.round(77 + 5 * rng.nextNormal()));
  const pulse = Math.round(67 + 6 * rng.nextNormal());
  if (isFailure) {
    const none = gatt.sfloat(null);
    const status = gatt.bloodPressureStatuses.named('body-movement');
    return { unit, systolic: none, diastolic: none, meanArterial: none, timeStamp, pulseRateBpm: none, status };
  }
  return {
    unit,
    systolic: pressure(systolic, unit),
    diastolic: pressure(diastolic, unit),
    meanArterial: pressure(Math.round(diastolic + (systolic - diastolic) / 3), unit),
    timeStamp,
    pulseRateBpm: gatt.sfloat(pulse),
    userId: 1,
    status: gatt.bloodPressureStatuses.of(0),
  };
}

function pressure(mmHg: number, unit: gatt.PressureUnit): gatt.MedFloat {
  return gatt.sfloat(unit === 'mmHg' ? mmHg : Math.round((mmHg * PASCAL_PER_MMHG) / 100) / 10);
}
