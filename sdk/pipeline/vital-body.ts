// Thermometers and scales.
import { gatt } from '@maibo/protocols';
import { deviceTime, reading, unsetClock, userNumber } from './vital-quantity.ts';
import type { VitalReading } from './vital-reading.ts';

/** No thermometer for people shows more, and the fields of a scale (65,534 steps of 5 g) hold no more than this. */
const TEMPERATURE_C_MAX = 60;
const WEIGHT_KG_MAX = 330;

export function readTemperature(bytes: Uint8Array): VitalReading | null {
  const decoded = gatt.temperatureMeasurement.decode(bytes);
  if (!decoded.ok) return null;
  const { temperature, temperatureC, unit, place, timeStamp } = decoded.value;
  return reading({
    result: 'temperature',
    quantities: { temperatureC: { value: temperatureC, float: temperature, most: TEMPERATURE_C_MAX } },
    others: { deviceUnit: unit, place: place?.name ?? null, deviceTime: deviceTime(timeStamp) },
    flags: [unsetClock(timeStamp)],
  });
}

export function readWeight(bytes: Uint8Array): VitalReading | null {
  const decoded = gatt.weightMeasurement.decode(bytes);
  if (!decoded.ok) return null;
  const { weightKg, bmi, heightM, system, userId, timeStamp } = decoded.value;
  return reading({
    result: 'weight',
    quantities: { weightKg: { value: weightKg, most: WEIGHT_KG_MAX } },
    others: { ...scale(system, userId, timeStamp), bmiKgPerM2: bmi, heightM },
    flags: [unsetClock(timeStamp)],
  });
}

/** A scale with more to say than one value holds sends several; each is a result, and says that it is a part. */
export function readBodyComposition(bytes: Uint8Array): VitalReading | null {
  const decoded = gatt.bodyCompositionMeasurement.decode(bytes);
  if (!decoded.ok) return null;
  const body = decoded.value;
  return reading({
    result: 'body-composition',
    quantities: { fatPercent: { value: body.bodyFatPercent, most: 100 } },
    others: {
      ...scale(body.system, body.userId, body.timeStamp),
      musclePercent: body.musclePercent,
      muscleKg: body.muscleMassKg,
      fatFreeKg: body.fatFreeMassKg,
      softLeanKg: body.softLeanMassKg,
      waterKg: body.bodyWaterMassKg,
      weightKg: body.weightKg,
      heightM: body.heightM,
      impedanceOhm: body.impedanceOhm,
      basalMetabolismKJ: body.basalMetabolismKJ,
    },
    flags: [body.isMultiPacket && 'part-of-several', unsetClock(body.timeStamp)],
  });
}

function scale(system: gatt.MeasurementSystem, userId: gatt.UserId | null, timeStamp: gatt.DateTime | null) {
  return { deviceUnit: system, userNumber: userNumber(userId), deviceTime: deviceTime(timeStamp) };
}
