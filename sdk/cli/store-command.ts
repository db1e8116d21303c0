// maibo store info | compact | export: what a store holds, what may leave it, and the way to take it elsewhere.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { type ExportWish, exportStore } from '../audit/export-store.ts';
import { MaiboError } from '../errors.ts';
import { toHex } from '../evidence/record-types.ts';
import { placeName } from '../evidence/verify-stream.ts';
import { StreamWriter } from '../gateway/stream-writer.ts';
import { type KeptWhy, planTrim, trimStream } from '../gateway/trim-stream.ts';
import { confirmedItem } from '../platform/confirmed-item.ts';
import type { Store, StoredStream, StoreSize } from '../store/store.ts';
import { systemClock, systemEntropy } from '../world/node-clock.ts';
import { loadOrCreateKey } from '../world/node-keys.ts';
import { openStoreFile } from '../world/node-store.ts';
import type { Signer } from '../world/world.ts';

export function addStore(program: Command, finish: (code: number) => void): void {
  const store = program.command('store').description('look into a store, make it smaller, or export it');
  store
    .command('info')
    .description('what a store holds; also while a gateway writes to it')
    .argument('<store>', 'the store.sqlite of a gateway')
    .option('--json', 'print it as JSON')
    .action((path: string, options: { json?: boolean }) => {
      printInfo(path, options.json ?? false);
      finish(0);
    });
  store
    .command('compact')
    .description(
      'take out what is old and confirmed by the platform, and give its room back; the gateway has to be stopped',
    )
    .argument('<store>', 'the store.sqlite of a gateway')
    .option(
      '--older-than <age>',
      'take out input older than this, such as 30d or 12h; without it only room is given back',
    )
    .option('--key <file>', "the gateway's signing key: a trim is a signed record (needed with --older-than)")
    .option('--unconfirmed', 'also what no platform has confirmed; a platform will then refuse what follows')
    .action(async (path: string, options: CompactOptions) => {
      await compact(path, options);
      finish(0);
    });
  store
    .command('export')
    .description('write segments, modules and public keys as files that `maibo verify` checks without the store')
    .argument('<store>', 'the store.sqlite of a gateway')
    .requiredOption('--out <folder>', 'an empty or new folder')
    .option('--device <hex>', 'only this device: its id, or how it begins')
    .option('--from <time>', 'only segments with input from this time on (ISO 8601)')
    .option('--to <time>', 'only segments with input before this time (ISO 8601)')
    .action((path: string, options: ExportOptions) => {
      exportTo(path, options);
      finish(0);
    });
}

interface CompactOptions {
  readonly olderThan?: string;
  readonly key?: string;
  readonly unconfirmed?: boolean;
}

