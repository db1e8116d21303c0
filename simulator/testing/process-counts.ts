// What of this process must not grow with the number of connections. For the `counts` of a LinkRig.
import { readdirSync } from 'node:fs';
import { systemClock } from '@maibo/sdk';

/** What was closed just now is given back within a few turns. */
const SETTLE_MS = 20;

/** Open descriptors where the system tells (Linux), listeners of the process, and by kind what keeps the event loop busy. */
export async function processCounts(): Promise<Record<string, number>> {
  await systemClock.sleep(SETTLE_MS);
  const listeners = process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
  const counts: Record<string, number> = { descriptors: countDescriptors(), listeners };
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

function countDescriptors(): number {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return 0;
  }
}
