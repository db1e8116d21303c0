// `soak`: thirty days of one ECG through session, pipeline, evidence, store and retention, as fast as it goes, with a new link every hour of them.
// What must stay flat is read at the end of each day.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Clock,
  collectLog,
  createLabKey,
  createLabLinkKey,
  createMemoryLinks,
  DeviceSession,
  GroupCommitter,
  openStoreFile,
  planTrim,
  type Store,
  StreamWriter,
  systemClock,
  systemEntropy,
  trimStream,
} from '@maibo/sdk';
import {
  type BlockSource,
  codeSource,
  createWearer,
  createWearerSource,
  type LogBlock,
  Wearable,
  wearableKeys,
} from '@maibo/simulator/testing';
import { type Bench, type BenchReport, table } from '../bench.ts';

const DAYS = 30;
const HOURS_A_DAY = 24;
const KEPT_DAYS = 3;
const RATE_HZ = 250;
const BLOCK_SAMPLES = 2_048;
const TICKS_A_BLOCK = (BLOCK_SAMPLES * 1_000_000) / RATE_HZ;
const BLOCKS_AN_HOUR = Math.floor((3_600 * RATE_HZ) / BLOCK_SAMPLES);
const START_UTC_US = 1_767_225_600_000_000;
/** The first days fill caches, and the store up to what is kept. */
const WARM_DAYS = 10;
/** The mean of the last ten days over that of the ten before. */
const GROWTH_MAX = 1.05;

const signer = createLabKey('gateway', 1);
const keys = createLabLinkKey('gateway', 1);
/** UTC stands at the log's beginning, as the device's clock does: then what was measured has the time that its ticks say. */
const clock: Clock = { ...systemClock, source: 'lab', uncertaintyUs: 0, nowUtcUs: () => START_UTC_US };

interface Day {
  readonly day: number;
  readonly heapBytes: number;
  readonly rssBytes: number;
  readonly storeBytes: number;
  readonly records: number;
  readonly resources: number;
  readonly passedS: number;
}

export const soakBench: Bench = {
  name: 'soak',
  about: `${DAYS} days of an ECG through the gateway's path, a new link every hour: what must stay flat (minutes)`,
  run: runSoak,
};

async function runSoak(): Promise<BenchReport> {
  const days = await soak();
  const growth = (read: (day: Day) => number) => {
    const mean = (some: readonly Day[]) => some.reduce((sum, day) => sum + read(day), 0) / some.length;
    return mean(days.slice(-WARM_DAYS)) / mean(days.slice(WARM_DAYS, 2 * WARM_DAYS));
  };
  const growths = {
    heap: growth(({ heapBytes }) => heapBytes),
    RSS: growth(({ rssBytes }) => rssBytes),
    store: growth(({ storeBytes }) => storeBytes),
    resources: growth(({ resources }) => resources),
  };
  return {
    lines: [
      `one ECG of ${RATE_HZ} Hz, ${DAYS * HOURS_A_DAY} links, ${KEPT_DAYS} days kept; heap after a collection of garbage where node has --expose-gc`,
      ...table([
        ['day', 'heap MiB', 'RSS MiB', 'store MiB', 'records', 'handles', 'took s'],
        ...days.filter(({ day }) => day % 5 === 0 || day === 1).map(rowOf),
      ]),
      `the last ten days over the ten before: ${Object.entries(growths)
        .map(([name, ratio]) => `${name} ${ratio.toFixed(3)}`)
        .join(', ')}`,
    ],
    numbers: { days, growths },
    overBudget: Object.entries(growths)
      .filter(([, ratio]) => ratio > GROWTH_MAX)
      .map(([name, ratio]) => `${name} grew by a factor of ${ratio.toFixed(3)} in ten days`),
    skipped: null,
  };
}

function rowOf({ day, heapBytes, rssBytes, storeBytes, records, resources, passedS }: Day): string[] {
  const mib = (bytes: number) => (bytes / 2 ** 20).toFixed(1);
  const sizes = [mib(heapBytes), mib(rssBytes), mib(storeBytes)];
  return [String(day), ...sizes, String(records), String(resources), passedS.toFixed(1)];
}

