// Tests that need ../shared or a tool of the machine: they run where it is there and otherwise skip with the reason in their name. With
// MAIBO_REQUIRE_ALL=1, as in CI, a skip is a failure.

import { describe, it } from 'vitest';

/** As `describe`, unless `reason` says why not. */
export function describeUnless(reason: string | null, name: string, body: () => void): void {
  if (reason === null) describe(name, body);
  else if (process.env.MAIBO_REQUIRE_ALL === '1') {
    it(`${name} (skipped: ${reason})`, () => {
      throw new Error(`${reason}, and MAIBO_REQUIRE_ALL=1 asks for every test`);
    });
  } else it.skip(`${name} (skipped: ${reason})`, () => {});
}
