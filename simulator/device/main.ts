// The virtual wearable as a process of its own: opens a pty, says over IPC where the host's end is, and serves its log. Ends when the
// host has said bye, the line hangs up, or the parent goes away.
import { fromHex, MaiboError, systemClock, systemEntropy, toHex } from '@maibo/sdk';
import { createSource, type DevicePlan } from '../lab/device-plan.ts';
import { openFreedState } from './freed-state.ts';
import { openPty } from './pty.ts';
import { Wearable, wearableKeys } from './wearable.ts';

export interface WearableJob {
  readonly plan: DevicePlan;
  /** JSON has no Infinity: null is as fast as it goes. */
  readonly speed: number | null;
  readonly stateFolder: string;
  /** The host it was paired with: its public key, as hex. */
  readonly host: string;
}

export type WearableNews =
  /** `key`: the device's public key, as on a label. */
  | { readonly type: 'ready'; readonly path: string; readonly key: string }
  | { readonly type: 'no-pty' }
  | { readonly type: 'failed'; readonly code: string | null; readonly line: string };

process.on('SIGINT', () => undefined); // Ctrl-C is for the parent, which then says bye
process.on('disconnect', () => process.exit(0));

async function serve(job: WearableJob): Promise<void> {
  const source = await createSource(job.plan);
  const pty = openPty();
  if (pty === null) return tell({ type: 'no-pty' });
  const state = openFreedState(job.stateFolder, source.identity);
  const wearable = new Wearable({
    link: pty.link,
    source,
    clock: systemClock,
    entropy: systemEntropy,
    hosts: [fromHex(job.host)],
    speed: job.speed ?? Number.POSITIVE_INFINITY,
    freed: state,
    onFreed: (freed) => state.save(freed),
  });
  tell({ type: 'ready', path: pty.slavePath, key: toHex(wearableKeys(source).link.publicKey) });
  await wearable.run();
  await pty.link.close();
}

function tell(news: WearableNews): void {
  process.send?.(news);
}

serve(JSON.parse(process.argv[2] ?? '{}') as WearableJob).then(
  () => process.disconnect?.(),
  (failure: unknown) => {
    const known = failure instanceof MaiboError;
    tell({ type: 'failed', code: known ? failure.code : null, line: known ? failure.toLine() : String(failure) });
    process.exitCode = 1;
    process.disconnect?.();
  },
);