async function soak(): Promise<Day[]> {
  const folder = mkdtempSync(join(tmpdir(), 'maibo-soak-'));
  const { store, close } = openStoreFile(join(folder, 'store.sqlite'));
  store.addKey(signer.keyId, signer.publicKey, 'gateway-lab');
  try {
    const device = new Device(await endlessSource());
    const days: Day[] = [];
    for (let day = 1; day <= DAYS; day++) {
      const startMs = performance.now();
      for (let hour = 0; hour < HOURS_A_DAY; hour++) await collectHour(store, device);
      await trim(store, device);
      days.push(measure(store, day, (performance.now() - startMs) / 1_000));
    }
    return days;
  } finally {
    close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** What outlives a link. */
class Device {
  readonly source: BlockSource;
  freed = { firstBlock: 0, chain: new Uint8Array(32) };

  constructor(source: BlockSource) {
    this.source = source;
  }
}

async function collectHour(store: Store, device: Device): Promise<void> {
  const [near, far] = createMemoryLinks();
  const base = { link: far, source: device.source, clock, entropy: systemEntropy, hosts: [keys.publicKey] };
  const wearable = new Wearable({
    ...{ ...base, speed: Number.POSITIVE_INFINITY, freed: device.freed },
    onFreed: ({ firstBlock, chain }) => {
      device.freed = { firstBlock, chain: Uint8Array.from(chain) };
    },
  });
  const running = wearable.run();
  const trust = { devices: [wearableKeys(device.source).link.publicKey], label: null, isPairing: false };
  const session = await DeviceSession.open(near, { clock, entropy: systemEntropy }, { keys, trust });
  const enough = new AbortController();
  const until = device.freed.firstBlock + BLOCKS_AN_HOUR;
  const committer = new GroupCommitter(store, clock, { waitMs: 0 });
  await collectLog({
    ...{ session, log: session.info.logs[0]!, store, signer, clock, committer, signal: enough.signal },
    onCommit: ({ blocksDone }) => {
      if (blocksDone >= until) enough.abort();
    },
  });
  await session.close();
  await far.close();
  await running;
}

async function trim(store: Store, device: Device): Promise<void> {
  const [stream] = store.streams();
  // An hour's link ends behind a commit and not on the second: what was collected says how late it is.
  const nowUtcUs = START_UTC_US + device.freed.firstBlock * TICKS_A_BLOCK;
  const beforeUtcUs = nowUtcUs - KEPT_DAYS * 86_400_000_000;
  const plan = planTrim(store, stream!.id, { beforeUtcUs, reason: 'retention', unconfirmed: true });
  if (typeof plan === 'string') return;
  const writer = StreamWriter.openStored(store, stream!, signer);
  await trimStream(store, stream!.id, writer, plan);
}

function measure(store: Store, day: number, passedS: number): Day {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  const { fileBytes } = store.size();
  const [stream] = store.streams();
  const records = stream!.chain.recordCount;
  const resources = process.getActiveResourcesInfo().length;
  return { day, heapBytes: heapUsed, rssBytes: rss, storeBytes: fileBytes, records, resources, passedS };
}

/** An hour of a simulated heart again and again, in blocks made beforehand. */
async function endlessSource(): Promise<BlockSource> {
  const wearer = createWearer({ seed: 3, durationS: 3_600, rateHz: RATE_HZ, blockSampleCount: BLOCK_SAMPLES });
  const hour = codeSource(createWearerSource(wearer, 'soak'));
  const made: LogBlock[] = [];
  for (let seq = 0; seq < BLOCKS_AN_HOUR; seq++) made.push((await hour.read(seq))!);
  return {
    ...hour,
    blockCount: DAYS * HOURS_A_DAY * BLOCKS_AN_HOUR + BLOCKS_AN_HOUR,
    read: async (seq) => {
      const { format, samples } = made[seq % made.length]!;
      const ticks = Math.round(seq * TICKS_A_BLOCK);
      return { seq, firstSample: seq * BLOCK_SAMPLES, ticks, completeTicks: ticks + TICKS_A_BLOCK, format, samples };
    },
  };
}
