// The cores that are measured, and what with: a line each.

import type { DeviceDriver } from './device-driver.ts';
import { motionDrivers } from './motion-drivers.ts';
import { sleepDrivers } from './sleep-drivers.ts';

export function allDrivers(): DeviceDriver[] {
  return [...motionDrivers(), ...sleepDrivers()];
}
