// The link contract over the Bluetooth bearer, on a double of the Bluetooth service.
import { afterAll, beforeAll, describe, it } from 'vitest';
import { LINK_CONTRACT } from '../testing/link-contract.ts';
import { canRun, type LinkRig } from '../testing/link-rig.ts';
import { openDoubleRig } from './double-rig.ts';
import { hasDbusDaemon } from './private-bus.ts';

/** Set: print what was measured. */
const isTold = process.env.MAIBO_MEASURE === '1';
/** Set: what is missing on this machine is a failure. */
const isAllRequired = process.env.MAIBO_REQUIRE_ALL === '1';
const isSkipped = !hasDbusDaemon() && !isAllRequired;

describe.skipIf(isSkipped)(`a link over Bluetooth, on a double${isSkipped ? ' (no dbus-daemon here)' : ''}`, () => {
  let rig: LinkRig;
  beforeAll(async () => {
    rig = await openDoubleRig({
      measured: (what, ms) => isTold && process.stderr.write(`bluez double: ${what}: ${ms.toFixed(1)} ms\n`),
    });
  });
  afterAll(() => rig?.close());
  for (const { name, needs = [], run } of LINK_CONTRACT)
    it.skipIf(needs.includes('back-pressure'))(
      name,
      async ({ skip }) => {
        if (!canRun(rig, needs)) skip();
        await run(rig);
      },
      120_000,
    );
});
