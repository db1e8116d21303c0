// `gateway`: how many wearables with an ECG of 250 Hz one box keeps up with. The devices are a process of their own that plays signals made
// beforehand; beats, corrected intervals and HRV are computed, sealed, stored and acknowledged by the production gateway in another.
import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLabLinkKey, toHex } from '@maibo/sdk';
import { type Bench, type BenchReport, skippedReport, table } from '../bench.ts';
import type { FarmNews, FarmPlan } from './device-farm.ts';
import type { GatewayPlan } from './gateway-process.ts';
import { costOf } from './process-cost.ts';

const RATE_HZ = 250;
const BLOCK_SAMPLES = 250;
/** The first windows of five minutes end after five minutes; those of one minute count already. */
const SETTLE_S = 60;
const MEASURE_S = 30;
/** A device holds what is on its way and in the core's delay; more than this behind is not kept up with. */
const BEHIND_S_MAX = 5;
/** Handshakes on one core, a hundred a second. */
const CONNECT_S_MAX = 120;
const COUNTS = [250, 500, 1_000, 1_500, 2_000, 3_000];
const ASKED = 1_000;

interface Run {
  readonly count: number;
  readonly connectS: number;
  readonly blocksPerS: number;
  readonly behindS: number;
  /** Of one core. */
  readonly cpu: number;
  readonly rssBytes: number;
  /** What the farm itself took, and how late it was: beyond a second the farm is what could not keep up. */
  readonly farmCpu: number;
  readonly farmLateMs: number;
  readonly keepsUp: boolean;
}

export const gatewayBench: Bench = {
  name: 'gateway',
  about: 'wearables of 250 Hz that one gateway keeps up with, and what each costs it (minutes)',
  run: runGateway,
};

async function runGateway(): Promise<BenchReport> {
  if (costOf(process.pid) === null) return skippedReport('the cost of a process is read from /proc, and there is none');
  const runs: Run[] = [];
  for (const count of COUNTS) {
    runs.push(await measure(count));
    if (!runs.at(-1)!.keepsUp) break;
  }
  const most = runs.filter(({ keepsUp }) => keepsUp).at(-1)?.count ?? 0;
  return {
    lines: [
      `each: ${RATE_HZ} Hz ECG in blocks of ${BLOCK_SAMPLES / RATE_HZ} s, encrypted, over a unix socket; ${SETTLE_S} s to settle, ${MEASURE_S} s measured`,
      ...rowsOf(runs),
      `kept up with: ${most} (asked: ${ASKED}); behind: the device whose oldest unacknowledged sample is oldest`,
    ],
    numbers: { runs, most },
    overBudget: most >= ASKED ? [] : [`keeps up with ${most} wearables, asked for ${ASKED}`],
    skipped: null,
  };
}

function rowsOf(runs: readonly Run[]): string[] {
  const head = [
    'wearables',
    'connected in s',
    'blocks/s',
    'behind s',
    'CPU %',
    '% each',
    'RSS MiB',
    'KiB each',
    'farm CPU %',
    'late ms',
  ];
  return table([
    head,
    ...runs.map((run) => [
      `${run.count}${run.keepsUp ? '' : ' falls behind'}`,
      run.connectS.toFixed(1),
      run.blocksPerS.toFixed(0),
      run.behindS.toFixed(1),
      (run.cpu * 100).toFixed(0),
      ((run.cpu * 100) / run.count).toFixed(3),
      (run.rssBytes / 2 ** 20).toFixed(0),
      (run.rssBytes / 1024 / run.count).toFixed(0),
      (run.farmCpu * 100).toFixed(0),
      run.farmLateMs.toFixed(0),
    ]),
  ]);
}

async function measure(count: number): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'maibo-gateway-'));
  mkdirSync(join(folder, 'data'));
  const children: ChildProcess[] = [];
  const start = (file: string, plan: FarmPlan | GatewayPlan) => {
    const path = fileURLToPath(new URL(`./${file}.js`, import.meta.url));
    const child = fork(path, [JSON.stringify(plan)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [],
    });
    children.push(child);
    return child;
  };
  try {
    const host = toHex(createLabLinkKey('gateway', 1).publicKey);
    const durationS = CONNECT_S_MAX + SETTLE_S + MEASURE_S + 60;
    const farm = start('device-farm', {
      folder,
      count,
      host,
      rateHz: RATE_HZ,
      blockSampleCount: BLOCK_SAMPLES,
      durationS,
    });
    const news = new News(farm);
    const { keys } = await news.next('ready');
    const gateway = start('gateway-process', { folder, keys });
    return await watch(count, news, farm, gateway);
  } finally {
    await Promise.all(children.map(end));
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function watch(count: number, news: News, farm: ChildProcess, gateway: ChildProcess): Promise<Run> {
  const start = performance.now();
  let state = await news.next('state');
  while (state.connected < count && performance.now() - start < CONNECT_S_MAX * 1_000) state = await news.next('state');
  const connectS = (performance.now() - start) / 1_000;
  for (let second = 0; second < SETTLE_S; second++) await news.next('state');
  const before = await sample(news, farm, gateway);
  let behindS = 0;
  let farmLateMs = 0;
  for (let second = 0; second < MEASURE_S; second++) {
    const now = await news.next('state');
    behindS = Math.max(behindS, now.behindS);
    farmLateMs = Math.max(farmLateMs, now.lateMs);
  }
  const after = await sample(news, farm, gateway);
  const passedS = after.timeS - before.timeS;
  return {
    count,
    connectS,
    blocksPerS: (after.blocksAcked - before.blocksAcked) / passedS,
    behindS,
    cpu: (after.gateway.cpuS - before.gateway.cpuS) / passedS,
    rssBytes: after.gateway.rssBytes,
    farmCpu: (after.farm.cpuS - before.farm.cpuS) / passedS,
    farmLateMs,
    keepsUp: state.connected === count && behindS <= BEHIND_S_MAX,
  };
}

async function sample(news: News, farm: ChildProcess, gateway: ChildProcess) {
  const { blocksAcked } = await news.next('state');
  const costs = { gateway: costOf(gateway.pid!), farm: costOf(farm.pid!) };
  if (costs.gateway === null || costs.farm === null) throw new Error('the gateway or the farm has ended');
  return { timeS: performance.now() / 1_000, blocksAcked, gateway: costs.gateway, farm: costs.farm };
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

/** What the farm says, one after the other. */
class News {
  readonly #waiting: FarmNews[] = [];
  #wake: (() => void) | null = null;

  constructor(farm: ChildProcess) {
    farm.on('message', (news) => {
      this.#waiting.push(news as FarmNews);
      this.#wake?.();
    });
  }

  /** The newest of this kind; older ones are dropped. */
  async next<Type extends FarmNews['type']>(type: Type): Promise<Extract<FarmNews, { type: Type }>> {
    for (;;) {
      const found = this.#waiting.splice(0).findLast((news) => news.type === type);
      if (found !== undefined) return found as Extract<FarmNews, { type: Type }>;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
