// Joins the host to the virtual wearable: over a kernel pty to a process of its own, or in memory where there is no pty.
import {
  createMemoryLinks,
  fromHex,
  type Link,
  MaiboError,
  type MaiboErrorCode,
  openSerialLink,
  systemClock,
  systemEntropy,
} from '@maibo/sdk';
import { openFreedState } from '../device/freed-state.ts';
import type { WearableJob, WearableNews } from '../device/main.ts';
import { Wearable, wearableKeys } from '../device/wearable.ts';
import { type Child, startChild } from './child.ts';
import { createSource } from './device-plan.ts';

export interface LabLink {
  readonly link: Link;
  /** The device's public key: it was paired in the factory of this lab. */
  readonly deviceKey: Uint8Array;
  /** For people: which link it is, and why. */
  readonly description: string;
  stop(): Promise<void>;
}

/** Errors: what the readers throw for a bad input; `link-open` when a serial port was asked for and there is none. */
export async function openLabLink(job: WearableJob, wish: 'auto' | 'serial' | 'memory'): Promise<LabLink> {
  if (wish === 'memory') return openMemory(job, 'in memory, as asked');
  const child = startChild<WearableNews>('device/main.js', [JSON.stringify(job)]);
  const news = await child.next();
  if (news?.type === 'ready') return openSerial(child, news);
  await child.stop();
  if (news?.type === 'failed') throw asError(news);
  if (wish === 'serial')
    throw new MaiboError('link-open', 'this platform gives no pty', { hint: 'leave out --link serial' });
  return openMemory(job, 'in memory: this platform gives no pty');
}

type Ready = Extract<WearableNews, { type: 'ready' }>;

async function openSerial(child: Child<WearableNews>, { path, key }: Ready): Promise<LabLink> {
  const link = await openSerialLink({ path }).catch(async (failure: unknown) => {
    await child.stop();
    throw failure;
  });
  const description = `serial port ${path} (kernel pty)`;
  return { link, deviceKey: fromHex(key), description, stop: () => child.stop() };
}

async function openMemory(job: WearableJob, description: string): Promise<LabLink> {
  const source = await createSource(job.plan);
  const state = openFreedState(job.stateFolder, source.identity);
  const [host, device] = createMemoryLinks();
  const wearable = new Wearable({
    link: device,
    source,
    clock: systemClock,
    entropy: systemEntropy,
    hosts: [fromHex(job.host)],
    speed: job.speed ?? Number.POSITIVE_INFINITY,
    freed: state,
    onFreed: (freed) => state.save(freed),
  });
  const running = wearable.run();
  return {
    link: host,
    deviceKey: wearableKeys(source).link.publicKey,
    description,
    stop: async () => {
      await device.close();
      await running;
    },
  };
}

function asError(news: Extract<WearableNews, { type: 'failed' }>): Error {
  return news.code === null ? new Error(news.line) : new MaiboError(news.code as MaiboErrorCode, news.line);
}