interface ExportOptions {
  readonly out: string;
  readonly device?: string;
  readonly from?: string;
  readonly to?: string;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function printInfo(path: string, isJson: boolean): void {
  const { store, close } = openStoreFile(path, { readOnly: true });
  try {
    const unconfirmed = store.unconfirmedCounts();
    const streams = store.streams().map((stream) => describe(store, stream, unconfirmed.get(stream.id) ?? 0));
    const size = store.size();
    if (isJson) say(JSON.stringify({ path, ...size, streams }));
    else for (const line of infoLines(path, size, streams)) say(line);
  } finally {
    close();
  }
}

function infoLines(path: string, size: StoreSize, streams: readonly ReturnType<typeof describe>[]): string[] {
  const head = `${path}: ${megabytes(size.fileBytes)}, of it ${megabytes(size.freeBytes)} free; ${streams.length} stream(s)`;
  const lines = streams.flatMap((one) => {
    const trimmed = one.keptFrom === null ? '' : `, records 1 to ${one.keptFrom - 1} trimmed`;
    return [
      `${one.name}: ${one.records} records${trimmed}; ${one.items} items, ${one.confirmed + 1} of them confirmed by a platform`,
      `  ${one.segments} segments, ${one.unconfirmed} unconfirmed; ${one.restarts} places to cut; ${one.ended ? 'ended' : 'goes on'}`,
    ];
  });
  return [head, ...lines];
}

function describe(store: Store, stream: StoredStream, unconfirmed: number) {
  return {
    name: placeName(stream),
    device: toHex(stream.device),
    log: stream.log,
    epoch: toHex(stream.epoch),
    records: stream.chain.recordCount,
    keptFrom: stream.trimmed?.before ?? null,
    items: stream.nextBlock,
    confirmed: confirmedItem(store, stream.id),
    segments: stream.segments.segmentCount,
    unconfirmed,
    restarts: store.restartPoints(stream.id).length,
    ended: stream.ended,
  };
}

const WHY_KEPT: Readonly<Record<KeptWhy, string>> = {
  'no-restart': 'it has no place yet at which it can be cut (there is one a day, and one at a start with much stored)',
  'no-clock': 'it has no clock mark, so nobody knows how old it is',
  'too-young': 'nothing before a place to cut is that old',
  unconfirmed: 'the platform has not confirmed it (--unconfirmed takes it out all the same)',
};

async function compact(path: string, options: CompactOptions): Promise<void> {
  const beforeUtcUs = options.olderThan === undefined ? null : systemClock.nowUtcUs() - ageUs(options.olderThan);
  if (beforeUtcUs !== null && options.key === undefined) {
    const hint = 'add --key with the key file of the gateway';
    throw new MaiboError('usage', 'what is taken out is said in a signed record', { hint });
  }
  if (!existsSync(path)) throw new MaiboError('input-missing', 'no such file', { where: path });
  const { store, close } = openStoreFile(path);
  try {
    const before = store.size();
    if (beforeUtcUs !== null)
      await trimAll(store, ownKey(store, options.key ?? ''), beforeUtcUs, options.unconfirmed ?? false);
    store.compact();
    const after = store.size();
    say(`${path}: ${megabytes(before.fileBytes)} before, ${megabytes(after.fileBytes)} now`);
  } finally {
    close();
  }
}

async function trimAll(store: Store, signer: Signer, beforeUtcUs: number, unconfirmed: boolean): Promise<void> {
  for (const stream of store.streams()) {
    const name = placeName(stream);
    const plan = planTrim(store, stream.id, { beforeUtcUs, reason: 'retention', unconfirmed });
    if (typeof plan === 'string') {
      say(`${name}: kept whole, ${WHY_KEPT[plan]}`);
      continue;
    }
    const writer = StreamWriter.openStored(store, stream, signer);
    const gone = await trimStream(store, stream.id, writer, plan);
    say(
      `${name}: ${gone.recordCount} records in ${gone.segmentCount} segments taken out, kept from record ${plan.before} on`,
    );
  }
}

/** A trim record by a stranger would make the stream one that does not hold. */
function ownKey(store: Store, path: string): Signer {
  if (!existsSync(path)) throw new MaiboError('input-missing', 'no such key file', { where: path });
  const signer = loadOrCreateKey(path, systemEntropy);
  const isOwn = store
    .keys()
    .some(({ keyId, role }) => role.startsWith('gateway') && toHex(keyId) === toHex(signer.keyId));
  if (isOwn) return signer;
  throw new MaiboError('usage', 'this key did not sign what is in the store', {
    where: path,
    hint: 'name the key of its gateway',
  });
}

function exportTo(path: string, options: ExportOptions): void {
  const wish = wishOf(options);
  const { store, close } = openStoreFile(path, { readOnly: true });
  try {
    if (existsSync(options.out) && readdirSync(options.out).length > 0)
      throw new MaiboError('usage', 'the folder is not empty', { where: options.out, hint: 'name a new one' });
    const counts = new Map<string, number>();
    for (const file of exportStore(store, wish)) {
      const target = join(options.out, file.path);
      mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
      writeFileSync(target, file.bytes, { mode: 0o600 });
      const kind = file.path.split('/')[0] ?? '';
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
    const count = (kind: string) => counts.get(kind) ?? 0;
    if (count('segments') + count('records') === 0) {
      const hint = '`maibo store info` says what there is';
      throw new MaiboError('input-empty', 'the store holds nothing of this', { where: path, hint });
    }
    say(
      `${options.out}: ${count('segments')} segments, ${count('records')} single records, ${count('modules')} modules, keys.json`,
    );
    const gateway = store.keys().find(({ role }) => role.startsWith('gateway'));
    if (gateway !== undefined) say(`check it with  maibo verify ${options.out} --trust ${toHex(gateway.publicKey)}`);
  } finally {
    close();
  }
}

function wishOf({ device, from, to }: ExportOptions): ExportWish {
  if (device !== undefined && !/^[0-9a-f]{1,32}$/i.test(device))
    throw new MaiboError('usage', `"${device}" is no device id`, {
      hint: 'give its hexadecimal digits, or the first of them',
    });
  return {
    ...(device !== undefined && { deviceHex: device }),
    ...(from !== undefined && { fromUtcUs: timeUs(from) }),
    ...(to !== undefined && { toUtcUs: timeUs(to) }),
  };
}

function timeUs(text: string): number {
  const ms = Date.parse(text);
  if (Number.isFinite(ms) && /^\d{4}-\d\d-\d\d/.test(text)) return ms * 1_000;
  throw new MaiboError('usage', `"${text}" is no time`, { hint: 'write it like 2026-01-31 or 2026-01-31T08:00:00Z' });
}

function ageUs(text: string): number {
  const found = /^(\d{1,5})([dh])$/.exec(text);
  if (found === null) throw new MaiboError('usage', `"${text}" is no age`, { hint: 'write it like 30d or 12h' });
  return Number(found[1]) * (found[2] === 'd' ? 86_400e6 : 3_600e6);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`;
}
