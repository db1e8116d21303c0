// Records per second from a device's log to a durable store: production code at both ends, the device on a thread of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import { WaveEncoder } from '@maibo/cores';
import type { SampleFormat } from '@maibo/protocols';
import {
  collectLog,
  createLabKey,
  DeviceSession,
  encodeSamples,
  openStoreFile,
  systemClock,
  systemEntropy,
} from '@maibo/sdk';
import { table } from '../bench.ts';
import { findHalfHour, readAll } from '../half-hour.ts';
import { spreadOf } from '../timing.ts';
import type { DeviceWork } from './link-device-thread.ts';
import { HOST_SESSION, numberItem, sampleItem } from './link-pair.ts';
import { openPortLink } from './link-port.ts';
import { profile, type Stage, type StageShare } from './link-profile.ts';

const ROUNDS = 5;
const NUMBER_ITEMS = 20_000;
const BLOCK_FRAMES = 250;
/** Asked for on two cores, of small records. */
const RECORDS_PER_S_MIN = 10_000;
/** CPU in wall time, both ends: below it others had the machine, and how many records it stores in a second cannot be said. */
const CORES_MIN = 1.1;
/** CPU of a record, both ends, in signatures, of which it needs one; the best round. What is reached, and a quarter more. */
const SIGNATURES_MAX: Readonly<Record<string, number>> = { numbers: 3.2, 'ECG int16': 8, 'ECG coded': 7 };
const SIGNATURES = 2_000;
const RECORD_BYTES = 250;

/** From the innermost call outwards, the first that matches. */
const STAGES: readonly Stage[] = [
  { name: 'sign records and segments', of: /security\/(ed25519|cose)/ },
  { name: 'commit (SQLite, fsync)', of: /(sdk\/dist\/store|node-sqlite|node_modules\/libsql)/ },
  { name: 'frames', of: /protocols\/dist\/framing/ },
  { name: 'packets', of: /protocols\/dist\/packet/ },
  { name: 'open and seal messages', of: /protocols\/dist\/(noise|session)/ },
  { name: 'hash chain of the log', of: /sync\/log-chain/ },
  { name: 'hashes of the store', of: /security\/items-hash/ },
  { name: 'CBOR and schema', of: /protocols\/dist\/(cbor|message|generated|sync|evidence)|node_modules\/cbor/ },
  { name: 'pipeline and cores', of: /sdk\/dist\/pipeline|maibo\/firmware-wasm|firmware-wasm\/dist|^wasm:/ },
  { name: 'garbage collector', of: /^\(garbage collector\)$/ },
  { name: 'driver and session', of: /sdk\/dist\/(link|device)|protocols\/dist\/peer/ },
  { name: 'writer', of: /sdk\/dist\/(gateway|evidence)/ },
];

export interface Throughput {
  readonly name: string;
  readonly items: number;
  readonly records: number;
  readonly wallMs: number;
  /** Of both threads. */
  readonly cpuMs: number;
  readonly itemsPerS: number;
  /** Median, and of the best round. */
  readonly recordsPerS: number;
  readonly recordsPerSBest: number;
  /** CPU in wall time of the best round. */
  readonly cores: number;
  /** CPU of a record, in that of a signature, at best: nearly the same on a slow machine. */
  readonly signatures: number;
  readonly stages: readonly StageShare[];
}

export interface ThroughputResult {
  readonly lines: string[];
  readonly runs: readonly Throughput[];
  readonly overBudget: string[];
}

interface Round {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly records: number;
  readonly signatureMs: number;
}

interface Load {
  readonly name: string;
  readonly signal: 'ecg' | 'rr';
  readonly items: readonly Uint8Array[];
}

export async function measureThroughput(): Promise<ThroughputResult> {
  const runs: Throughput[] = [];
  for (const load of [numbers(), ...(await ecg())]) runs.push(await throughputOf(load));
  return { lines: linesOf(runs), runs, overBudget: overBudgetOf(runs) };
}

function overBudgetOf(runs: readonly Throughput[]): string[] {
  const { recordsPerSBest: best, cores } = runs[0]!;
  const isSlow = best < RECORDS_PER_S_MIN && cores >= CORES_MIN;
  const dear = runs.filter(({ name, signatures }) => signatures > SIGNATURES_MAX[name]!);
  return [
    ...(isSlow ? [`${best.toFixed(0)} records/s at best, at least ${RECORDS_PER_S_MIN}`] : []),
    ...dear.map(({ name, signatures }) => {
      return `${name}: a record takes the CPU of ${signatures.toFixed(1)} signatures, at most ${SIGNATURES_MAX[name]}`;
    }),
  ];
}

function numbers(): Load {
  return { name: 'numbers', signal: 'rr', items: Array.from({ length: NUMBER_ITEMS }, (_, seq) => numberItem(seq)) };
}

