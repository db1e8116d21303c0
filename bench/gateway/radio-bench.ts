// `radio`: notifications a second through our radio and through node-ble as it is, in turn, over the same double of the Bluetooth service; and
// how long a heartbeat takes from the skin to the disk over a pty and over the air.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Link, openSerialLink, openStoreFile, systemClock } from '@maibo/sdk';
import {
  type BeatWay,
  type BluezDouble,
  type GattDevice,
  hasDbusDaemon,
  measureHeartbeatLatency,
  openBluezDouble,
  openDoubleRig,
  openPrivateBus,
  openPty,
  serveDevice,
} from '@maibo/simulator/testing';
import { type Bench, type BenchReport, skippedReport, table } from '../bench.ts';
import type { ClientNews, ClientPlan } from './radio-client.ts';

const COUNT = 50_000;
const BYTES = 20;
const ROUNDS = 3;
const SERVICE = '5a7e0001-93c1-4f0d-8f5b-3d8b6e6f0a11';
const CHARACTERISTIC = '5a7e0002-93c1-4f0d-8f5b-3d8b6e6f0a11';
const LATENCY_S = 120;
/** A fifth of a second at 250 Hz. */
const LATENCY_BLOCK_SAMPLES = 50;
const CLIENT_WAIT_MS = 60_000;
const KINDS = ['maibo', 'node-ble'] as const;

type Kind = (typeof KINDS)[number];

interface Rate {
  readonly kind: Kind;
  readonly perS: number;
  readonly cpuUs: number;
}

export const radioBench: Bench = {
  name: 'radio',
  about: 'notifications a second beside node-ble, and the way of a heartbeat from the skin to the disk (minutes)',
  run: runRadio,
};

async function runRadio(): Promise<BenchReport> {
  if (!hasDbusDaemon()) return skippedReport('there is no dbus-daemon here (Debian: apt-get install dbus-daemon)');
  const rates = await measureRates();
  const best = Object.fromEntries(KINDS.map((kind) => [kind, median(rates, kind)])) as Record<Kind, Rate>;
  const ratio = best.maibo.perS / best['node-ble'].perS;
  const ways = [await waysOver('pty', ptyEnds), await waysOver('radio double', doubleEnds)];
  return {
    lines: [
      `${COUNT} notifications of ${BYTES} bytes from a process of its own, median of ${ROUNDS} rounds in turn`,
      ...table([
        ['client', 'notifications/s', 'CPU us each'],
        ...KINDS.map((kind) => [kind, best[kind].perS.toFixed(0), best[kind].cpuUs.toFixed(1)]),
      ]),
      `ratio ${ratio.toFixed(2)} (asked: at least 1.0)`,
      '',
      `a heartbeat of the simulated wearer to its stored interval, ${LATENCY_S} s in real time, blocks of 0.2 s; ms, p50 / p99`,
      ...table([['over', 'fill', 'settle', 'travel', 'store', 'all', 'raw samples stored'], ...ways.map(rowOf)]),
      'fill: until the block with the beat is full. settle: the core waits 2 s, and beats are recorded ten seconds at a time.',
    ],
    numbers: { rates, ratio, ways },
    overBudget: ratio >= 1 ? [] : [`${ratio.toFixed(2)} of the notifications a second of node-ble, at least 1.0`],
    skipped: null,
  };
}

function median(rates: readonly Rate[], kind: Kind): Rate {
  const own = rates.filter((rate) => rate.kind === kind).toSorted((a, b) => a.perS - b.perS);
  return own[own.length >> 1]!;
}

