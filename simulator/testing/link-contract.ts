// What every bearer keeps, whatever is beneath it. Free of any test framework: each case throws when it is broken. See link-rig.ts for what
// a bearer brings.
//
//   for (const { name, needs, run } of LINK_CONTRACT) test.skipIf(!canRun(rig, needs))(name, () => run(rig));
import { SESSION_CASES } from './link-contract-session.ts';
import { TRANSFER_CASES } from './link-contract-transfer.ts';
import { UNPLUG_CASES } from './link-contract-unplug.ts';
import type { LinkContractCase } from './link-rig.ts';

export const LINK_CONTRACT: readonly LinkContractCase[] = [...TRANSFER_CASES, ...UNPLUG_CASES, ...SESSION_CASES];
