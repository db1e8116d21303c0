// What the firmware plays, played here: every driver's core takes its inputs, and where a push is cut does not matter.

import { describe, expect, it } from 'vitest';
import { keyOf } from './device-driver.ts';
import { allDrivers } from './drivers.ts';
import { generatedModule } from './generated-module.ts';
import { playHere, tapeOf } from './tape.ts';

describe('tapes for the device', () => {
  const drivers = allDrivers();

  it.each(drivers.map((driver) => [keyOf(driver), driver] as const))('%s', (_, driver) => {
    const { findingCount, linearBytes, instanceBytes } = playHere(generatedModule(driver.core), driver);
    expect(findingCount).toBeGreaterThan(0);
    expect(linearBytes).toBeGreaterThan(instanceBytes);
  });

  it('find the same however they are cut', () => {
    const driver = drivers[0]!;
    const few = { ...driver, pushes: driver.pushes.slice(0, 100) };
    const cut = few.pushes.flatMap((push) => [push.subarray(0, 88), push.subarray(88)]);
    const [whole, parts] = [few, { ...few, pushes: cut }].map((one) => playHere(generatedModule(one.core), one));
    expect(parts!.hash).toBe(whole!.hash);
    expect(parts!.findingCount).toBe(whole!.findingCount);
  });

  it('are counts and bytes in turn, and an end', () => {
    const pushes = [Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), Uint8Array.of(9, 10, 11, 12)];
    const tape = tapeOf({ ...drivers[0]!, elementBytes: 4, pushes });
    expect([...tape]).toEqual([2, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 1, 0, 0, 0, 9, 10, 11, 12, 255, 255, 255, 255]);
  });
});