async function measureRates(): Promise<Rate[]> {
  await using bus = await openPrivateBus();
  await using double = await openBluezDouble({ busAddress: bus.address });
  const device: GattDevice = {
    name: 'Burst',
    advertises: [SERVICE],
    services: [{ uuid: SERVICE, characteristics: [{ uuid: CHARACTERISTIC, flags: ['notify'] }] }],
    run: (_, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true })),
  };
  const served = await serveDevice({ busAddress: bus.address, adapter: 'hci1', device, clock: systemClock });
  const rates: Rate[] = [];
  try {
    for (let round = 0; round < ROUNDS; round++) {
      for (const kind of KINDS) rates.push(await rateOf(kind, bus.address, served.address, double));
    }
  } finally {
    await served.close();
  }
  return rates;
}

async function rateOf(kind: Kind, busAddress: string, address: string, double: BluezDouble): Promise<Rate> {
  const plan: ClientPlan = {
    kind,
    busAddress,
    address,
    service: SERVICE,
    characteristic: CHARACTERISTIC,
    count: COUNT,
  };
  const path = fileURLToPath(new URL('./radio-client.js', import.meta.url));
  const child = fork(path, [JSON.stringify(plan)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
  try {
    await newsOf(child, 'listening');
    const done = newsOf(child, 'done');
    await double.burst({ adapter: 'hci1', characteristic: CHARACTERISTIC, count: COUNT, bytes: BYTES });
    const { passedMs, cpuMs, received } = await done;
    return { kind, perS: (received * 1_000) / passedMs, cpuUs: (cpuMs * 1_000) / received };
  } finally {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    await double.drop('hci1');
  }
}

function newsOf<Type extends ClientNews['type']>(
  child: ChildProcess,
  type: Type,
): Promise<Extract<ClientNews, { type: Type }>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the client never said "${type}"`)), CLIENT_WAIT_MS);
    child.once('exit', (code) => reject(new Error(`the client ended with ${code}`)));
    child.on('message', (news: ClientNews) => {
      if (news.type !== type) return;
      clearTimeout(timer);
      resolve(news as Extract<ClientNews, { type: Type }>);
    });
  });
}

interface Ends {
  host(): Promise<Link>;
  device(): Promise<Link>;
  close(): Promise<void>;
}

interface Ways {
  readonly over: string;
  readonly ways: readonly BeatWay[];
  readonly beatCount: number;
}

async function waysOver(over: string, openEnds: () => Promise<Ends | null>): Promise<Ways> {
  const ends = await openEnds();
  if (ends === null) return { over, ways: [], beatCount: 0 };
  const folder = mkdtempSync(join(tmpdir(), 'maibo-latency-'));
  const { store, close } = openStoreFile(join(folder, 'store.sqlite'));
  try {
    const { host, device } = ends;
    const blocks = { durationS: LATENCY_S, blockSampleCount: LATENCY_BLOCK_SAMPLES };
    return { over, ...(await measureHeartbeatLatency({ host, device, store, ...blocks })) };
  } finally {
    close();
    await ends.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function ptyEnds(): Promise<Ends | null> {
  const pty = openPty();
  if (pty === null) return null;
  return {
    host: () => openSerialLink({ path: pty.slavePath }),
    device: async () => pty.link,
    close: () => pty.link.close(),
  };
}

async function doubleEnds(): Promise<Ends> {
  const rig = await openDoubleRig();
  return { host: () => rig.open(), device: () => rig.device(), close: () => rig.close() };
}

function rowOf({ over, ways, beatCount }: Ways): string[] {
  if (ways.length === 0) return [over, '-', '-', '-', '-', '-', '-'];
  const column = (read: (way: BeatWay) => number) => {
    const sorted = ways.map(read).sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!.toFixed(0);
    return `${at(0.5)} / ${at(0.99)}`;
  };
  return [
    `${over}, ${ways.length} of ${beatCount} beats`,
    column(({ fillMs }) => fillMs),
    column(({ settleMs }) => settleMs),
    column(({ travelMs }) => travelMs),
    column(({ storeMs }) => storeMs),
    column(({ totalMs }) => totalMs),
    column(({ fillMs, travelMs, storeMs }) => fillMs + travelMs + storeMs),
  ];
}
