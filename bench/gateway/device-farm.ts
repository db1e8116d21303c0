// A farm of virtual wearables in a process of its own: each plays an ECG in real time behind a unix socket. Started with a plan as JSON, it tells
// over its IPC channel when all sockets listen, and every second how far its devices are and how far they are acknowledged.
import { join } from 'node:path';
import { sha256 } from '@maibo/protocols';
import { fromHex, listenSocketLinks, systemClock, systemEntropy, toHex } from '@maibo/sdk';
import {
  type BlockSource,
  codeSource,
  createWearer,
  createWearerSource,
  type LogBlock,
  Wearable,
  wearableKeys,
} from '@maibo/simulator';

export interface FarmPlan {
  readonly folder: string;
  readonly count: number;
  /** Public key (hex) of the gateway that all of them know. */
  readonly host: string;
  readonly rateHz: number;
  readonly blockSampleCount: number;
  readonly durationS: number;
}

export type FarmNews =
  | { readonly type: 'ready'; readonly keys: readonly string[] }
  | {
      readonly type: 'state';
      readonly connected: number;
      /** Over all devices. */
      readonly blocksAcked: number;
      /** Of the device that is furthest behind, seconds of signal that nobody has acknowledged. */
      readonly behindS: number;
      /** How late this process itself is. */
      readonly lateMs: number;
    };

/** Hearts that differ; more of them would cost this process, not the gateway. */
const HEARTS = 16;
const TELL_MS = 1_000;

interface Device {
  readonly source: BlockSource;
  startMs: number | null;
  acked: number;
}

/** The same signal under an identity of its own. */
function sourceOf(heart: BlockSource, index: number): BlockSource {
  return { ...heart, identity: sha256(Buffer.from(`farm ${index}`)).slice(0, 20) };
}

/** All blocks made beforehand: what a device costs is not what is measured. */
async function made(heart: BlockSource): Promise<BlockSource> {
  const blocks: (LogBlock | null)[] = [];
  for (let seq = 0; seq < heart.blockCount; seq++) blocks.push(await heart.read(seq));
  return { ...heart, read: async (seq) => blocks[seq] ?? null };
}

async function main(plan: FarmPlan): Promise<void> {
  const { durationS, rateHz, blockSampleCount } = plan;
  const hearts: BlockSource[] = [];
  for (let seed = 1; seed <= Math.min(HEARTS, plan.count); seed++) {
    const wearer = createWearer({ seed, durationS, rateHz, blockSampleCount });
    hearts.push(await made(codeSource(createWearerSource(wearer, 'farm'))));
  }
  const devices: Device[] = [];
  for (let index = 0; index < plan.count; index++) {
    const device: Device = { source: sourceOf(hearts[index % hearts.length]!, index), startMs: null, acked: 0 };
    devices.push(device);
    void serve(device, join(plan.folder, `${index}.sock`), plan);
  }
  const keys = devices.map(({ source }) => toHex(wearableKeys(source).link.publicKey));
  process.send?.({ type: 'ready', keys } satisfies FarmNews);
  tell(devices, blockSampleCount / rateHz);
}

async function serve(device: Device, path: string, { host }: FarmPlan): Promise<void> {
  const listener = await listenSocketLinks(path);
  for await (const link of listener) {
    device.startMs ??= systemClock.nowMonotonicMs();
    const wearable = new Wearable({
      ...{ link, source: device.source, clock: systemClock, entropy: systemEntropy, hosts: [fromHex(host)], speed: 1 },
      onFreed: ({ firstBlock }) => {
        device.acked = firstBlock;
      },
    });
    void wearable.run().catch(() => undefined);
  }
}

function tell(devices: readonly Device[], blockS: number): void {
  let dueMs = systemClock.nowMonotonicMs() + TELL_MS;
  setInterval(() => {
    const nowMs = systemClock.nowMonotonicMs();
    const lateMs = Math.max(0, nowMs - dueMs);
    dueMs = nowMs + TELL_MS;
    const running = devices.filter(({ startMs }) => startMs !== null);
    const behind = running.map(({ startMs, acked }) => (nowMs - startMs!) / 1_000 - acked * blockS);
    const blocksAcked = running.reduce((sum, { acked }) => sum + acked, 0);
    const state = { connected: running.length, blocksAcked, behindS: Math.max(0, ...behind), lateMs };
    process.send?.({ type: 'state', ...state } satisfies FarmNews);
  }, TELL_MS);
}

process.on('disconnect', () => process.exit());
await main(JSON.parse(process.argv[2] ?? '{}') as FarmPlan);
