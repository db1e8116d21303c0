// Blood pressure cuffs and pulse oximeters.
import { gatt } from '@maibo/protocols';
import { deviceTime, reading, unsetClock, userNumber } from './vital-quantity.ts';
import type { VitalReading } from './vital-reading.ts';

/** Cuffs measure up to 300 mmHg (IEC 80601-2-30 asks for 230); hearts do not beat faster than this many times a minute. */
const PRESSURE_MMHG_MAX = 300;
const PULSE_PER_MIN_MAX = 350;

export function readBloodPressure(bytes: Uint8Array): VitalReading | null {
  const decoded = gatt.bloodPressureMeasurement.decode(bytes);
  if (!decoded.ok) return null;
  const cuff = decoded.value;
  const pressure = (value: number | null, float: gatt.MedFloat) => ({ value, float, most: PRESSURE_MMHG_MAX });
  const range = cuff.pulseRateRange?.name;
  return reading({
    result: 'blood-pressure',
    quantities: {
      systolicMmHg: pressure(cuff.systolicMmHg, cuff.systolic),
      diastolicMmHg: pressure(cuff.diastolicMmHg, cuff.diastolic),
      meanMmHg: pressure(cuff.meanArterialMmHg, cuff.meanArterial),
      ...(cuff.pulseRateBpm === null ? {} : { pulseRatePerMin: pulse(cuff.pulseRateBpm) }),
    },
    others: {
      ...(cuff.pulseRateBpm === null ? { pulseRatePerMin: null } : {}),
      deviceUnit: cuff.unit,
      userNumber: userNumber(cuff.userId),
      deviceTime: deviceTime(cuff.timeStamp),
    },
    flags: [
      ...(cuff.status?.names ?? []),
      (range === 'above' || range === 'below') && `pulse-rate-${range}-range`,
      unsetClock(cuff.timeStamp),
    ],
  });
}

export function readOximeterSpot(bytes: Uint8Array): VitalReading | null {
  const decoded = gatt.plxSpotCheckMeasurement.decode(bytes);
  if (!decoded.ok) return null;
  const { timeStamp, isClockUnset } = decoded.value;
  return saturation(decoded.value, { deviceTime: deviceTime(timeStamp) }, [
    'spot-check',
    isClockUnset ? 'device-clock-unset' : unsetClock(timeStamp),
  ]);
}

/** The normal averaging is the measurement; a fast and a slow one are beside it, as the service has no time constants for any of them. */
export function readOximeterContinuous(bytes: Uint8Array): VitalReading | null {
  const decoded = gatt.plxContinuousMeasurement.decode(bytes);
  if (!decoded.ok) return null;
  const { fast, slow } = decoded.value;
  const others = {
    ...(fast && { fastSpo2Percent: fast.spo2Percent.value, fastPulseRatePerMin: fast.pulseRateBpm.value }),
    ...(slow && { slowSpo2Percent: slow.spo2Percent.value, slowPulseRatePerMin: slow.pulseRateBpm.value }),
    deviceTime: null,
  };
  return saturation(decoded.value, others, []);
}

function saturation(
  plx: Omit<gatt.PlxContinuous, 'fast' | 'slow'>,
  others: VitalReading['values'],
  flags: readonly (string | null)[],
): VitalReading {
  const { spo2Percent, pulseRateBpm, pulseAmplitudePercent, measurementStatus, sensorStatus } = plx;
  return reading({
    result: 'oxygen-saturation',
    quantities: {
      spo2Percent: { value: spo2Percent.value, float: spo2Percent, most: 100 },
      pulseRatePerMin: pulse(pulseRateBpm),
    },
    others: { pulseAmplitudePercent: pulseAmplitudePercent?.value ?? null, ...others },
    flags: [...flags, ...(measurementStatus?.names ?? []), ...(sensorStatus?.names ?? [])],
  });
}

function pulse(float: gatt.MedFloat) {
  return { value: float.value, float, most: PULSE_PER_MIN_MAX };
}
