// The link contract over every bearer that needs no radio. The radio's are beside the radio.
import { afterAll, describe, it } from 'vitest';
import { openPty } from '../device/pty.ts';
import { LINK_CONTRACT } from './link-contract.ts';
import { canRun, type LinkRig } from './link-rig.ts';
import { isSocatThere, MemoryRig, PtyRig, SocatRig, SocketRig } from './link-rigs.testkit.ts';

/** Set: print what was measured. */
const isTold = process.env.MAIBO_MEASURE === '1';
/** Set: what is missing on this machine is a failure. */
const isAllRequired = process.env.MAIBO_REQUIRE_ALL === '1';

const probe = openPty();
await probe?.link.close();

interface Candidate {
  readonly name: string;
  readonly missing: string | null;
  open(measured: (what: string, ms: number) => void): LinkRig;
}

const noPty = probe === null ? 'no pty here' : null;
const CANDIDATES: readonly Candidate[] = [
  { name: 'memory, bytes', missing: null, open: (measured) => new MemoryRig(null, measured) },
  { name: 'memory, packets', missing: null, open: (measured) => new MemoryRig(244, measured) },
  { name: 'serial port on a pty', missing: noPty, open: (measured) => new PtyRig(measured) },
  {
    name: 'serial port on socat',
    missing: noPty ?? (isSocatThere() ? null : 'no socat here'),
    open: (measured) => new SocatRig(measured),
  },
  { name: 'unix socket', missing: null, open: (measured) => new SocketRig('unix', measured) },
  { name: 'tcp socket', missing: null, open: (measured) => new SocketRig('tcp', measured) },
];

for (const { name, missing, open } of CANDIDATES) {
  const isSkipped = missing !== null && !isAllRequired;
  describe.skipIf(isSkipped)(`a link over ${name}${missing === null ? '' : ` (${missing})`}`, () => {
    if (isSkipped) return it('is not tested', () => undefined);
    const rig = open((what, ms) => isTold && process.stderr.write(`${name}: ${what}: ${ms.toFixed(1)} ms\n`));
    afterAll(() => rig.close());
    for (const { name: promise, needs, run } of LINK_CONTRACT)
      it.skipIf(!canRun(rig, needs))(promise, () => run(rig), 120_000);
  });
}
