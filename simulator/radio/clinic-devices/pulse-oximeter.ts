// A fingertip oximeter (Pulse Oximeter Service): a running value every second, and now and then a spot check, which is kept.
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

const SERVICE = 0x1822;

export interface OximeterOptions extends ClinicDeviceOptions {
  /** Between two spot checks; 30 by default. */
  readonly spotCheckS?: number;
  /** No finger from here to there: values are NaN, with the reason. */
  readonly fingerOut?: { readonly fromS: number; readonly toS: number };
}

export function createOximeter(options: OximeterOptions = {}): ClinicDevice {
  const clock = new DeviceClock(options.zoneMinutes ?? 0);
  return clinicDevice('oximeter', options, (workings) => {
    const { outbox } = workings;
    const characteristics = [
      outbox.characteristic(uuidOf(gatt.plxSpotCheckMeasurement.uuid), 'indicate'),
      outbox.characteristic(uuidOf(gatt.plxContinuousMeasurement.uuid), 'notify'),
      fixed(gatt.plxFeatures, encodedFeatures()),
    ];
    return {
      model: 'Oximeter',
      announces: [SERVICE],
      services: [{ uuid: uuidOf(SERVICE), characteristics }, clock.service()],
      live: (air, signal) => measure(options, workings, clock, air, signal),
    };
  });
}

function encodedFeatures(): Uint8Array {
  return gatt.plxFeatures.encode({
    features: gatt.plxFeatureNames.named(
      'measurement-status',
      'sensor-status',
      'time-stamp',
      'fast',
      'pulse-amplitude-index',
    ),
    measurementStatusSupport: gatt.plxMeasurementStatuses.named('validated', 'invalid'),
    sensorStatusSupport: gatt.plxSensorStatuses.named('sensor-unconnected-to-user'),
  });
}

async function measure(
  { spotCheckS = 30, fingerOut = { fromS: 0, toS: 0 } }: OximeterOptions,
  { outbox, rng, pauseMs }: Workings,
  deviceClock: DeviceClock,
  { clock }: GattAir,
  signal: AbortSignal,
): Promise<void> {
  deviceClock.open(clock);
  const startMs = clock.nowMonotonicMs();
  for (let second = 1; !signal.aborted; second++) {
    await clock.sleep(Math.max(0, startMs + pauseMs(second) - clock.nowMonotonicMs()), signal);
    const isIn = second < fingerOut.fromS || second >= fingerOut.toS;
    const pair = readingOf(97 + Math.round(rng.nextNormal()), 66 + Math.round(3 * rng.nextNormal()), isIn);
    const pulseAmplitudePercent = gatt.sfloat(isIn ? 4 + rng.nextBelow(20) / 10 : null);
    const status = {
      measurementStatus: gatt.plxMeasurementStatuses.named(isIn ? 'validated' : 'invalid'),
      sensorStatus: isIn ? gatt.plxSensorStatuses.of(0) : gatt.plxSensorStatuses.named('sensor-unconnected-to-user'),
      pulseAmplitudePercent,
    };
    const continuous = gatt.plxContinuousMeasurement.encode({ ...pair, fast: pair, ...status });
    await outbox.send(addressOf(SERVICE, gatt.plxContinuousMeasurement), continuous);
    if (second % spotCheckS !== 0 || !isIn) continue;
    const spot = gatt.plxSpotCheckMeasurement.encode({ ...pair, timeStamp: deviceClock.now(), ...status });
    await outbox.keep(addressOf(SERVICE, gatt.plxSpotCheckMeasurement), spot);
  }
}

function readingOf(spo2: number, pulse: number, isIn: boolean): gatt.OximetryPair {
  return {
    spo2Percent: gatt.sfloat(isIn ? Math.min(100, spo2) : null),
    pulseRateBpm: gatt.sfloat(isIn ? pulse : null),
  };
}
