// A private bus with a double of the Bluetooth service for the tests of one file; skipped, aloud, where there is no dbus-daemon.
import { afterAll, beforeAll, describe } from 'vitest';
import { type BluezDouble, type BluezDoubleOptions, openBluezDouble } from './double/double.ts';
import { hasDbusDaemon, openPrivateBus, type PrivateBus } from './private-bus.ts';

const isHere = hasDbusDaemon();

export interface TestAir {
  bus: PrivateBus;
  double: BluezDouble;
}

/** With MAIBO_REQUIRE_ALL=1 a missing dbus-daemon is a failure. */
export function describeOnAir(
  name: string,
  options: Omit<BluezDoubleOptions, 'busAddress'>,
  tests: (air: TestAir) => void,
): void {
  const mustRun = isHere || process.env.MAIBO_REQUIRE_ALL === '1';
  describe.skipIf(!mustRun)(mustRun ? name : `${name} (no dbus-daemon here)`, () => {
    const air = {} as TestAir;
    beforeAll(async () => {
      air.bus = await openPrivateBus();
      air.double = await openBluezDouble({ ...options, busAddress: air.bus.address });
    });
    afterAll(async () => {
      await air.double?.close();
      await air.bus?.close();
    });
    tests(air);
  });
}

/** Waits until it is so, and gives up after five seconds. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = performance.now() + 5_000;
  while (!(await isSo())) {
    if (performance.now() > endMs) throw new Error(`waited in vain for ${isSo}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
