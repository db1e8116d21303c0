// A body composition scale (Weight Scale and Body Composition services): a weighing gives one value of each, and both are kept.
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

const WEIGHT_SERVICE = 0x181d;
const COMPOSITION_SERVICE = 0x181b;
const STEPS_PER_KG = 200;
const HEIGHT_MM = 1_740;
/** 0.05 kg and 0.001 m in the feature words (Weight Scale Service 1.0, table 3.2; Body Composition Service 1.0, table 3.2). */
const WEIGHT_RESOLUTION = (4 << 3) | (3 << 7);
const COMPOSITION_RESOLUTION = (4 << 11) | (3 << 15);

export interface ScaleOptions extends ClinicDeviceOptions {
  /** Between two weighings; 60 by default. */
  readonly intervalS?: number;
  /** Then it rests; no end by default. */
  readonly measurementCount?: number;
}

export function createScale(options: ScaleOptions = {}): ClinicDevice {
  const clock = new DeviceClock(options.zoneMinutes ?? 0);
  return clinicDevice('scale', options, (workings) => {
    const { outbox } = workings;
    const weight = [
      outbox.characteristic(uuidOf(gatt.weightMeasurement.uuid), 'indicate'),
      fixed(gatt.weightScaleFeature, encodedWeightFeature()),
    ];
    const composition = [
      outbox.characteristic(uuidOf(gatt.bodyCompositionMeasurement.uuid), 'indicate'),
      fixed(gatt.bodyCompositionFeature, encodedCompositionFeature()),
    ];
    return {
      model: 'Scale',
      announces: [WEIGHT_SERVICE, COMPOSITION_SERVICE],
      services: [
        { uuid: uuidOf(WEIGHT_SERVICE), characteristics: weight },
        { uuid: uuidOf(COMPOSITION_SERVICE), characteristics: composition },
        clock.service(),
      ],
      live: (air, signal) => weigh(options, workings, clock, air, signal),
    };
  });
}

function encodedWeightFeature(): Uint8Array {
  const { bits } = gatt.weightScaleFeatures.named('time-stamp', 'multiple-users', 'bmi');
  return gatt.weightScaleFeature.encode({ features: gatt.weightScaleFeatures.of(bits | WEIGHT_RESOLUTION) });
}

function encodedCompositionFeature(): Uint8Array {
  const { bits } = gatt.bodyCompositionFeatures.named(
    'time-stamp',
    'muscle-mass',
    'body-water-mass',
    'impedance',
    'weight',
    'height',
  );
  return gatt.bodyCompositionFeature.encode({
    features: gatt.bodyCompositionFeatures.of(bits | COMPOSITION_RESOLUTION),
  });
}

async function weigh(
  { intervalS = 60, measurementCount = Number.POSITIVE_INFINITY }: ScaleOptions,
  { outbox, rng, pauseMs }: Workings,
  deviceClock: DeviceClock,
  { clock }: GattAir,
  signal: AbortSignal,
): Promise<void> {
  deviceClock.open(clock);
  for (let count = 0; count < measurementCount && !signal.aborted; count++) {
    const body = bodyOf(rng);
    const timeStamp = deviceClock.now();
    const weight = { ...body.weight, timeStamp };
    const composition = { ...body.composition, timeStamp };
    await outbox.keep(addressOf(WEIGHT_SERVICE, gatt.weightMeasurement), gatt.weightMeasurement.encode(weight));
    await outbox.keep(
      addressOf(COMPOSITION_SERVICE, gatt.bodyCompositionMeasurement),
      gatt.bodyCompositionMeasurement.encode(composition),
    );
    await clock.sleep(pauseMs(intervalS), signal);
  }
}

function bodyOf(rng: Rng): {
  weight: gatt.WeightMeasurementFields;
  composition: gatt.BodyCompositionMeasurementFields;
} {
  // In steps of 50 g, as its feature word says.
  const weightSteps = 10 * Math.round(71.4 * 20 + 4 * rng.nextNormal());
  const kg = weightSteps / STEPS_PER_KG;
  const fatShare = 0.22 + 0.01 * rng.nextNormal();
  const bmiTenths = Math.round((kg / (HEIGHT_MM / 1000) ** 2) * 10);
  return {
    weight: { system: 'SI', weightSteps, userId: 1, body: { bmiTenths, heightSteps: HEIGHT_MM } },
    composition: {
      system: 'SI',
      bodyFatTenthPercent: Math.round(fatShare * 1000),
      muscleMassSteps: Math.round(weightSteps * (1 - fatShare) * 0.57),
      bodyWaterMassSteps: Math.round(weightSteps * (1 - fatShare) * 0.73),
      impedanceTenthOhm: 5_000 + rng.nextBelow(400),
      weightSteps,
      heightSteps: HEIGHT_MM,
    },
  };
}
