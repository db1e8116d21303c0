// `ecg` and `ppg`: ten minutes of the made person, in pushes of about a quarter of a second.

import type { DeviceDriver } from './device-driver.ts';
import { ECG_HZ, LIGHT_HZ, makeEcg, makeLight } from './made-wearer.ts';
import { bytesOf, cut } from './pushes.ts';

const DURATION_S = 600;
const [ECG_BUDGET, PPG_BUDGET] = [400, 600];
const F32_BYTES = 4;
const PUSHES_PER_S = 4;

export function beatDrivers(): DeviceDriver[] {
  const light = makeLight(DURATION_S);
  return [
    beatDriver('ecg', `${ECG_HZ} Hz`, [ECG_HZ], makeEcg(DURATION_S), 1),
    beatDriver('ppg', `${LIGHT_HZ} Hz, light and motion`, [LIGHT_HZ, 1, 4], light, 4),
    beatDriver(
      'ppg',
      `${LIGHT_HZ} Hz, light alone`,
      [LIGHT_HZ, 0, 1],
      light.filter((_, index) => index % 4 === 0),
      1,
    ),
  ];
}

export function beatDriver(
  core: string,
  name: string,
  initNumbers: number[],
  numbers: Float32Array,
  frameNumbers: number,
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
    budget: core === 'ecg' ? ECG_BUDGET : PPG_BUDGET,
    pushes: cut(bytesOf(numbers), pushBytes),
  };
}
