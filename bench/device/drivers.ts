// The cores that are measured, and what with: a line for each family.

import { beatDrivers } from './beat-drivers.ts';
import { breathDrivers } from './breath-drivers.ts';
import type { DeviceDriver } from './device-driver.ts';
import { intervalDrivers } from './interval-drivers.ts';
import { motionDrivers } from './motion-drivers.ts';
import { sleepDrivers } from './sleep-drivers.ts';
import { stressDrivers } from './stress-drivers.ts';
import { waveDrivers } from './wave-drivers.ts';

export function allDrivers(): DeviceDriver[] {
  return [
    ...beatDrivers(),
    ...motionDrivers(),
    ...intervalDrivers(),
    ...breathDrivers(),
    ...stressDrivers(),
    ...sleepDrivers(),
    ...waveDrivers(),
  ];
}