/** The same half hour, as it is and coded. */
async function ecg(): Promise<Load[]> {
  const counts = await readAll(await findHalfHour());
  const blockCount = Math.floor(counts.length / BLOCK_FRAMES);
  const whole = counts.subarray(0, blockCount * BLOCK_FRAMES);
  const raw = Array.from({ length: blockCount }, (_, block) => {
    return encodeSamples(1, whole.subarray(block * BLOCK_FRAMES, (block + 1) * BLOCK_FRAMES));
  });
  const coded = WaveEncoder.create({ channelCount: 1, blockFrames: BLOCK_FRAMES }).push(Int16Array.from(whole));
  const itemsOf = (blocks: readonly Uint8Array[], format: SampleFormat) =>
    blocks.map((samples, seq) => sampleItem(seq, samples, BLOCK_FRAMES, format));
  return [
    { name: 'ECG int16', signal: 'ecg', items: itemsOf(raw, 1) },
    { name: 'ECG coded', signal: 'ecg', items: itemsOf(coded, 3) },
  ];
}

async function throughputOf(load: Load): Promise<Throughput> {
  await collect(load);
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push({ ...(await collect(load)), signatureMs: signatureMs() });
  const best = rounds.toSorted((one, other) => one.wallMs - other.wallMs)[0]!;
  const { records } = best;
  const wallMs = spreadOf(rounds.map((round) => round.wallMs)).medianMs;
  return {
    name: load.name,
    items: load.items.length,
    records,
    wallMs,
    cpuMs: spreadOf(rounds.map(({ cpuMs }) => cpuMs)).medianMs,
    itemsPerS: (load.items.length * 1_000) / wallMs,
    recordsPerS: (records * 1_000) / wallMs,
    recordsPerSBest: (records * 1_000) / best.wallMs,
    cores: best.cpuMs / best.wallMs,
    signatures: Math.min(...rounds.map((round) => round.cpuMs / records / round.signatureMs)),
    stages: await profile(STAGES, async () => void (await collect(load))),
  };
}

/** CPU of one signature, at once behind the round it is compared with. */
function signatureMs(): number {
  const signer = createLabKey('gateway', 1);
  const bytes = new Uint8Array(RECORD_BYTES);
  const cpu = process.cpuUsage();
  for (let count = 0; count < SIGNATURES; count++) signer.sign(bytes);
  const { user, system } = process.cpuUsage(cpu);
  return (user + system) / 1_000 / SIGNATURES;
}

async function collect({ signal, items }: Load) {
  const folder = mkdtempSync(join(tmpdir(), 'maibo-bench-'));
  const { store, close } = openStoreFile(join(folder, 'store.sqlite'));
  const { port1: port, port2 } = new MessageChannel();
  const file = new URL(`link-device-thread${extname(import.meta.url)}`, import.meta.url);
  const device = new Worker(file, {
    workerData: { port: port2, signal, items } satisfies DeviceWork,
    transferList: [port2],
  });
  await new Promise((resolve, reject) => device.once('message', resolve).once('error', reject));
  const link = openPortLink(port);
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  const session = await DeviceSession.open(link, { clock: systemClock, entropy: systemEntropy }, HOST_SESSION);
  const log = session.info.logs[0]!;
  const done = await collectLog({ session, log, store, clock: systemClock, signer: createLabKey('gateway', 1) });
  const wallMs = performance.now() - startMs;
  const { user, system } = process.cpuUsage(cpu);
  await session.close();
  await device.terminate();
  close();
  rmSync(folder, { recursive: true });
  if (!done.ended || done.blocksDone !== items.length) throw new Error(`${done.blocksDone} of ${items.length} came`);
  return { wallMs, cpuMs: (user + system) / 1_000, records: done.newRecords };
}

function linesOf(runs: readonly Throughput[]): string[] {
  return [
    `device (its own thread) -> gateway -> durable commit; median of ${ROUNDS}, ${RECORDS_PER_S_MIN} records/s asked for`,
    ...table([
      ['', 'items/s', 'records/s', 'best', 'ms', 'CPU ms', 'cores', 'signatures'],
      ...runs.map(({ name, itemsPerS, recordsPerS, recordsPerSBest, wallMs, cpuMs, cores, signatures }) => {
        const whole = [itemsPerS, recordsPerS, recordsPerSBest, wallMs, cpuMs].map((value) => value.toFixed(0));
        return [name, ...whole, ...[cores, signatures].map((value) => value.toFixed(1))];
      }),
    ]),
    '(CPU: both threads; cores: CPU in time, best round; signatures: CPU of a record in Ed25519 signatures, of which it needs one)',
    ...(runs[0]!.cores < CORES_MIN ? ['others had the machine: records/s were not judged'] : []),
    ...runs.flatMap(({ name, items, records, stages }) => [
      `gateway thread, ${name}: ${items} items, ${records} records`,
      ...table(stages.map(({ name: stage, ms }) => [`  ${stage}`, `${ms.toFixed(0)} ms`, share(ms, stages)])),
    ]),
  ];
}

function share(ms: number, stages: readonly StageShare[]): string {
  return `${((100 * ms) / stages.reduce((sum, stage) => sum + stage.ms, 0)).toFixed(0)} %`;
}
