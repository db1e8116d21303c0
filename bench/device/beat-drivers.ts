// `ecg` and `ppg`: ten minutes of the made person, in pushes of about a quarter of a second.

import type { DeviceDriver } from './device-driver.ts';
import { ECG_HZ, LIGHT_HZ, makeEcg, makeLight } from './made-wearer.ts';
import { bytesOf, cut } from './pushes.ts';

const DURATION_S = 600;
const F32_BYTES = 4;
const PUSHES_PER_S = 4;

export function beatDrivers(): DeviceDriver[] {
  const light = makeLight(DURATION_S);
  return [
    driverOf('ecg', `${ECG_HZ} Hz`, [ECG_HZ], makeEcg(DURATION_S), 1, 400),
    driverOf('ppg', `${LIGHT_HZ} Hz, light and motion`, [LIGHT_HZ, 1, 4], light, 4, 600),
    driverOf('ppg', `${LIGHT_HZ} Hz, light alone`, [LIGHT_HZ, 0, 1], light.filter((_, index) => index % 4 === 0), 1, 600),
  ];
}

function driverOf(
  core: string,
  name: string,
  initNumbers: number[],
  numbers: Float32Array,
  frameNumbers: number,
  budget: number,
): DeviceDriver {
  const pushBytes = Math.floor(initNumbers[0]! / PUSHES_PER_S) * frameNumbers * F32_BYTES;
  return {
    core,
    name,
    sizeNumbers: [],
    initNumbers,
    elementBytes: F32_BYTES,
    findingBytes: 16,
    pollCount: 8,
    unit: frameNumbers === 1 ? 'sample' : 'frame',
    unitCount: numbers.length / frameNumbers,
    budget,
    pushes: cut(bytesOf(numbers), pushBytes),
  };
}
